"""Every contract test runs on the practice floor and on a real FreeSWITCH, each starting from an empty floor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.driver import Driver
from tests.contract.esl import EVENTS, Esl
from tests.contract.floor import Floor
from tests.live.rig.shared import shared_driver


@pytest.fixture(params=["practice", pytest.param("freeswitch", marks=pytest.mark.live)])
def driver(request: pytest.FixtureRequest) -> Driver:
    """The switch under test, with nothing going on."""
    found = shared_driver(request.param)
    found.reset()
    return found


@pytest.fixture
def esl(driver: Driver) -> Iterator[Esl]:
    """A connection that has subscribed to everything the controller uses, and to the applications' events besides."""
    with Esl(driver.esl_url, EVENTS) as connection:
        yield connection


@pytest.fixture
def floor(driver: Driver, esl: Esl) -> Floor:
    """The usual steps: agents made, callers calling, supervisors listening."""
    return Floor(driver, esl)


@pytest.fixture
def center(driver: Driver, tmp_path: Path) -> Iterator[Center]:
    """A controller of our own in front of the switch."""
    center = Center(tmp_path, driver.esl_url)
    center.start()
    yield center
    center.stop()


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    """Agent 1001, known to the controller."""
    name = floor.agent("1001")
    center.until_known(name)
    return name

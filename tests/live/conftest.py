"""Tests that only a real FreeSWITCH can answer; everything both switches must do is in tests/contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.contract.center import Center
from tests.contract.esl import EVENTS, Esl
from tests.contract.floor import Floor
from tests.live.rig.driver import LiveDriver
from tests.live.rig.shared import shared_driver


@pytest.fixture
def rig() -> LiveDriver:
    """The run's FreeSWITCH with telephones, nothing going on."""
    driver = cast(LiveDriver, shared_driver("freeswitch"))
    driver.reset()
    return driver


@pytest.fixture
def esl(rig: LiveDriver) -> Iterator[Esl]:
    """A connection that has subscribed to what the contract tests use."""
    with Esl(rig.esl_url, EVENTS) as connection:
        yield connection


@pytest.fixture
def floor(rig: LiveDriver, esl: Esl) -> Floor:
    """The usual steps."""
    return Floor(rig, esl)


@pytest.fixture
def center(floor: Floor, tmp_path: Path) -> Iterator[Center]:
    """A controller of our own in front of the switch."""
    center = Center(tmp_path, floor.driver.esl_url)
    center.start()
    yield center
    center.stop()

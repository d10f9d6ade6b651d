"""fs_conf on a real FreeSWITCH, as scripts/provision puts it on a machine: one for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.esl import EVENTS, Esl
from tests.contract.floor import Floor
from tests.live.provisioned import ProvisionedDriver


@pytest.fixture(scope="module")
def running() -> Iterator[ProvisionedDriver]:
    """Started once, with telephones around it."""
    driver = ProvisionedDriver()
    try:
        driver.start()
        yield driver
    finally:
        driver.stop()


@pytest.fixture
def ours(running: ProvisionedDriver) -> ProvisionedDriver:
    """The same with nothing going on."""
    running.reset()
    return running


@pytest.fixture
def floor(ours: ProvisionedDriver) -> Iterator[Floor]:
    """The usual steps."""
    with Esl(ours.esl_url, EVENTS) as esl:
        yield Floor(ours, esl)

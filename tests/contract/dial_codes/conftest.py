"""Dial codes from the phone to the floor: every code, right and wrong, on both switches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.dialling import Exchange, exchange
from tests.contract.driver import Driver
from tests.contract.floor import Floor


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    """Agent 1001, who has not signed in."""
    name = floor.agent("1001", status="Logged Out")
    center.until_known(name)
    return name


@pytest.fixture
def codes(driver: Driver, center: Center, agent: str, tmp_path: Path) -> Iterator[Exchange]:
    """Codes that reach the controller; their prompts are in ``prompts``."""
    with exchange(driver, center, tmp_path / "prompts") as found:
        yield found

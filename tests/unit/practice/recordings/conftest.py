"""The floor as it was when the recordings were made."""

from __future__ import annotations

import dataclasses

import pytest

from fs_app.practice.config import contract_floor
from tests.unit.practice.floor import Floor


@pytest.fixture
def floor() -> Floor:
    floor = Floor(dataclasses.replace(contract_floor(), track_internal=True))
    floor.agent("1001")
    floor.eyes.events.clear()
    return floor

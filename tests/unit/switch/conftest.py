"""The switch that the tests of readings ask."""

from __future__ import annotations

import pytest

from tests.unit.switch.recorded_switch import Switch


@pytest.fixture
def switch() -> Switch:
    """It answers as a real one did, until a test changes that."""
    return Switch()

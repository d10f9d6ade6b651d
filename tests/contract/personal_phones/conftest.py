"""Agents on phones of their own, by contacts that the controller writes."""

from __future__ import annotations

import pytest

from tests.contract.center import Center
from tests.contract.floor import Floor


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    """Agent 1001, known to the controller, on the desk phone and without a limit of the ringing."""
    name = floor.agent("1001", contact="user/1001@default")
    center.until_known(name)
    return name

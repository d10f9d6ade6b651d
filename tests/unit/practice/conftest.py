"""Every floor that a test builds is closed after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.practice import floor


@pytest.fixture(autouse=True)
def close_floors() -> Iterator[None]:
    yield
    while floor.OPEN:
        floor.OPEN.pop().switch.stop()

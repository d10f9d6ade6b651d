"""Prepared streams of the recorded mix, as files that the scripted switch sends with ``sendfile``."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fs_app.switch.session import EVENT_NAMES, EVENT_SUBCLASSES
from scripts.benchmarks import mix
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import WORKPLACE

WANTED = frozenset((*EVENT_NAMES, *EVENT_SUBCLASSES))
"""What Sasayaki subscribes to."""
LANES = 30
"""Recordings side by side: calls that are under way at any moment, in every state."""


@contextmanager
def stream(plan: FloorPlan, count: int, *, first_lap: int = 0) -> Iterator[Path]:
    """A file of ``count`` events on this floor, whose times begin now; another ``first_lap`` for other UUIDs and numbers."""
    WORKPLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=WORKPLACE, prefix="stream-") as file:
        events = mix.events(plan, WANTED, lanes=LANES, at_us=time.time_ns() // 1000, first_lap=first_lap)
        mix.write(file.file, events, count)
        file.flush()
        yield Path(file.name)

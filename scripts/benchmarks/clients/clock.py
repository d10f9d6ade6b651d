"""What a measured process says about itself. Standard library only: it runs in the peers' environment as well."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

PASSWORD = "bench"  # noqa: S105 - of the scripted switch, on the loopback
BEGINNING, END = "The beginning", "The end"


class Clock:
    """From ``ready`` to ``done``: when the first event was handled, CPU time, the largest memory."""

    def __init__(self) -> None:
        self._cpu = 0.0
        self.first = 0.0

    def ready(self) -> None:
        """Connected and subscribed: events may come."""
        self._cpu = time.process_time()
        print("ready", flush=True)

    def handled(self) -> None:
        """An event reached a handler."""
        self.first = self.first or time.monotonic()

    def done(self, events: int, **more: float) -> None:
        """All were handled; tell it."""
        now = time.monotonic()
        told = {"events": events, "at": now, "first": self.first, "cpu_s": time.process_time() - self._cpu}
        print(json.dumps(told | {"peak_mb": peak_mb()} | more), flush=True)


def peak_mb(process: str = "self") -> float:
    """The largest resident memory of a process so far, in MB (10**6 bytes)."""
    return _status("VmHWM", process)


def memory_mb(process: str = "self") -> float:
    """The resident memory of a process now, in MB (10**6 bytes)."""
    return _status("VmRSS", process)


def _status(field: str, process: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0

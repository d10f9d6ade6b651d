"""Whether what the board shows is true now: the controller's word on its switches, doubted when the controller is silent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median
from typing import Any

from fs_app.floor.documents import Document

# The delay shown is the median of this many changes, none older than the span (s).
DELAYS = 100
DELAY_SPAN_S = 60.0


class LinkWatch:
    """The state of the way from the switch to this worker."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._silent_since: float | None = now()
        self._delays: deque[tuple[float, float]] = deque(maxlen=DELAYS)

    def heard(self, alive: bool) -> bool:
        """The controller was looked for; True when that changed anything."""
        if alive == (self._silent_since is None):
            return False
        self._silent_since = None if alive else self._now()
        self._delays.clear()
        return True

    def measure(self, at: float) -> None:
        """A change arrived whose newest event happened on the switch at ``at`` (epoch s)."""
        if at > 0:
            now = self._now()
            self._delays.append((now, max(0.0, now - at)))

    def told(self, meta: Document | None) -> dict[str, Any]:
        """The link as the board shows it. ``delay_ms``: from the switch's event to this worker, None when unknown."""
        said = (meta or {}).get("link") or {"state": "down", "since": 0.0, "nodes": []}
        silent = self._silent_since
        delay_ms = self._delay_ms() if silent is None else None
        nodes = [
            {
                "name": node["name"],
                "state": node["state"] if silent is None else "down",
                "since": node["since"] if silent is None else silent,
                "delay_ms": delay_ms if len(said["nodes"]) == 1 else None,
            }
            for node in said["nodes"]
        ]
        if silent is not None:
            return {"state": "down", "since": silent, "delay_ms": None, "nodes": nodes}
        return {"state": said["state"], "since": said["since"], "delay_ms": delay_ms, "nodes": nodes}

    def _delay_ms(self) -> float | None:
        oldest = self._now() - DELAY_SPAN_S
        recent = [delay for when, delay in self._delays if when >= oldest]
        return round(median(recent) * 1000, 1) if recent else None

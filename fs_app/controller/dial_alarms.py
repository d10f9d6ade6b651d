"""Alarms of the dial codes on the board: too many wrong entries for an agent's dial ID, or for nobody's."""

from __future__ import annotations

import time
from collections.abc import Iterable

from fs_app.controller.node import Node
from fs_app.floor import agents
from fs_app.floor.display import WRONG_DIAL_ENTRIES

SHOWN_S = 300.0
"""How long an alarm stays at least (s), so that it is seen."""


class DialAlarms:
    """Owns until when they stand. ``look`` takes down those whose time is over."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = list(nodes)
        self._until: dict[str, float] = {}

    def sound(self, agent: str, pause_s: float) -> None:
        """Put it up for ``pause_s``, and a while; no agent: for the site."""
        self._until[agent] = time.time() + max(pause_s, SHOWN_S)
        self._show(agent, shown=True)

    def look(self, now: float) -> None:
        """``now`` in epoch s."""
        for agent, until in list(self._until.items()):
            if until <= now:
                del self._until[agent]
                self._show(agent, shown=False)

    @property
    def of_site(self) -> list[str]:
        """Ids of the alarms that no agent's row can show."""
        return [WRONG_DIAL_ENTRIES] if "" in self._until else []

    def _show(self, agent: str, *, shown: bool) -> None:
        for node in self._nodes:
            if agent in node.floor.agents:
                agents.set_wrong_entries(node.floor, agent, shown=shown)
            node.touched()

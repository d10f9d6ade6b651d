"""Alarms of the dial codes on the board: too many wrong entries for an agent's dial ID, or for nobody's."""

from __future__ import annotations

import time
from collections.abc import Iterable

import structlog
from redis import RedisError

from fs_app.controller.node import Node
from fs_app.floor import agents
from fs_app.floor.display import WRONG_DIAL_ENTRIES
from fs_app.store.dial_alarms import KeptDialAlarms

SHOWN_S = 300.0
"""How long an alarm stays at least (s), so that it is seen."""
log = structlog.get_logger()


class DialAlarms:
    """Owns until when they stand. ``look`` takes down those whose time is over. ``kept`` outlasts a run of the controller."""

    def __init__(self, nodes: Iterable[Node], kept: KeptDialAlarms) -> None:
        self._nodes = list(nodes)
        self._kept = kept
        self._until: dict[str, float] = {}

    def sound(self, agent: str, pause_s: float) -> None:
        """Put it up for ``pause_s``, and a while; no agent: for the site."""
        until = self._until[agent] = time.time() + max(pause_s, SHOWN_S)
        self._show(agent, shown=True)
        try:
            self._kept.put(agent, until)
        except RedisError as error:
            log.warning("alarm_not_kept", error=type(error).__name__)

    def recall(self) -> None:
        """Those of the run before; ``look`` shows them. Raises ``redis.RedisError``."""
        self._until = self._kept.all() | self._until

    def look(self, now: float) -> None:
        """``now`` in epoch s. An agent's alarm is on his row as soon as a switch has him."""
        for agent, until in list(self._until.items()):
            if until <= now:
                del self._until[agent]
            self._show(agent, shown=until > now)

    @property
    def of_site(self) -> list[str]:
        """Ids of the alarms that no agent's row can show: nobody's, and those of an agent whom no switch has."""
        shown = {agent for node in self._nodes for agent in self._until if agent in node.floor.agents}
        return [WRONG_DIAL_ENTRIES] if self._until.keys() - shown else []

    def _show(self, agent: str, *, shown: bool) -> None:
        for node in self._nodes:
            found = node.floor.agents.get(agent)
            if found is not None and found.wrong_entries != shown:
                agents.set_wrong_entries(node.floor, agent, shown=shown)
            node.touched()

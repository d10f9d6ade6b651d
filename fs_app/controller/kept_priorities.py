"""Priorities as somebody set them here, kept on the switch: told again after its restart, and ended when their time is over.

What the table says wins where the switch was restarted since it was last told (other Core-UUID): a restart may bring the
levels of its configuration back (mod_callcenter.c:1404). A level that somebody sets by hand on a running switch is left
alone until its next restart: whoever does that knows why.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.controller.priorities import apply_level
from fs_app.floor import orders
from fs_app.floor.errors import Rejected
from fs_app.store.audit import system
from fs_app.store.priorities import Priority

AGAIN_S = 10.0
"""What the switch refused, or could not be asked, is tried again after so long."""
log = structlog.get_logger()


class KeptPriorities:
    """Looks at the table every few seconds; what it orders is audited under «system»."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again: dict[tuple[str, str], float] = {}

    def look(self, now: float) -> None:
        """One round over all priorities. ``now`` in epoch s."""
        for key, priority in self._desk.priorities.all().items():
            if self._due(priority, now) is None or self._again.get(key, 0.0) > now:
                continue
            with self._desk.priority_turn(*key):
                # Each row takes a moment, and a round after a restart all of them: somebody may have set another one.
                of_now = self._desk.priorities.of_agent(priority.agent).get(priority.queue)
                node = self._due(of_now, now)
                if of_now is None or node is None:
                    continue
                if _is_over(of_now, now):
                    self._end(node, of_now, now)
                else:
                    self._tell_again(node, of_now, now)

    def _due(self, priority: Priority | None, now: float) -> Node | None:
        """The switch that is to be told of this one; None when there is none, or nothing to tell."""
        if priority is None:
            return None
        node = next((n for n in self._desk.nodes.values() if n.live and priority.agent in n.floor.agents), None)
        return node if node is not None and (_is_over(priority, now) or priority.core != node.floor.core) else None

    def _end(self, node: Node, priority: Priority, now: float) -> None:
        level = priority.then_level or priority.level
        if priority.queue not in node.floor.agents[priority.agent].tiers:
            self._desk.priorities.forget(priority.queue, priority.agent)
        elif self._set(node, priority, level, "time_is_over", now):
            over = replace(priority, level=level, set_at=now, until=None, then_level=None, core=node.floor.core)
            self._desk.priorities.put(over)

    def _tell_again(self, node: Node, priority: Priority, now: float) -> None:
        """An agent who is no member yet may still be made one: a site's own script does that after a start."""
        tier = node.floor.agents[priority.agent].tiers.get(priority.queue)
        if tier is None:
            return
        as_wanted = (tier.level, tier.position) == (priority.level, 1)
        if as_wanted or self._set(node, priority, priority.level, "restart", now):
            self._desk.priorities.put(replace(priority, core=node.floor.core))

    def _set(self, node: Node, priority: Priority, level: int, why: str, now: float) -> bool:
        noted = {"priority": level, "why": why}
        row = self._desk.audit.asked(system(), "agent.set_priority", priority.agent, priority.queue, noted)
        key = (priority.queue, priority.agent)
        try:
            with audited(self._desk.audit, row):
                apply_level(node, orders.SetTierLevel(priority.queue, priority.agent, level))
        except Rejected as rejected:
            self._again[key] = now + AGAIN_S
            log.warning("priority_not_kept", node=node.name, agent=priority.agent, error=rejected.error)
            return False
        self._again.pop(key, None)
        return True


def _is_over(priority: Priority, now: float) -> bool:
    return priority.until is not None and priority.until <= now

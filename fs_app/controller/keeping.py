"""What is kept over time: priorities, statuses asked for after a call, each queue's wrap-up time, and what administrators
set for statuses and queues.
"""

from __future__ import annotations

import structlog

from fs_app.controller.desk import Desk
from fs_app.controller.kept_priorities import KeptPriorities
from fs_app.controller.node import Node
from fs_app.controller.outside_phones import OutsidePhones
from fs_app.controller.statuses import settle
from fs_app.floor import agents, guard
from fs_app.floor.decide import Decision
from fs_app.floor.errors import Rejected
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from fs_app.store.statuses import CustomStatuses

log = structlog.get_logger()
SETTINGS_S = 2.0


class Keeping:
    """Looks at every live node once a tick; what it orders is audited under «system»."""

    def __init__(self, desk: Desk, queue_settings: QueueSettings, custom_statuses: CustomStatuses) -> None:
        self._desk = desk
        self._settings = queue_settings
        self._custom_statuses = custom_statuses
        self._outside = OutsidePhones(desk)
        self._wrap_ups: dict[str, int | None] = {}
        self._read_at = 0.0
        self._priorities = KeptPriorities(desk)

    def look(self, now: float) -> None:
        """One round over all nodes. ``now`` in epoch s."""
        if now - self._read_at >= SETTINGS_S:
            self._read_at = now  # set before: what is announced while this reads is read again
            try:
                self._read_settings()
                self._read_statuses(now)
                self._priorities.look(now)
            except BaseException:
                self._read_at = 0.0
                raise
        for node in self._desk.nodes.values():
            if not node.live:
                continue
            self._outside.look(node, now)
            self._settle_deferred(node)
            self._wrap_up_times(node)

    def _read_settings(self) -> None:
        settings = self._settings.all()
        self._wrap_ups = {q: s.wrap_up_s for q, s in settings.items()}
        for node in self._desk.nodes.values():
            for queue in node.floor.queues.values():
                own = settings.get(queue.id)
                notices = (("monitor",) if own and own.monitor_notice else ()) + (
                    ("whisper",) if own and own.whisper_notice else ()
                )
                label = (own.label or "") if own else ""
                rule = own or QueueSetting(queue.id, "", 0.0)
                queue.missed_after, queue.missed_status = rule.missed_after, rule.missed_status or ""
                if (queue.notices, queue.label) != (notices, label):
                    queue.notices, queue.label = notices, label
                    node.floor.touch("queue", queue.id)
                    node.touched()
            if node.live:
                self._outside.settings_read(node, settings)

    def _read_statuses(self, now: float) -> None:
        book = self._custom_statuses.book()
        for node in self._desk.nodes.values():
            if node.floor.book == book:
                continue
            if node.live:
                agents.take_book(node.floor, book, now)
                node.touched()
            else:  # the next reading of the switch tells what its agents are
                node.floor.book = book

    def settings_changed(self) -> None:
        """Somebody changed statuses or a queue's settings: read them at the next round."""
        self._read_at = 0.0

    def _settle_deferred(self, node: Node) -> None:
        for name, order in list(guard.deferred_statuses(node.floor)):
            try:
                settle(self._desk, node, name, Decision((order,)))
            except Rejected as rejected:
                log.info("after_call_waits", agent=name, error=rejected.error)

    def _wrap_up_times(self, node: Node) -> None:
        for order in list(guard.wrap_up_times(node.floor, self._wrap_ups.get)):
            try:
                node.order(order)
                agents.set_wrap_up(node.floor, order.agent, order.seconds)
                node.touched()
            except Rejected as rejected:
                log.warning("wrap_up_not_set", agent=order.agent, error=rejected.error)

"""Agents' outside phones kept over time: contacts follow the site's settings, queues' numbers are known to the switch, an agent
for whom no line is free is left alone for a moment, and one whose phone fails again and again gets his queue's status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import structlog

from fs_app.controller.barred_numbers import BarredNumbers
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.controller.terminals import kept_of, outside_site, ring_at, show_kept
from fs_app.floor import commands, orders, terminals
from fs_app.floor.entities import Agent, Deferred
from fs_app.floor.errors import Rejected
from fs_app.store.audit import system
from fs_app.store.queue_settings import QueueSetting
from fs_app.store.terminals import KeptTerminal

NO_LINE_S = 5
"""How long an agent is left alone for whom no line was free: mod_callcenter would offer him the call ten times a second."""
AT_ONCE = 20
log = structlog.get_logger()


class OutsidePhones:
    """Looks at every live node once a tick; what it changes for somebody is audited under «system»."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._barred = BarredNumbers(desk)
        self._numbers: dict[tuple[str, str, str], str | None] = {}

    def look(self, node: Node, now: float) -> None:
        """What cannot wait for the next reading of the settings. ``now`` in epoch s."""
        floor = node.floor
        while floor.no_line:
            agent = floor.no_line.pop()
            if agent not in floor.deferred:  # who waits for a status «after this call» is held back longer
                self._order(node, orders.SetReadyTime(agent, int(now) + NO_LINE_S))
        for agent, (code, queue) in list(floor.missed.items()):
            del floor.missed[agent]
            if agent in floor.agents and code in floor.book.chosen and agent not in floor.deferred:
                noted = {"status": code, "why": "missed_offers"}
                row = self._desk.audit.asked(system(), "agent.set_status", agent, queue, noted)
                # Ordered like one asked for «after this call», as soon as his phone does not ring again.
                floor.deferred[agent] = Deferred(code, system().login, audit_row=row)

    def settings_read(self, node: Node, settings: Mapping[str, QueueSetting]) -> None:
        """The settings as they are now."""
        site = outside_site(self._desk.site())
        self._tell_numbers(node, settings, site)
        self._barred.settings_read()
        rows, written = self._desk.terminals.all(), 0
        for agent in list(node.floor.agents.values()):
            row = rows.get(agent.id)
            kept = kept_of(row, agent) if row is not None else terminals.Kept()
            show_kept(node, agent, kept)
            if row is not None and written < AT_ONCE:
                written += self._barred.look(node, agent, row, site) or self._rewritten(node, agent, row, site)

    def _tell_numbers(self, node: Node, settings: Mapping[str, QueueSetting], site: terminals.Site) -> None:
        """Global variables of the switch, gone with its restart; nobody reads them unless the site shows queues' numbers."""
        if site.caller_id != orders.QUEUES_NUMBER:
            return
        for queue in list(node.floor.queues):
            setting = settings.get(queue)
            number = setting.number if setting is not None else None
            key = (node.name, node.floor.core, queue)
            if self._numbers.get(key, "") != number and self._order(node, orders.SetQueueNumber(queue, number)):
                self._numbers[key] = number

    def _rewritten(self, node: Node, agent: Agent, row: KeptTerminal, site: terminals.Site) -> bool:
        """Whether a contact of ours had to be written anew. What somebody else wrote since is his."""
        if row.contact != agent.contact or row.contact == row.original_contact or agent.offers:
            return False
        outside = None
        if row.number is not None:
            outside = terminals.outside_phone(row.number, row.delay_s, row.confirm, site)
        order = orders.SetAgentContact(agent.id, row.extension, outside)
        try:
            if row.kind == commands.ORIGINAL or node.contact(order) == row.contact:
                return False
            ring_at(node, agent.id, order, self._desk.proof_s)
        except Rejected as rejected:
            log.warning("contact_not_rewritten", agent=agent.id, error=rejected.error)
            return False
        self._desk.terminals.put(replace(row, contact=agent.contact))
        log.info("contact_rewritten", agent=agent.id)
        return True

    @staticmethod
    def _order(node: Node, order: orders.Order) -> bool:
        try:
            node.order(order)
        except Rejected as rejected:
            log.warning("order_refused", order=type(order).__name__, error=rejected.error, cause=rejected.cause)
            return False
        return True

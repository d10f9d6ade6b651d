"""Outside phones that may not be rung any more, because a list was narrowed or the number became one of the centre's own.

Their agent is rung at an extension of his again. Where he has none that is free, he takes no calls until somebody gives him
another terminal (``decide.set_status`` refuses it). The board shows an alarm either way; what is changed is audited.
"""

from __future__ import annotations

import time
from dataclasses import replace

import structlog

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.controller.numbers import Numbering
from fs_app.controller.terminals import kept_of, ring_at
from fs_app.floor import agents, by_phone, commands, statuses, terminals
from fs_app.floor.entities import Agent, Deferred
from fs_app.floor.errors import Rejected
from fs_app.floor.phones import terminal_of
from fs_app.store.audit import system
from fs_app.store.terminals import KeptTerminal

AGAIN_S = 10.0
"""What the switch refused is tried again after so long."""
WHY = "number_not_allowed"
LOGGED_OUT = "logged_out"
log = structlog.get_logger()


class BarredNumbers:
    """To be asked of every agent whenever the settings were read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbering = Numbering()
        self._judged: dict[str, bool] = {}
        self._again: dict[str, float] = {}

    def settings_read(self) -> None:
        """What may be rung from now on."""
        of_now = self._desk.numbering.of_now()
        if of_now != self._numbering:
            self._numbering, self._judged = of_now, {}

    def look(self, node: Node, agent: Agent, row: KeptTerminal, site: terminals.Site) -> bool:
        """Whether the agent was rung at a number that he may not be rung at; what can be done about it is done."""
        if row.contact != agent.contact or (row.number is not None and self._may_be_rung(row.number)):
            self._show(node, agent, shown=False)
            return False
        if row.number is None:
            return False
        if agent.offers or self._again.get(agent.id, 0.0) > time.monotonic():
            return True
        try:
            extension = self._extension(node, agent, row)
            if extension:
                self._take_back(node, agent, row, extension, site)
            else:
                self._take_out(node, agent)
        except Rejected as rejected:
            self._again[agent.id] = time.monotonic() + AGAIN_S
            log.warning("barred_number_still_rung", agent=agent.id, error=rejected.error)
            return True
        self._show(node, agent, shown=True)
        return True

    def _may_be_rung(self, number: str) -> bool:
        if number not in self._judged:
            try:
                self._numbering.dialled(number)
                self._judged[number] = True
            except Rejected:
                self._judged[number] = False
        return self._judged[number]

    def _extension(self, node: Node, agent: Agent, row: KeptTerminal) -> str:
        """Where he is rung already beside the number; else where he was before, or the one of his name, if it is free."""
        if row.extension is not None:
            return row.extension
        for extension in (terminal_of(row.original_contact).extension, agent.id.partition("@")[0]):
            free = extension.isdigit() and not by_phone.taken_by(node.floor, agent.id, extension)
            if free and node.extension_exists(extension):
                return extension
        return ""

    def _take_back(self, node: Node, agent: Agent, row: KeptTerminal, extension: str, site: terminals.Site) -> None:
        wish = commands.SetTerminal(agent.id, commands.EXTENSION, extension)
        order = terminals.order_of(agent, wish, kept_of(row, agent), site)
        noted = {"kind": wish.kind, "extension": extension, "why": WHY}
        asked = self._desk.audit.asked(system(), "agent.set_terminal", agent.id, None, noted)
        with audited(self._desk.audit, asked):
            ring_at(node, agent.id, order, self._desk.proof_s)
        back = replace(row, kind=wish.kind, extension=extension, number=None, delay_s=0, contact=agent.contact)
        self._desk.terminals.put(replace(back, set_by=system().login, set_at=time.time()))

    def _take_out(self, node: Node, agent: Agent) -> None:
        """Ordered like one asked for «after this call», as soon as his phone does not ring."""
        if agent.status not in statuses.TAKES_CALLS or agent.id in node.floor.deferred:
            return
        noted = {"status": LOGGED_OUT, "why": WHY}
        asked = self._desk.audit.asked(system(), "agent.set_status", agent.id, None, noted)
        node.floor.deferred[agent.id] = Deferred(LOGGED_OUT, system().login, audit_row=asked)

    @staticmethod
    def _show(node: Node, agent: Agent, *, shown: bool) -> None:
        if agent.barred != shown:
            agents.set_barred(node.floor, agent.id, shown=shown)
            node.touched()

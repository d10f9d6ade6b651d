"""Call-backs carried out: the agent's own phone rings, then the customer's; audited once it is known how each went."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fs_app import greenlets
from fs_app.controller.audited import audited
from fs_app.controller.node import Node
from fs_app.controller.numbers import SiteNumbering
from fs_app.floor import call_backs, commands, decide_call_backs, entities, errors, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import CallBack
from fs_app.floor.errors import Rejected
from fs_app.floor.masking import masked
from fs_app.floor.state import Floor
from fs_app.store.askers import Askers
from fs_app.store.audit import CONFIRMED, FAILED, UNCONFIRMED, AuditLog
from fs_app.store.durable import DatabaseUnavailable

RING_S = 65.0
"""A little longer than ringing, prompt and key may take: FreeSWITCH's answer comes first."""
PROOF_S = 3.0
log = structlog.get_logger()


class CallingBack:
    """Owns which audit row waits for the outcome of which call-back.

    ``shown`` gives the number that customers see (empty: none is set).
    """

    def __init__(self, audit: AuditLog, askers: Askers, numbering: SiteNumbering, shown: Callable[[], str]) -> None:
        self._audit = audit
        self._askers = askers
        self._numbering = numbering
        self._shown = shown
        self._rows: list[tuple[int, CallBack]] = []

    def start(self, node: Node, actor: Actor, wish: commands.StartCallBack, request_id: str) -> dict[str, Any]:
        """Ring the actor's own phone; answers at once, his page shows what becomes of it."""
        agent, terminal = decide_call_backs.own_phone(node.floor, actor)
        allowed = replace(wish, number=self._numbering.dialled(wish.number), shown=self._shown())
        if self._numbering.dialled(terminal.outside) == allowed.number:  # nor is a phone rung that may not be any more
            raise Rejected(errors.NUMBER_NOT_ALLOWED)
        ident, legs = uuid.uuid4().hex, (str(uuid.uuid4()), str(uuid.uuid4()))

        def decided(actor: Actor) -> tuple[orders.RingForCallBack, CallBack]:
            return decide_call_backs.start(node.floor, actor, allowed, ident=ident, legs=legs, now=time.time())

        decided(actor)  # refused before the audit's «asked» is written
        args = {"number": masked(allowed.number), "id": ident}
        row = self._audit.asked(actor, "call_back.start", agent.id, None, args, request_id)
        try:
            order, call_back = decided(self._askers.again(actor))
        except Rejected as rejected:
            self._audit.outcome(row, FAILED, rejected.error)
            rejected.written = True
            raise
        call_back.audit_row, call_back.ordered = row, True
        self._rows.append((row, call_back))
        call_backs.begin(node.floor, call_back)
        node.touched()
        greenlets.spawn("ring-for-call-back", self._ring, node, order, call_back)
        return {"id": ident, "state": call_back.state}

    def _ring(self, node: Node, order: orders.Order, call_back: CallBack) -> None:
        """Ordered, but not known to ring (the connection was lost): it may ring on, and the next reading tells."""
        try:
            node.order(order, timeout_s=RING_S)
        except Rejected as rejected:
            if rejected.error == errors.UNCONFIRMED:
                node.resync_due.set()
                return
            state = entities.ENDED if call_back.cancelled else entities.FAILED
            cause = call_backs.CANCELLED if call_back.cancelled else rejected.cause or rejected.error
            call_backs.end(node.floor, call_back, time.time(), state, cause, party=entities.AGENT)
            node.touched()
        finally:
            call_back.ordered = False

    def cancel(self, node: Node, actor: Actor, wish: commands.CancelCallBack, request_id: str) -> dict[str, Any]:
        """Proved by the hang-up of the agent's leg. One that is over already is a success."""
        call_back, wanted = decide_call_backs.cancel(node.floor, actor, wish)
        if not wanted:
            return {"id": call_back.id, "state": call_back.state}
        row = self._audit.asked(actor, "call_back.cancel", call_back.agent, None, {"id": call_back.id}, request_id)
        with audited(self._audit, row):
            proof = node.pending.expect(lambda _: not call_back.live)
            call_back.cancelled = decide_call_backs.may_be_cancelled(call_back)
            try:
                for order in decide_call_backs.cancel(node.floor, self._askers.again(actor), wish)[1]:
                    node.order(order)
            except Rejected:
                node.pending.forget(proof)
                if call_back.live:
                    call_back.cancelled = False
                    raise
            node.pending.require(proof, PROOF_S)
        node.touched()
        return {"id": call_back.id, "state": call_back.state}

    def note_outcomes(self, floors: Iterable[Floor]) -> None:
        """Write down how each went: confirmed once agent and customer talked, failed with the reason otherwise.

        Those that the run before began, too; of one that ended unseen nobody knows whether they talked.
        """
        begun = {row for row, _ in self._rows}
        for call_back in (one for floor in floors for one in floor.call_backs.values()):
            if call_back.audit_row and call_back.audit_row not in begun:
                self._rows.append((call_back.audit_row, call_back))
        for row, call_back in list(self._rows):
            if call_back.live and call_back.state != entities.TALKING:
                continue
            self._rows.remove((row, call_back))
            call_back.audit_row = 0
            talked = call_back.since > 0
            outcome = CONFIRMED if talked else FAILED if call_back.cause else UNCONFIRMED
            try:
                self._audit.outcome(row, outcome, None if talked else call_back.cause)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.error("outcome_not_audited", row=row, error=type(error).__name__)

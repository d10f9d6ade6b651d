"""Supervisions carried out: ring, listen, switch, take over, stop. What keeps them right while they run is ``watching``."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gevent
import structlog
from gevent.lock import Semaphore
from sqlalchemy.exc import SQLAlchemyError

from fs_app import greenlets
from fs_app.controller import media
from fs_app.controller.audited import audited, write_refusal
from fs_app.controller.node import Node
from fs_app.controller.numbers import SiteNumbering
from fs_app.floor import commands, decide, entities, errors, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Supervision
from fs_app.floor.errors import Rejected
from fs_app.store.askers import Askers
from fs_app.store.audit import AuditLog
from fs_app.store.durable import DatabaseUnavailable

RING_S = 40.0
"""A little longer than the originate's own limit: FreeSWITCH's answer comes first."""
PROOF_S = 3.0
RIGHTS_S = 0.4
"""With the guard's own period less than a second from the end of a session or right to the end of the listening."""
APART_S = 0.06
"""Between two commands to one leg: it reads one with each frame of 20 ms (switch_ivr_async.c:2574)."""
UNREAD_S = 2.0
"""A command older than this has been read, or the leg's sound stands still altogether."""
MUSIC_AFTER_S = (0.1, 0.2, 0.3, 0.4, 1.0)
"""Pauses between the breaks: hold music that was ordered before a take-over begins at the caller's next frame, or later on a
switch that has much to do; a break that comes before it begins is forgotten (switch_core_session.c:2953)."""
STOPPED, STOPPED_BY_OTHER = "stopped", "stopped_by_other"
log = structlog.get_logger()


class Supervising:
    """Owns who asked for which supervision (``actors``), so that rights can be checked again while it runs."""

    def __init__(
        self,
        audit: AuditLog,
        askers: Askers,
        numbering: SiteNumbering,
    ) -> None:
        self._audit = audit
        self._askers = askers
        self._numbering = numbering
        self.actors: dict[str, tuple[Actor, float]] = {}
        self._turns: dict[str, Semaphore] = {}
        self._sent: dict[str, list[float]] = {}

    def actor_of(self, supervision: Supervision) -> Actor | None:
        """The account behind a supervision with its rights of now (at most a second old), while its log-in lasts."""
        held = self.actors.get(supervision.id)
        if held is not None and time.monotonic() - held[1] < RIGHTS_S:
            return held[0]
        try:
            found = self._askers.now(supervision.login, supervision.session)
        except (SQLAlchemyError, DatabaseUnavailable):
            return held[0] if held is not None else None
        if found is None:
            self.actors.pop(supervision.id, None)
            return None
        self.actors[supervision.id] = (found, time.monotonic())
        return found

    def forget_actor(self, login: str) -> None:
        """An account changed: its rights are read anew at the next check."""
        self.actors = {i: held for i, held in self.actors.items() if login not in ("*", held[0].login)}

    # -- commands to a leg, one after the other ------------------------------------------------------------------------

    def turn(self, supervision: Supervision) -> Semaphore:
        """Held while a supervision's leg is commanded or moved: a mode must never arrive on a leg it was not meant for."""
        return self._turns.setdefault(supervision.id, Semaphore())

    def unread(self, supervision: Supervision) -> int:
        """How many commands of the mode the leg may not have read yet."""
        return sum(time.monotonic() - at < UNREAD_S for at in self._sent.get(supervision.id, ()))

    def as_it_is(self, order: orders.MoveSupervisor, supervision: Supervision) -> orders.MoveSupervisor:
        """A move in the mode of now; on the customer's leg, where 2 would be heard by him, nothing but listening."""
        digit = 0 if supervision.on_member else decide.MODE_DIGIT[supervision.settles or supervision.mode]
        return replace(order, mode=digit, unread=self.unread(supervision))

    def let_read(self, supervision: Supervision) -> None:
        """Wait until the command before has surely been read."""
        if sent := self._sent.get(supervision.id):
            gevent.sleep(max(0.0, sent[-1] + APART_S - time.monotonic()))

    def sent(self, supervision: Supervision) -> None:
        """A command of the mode goes to the leg now."""
        self._sent[supervision.id] = [*self._sent.get(supervision.id, ())[-50:], time.monotonic()]

    def forget(self, supervision: Supervision) -> None:
        """It is over."""
        for kept in (self.actors, self._turns, self._sent):
            kept.pop(supervision.id, None)

    # -- commands ----------------------------------------------------------------------------------------------------

    def start(self, node: Node, actor: Actor, wish: commands.StartSupervision, request_id: str) -> dict[str, Any]:
        """Ring the supervisor's extension; answers at once, the board shows what becomes of it."""
        if decide.is_outside(wish.extension) and wish.extension in actor.extensions:
            self._numbering.dialled(wish.extension)  # what may not be rung is refused, whoever entered it
        ident, leg = uuid.uuid4().hex, str(uuid.uuid4())

        def decided(actor: Actor) -> decide.Decision:
            return decide.start_supervision(node.floor, actor, wish, ident=ident, leg=leg, now=time.time())

        way = self._way(node, decided(actor), wish)  # refused before the audit's «asked» is written
        args = {"mode": wish.mode, "extension": wish.extension, "follow": wish.follow, "id": ident}
        if way:
            args["restore_media"] = True
        row = self._audit.asked(actor, "supervision.start", wish.agent, wish.queue, args, request_id)
        try:
            decision = decided(self._askers.again(actor))
            if way:
                media.bring_back(node, self, _target(decision))
                decision = decided(self._askers.again(actor))
        except Rejected as rejected:
            write_refusal(self._audit, row, rejected)
            raise
        supervision = decision.begins
        assert supervision is not None  # noqa: S101 - decide gives one or raises
        supervision.audit_row, supervision.ordered = row, True
        listening.begin(node.floor, supervision)
        node.touched()
        greenlets.spawn("ring-supervisor", self._ring, node, decision.orders[0], supervision)
        return {"id": supervision.id, "state": supervision.state}

    def begun(self, supervision: Supervision, row: int) -> None:
        """A supervision began otherwise than by ringing; ``row`` is the audit's «asked», which is told what became of it."""
        supervision.audit_row = row

    def _way(self, node: Node, decision: decide.Decision, wish: commands.StartSupervision) -> str:
        """How the call's sound passes FreeSWITCH by, where it is to be brought back; else it is refused with ``no_media``."""
        way = media.way_of(node, _target(decision))
        if way and not (way == media.BYPASS and wish.restore_media):
            raise Rejected(errors.NO_MEDIA, way)
        return way

    def _ring(self, node: Node, order: orders.Order, supervision: Supervision) -> None:
        """Ordered, but not known to ring (the connection was lost): it may ring on, and the next reading tells."""
        try:
            node.order(order, timeout_s=RING_S)
        except Rejected as rejected:
            if rejected.error == errors.UNCONFIRMED:
                node.resync_due.set()
            else:
                listening.end(node.floor, supervision, time.time(), entities.FAILED, rejected.cause or rejected.error)
                node.touched()
        finally:
            supervision.ordered = False

    def change_mode(self, node: Node, actor: Actor, wish: commands.ChangeMode, request_id: str) -> dict[str, Any]:
        """Switch the mode; FreeSWITCH reports none, so the mode shown is the one that was accepted."""
        decision = decide.change_mode(node.floor, actor, wish)
        supervision = node.floor.supervisions[wish.supervision]
        if not decision.mode:
            return _public(supervision)
        row = self._asked(actor, "supervision.set_mode", supervision, request_id, mode=wish.mode)
        with audited(self._audit, row), self.turn(supervision):
            self.let_read(supervision)
            decision = decide.change_mode(node.floor, self._askers.again(actor), wish)
            if decision.mode:
                self._put_mode(node, supervision, decision)
        node.touched()
        return _public(supervision)

    def _put_mode(self, node: Node, supervision: Supervision, decision: decide.Decision) -> None:
        """Shown as it may be heard from before the sending on; ``watching`` settles it where the answer is lost."""
        before = supervision.mode, supervision.settles
        for order in decision.orders:
            self.sent(supervision)
            listening.doubt_mode(node.floor, supervision, decision.mode)
            node.touched()
            try:
                node.order(order)
            except Rejected as rejected:
                if rejected.error != errors.UNCONFIRMED:
                    listening.undo_doubt(node.floor, supervision, *before)
                node.touched()
                raise
        listening.set_mode(node.floor, supervision, decision.mode)

    def take_over(self, node: Node, actor: Actor, wish: commands.TakeOver, request_id: str) -> dict[str, Any]:
        """Proved by the bridge of caller and supervisor."""
        (order,) = decide.take_over(node.floor, actor, wish).orders
        assert isinstance(order, orders.BridgeLegs)  # noqa: S101 - decide gives nothing else
        own = node.floor.supervisions[wish.supervision].leg
        result = self._until_over(node, actor, decide.take_over, wish, request_id)
        greenlets.spawn("stop-hold-music", self._stop_music, node, order.a, own)
        return result

    def _stop_music(self, node: Node, customer: str, own: str) -> None:
        """Had the agent pressed hold in that moment, his music would play on to caller and silent supervisor (1.10.12, seen).

        No event tells in time: the agent's leg may be gone before its hold. To a leg that hears no music a break does nothing.
        """
        for pause_s in MUSIC_AFTER_S:
            gevent.sleep(pause_s)
            leg, with_ = node.floor.legs.get(customer), node.floor.legs.get(own)
            if leg is None or with_ is None or leg.peer != own or leg.held_at or with_.held_at:
                return
            try:
                node.order(orders.StopPlaying(customer))
            except Rejected as rejected:
                log.warning("hold_music_not_stopped", error=rejected.error, cause=rejected.cause)

    def stop(self, node: Node, actor: Actor, wish: commands.StopSupervision, request_id: str) -> dict[str, Any]:
        """Proved by the hang-up of the supervisor's leg."""
        decide.stop_supervision(node.floor, actor, wish)
        supervision = node.floor.supervisions[wish.supervision]
        before, supervision.why = supervision.why, STOPPED if supervision.login == actor.login else STOPPED_BY_OTHER
        try:
            return self._until_over(node, actor, decide.stop_supervision, wish, request_id)
        except Rejected:
            supervision.why = before
            raise

    def _until_over(
        self, node: Node, actor: Actor, decision: Callable[..., decide.Decision], wish: _Ending, request_id: str
    ) -> dict[str, Any]:
        supervision = node.floor.supervisions[wish.supervision]
        row = self._asked(actor, f"supervision.{_WORDS[type(wish)]}", supervision, request_id)
        # Held until proved: what moves or ends the leg meanwhile would hang the customer up (switch_ivr_bridge.c:1219).
        with audited(self._audit, row), self.turn(supervision):
            proof = node.pending.expect(lambda _: not supervision.live)
            try:
                for order in decision(node.floor, self._askers.again(actor), wish).orders:
                    node.order(order)
            except Rejected as rejected:
                node.pending.forget(proof)
                if supervision.live:
                    raise rejected from None
            node.pending.require(proof, PROOF_S)
        return _public(supervision)

    def _asked(self, actor: Actor, command: str, supervision: Supervision, request_id: str, **args: Any) -> int:
        args |= {"id": supervision.id}
        return self._audit.asked(actor, command, supervision.agent, supervision.queue, args, request_id)


def _target(decision: decide.Decision) -> str:
    assert decision.begins is not None  # noqa: S101 - decide gives one or raises
    return decision.begins.target


_Ending = commands.TakeOver | commands.StopSupervision
_WORDS: dict[type, str] = {commands.TakeOver: "take_over", commands.StopSupervision: "stop"}


def _public(supervision: Supervision) -> dict[str, Any]:
    return {
        "id": supervision.id,
        "agent": supervision.agent,
        "mode": supervision.mode,
        "state": supervision.state,
        "cause": supervision.cause or None,
        "since": supervision.since or None,
    }

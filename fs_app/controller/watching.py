"""The guard at work: supervisions moved with holds and next calls, ended when no longer allowed, and written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fs_app.controller import media
from fs_app.controller.audited import audited
from fs_app.controller.node import Node
from fs_app.controller.supervising import Supervising
from fs_app.floor import commands, entities, errors, guard, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Supervision
from fs_app.floor.errors import Rejected
from fs_app.store.audit import CONFIRMED, FAILED, AuditLog, Deed, system
from fs_app.store.durable import DatabaseUnavailable

SOUND_S = 1.5
"""How often the switch is asked whether a watched call's sound still passes through it."""
log = structlog.get_logger()


class Watching:
    """Looks after every supervision of a node; to be called after each fact that may matter, and twice a second."""

    def __init__(self, supervising: Supervising, audit: AuditLog) -> None:
        self._supervising = supervising
        self._audit = audit

    def look(self, node: Node) -> None:
        """Keys, rights, holds, next calls, notices, and then the audit."""
        self._obey_keys(node)
        for mend in list(guard.supervisions(node.floor, self._supervising.actor_of, time.monotonic())):
            self.mend(node, mend)
        for mend in list(guard.doubtful_modes(node.floor)):
            self.mend(node, mend)
        for told, notice in list(guard.notices(node.floor)):
            self._play(node, told, notice)
        for supervision in list(node.floor.supervisions.values()):
            self._ask_for_sound(node, supervision)
            try:
                self._write_down(node, supervision)
            except (SQLAlchemyError, DatabaseUnavailable) as error:  # tried again at the next look
                log.error("supervision_not_audited", supervision=supervision.id, error=type(error).__name__)

    # -- keys and tones ------------------------------------------------------------------------------------------------

    def _obey_keys(self, node: Node) -> None:
        """Keys pressed on supervisors' phones: decided, ordered and audited like clicks, with «dial» as their source."""
        keys, node.floor.keys = node.floor.keys, []
        for ident, mode in keys:
            pressed = node.floor.supervisions.get(ident)
            actor = self._supervising.actor_of(pressed) if pressed is not None else None
            if actor is None:
                continue
            try:
                wish = commands.ChangeMode(ident, mode)
                self._supervising.change_mode(node, replace(actor, source="dial"), wish, "")
            except Rejected as rejected:
                log.info("key_refused", mode=mode, error=rejected.error)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.error("key_not_audited", mode=mode, error=type(error).__name__)

    def _play(self, node: Node, supervision: Supervision, notice: orders.PlayNotice) -> None:
        try:
            node.order(notice)
        except Rejected as rejected:
            log.warning("notice_refused", agent=supervision.agent, error=rejected.error)

    def _ask_for_sound(self, node: Node, supervision: Supervision) -> None:
        """A bypass may begin under a listener, and no event says so: ``listening`` would be true and he hears nothing."""
        now = time.monotonic()
        if supervision.state != entities.LISTENING or now - supervision.media_asked_at < SOUND_S:
            return
        supervision.media_asked_at = now
        try:
            way = media.way_of(node, supervision.target)
        except Rejected:
            return
        if way != supervision.no_media:
            supervision.no_media = way
            node.floor.touch("supervision", supervision.id)
            node.touched()

    # -- what the guard asks for -----------------------------------------------------------------------------------------

    def mend(self, node: Node, mend: guard.Mend) -> None:
        """Carry out one thing that the guard asks for; audited under «system».

        A leg that is just being commanded, above all one that is taken over, is left alone: the next look asks again.
        """
        supervision = node.floor.supervisions.get(mend.supervision)
        if supervision is None:
            self._carry_out(node, mend, lambda: mend.order)
        elif not supervision.live or self._supervising.turn(supervision).locked():
            return
        else:
            with self._supervising.turn(supervision):
                done = self._carry_out(node, mend, lambda: self._of_now(node, mend, supervision))
                if done and isinstance(mend.order, orders.MoveSupervisor | orders.SwitchMode) and supervision.settles:
                    listening.set_mode(node.floor, supervision, supervision.settles)
        node.touched()

    def _of_now(self, node: Node, mend: guard.Mend, supervision: Supervision) -> orders.Order:
        """The order with the mode of now, and the floor as it will be: what is ordered counts from the ordering on.

        Rejected when the supervision ended while the audit was written: it must neither live on nor its leg be moved.
        """
        if not supervision.live:
            raise Rejected(errors.NOT_MONITORABLE, supervision.cause)
        order, now = mend.order, time.time()
        if isinstance(order, orders.SwitchMode):
            if not supervision.in_doubt:
                raise Rejected(errors.NOT_MONITORABLE)
            self._supervising.sent(supervision)
        elif isinstance(order, orders.LetWait):
            listening.let_wait(node.floor, supervision)
        elif isinstance(order, orders.MoveSupervisor):
            on_member = order.target not in node.floor.agents[supervision.agent].legs
            if mend.why == guard.NEXT_CALL:
                mode = guard.mode_in_next_call(supervision.settles or supervision.mode)
                listening.set_mode(node.floor, supervision, mode)
                supervision.joined = True
            listening.move(node.floor, supervision, order.target, on_member=on_member)
            return self._supervising.as_it_is(order, supervision)
        else:
            state = entities.FAILED if supervision.state == entities.RINGING else entities.ENDED
            listening.end(node.floor, supervision, now, state, mend.why)
        return order

    def _carry_out(self, node: Node, mend: guard.Mend, order: Callable[[], orders.Order]) -> bool:
        """What must end ends, even while the database that should remember it is away. Whether the switch took it."""
        log.info("mended", node=node.name, why=mend.why, agent=mend.agent, order=type(mend.order).__name__)
        noted = {"supervision": mend.supervision}
        try:
            try:
                row = self._audit.asked(system(), f"guard.{mend.why}", mend.agent, None, noted)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.error("mend_not_audited", why=mend.why, agent=mend.agent, error=type(error).__name__)
                node.order(order())
                return True
            with audited(self._audit, row):
                node.order(order())
        except Rejected as rejected:
            log.warning("mend_refused", why=mend.why, error=rejected.error, cause=rejected.cause)
            return False
        return True

    # -- the audit ---------------------------------------------------------------------------------------------------------

    def _write_down(self, node: Node, supervision: Supervision) -> None:
        """What came of the ringing, each next call that a follower hears, and how it ended, once each."""
        if supervision.audit_row and supervision.state != entities.RINGING:
            heard = supervision.since > 0
            self._audit.outcome(supervision.audit_row, CONFIRMED if heard else FAILED, supervision.cause or None)
            supervision.audit_row = 0
            node.floor.touch("supervision", supervision.id)
        if supervision.joined and supervision.state == entities.LISTENING:
            self._audit.record(self._deed("supervision.next_call", supervision), CONFIRMED)
            supervision.joined = False
        if not supervision.live and not supervision.closed:
            if supervision.since:
                self._audit.record(self._deed("supervision.ended", supervision), CONFIRMED, supervision.cause)
            supervision.closed = True
            self._supervising.forget(supervision)

    def _deed(self, command: str, supervision: Supervision) -> Deed:
        """Who listened to whom, on which phone, how and when: for whoever reads the log without the board."""
        held = self._supervising.actors.get(supervision.id)
        actor = held[0] if held is not None else Actor(supervision.login, "", supervision.name)
        args: dict[str, Any] = {
            "id": supervision.id,
            "mode": supervision.mode,
            "extension": supervision.extension,
            "follow": supervision.follow,
        }
        if not supervision.live:
            args |= {"from": _iso(supervision.since), "to": _iso(supervision.ended_at)}
        return Deed(actor, command, supervision.agent, supervision.queue or "", args)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")

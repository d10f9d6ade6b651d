"""Supervisions carried out: ring, listen, switch, take over, stop; and the guard that keeps them right while they run."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fs_app import greenlets
from fs_app.controller.audited import audited
from fs_app.controller.node import Node
from fs_app.controller.numbers import SiteNumbering
from fs_app.floor import commands, decide, entities, errors, guard, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Supervision
from fs_app.floor.errors import Rejected
from fs_app.floor.state import Floor
from fs_app.store.audit import CONFIRMED, FAILED, AuditLog, system
from fs_app.store.durable import DatabaseUnavailable

RING_S = 40.0
"""A little longer than the originate's own limit: FreeSWITCH's answer comes first."""
PROOF_S = 3.0
RIGHTS_S = 1.0
SessionLives = Callable[[str], bool]
log = structlog.get_logger()


class Supervising:
    """Owns who asked for which supervision (``actors``), so that rights can be checked again while it runs."""

    def __init__(
        self,
        audit: AuditLog,
        actor_by_login: Callable[[str], Actor | None],
        session_lives: SessionLives,
        numbering: SiteNumbering,
    ) -> None:
        self._audit = audit
        self._actor_by_login = actor_by_login
        self._session_lives = session_lives
        self._numbering = numbering
        self.actors: dict[str, tuple[Actor, float]] = {}
        self._rows: dict[str, int] = {}

    def actor_of(self, supervision: Supervision) -> Actor | None:
        """The account behind a supervision with its rights of now (at most a second old), while its log-in lasts."""
        held = self.actors.get(supervision.id)
        if held is not None and time.monotonic() - held[1] < RIGHTS_S:
            return held[0]
        try:
            found = self._actor_by_login(supervision.login)
            if supervision.session and not self._session_lives(supervision.session):
                found = None
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

    # -- commands ----------------------------------------------------------------------------------------------------

    def start(self, node: Node, actor: Actor, wish: commands.StartSupervision, request_id: str) -> dict[str, Any]:
        """Ring the supervisor's extension; answers at once, the board shows what becomes of it."""
        if decide.is_outside(wish.extension) and wish.extension in actor.extensions:
            self._numbering.dialled(wish.extension)  # what may not be rung is refused, whoever entered it
        ident, leg = uuid.uuid4().hex, str(uuid.uuid4())

        def decided() -> decide.Decision:
            return decide.start_supervision(node.floor, actor, wish, ident=ident, leg=leg, now=time.time())

        self._with_media(node, decided().orders[0], wish)  # refused before the audit's «asked» is written
        args = {"mode": wish.mode, "extension": wish.extension, "follow": wish.follow, "id": ident}
        row = self._audit.asked(actor, "supervision.start", wish.agent, wish.queue, args, request_id)
        try:
            decision = decided()
        except Rejected as rejected:
            self._audit.outcome(row, FAILED, rejected.error)
            rejected.written = True
            raise
        supervision = decision.begins
        assert supervision is not None  # noqa: S101 - decide gives one or raises
        self._rows[supervision.id] = row
        listening.begin(node.floor, supervision)
        node.touched()
        greenlets.spawn("ring-supervisor", self._ring, node, decision.orders[0], supervision)
        return {"id": supervision.id, "state": supervision.state}

    def begun(self, supervision: Supervision, row: int) -> None:
        """A supervision began otherwise than by ringing; ``row`` is the audit's «asked», which is told what became of it."""
        self._rows[supervision.id] = row

    def _with_media(self, node: Node, order: orders.Order, wish: commands.StartSupervision) -> None:
        """A call whose sound bypasses FreeSWITCH cannot be heard: brought back when asked for, else ``no_media``."""
        assert isinstance(order, orders.RingSupervisor)  # noqa: S101 - decide gives nothing else
        way = node.media_of(order.target)
        if way == "bypass" and wish.restore_media:
            node.order(orders.RestoreMedia(order.target))
        elif way:
            raise Rejected(errors.NO_MEDIA, way)

    def _ring(self, node: Node, order: orders.Order, supervision: Supervision) -> None:
        try:
            node.order(order, timeout_s=RING_S)
        except Rejected as rejected:
            listening.end(node.floor, supervision, time.time(), entities.FAILED, rejected.cause or rejected.error)
            node.touched()

    def change_mode(self, node: Node, actor: Actor, wish: commands.ChangeMode, request_id: str) -> dict[str, Any]:
        """Switch the mode; FreeSWITCH reports none, so the mode shown is the one that was accepted."""
        decision = decide.change_mode(node.floor, actor, wish)
        supervision = node.floor.supervisions[wish.supervision]
        if not decision.orders:
            return _public(supervision)
        row = self._asked(actor, "supervision.mode", supervision, request_id, mode=wish.mode)
        with audited(self._audit, row):
            for order in decide.change_mode(node.floor, actor, wish).orders:
                node.order(order)
        listening.set_mode(node.floor, supervision, wish.mode)
        node.touched()
        return _public(supervision)

    def take_over(self, node: Node, actor: Actor, wish: commands.TakeOver, request_id: str) -> dict[str, Any]:
        """Proved by the bridge of caller and supervisor."""
        decide.take_over(node.floor, actor, wish)
        return self._until_over(node, actor, decide.take_over, wish, request_id)

    def stop(self, node: Node, actor: Actor, wish: commands.StopSupervision, request_id: str) -> dict[str, Any]:
        """Proved by the hang-up of the supervisor's leg."""
        decide.stop_supervision(node.floor, actor, wish)
        return self._until_over(node, actor, decide.stop_supervision, wish, request_id)

    def _until_over(
        self, node: Node, actor: Actor, decision: Callable[..., decide.Decision], wish: _Ending, request_id: str
    ) -> dict[str, Any]:
        supervision = node.floor.supervisions[wish.supervision]
        row = self._asked(actor, f"supervision.{_WORDS[type(wish)]}", supervision, request_id)
        with audited(self._audit, row):
            proof = node.pending.expect(lambda _: not supervision.live)
            try:
                for order in decision(node.floor, actor, wish).orders:
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

    # -- the guard ---------------------------------------------------------------------------------------------------

    def watch_over(self, node: Node) -> None:
        """Move listeners with holds and next calls, end what is no longer allowed, and write down how each went."""
        self._obey_keys(node)
        for mend in list(guard.supervisions(node.floor, self.actor_of)):
            self.mend(node, mend)
        for told, notice in list(guard.notices(node.floor)):
            self._play(node, told, notice)
        for ident, row in list(self._rows.items()):
            supervision = node.floor.supervisions.get(ident)
            if supervision is None or supervision.state != entities.RINGING:
                del self._rows[ident]
                self._note_outcome(row, supervision)

    def _note_outcome(self, row: int, supervision: Supervision | None) -> None:
        failed = supervision is None or supervision.state == entities.FAILED
        cause = supervision.cause or None if supervision is not None else None
        try:
            self._audit.outcome(row, FAILED if failed else CONFIRMED, cause)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.error("outcome_not_audited", row=row, error=type(error).__name__)

    def _obey_keys(self, node: Node) -> None:
        """Keys pressed on supervisors' phones: decided, ordered and audited like clicks, with «dial» as their source."""
        keys, node.floor.keys = node.floor.keys, []
        for ident, mode in keys:
            pressed = node.floor.supervisions.get(ident)
            actor = self.actor_of(pressed) if pressed is not None else None
            if actor is None:
                continue
            try:
                self.change_mode(node, replace(actor, source="dial"), commands.ChangeMode(ident, mode), "")
            except Rejected as rejected:
                log.info("key_refused", mode=mode, error=rejected.error)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.error("key_not_audited", mode=mode, error=type(error).__name__)

    def _play(self, node: Node, supervision: Supervision, notice: orders.PlayNotice) -> None:
        try:
            node.order(notice)
        except Rejected as rejected:
            log.warning("notice_refused", agent=supervision.agent, error=rejected.error)

    def mend(self, node: Node, mend: guard.Mend) -> None:
        """Carry out one thing that the guard asks for; audited under «system» when it ends something."""
        supervision = node.floor.supervisions.get(mend.supervision)
        if isinstance(mend.order, orders.MoveSupervisor) and supervision is not None:
            on_member = mend.why == "on_hold"
            listening.move(node.floor, supervision, mend.order.target, time.time(), on_member=on_member)
        elif supervision is not None:
            listening.end(node.floor, supervision, time.time(), entities.ENDED, mend.why)
        log.info("mended", node=node.name, why=mend.why, agent=mend.agent, order=type(mend.order).__name__)
        try:
            self._order_mend(node, mend)
        except Rejected as rejected:
            log.warning("mend_refused", why=mend.why, error=rejected.error, cause=rejected.cause)
        node.touched()

    def _order_mend(self, node: Node, mend: guard.Mend) -> None:
        """What must end ends, even while the database that should remember it is away."""
        noted = {"supervision": mend.supervision}
        try:
            row = self._audit.asked(system(), f"guard.{mend.why}", mend.agent, None, noted)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.error("mend_not_audited", why=mend.why, agent=mend.agent, error=type(error).__name__)
            node.order(mend.order)
            return
        with audited(self._audit, row):
            node.order(mend.order)


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


def adopt(floor: Floor, documents: list[dict[str, Any]]) -> None:
    """Supervisions of the run before this one: taken over as they are; the next reading tells which legs still live."""
    for doc in documents:
        if doc["state"] not in entities.LIVE_STATES:
            continue
        known = {
            k: doc[k] for k in ("id", "login", "name", "agent", "mode", "extension", "queue", "leg", "target", "follow")
        }
        supervision = Supervision(**known, state=doc["state"], asked_at=doc["asked_at"], since=doc["since"] or 0.0)
        supervision.on_member, supervision.session = doc["on_member"], doc.get("session", "")
        listening.begin(floor, supervision)
        if supervision.state == entities.LISTENING:
            floor.bugs[supervision.target] = floor.bugs.get(supervision.target, 0) + 1

"""Calls whose sound does not pass FreeSWITCH: told, and brought back when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

import structlog
from gevent.lock import Semaphore

from fs_app.controller.node import REPLY_S, Node
from fs_app.controller.pending import Proof
from fs_app.floor import entities, errors, listening, orders
from fs_app.floor.entities import Supervision
from fs_app.floor.errors import Rejected
from fs_app.switch.errors import SwitchError
from fs_app.switch.event import PlainEvent
from fs_app.switch.orders import UnsafeOrder, leg_id

PROOF_S = 3.0
"""A listener who is sent to silence leaves his media bug within a frame or two, and a bridge is made anew within some 20 ms."""
BYPASS, PROXY, TAPPED = "bypass", "proxy", "tapped"
log = structlog.get_logger()


class Listeners(Protocol):
    """What is needed of ``Supervising`` to move those who listen."""

    def turn(self, supervision: Supervision) -> Semaphore:
        """Held while a supervision's leg is commanded or moved."""

    def as_it_is(self, order: orders.MoveSupervisor, supervision: Supervision) -> orders.MoveSupervisor:
        """A move in the mode of now."""


def way_of(node: Node, leg: str) -> str:
    """``bypass`` or ``proxy`` when the leg's sound cannot be heard here, else empty. Raises Rejected.

    A bridged leg whose media bypasses FreeSWITCH is in CS_HIBERNATE; its variable ``signal_bridge`` outlasts the
    bypass and says nothing (both seen on 1.10.12).
    """
    now = PlainEvent(b"\n" + _ask(node, "uuid_dump", leg).encode())
    if now.get(b"Channel-State") == "CS_HIBERNATE":
        return BYPASS
    return PROXY if now.get(b"variable_proxy_media") == "true" else ""


def bring_back(node: Node, listeners: Listeners, leg: str) -> None:
    """``uuid_media`` while nothing taps the call: who listens to it waits in silence meanwhile, and comes back.

    A media bug on a leg that is brought back can lock up its channel for good, and the call with it: the command's thread
    reads a frame and tells mod_sofia that it must transcode (switch_core_io.c:416) while the leg's own thread, with
    mod_sofia's lock, waits for the codec that is being read (switch_core_media.c:3605); seen on 1.10.12. Raises Rejected,
    ``no_media`` with ``tapped`` where another bug than a listener's is there, a recording's for example.
    """
    known = node.floor.legs.get(leg)
    legs = [one for one in (leg, known.peer if known is not None else "") if one]
    listening_now = [one for one in node.floor.supervisions.values() if _taps(one, legs)]
    with _apart(node, listeners, sorted(listening_now, key=lambda one: one.id), legs):
        if any("<media-bug>" in _ask(node, "uuid_buglist", one) for one in legs):
            raise Rejected(errors.NO_MEDIA, TAPPED)
        node.order(orders.RestoreMedia(leg))
        _until(node, lambda floor: leg in floor.legs and floor.legs[leg].peer != "")  # the bridge is made anew for it


def _taps(supervision: Supervision, legs: Iterable[str]) -> bool:
    return supervision.state == entities.LISTENING and supervision.target in legs


@contextmanager
def _apart(node: Node, listeners: Listeners, whom: list[Supervision], legs: list[str]) -> Iterator[None]:
    """Those who listen are in silence within the block; nobody else commands their legs meanwhile."""
    with ExitStack() as stack:
        for one in whom:
            stack.enter_context(listeners.turn(one))
        sent = [one for one in whom if _taps(one, legs)]  # a turn may have been waited for
        try:
            for one in sent:
                listening.move(node.floor, one, one.target, on_member=one.on_member)
                node.order(orders.LetWait(one.leg))
            _until(node, lambda floor: not any(floor.bugs.get(leg) for leg in legs))
            yield
        finally:
            for one in sent:
                _send_back(node, listeners, one)
            node.touched()


def _send_back(node: Node, listeners: Listeners, supervision: Supervision) -> None:
    """He listens as before; where he cannot, the guard sees to him."""
    if not supervision.live or not supervision.target:
        return
    mode = supervision.settles or supervision.mode
    silent = orders.MoveSupervisor(supervision.leg, supervision.target, 0, supervision.follow)
    try:
        node.order(listeners.as_it_is(silent, supervision))
    except Rejected as rejected:
        log.warning("listener_not_sent_back", supervision=supervision.id, error=rejected.error, cause=rejected.cause)
    else:
        listening.set_mode(node.floor, supervision, mode)


def _until(node: Node, proof: Proof) -> None:
    """Raises Rejected ``unconfirmed`` where it is not so in time."""
    if not proof(node.floor):
        node.pending.require(node.pending.expect(proof), PROOF_S)


def _ask(node: Node, question: str, leg: str) -> str:
    try:
        return node.session.api(f"{question} {leg_id(leg)}", timeout_s=REPLY_S)
    except UnsafeOrder as error:
        raise Rejected(errors.SWITCH_REFUSED, "UNSAFE") from error
    except SwitchError as error:
        raise Rejected(errors.SWITCH_UNAVAILABLE) from error

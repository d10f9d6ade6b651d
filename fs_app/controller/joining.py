"""Listening by telephone: the leg that dialled a code joins an agent's call, without being rung."""

from __future__ import annotations

import time
import uuid

from fs_app.controller import media
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.floor import by_phone, commands, entities, errors, listening
from fs_app.floor.actor import Actor
from fs_app.floor.decide import Decision
from fs_app.floor.errors import Rejected
from fs_app.store.audit import FAILED


def join(desk: Desk, node: Node, actor: Actor, wish: commands.StartSupervision, *, leg: str, request_id: str) -> None:
    """Send the leg to the call; from then on it is a supervision like any other, its outcome in the audit as well.

    Returns once FreeSWITCH has taken the order: the leg moves as soon as its script has ended. Raises Rejected.
    """
    ident = uuid.uuid4().hex

    def decided(actor: Actor) -> Decision:
        return by_phone.join_supervision(node.floor, actor, wish, ident=ident, leg=leg, now=time.time())

    would_join(node, decided(actor))
    args = {"mode": wish.mode, "extension": wish.extension, "follow": wish.follow, "id": ident}
    row = desk.audit.asked(actor, "supervision.start", wish.agent, wish.queue, args, request_id)
    try:
        decision = decided(desk.askers.again(actor))
    except Rejected as rejected:
        desk.audit.outcome(row, FAILED, rejected.error)
        rejected.written = True
        raise
    supervision = decision.begins
    assert supervision is not None  # noqa: S101 - decide gives one or raises
    desk.supervising.begun(supervision, row)
    node.floor.legs[leg].supervision = ident
    listening.begin(node.floor, supervision)
    node.touched()
    try:
        node.order(decision.orders[0])
    except Rejected as rejected:
        rejected.written = True  # by who watches over it, when he sees it failed
        if rejected.error == errors.UNCONFIRMED:
            node.resync_due.set()  # he may be listening: the next reading tells
            raise
        if leg in node.floor.legs:
            node.floor.legs[leg].supervision = ""
        listening.end(node.floor, supervision, time.time(), entities.FAILED, rejected.cause or rejected.error)
        node.touched()
        raise


def would_join(node: Node, decision: Decision) -> None:
    """Raises ``no_media`` where the call's sound does not pass the switch."""
    way = media.way_of(node, decision.begins.target) if decision.begins is not None else ""
    if way:
        raise Rejected(errors.NO_MEDIA, way)

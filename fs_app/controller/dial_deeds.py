"""What a dialled code wants, carried out: the same commands as from the panel, by the same rules, with «dial» as their source."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fs_app.controller.desk import Desk
from fs_app.controller.joining import join, would_join
from fs_app.controller.node import Node
from fs_app.controller.run_command import carry_out
from fs_app.floor import by_phone, commands, decide, errors, orders, statuses
from fs_app.floor.actor import Actor
from fs_app.floor.dialogue import Wish
from fs_app.floor.errors import EXTENSION_TAKEN, EXTENSION_UNKNOWN, Rejected
from fs_app.floor.phones import terminal_of
from fs_app.store.audit import FAILED, Deed
from fs_app.store.dial_keys import ANSWER_S, DECIDE_S
from fs_app.store.dial_line import Question
from fs_app.store.inbox import Request

READY_S = 5
"""How long after «available» by telephone no call is offered (s): the phone still listens to what became of it. mod_callcenter
knows nothing of a phone that is in use (seen on 1.10.12), would ring it, and call the agent away."""
SLACK_S = 0.15
UNAVAILABLE = "unavailable"
_SPOKEN = {
    errors.SWITCH_UNAVAILABLE: UNAVAILABLE,
    errors.SERVICE_UNAVAILABLE: UNAVAILABLE,
    errors.INVALID_NUMBER: errors.INVALID_REQUEST,
    errors.NUMBER_NOT_ALLOWED: errors.INVALID_REQUEST,
    errors.TOO_MANY_ATTEMPTS: "wrong_wait",
}
Begin = Callable[[], None]


def spoken(error: str) -> str:
    """The prompt of a refusal: mostly the one that is called like it."""
    return _SPOKEN.get(error, error)


def carry(desk: Desk, actor: Actor, question: Question, wish: Wish, begin: Begin) -> str:
    """Carry a wish out; empty when it is proved, else the prompt of its refusal.

    ``begin`` is called before anything is changed and raises where the caller has been told that nothing would be.
    """
    left_s = question.deadline - DECIDE_S + ANSWER_S - time.time() - SLACK_S
    desk = replace(desk, proof_s=max(left_s, SLACK_S))
    try:
        return _DEEDS.get(wish.kind, _plain)(desk, actor, question, wish, begin)
    except Rejected as rejected:
        return spoken(rejected.error)


def _plain(desk: Desk, actor: Actor, question: Question, wish: Wish, begin: Begin) -> str:
    begin()
    _command(desk, actor, question, wish.kind, wish.args)
    return ""


def _command(desk: Desk, actor: Actor, question: Question, kind: str, args: dict[str, Any]) -> None:
    carry_out(desk, Request(question.id, kind, actor, args, question.deadline, question.id))


def _set_status(desk: Desk, actor: Actor, question: Question, wish: Wish, begin: Begin) -> str:
    begin()
    asked = commands.SetStatus(**wish.args)
    _not_at_once(desk.node_of_agent(asked.agent), actor, asked)
    _command(desk, actor, question, wish.kind, wish.args)
    return ""


def _not_at_once(node: Node, actor: Actor, asked: commands.SetStatus) -> None:
    """The first offer comes when the phone is free again. Nothing where the status will be refused: that is said later."""
    try:
        ordered = decide.set_status(node.floor, actor, asked).orders
    except Rejected:
        return
    if any(isinstance(one, orders.SetAgentStatus) and one.status == statuses.AVAILABLE for one in ordered):
        ready_at = max(time.time() + READY_S, node.floor.agents[asked.agent].ready_at)
        node.order(orders.SetReadyTime(asked.agent, round(ready_at)))


def _sign_in_at(desk: Desk, actor: Actor, question: Question, wish: Wish, begin: Begin) -> str:
    """The extension becomes the agent's, then he is available; where either would be refused, neither."""
    agent, extension = wish.args["agent"], wish.args["extension"]
    node = desk.node_of_agent(agent)
    refusal = "" if node.extension_exists(extension) else EXTENSION_UNKNOWN
    if not refusal and by_phone.taken_by(node.floor, agent, extension):
        refusal = EXTENSION_TAKEN
    if refusal:
        deed = Deed(actor, "dial.sign_in_at", agent, args={"extension": extension}, request_id=question.id)
        desk.audit.record(deed, FAILED, refusal)
        return refusal
    begin()
    available = {"agent": agent, "status": "available"}
    allowed = _would_be(node, actor, commands.SetStatus(**available))
    terminal = terminal_of(node.floor.agents[agent].contact) if agent in node.floor.agents else None
    if allowed and (terminal is None or (terminal.kind, terminal.extension) != ("extension", extension)):
        where = {"agent": agent, "kind": "extension", "number": extension}
        _command(desk, actor, question, "terminal.set", where)
    return _set_status(desk, actor, question, Wish("status.set", available), lambda: None)


def _would_be(node: Node, actor: Actor, asked: commands.SetStatus) -> bool:
    """Whether it would be allowed at a free extension: what is wrong with the present phone does not matter."""
    try:
        decide.set_status(node.floor, actor, asked)
    except Rejected as rejected:
        return rejected.error in (EXTENSION_TAKEN, errors.NUMBER_NOT_ALLOWED)
    return True


def _listen(desk: Desk, actor: Actor, question: Question, wish: Wish, begin: Begin) -> str:
    """Without a selected queue there is only the call's own: rights count on that."""
    agent = wish.args["agent"]
    node = desk.node_of_agent(agent)
    known = node.floor.agents.get(agent)
    queue = by_phone.queue_for(node.floor, actor, known) if known is not None else None
    asked = commands.StartSupervision(agent, wish.args["mode"], question.user, queue)
    try:
        if wish.only_ask:
            now, ident = time.time(), question.id
            would_join(
                node, by_phone.join_supervision(node.floor, actor, asked, ident=ident, leg=question.leg, now=now)
            )
        else:
            begin()
            join(desk, node, actor, asked, leg=question.leg, request_id=question.id)
    except Rejected as rejected:
        if not rejected.written:
            noted = {"mode": asked.mode, "extension": asked.extension}
            desk.audit.record(
                Deed(actor, "supervision.start", agent, queue or "", noted, question.id), FAILED, rejected.error
            )
        raise
    return ""


_DEEDS: dict[str, Callable[[Desk, Actor, Question, Wish, Begin], str]] = {
    "status.set": _set_status,
    "dial.sign_in_at": _sign_in_at,
    "dial.listen": _listen,
}

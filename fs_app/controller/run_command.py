"""One command from request to answer: decide, write «asked», decide again, order, wait for the proof, answer.

Decided twice because writing takes a moment: what counts are the state and the asker's rights when the order goes out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fs_app.controller import hands, members, priorities, statuses, terminals
from fs_app.controller.desk import Desk, Result
from fs_app.floor import commands
from fs_app.floor.actor import Actor
from fs_app.floor.errors import INVALID_REQUEST, PERMISSION_DENIED, Rejected
from fs_app.store.audit import FAILED, Deed
from fs_app.store.inbox import Request

_QUESTIONS = frozenset({"queue.foresee"})
"""They change nothing: of them only those are audited that somebody may not ask."""


def carry_out(desk: Desk, request: Request) -> Result:
    """Carry a request out; its result once proved. Raises Rejected: nothing has changed, or the outcome is unknown."""
    handler = _HANDLERS.get(request.kind)
    if handler is None:
        raise Rejected(INVALID_REQUEST)
    try:
        return handler(desk, request.actor, dict(request.args), request.request_id)
    except TypeError as error:
        raise Rejected(INVALID_REQUEST) from error
    except Rejected as rejected:
        if not rejected.written and (request.kind not in _QUESTIONS or rejected.error == PERMISSION_DENIED):
            desk.audit.record(_deed(request), FAILED, rejected.error)
        raise


def _deed(request: Request) -> Deed:
    """A try that was refused before anything was asked of the switch is written down as well."""
    args = {k: v for k, v in request.args.items() if k not in ("agent", "queue", "number")}
    agent, queue = str(request.args.get("agent") or ""), str(request.args.get("queue") or "")
    return Deed(request.actor, action_of(request.kind), agent, queue, args, request.request_id)


def action_of(kind: str) -> str:
    """The action (``web.actions``) that a kind of request carries out: its one name in the audit, whoever refuses it."""
    return _ACTIONS.get(kind, kind)


_ACTIONS = {
    "status.set": "agent.set_status",
    "after_call.cancel": "agent.cancel_after_call",
    "wrap_up.end": "agent.end_wrap_up",
    "terminal.set": "agent.set_terminal",
    "hand.raise": "agent.raise_hand",
    "hand.lower": "agent.lower_hand",
    "priority.set": "agent.set_priority",
    "member.add": "queue.add_member",
    "member.remove": "queue.remove_member",
    "supervision.mode": "supervision.set_mode",
}


def _start(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.StartSupervision(**args)
    return desk.supervising.start(desk.node_of_agent(wish.agent), actor, wish, request_id)


def _mode(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.ChangeMode(args.pop("id"), **args)
    return desk.supervising.change_mode(desk.node_of_supervision(wish.supervision), actor, wish, request_id)


def _take_over(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.TakeOver(args.pop("id"), **args)
    return desk.supervising.take_over(desk.node_of_supervision(wish.supervision), actor, wish, request_id)


def _stop(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.StopSupervision(args.pop("id"), **args)
    return desk.supervising.stop(desk.node_of_supervision(wish.supervision), actor, wish, request_id)


def _call_back(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.StartCallBack(**args)
    return desk.calling_back.start(desk.node_of_agent(actor.agent or ""), actor, wish, request_id)


def _cancel_call_back(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.CancelCallBack(args.pop("id"), **args)
    return desk.calling_back.cancel(desk.node_of_call_back(wish.call_back), actor, wish, request_id)


_HANDLERS: dict[str, Callable[[Desk, Actor, dict[str, Any], str], Result]] = {
    "status.set": statuses.set_status,
    "after_call.cancel": statuses.cancel_after_call,
    "wrap_up.end": statuses.end_wrap_up,
    "hand.raise": hands.raise_hand,
    "hand.lower": hands.lower_hand,
    "terminal.set": terminals.set_terminal,
    "priority.set": priorities.set_priority,
    "member.add": members.add_member,
    "member.remove": members.remove_member,
    "queue.foresee": priorities.foresee,
    "supervision.start": _start,
    "supervision.mode": _mode,
    "supervision.take_over": _take_over,
    "supervision.stop": _stop,
    "call_back.start": _call_back,
    "call_back.cancel": _cancel_call_back,
}
KINDS = tuple(_HANDLERS)

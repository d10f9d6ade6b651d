"""Who may do what to whom, with the reason. One set of rules for the panel's pages, its API, dial codes and the controller.

The rules read documents (see ``documents``), so that the panel shows exactly what the controller will decide.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fs_app.floor import errors, statuses
from fs_app.floor.actor import SUPERVISOR, USER, Actor

CHANGE_STATUS = "agent.set_status"
CHANGE_STATUS_LATER = "agent.set_status_after_call"
CHANGE_PRIORITY = "agent.set_priority"
RAISE_HAND = "agent.raise_hand"
LOWER_HAND = "agent.lower_hand"
ADD_MEMBER = "queue.add_member"
REMOVE_MEMBER = "queue.remove_member"
FORESEE = "queue.foresee"
CHANGE_TERMINAL = "agent.set_terminal"
CHANGE_CONFIRMATION = "agent.set_confirmation"
CALL_BACK = "call_back.start"
MONITOR = "supervision.monitor"
WHISPER = "supervision.whisper"
BARGE = "supervision.barge"
TAKE_OVER = "supervision.take_over"
SUPERVISION_ACTIONS = (MONITOR, WHISPER, BARGE, TAKE_OVER)


class Verdict(NamedTuple):
    """Allowed or not, and the error id of the first rule that says no."""

    ok: bool
    reason: str | None = None


YES = Verdict(True)


def _no(reason: str) -> Verdict:
    return Verdict(False, reason)


def may(actor: Actor, action: str, agent: dict[str, Any], queue: str | None) -> Verdict:
    """The verdict on one action upon one agent with ``queue`` selected (None: all agents)."""
    if action == CHANGE_CONFIRMATION:  # whether an outside phone must press a key; without it a voicemail has the call
        return YES if actor.is_administrator else _no(errors.PERMISSION_DENIED)
    if action in (CHANGE_STATUS, CHANGE_TERMINAL):
        return _may_change_status(actor, agent, queue)
    if action == CALL_BACK:
        return _may_change_status(actor, agent, queue) if _is_own(actor, agent) else _no(errors.PERMISSION_DENIED)
    if action == RAISE_HAND:
        return YES if _is_own(actor, agent) else _no(errors.PERMISSION_DENIED)
    if action in (ADD_MEMBER, REMOVE_MEMBER):
        return YES if actor.is_administrator else _no(errors.PERMISSION_DENIED)
    if action in (CHANGE_STATUS_LATER, LOWER_HAND):
        return YES if _is_own(actor, agent) else _scope(actor, agent, queue)
    if action == CHANGE_PRIORITY:
        return _may_change_priority(actor, agent, queue)
    return _may_supervise(actor, action, agent, queue)


def may_see_number(actor: Actor, agent: dict[str, Any]) -> bool:
    """Whether the actor sees the outside number at which this agent is rung; everybody else sees it masked."""
    return actor.is_administrator or _is_own(actor, agent) or any(actor.right(q) == "edit" for q in agent["tiers"])


def _scope(actor: Actor, agent: dict[str, Any], queue: str | None) -> Verdict:
    """Whether the agent is within the actor's reach: for a supervisor, ``edit`` on the selected queue and membership.

    The right comes first: who may not change a queue is not told by the reason who is its member.
    """
    if actor.role == USER:
        return _no(errors.PERMISSION_DENIED)
    if actor.role == SUPERVISOR:
        if queue is None:
            some = any(actor.right(q) == "edit" for q in agent["tiers"])
            return _no(errors.QUEUE_NOT_SELECTED if some else errors.PERMISSION_DENIED)
        if actor.right(queue) != "edit":
            return _no(errors.PERMISSION_DENIED)
    if queue is not None and queue not in agent["tiers"]:
        return _no(errors.NOT_A_MEMBER)
    return YES


def _may_change_status(actor: Actor, agent: dict[str, Any], queue: str | None) -> Verdict:
    if not _is_own(actor, agent):
        scope = _scope(actor, agent, queue)
        if not scope.ok:
            return scope
    if agent["code"] == statuses.RINGING:
        return _no(errors.AGENT_RINGING)
    if agent["code"] in statuses.CALL_CODES:
        return _no(errors.AGENT_IN_CALL)
    return YES


def _is_own(actor: Actor, agent: dict[str, Any]) -> bool:
    return actor.agent is not None and actor.agent == agent["id"]


def _may_change_priority(actor: Actor, agent: dict[str, Any], queue: str | None) -> Verdict:
    if actor.role == USER:
        return _no(errors.PERMISSION_DENIED)
    if queue is None:
        return _no(errors.QUEUE_NOT_SELECTED)
    return _scope(actor, agent, queue)


def _may_supervise(actor: Actor, action: str, agent: dict[str, Any], queue: str | None) -> Verdict:
    if not agent["tiers"]:
        return _no(errors.PERMISSION_DENIED)
    scope = _scope(actor, agent, queue)
    if not scope.ok:
        return scope
    if actor.agent == agent["id"]:
        return _no(errors.OWN_CALL)
    if agent.get("listens"):
        return _no(errors.LISTENING_ITSELF)
    call = agent["call"]
    if call is None or call["state"] not in ("talking", "held") or call["kind"] not in statuses.MONITORABLE:
        return _no(errors.NOT_MONITORABLE)
    if actor.role == SUPERVISOR and call["queue"] is not None and call["queue"] != queue:
        return _no(errors.OTHER_QUEUE_CALL)
    if call["state"] == "held" and action != MONITOR:
        return _no(errors.ON_HOLD_NO_WHISPER)
    return YES

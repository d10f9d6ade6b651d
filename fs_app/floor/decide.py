"""Decides a wish on the state of now: orders for the switch, or ``Rejected`` with the reason. Changes nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fs_app.floor import commands, entities, errors, orders, permissions, statuses, supervised
from fs_app.floor.actor import Actor
from fs_app.floor.display import talking_leg
from fs_app.floor.documents import agent_document, document_in_call
from fs_app.floor.entities import LONGEST_EXTENSION, Agent, Deferred, Leg, Supervision
from fs_app.floor.errors import Rejected
from fs_app.floor.phones import terminal_of
from fs_app.floor.state import Floor

PRIORITIES = range(1, 16)
MODE_DIGIT = {commands.MONITOR: 0, commands.WHISPER: 2, commands.BARGE: 3}
"""FreeSWITCH's digits on the agent's leg: 2 speaks to the agent alone, 1 would speak to the customer (heard live)."""
ACTION_OF = {
    commands.MONITOR: permissions.MONITOR,
    commands.WHISPER: permissions.WHISPER,
    commands.BARGE: permissions.BARGE,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What to order. No orders: it is already so. ``begins`` is a supervision to remember before its leg rings."""

    orders: tuple[orders.Order, ...] = ()
    begins: Supervision | None = None
    queue: str | None = None
    deferred: Deferred | None = None
    mode: str = ""
    """The mode that a supervision then has."""
    status: str = ""
    """The status that the agent then has, where the wish does not name it."""


def require(actor: Actor, action: str, floor: Floor, agent: Agent, queue: str | None) -> None:
    """Raises Rejected with the reason unless the actor may do this to this agent now."""
    verdict = permissions.may(actor, action, agent_document(floor, agent), queue)
    if not verdict.ok:
        raise Rejected(verdict.reason or errors.PERMISSION_DENIED)


def known_agent(floor: Floor, actor: Actor, ident: str) -> Agent:
    """The agent, unless nobody by that name is within the actor's sight."""
    agent = floor.agents.get(ident)
    if agent is None:
        raise Rejected(errors.UNKNOWN_AGENT)
    own = actor.agent == ident
    if not own and not actor.is_administrator and not any(actor.may_see(q) for q in agent.tiers):
        raise Rejected(errors.PERMISSION_DENIED)
    return agent


def known_queue(floor: Floor, actor: Actor, queue: str | None) -> None:
    """Raises Rejected unless there is such a queue; only an administrator learns that there is none."""
    if queue is not None and queue not in floor.queues:
        raise Rejected(errors.UNKNOWN_QUEUE if actor.is_administrator else errors.PERMISSION_DENIED)


def set_status(floor: Floor, actor: Actor, wish: commands.SetStatus) -> Decision:
    """Refused while the agent rings or talks, at this moment: a change never takes a call away from him.

    ``after_call`` during a call is ordered at once, because mod_callcenter never touches a running call (seen on 1.10.12)
    and offers nothing afterwards; while the phone rings it is ``deferred`` until the ringing is over. The status that the
    agent has now, asked for «after this call», cancels what was asked for before.
    """
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    action = permissions.CHANGE_STATUS_LATER if wish.after_call else permissions.CHANGE_STATUS
    require(actor, action, floor, agent, wish.queue)
    chosen = floor.book.chosen.get(wish.status)
    if chosen is None or not (chosen.agents_may_choose or _manages(floor, actor, agent, wish.queue)):
        raise Rejected(errors.STATUS_NOT_SELECTABLE)
    if agent.chosen == wish.status and agent.status == chosen.switch_status:
        return Decision(queue=wish.queue)
    if chosen.switch_status in statuses.TAKES_CALLS and agent.status not in statuses.TAKES_CALLS:
        _require_own_phone(floor, agent)
    if is_offered(floor, agent):
        if wish.after_call:
            token = actor.session if actor.token is not None else ""
            kind = actor.kind_towards(agent.id)
            later = Deferred(wish.status, actor.login, kind, wish.reason, queue=wish.queue, token=token)
            return Decision(queue=wish.queue, deferred=later)
        raise Rejected(errors.AGENT_RINGING)
    return Decision((status_order(agent, chosen.switch_status),), queue=wish.queue)


def status_order(agent: Agent, switch_status: str) -> orders.Order:
    """Where he could be offered a call now, a call that is on its way to him refuses it (see ``SetAgentStatus``)."""
    offered_now = agent.status in (statuses.AVAILABLE, statuses.ON_DEMAND) and agent.state == statuses.WAITING
    return orders.SetAgentStatus(agent.id, switch_status, unless_offered=offered_now)


def require_later(floor: Floor, actor: Actor, ident: str, queue: str | None) -> None:
    """Raises Rejected unless the actor may still set a status that was asked for «after this call»."""
    require(actor, permissions.CHANGE_STATUS_LATER, floor, known_agent(floor, actor, ident), queue)


def _require_own_phone(floor: Floor, agent: Agent) -> None:
    """Raises ``extension_taken`` with who it is where somebody else who is signed in is rung at this agent's extension.

    It names the agent and not his name, which the switch's directory has for the extension. Raises ``number_not_allowed``
    where he is rung at an outside number that may not be rung any more.
    """
    if agent.barred and terminal_of(agent.contact).outside:
        raise Rejected(errors.NUMBER_NOT_ALLOWED)
    for other in sorted(set(floor.phones.beside(agent.id))):
        found = floor.agents.get(other)
        if found is not None and found.status != statuses.LOGGED_OUT:
            raise Rejected(errors.EXTENSION_TAKEN, found.id)


def _manages(floor: Floor, actor: Actor, agent: Agent, queue: str | None) -> bool:
    """Whether the actor's right on this agent is more than that it is himself."""
    document = agent_document(floor, agent)
    return permissions.may(replace(actor, agent=None), permissions.CHANGE_STATUS_LATER, document, queue).ok


def is_offered(floor: Floor, agent: Agent) -> bool:
    """Whether his phone rings for a queue. He still reads ``Receiving`` for a moment after the bridge."""
    rings = agent.state in (statuses.RECEIVING, statuses.RESERVED) and talking_leg(floor, agent) is None
    return bool(agent.offers) or rings


def end_wrap_up(floor: Floor, actor: Actor, wish: commands.EndWrapUp) -> Decision:
    """Nothing to order when he is in no automatic wrap-up (any more)."""
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, permissions.CHANGE_STATUS, floor, agent, wish.queue)
    if agent.wrap_up_until <= floor.now:
        return Decision(queue=wish.queue)
    return Decision((orders.SetWrapUp(agent.id, 0),), queue=wish.queue)


def raise_hand(floor: Floor, actor: Actor, wish: commands.RaiseHand) -> bool:
    """Whether there is anything to change. Only for oneself, and only while logged in. Raises Rejected otherwise."""
    agent = known_agent(floor, actor, wish.agent)
    require(actor, permissions.RAISE_HAND, floor, agent, None)
    if agent.status == statuses.LOGGED_OUT:
        raise Rejected(errors.AGENT_LOGGED_OUT)
    return not agent.hand_raised_at


def lower_hand(floor: Floor, actor: Actor, wish: commands.LowerHand) -> bool:
    """Whether there is anything to change. Raises Rejected for whoever may not."""
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, permissions.LOWER_HAND, floor, agent, wish.queue)
    return bool(agent.hand_raised_at)


def foresee(floor: Floor, actor: Actor, wish: commands.Foresee) -> None:
    """Whoever may see the queue may ask. Raises Rejected otherwise."""
    known_queue(floor, actor, wish.queue)
    if not actor.may_see(wish.queue):
        raise Rejected(errors.PERMISSION_DENIED)
    if wish.priority is not None and (type(wish.priority) is not int or wish.priority not in PRIORITIES):
        raise Rejected(errors.PRIORITY_OUT_OF_RANGE)
    if wish.agent is not None and wish.queue not in known_agent(floor, actor, wish.agent).tiers:
        raise Rejected(errors.NOT_A_MEMBER)


def add_member(floor: Floor, actor: Actor, wish: commands.AddMember) -> Decision:
    """Only administrators. No orders where he is one already: his priority is changed on its own."""
    if type(wish.priority) is not int or wish.priority not in PRIORITIES:
        raise Rejected(errors.PRIORITY_OUT_OF_RANGE)
    agent = known_agent(floor, actor, wish.agent)
    require(actor, permissions.ADD_MEMBER, floor, agent, wish.queue)
    known_queue(floor, actor, wish.queue)
    order = orders.AddTier(wish.queue, agent.id, wish.priority)
    return Decision(() if wish.queue in agent.tiers else (order,), queue=wish.queue)


def remove_member(floor: Floor, actor: Actor, wish: commands.RemoveMember) -> Decision:
    """Only administrators. A call that rings or runs is left alone (seen on 1.10.12)."""
    agent = known_agent(floor, actor, wish.agent)
    require(actor, permissions.REMOVE_MEMBER, floor, agent, wish.queue)
    known_queue(floor, actor, wish.queue)
    order = orders.RemoveTier(wish.queue, agent.id)
    return Decision((order,) if wish.queue in agent.tiers else (), queue=wish.queue)


def set_priority(floor: Floor, actor: Actor, wish: commands.SetPriority) -> Decision:
    """One value per agent and queue; the database of mod_callcenter has no limits, so they are here."""
    if type(wish.priority) is not int or wish.priority not in PRIORITIES:
        raise Rejected(errors.PRIORITY_OUT_OF_RANGE)
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, permissions.CHANGE_PRIORITY, floor, agent, wish.queue)
    tier = agent.tiers[wish.queue]
    if tier.level == wish.priority and tier.position == 1:
        return Decision(queue=wish.queue)
    return Decision((orders.SetTierLevel(wish.queue, agent.id, wish.priority),), queue=wish.queue)


def start_supervision(
    floor: Floor, actor: Actor, wish: commands.StartSupervision, *, ident: str, leg: str, now: float
) -> Decision:
    """Rings one of the actor's own extensions. ``ident`` and ``leg`` are fresh ids made by the caller."""
    if wish.mode not in commands.MODES:
        raise Rejected(errors.INVALID_REQUEST)
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, ACTION_OF[wish.mode], floor, agent, wish.queue)
    if wish.extension not in actor.extensions:
        raise Rejected(errors.PERMISSION_DENIED)
    _extension_is_free(floor, agent, wish.extension)
    watched = talking_leg(floor, agent)
    if watched is None:
        raise Rejected(errors.NOT_MONITORABLE)
    target, on_member = watched_leg(floor, watched.uuid)
    supervision = Supervision(
        ident, actor.login, actor.name, agent.id, wish.mode, wish.extension, wish.queue, leg, target,
        follow=wish.follow, session=actor.session, asked_at=now, on_member=on_member,
    )  # fmt: skip
    outside = is_outside(wish.extension)
    order = orders.RingSupervisor(
        leg, ident, wish.extension, target, MODE_DIGIT[wish.mode], wish.follow, outside=outside
    )
    return Decision((order,), supervision, wish.queue)


def is_outside(number: str) -> bool:
    """Whether an entry of an account's extensions is an outside number (an administrator put it there)."""
    return len(number) > LONGEST_EXTENSION


def _extension_is_free(floor: Floor, agent: Agent, extension: str) -> None:
    for supervision in floor.supervisions.values():
        if supervision.live and supervision.extension == extension:
            raise Rejected(errors.ALREADY_SUPERVISING)
    for leg in floor.legs.values():
        if leg.extension.partition("@")[0] == extension:
            raise Rejected(errors.OWN_CALL if leg.owner == agent.id else errors.TERMINAL_BUSY)


def watched_leg(floor: Floor, agent_leg: str) -> tuple[str, bool]:
    """The leg to eavesdrop on: the agent's own; while he holds, the caller's, where alone there is sound (seen on 1.10.12)."""
    leg = floor.legs[agent_leg]
    if leg.held_at and leg.peer:
        return leg.peer, True
    return agent_leg, False


def running(floor: Floor, actor: Actor, ident: str) -> Supervision:
    """A live supervision of the actor's own; an administrator may touch everybody's."""
    supervision = floor.supervisions.get(ident)
    if supervision is None or not supervision.live:
        raise Rejected(errors.UNKNOWN_SUPERVISION)
    if supervision.login != actor.login and not actor.is_administrator:
        raise Rejected(errors.PERMISSION_DENIED)
    return supervision


def change_mode(floor: Floor, actor: Actor, wish: commands.ChangeMode) -> Decision:
    """Monitor, whisper or barge; on the caller's leg (during a hold) nothing but listening is ever sent."""
    if wish.mode not in commands.MODES:
        raise Rejected(errors.INVALID_REQUEST)
    supervision = running(floor, actor, wish.supervision)
    agent = known_agent(floor, actor, supervision.agent)
    if supervision.mode == wish.mode and not supervision.settles:
        return Decision(queue=supervision.queue)
    _require_here(actor, ACTION_OF[wish.mode], floor, agent, supervision)
    if supervision.on_member:
        if wish.mode == commands.MONITOR:  # he is silent there already, and stays so at the resume
            return Decision(queue=supervision.queue, mode=wish.mode)
        raise Rejected(errors.ON_HOLD_NO_WHISPER)
    if supervision.state != entities.LISTENING:
        raise Rejected(errors.NOT_MONITORABLE)
    order = orders.SwitchMode(supervision.leg, MODE_DIGIT[wish.mode])
    return Decision((order,), queue=supervision.queue, mode=wish.mode)


def take_over(floor: Floor, actor: Actor, wish: commands.TakeOver) -> Decision:
    """Caller and supervisor go on; FreeSWITCH ends the agent's leg itself (seen on 1.10.12)."""
    supervision = running(floor, actor, wish.supervision)
    agent = known_agent(floor, actor, supervision.agent)
    call = _require_here(actor, permissions.TAKE_OVER, floor, agent, supervision)
    if supervision.state != entities.LISTENING or call is None:
        raise Rejected(errors.NOT_MONITORABLE)
    return Decision((orders.BridgeLegs(call.peer, supervision.leg),), queue=supervision.queue)


def _require_here(actor: Actor, action: str, floor: Floor, agent: Agent, supervision: Supervision) -> Leg | None:
    """Like ``require``, on the call that he listens to, whatever else the agent does beside it; gives the agent's leg."""
    call = supervised.leg_of(floor, supervision)
    verdict = permissions.may(actor, action, document_in_call(floor, agent, call), supervision.queue)
    if not verdict.ok:
        raise Rejected(verdict.reason or errors.PERMISSION_DENIED)
    return call


def stop_supervision(floor: Floor, actor: Actor, wish: commands.StopSupervision) -> Decision:
    """Hangs up the supervisor's leg; the call goes on."""
    supervision = running(floor, actor, wish.supervision)
    return Decision((orders.HangUp(supervision.leg),), queue=supervision.queue)

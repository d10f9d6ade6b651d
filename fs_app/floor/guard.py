"""What the floor must see to by itself: supervisions that move, lose their right or their owner, and legs that nobody wants.

Pure like the rest: it says what to order; the controller does it. Run after every fact that may matter and once a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fs_app.floor import commands, entities, errors, orders, permissions, statuses, supervised
from fs_app.floor.actor import Actor
from fs_app.floor.decide import MODE_DIGIT, is_offered, watched_leg
from fs_app.floor.display import is_silent, talking_leg
from fs_app.floor.documents import document_in_call
from fs_app.floor.entities import Agent, Leg, Supervision
from fs_app.floor.state import Floor

SILENT_S = 2.0
"""An agent's leg answered that long ago without a call behind it is an orphan (seen live: ring-all, caller gone)."""
STUCK_S = 90.0
"""Longer than any offer: mod_callcenter rings 60 s at most by default."""
UNOWNED_S = 5.0
FAILED_S = 0.5
"""A supervision that has failed needs no leg; the hang-up that was ordered for it may take a moment."""
SELF_TEST = "selftest-"
"""How the supervisions of ``selftest audio`` begin: its legs are its own, and end by themselves."""
PARKED_S = 5.0
AFTER_STATUS_S = 1.0
ADRIFT_S = 0.5
"""A bridge that is made anew (``uuid_media``) is away for some 20 ms; within a second an ended call must be noticed."""
CALL_ENDED, BETWEEN_CALLS, ON_HOLD, NEXT_CALL = "call_ended", "between_calls", "on_hold", "next_call"
MODE_UNCONFIRMED = "mode_unconfirmed"


class Mend(NamedTuple):
    """Something to set right: the order, why (for the audit), and the supervision it ends or moves."""

    order: orders.Order
    why: str
    supervision: str = ""
    agent: str = ""


ActorOf = Callable[[Supervision], Actor | None]


def supervisions(floor: Floor, actor_of: ActorOf, now: float) -> Iterator[Mend]:
    """Every live supervision, ringing ones too, checked against the state and the rights of now (s, of any clock)."""
    for supervision in list(floor.supervisions.values()):
        if not supervision.live:
            continue
        agent, actor = floor.agents.get(supervision.agent), actor_of(supervision)
        if agent is None or actor is None:
            yield _end(supervision, errors.PERMISSION_DENIED)
            continue
        call = supervised.leg_of(floor, supervision)
        reason = _forbidden(floor, supervision, agent, actor, call)
        if call is None:
            supervision.adrift_at = supervision.adrift_at or now
            if reason != errors.NOT_MONITORABLE:
                yield _end(supervision, reason)
            else:
                is_over = now - supervision.adrift_at > ADRIFT_S
                yield from _without_call(floor, supervision, agent, actor, is_over=is_over)
            continue
        supervision.adrift_at = 0.0
        if not reason:
            yield from _follow_hold(floor, supervision, call)
        elif supervision.follow and reason == errors.OTHER_QUEUE_CALL and supervision.arrived:
            yield Mend(orders.LetWait(supervision.leg), BETWEEN_CALLS, supervision.id, agent.id)
        else:
            yield _end(supervision, reason)


def _end(supervision: Supervision, why: str) -> Mend:
    return Mend(orders.HangUp(supervision.leg), why, supervision.id, supervision.agent)


def _forbidden(floor: Floor, supervision: Supervision, agent: Agent, actor: Actor, call: Leg | None) -> str:
    """Why the supervisor may not hear this call of the agent's now; empty when he may."""
    document = document_in_call(floor, agent, call)
    return permissions.may(actor, permissions.MONITOR, document, supervision.queue).reason or ""


def _without_call(
    floor: Floor, supervision: Supervision, agent: Agent, actor: Actor, *, is_over: bool
) -> Iterator[Mend]:
    """The agent is not in the supervised call (any more): a follower waits and joins the next one, others are ended.

    On the caller's leg it is urgent: that leg may live on with somebody else, where nobody may listen. On the agent's own
    FreeSWITCH ends the listening itself; and a bridge may only be made anew (sound brought back).
    """
    answered = supervision.arrived
    is_over = is_over or (answered and supervision.on_member and bool(supervision.target))
    if not supervision.follow:
        if is_over:
            yield _end(supervision, CALL_ENDED)
    elif answered:
        if supervision.target and is_over:
            yield Mend(orders.LetWait(supervision.leg), BETWEEN_CALLS, supervision.id, agent.id)
        else:
            yield from _next_call(floor, supervision, agent, actor)


def _follow_hold(floor: Floor, supervision: Supervision, call: Leg) -> Iterator[Mend]:
    """A hold moves the listener to the caller's leg, and the resume moves him back."""
    target, on_member = watched_leg(floor, call.uuid)
    if target == supervision.target or supervision.state == entities.RINGING:
        return
    digit = 0 if on_member else MODE_DIGIT[supervision.mode]
    order = orders.MoveSupervisor(supervision.leg, target, digit, supervision.follow)
    yield Mend(order, ON_HOLD if on_member else "resumed", supervision.id, supervision.agent)


def doubtful_modes(floor: Floor) -> Iterator[Mend]:
    """Modes sent again, where what the switch said to it was lost or the controller began anew since.

    A digit sets, it never toggles (switch_ivr_async.c:2598), so that once too often does no harm.
    """
    for supervision in floor.supervisions.values():
        if supervision.in_doubt:
            order = orders.SwitchMode(supervision.leg, MODE_DIGIT[supervision.settles])
            yield Mend(order, MODE_UNCONFIRMED, supervision.id, supervision.agent)


def _next_call(floor: Floor, supervision: Supervision, agent: Agent, actor: Actor) -> Iterator[Mend]:
    """A call that he may not hear is skipped. A barge does not go on into it: that customer has not been spoken to yet."""
    talking = talking_leg(floor, agent)
    if talking is None or supervision.target or _forbidden(floor, supervision, agent, actor, talking):
        return
    target, on_member = watched_leg(floor, talking.uuid)
    mode = mode_in_next_call(supervision.settles or supervision.mode)
    order = orders.MoveSupervisor(supervision.leg, target, 0 if on_member else MODE_DIGIT[mode], supervision.follow)
    yield Mend(order, NEXT_CALL, supervision.id, agent.id)


def mode_in_next_call(mode: str) -> str:
    """What a follower's mode becomes: whoever barged into one call only listens in the next, until he says otherwise."""
    return commands.MONITOR if mode == commands.BARGE else mode


def notices(floor: Floor) -> Iterator[tuple[Supervision, orders.PlayNotice]]:
    """Tones that agents are due: at the start of monitor and of whisper, where their queue's settings say so."""
    for supervision in floor.supervisions.values():
        agent = floor.agents.get(supervision.agent)
        heard = supervision.state == entities.LISTENING and not supervision.on_member
        if agent is None or not heard or supervision.in_doubt or supervision.noticed == supervision.mode:
            continue
        supervision.noticed = supervision.mode
        leg = floor.legs.get(supervision.target)
        queue = floor.queues.get((leg.queue if leg is not None else "") or supervision.queue or "")
        if leg is not None and queue is not None and supervision.mode in queue.notices:
            yield supervision, orders.PlayNotice(leg.uuid)


def unwanted_legs(floor: Floor, now: float, *, owners_known: bool = True) -> Iterator[Mend]:
    """Legs that ring or stay silent for nobody, and supervisors' legs that no supervision owns.

    ``owners_known`` False: what the run before knew has not been read yet, so that nobody can say which are owned.
    """
    for leg in list(floor.legs.values()):
        agent = floor.agents.get(leg.owner)
        if leg.supervision.startswith(SELF_TEST):
            continue
        if _took_a_listeners_place(floor, leg):
            yield Mend(orders.HangUp(leg.uuid), "unowned_supervision", agent=leg.owner)
            continue
        if leg.supervision and leg.uuid not in floor.supervision_of_leg:
            told = floor.supervisions.get(leg.supervision)
            failed = told is not None and told.state == entities.FAILED and now - told.ended_at > FAILED_S
            if not leg.peer and (failed or (owners_known and now - leg.created_at > UNOWNED_S)):
                yield Mend(orders.HangUp(leg.uuid), "unowned_supervision", agent=leg.owner)
        elif leg.side != "agent" or agent is None or leg.peer:
            continue
        elif leg.answered_at and is_silent(floor, agent, leg) and now - leg.answered_at > SILENT_S:
            yield Mend(orders.HangUp(leg.uuid), "silent_leg", agent=agent.id)
        elif not leg.answered_at and leg.member_channel in floor.gone_legs and now - leg.created_at > SILENT_S:
            # Seen live: a cancel that came before the leg existed, or the next alternative of a «|» contact.
            yield Mend(orders.HangUp(leg.uuid, "ORIGINATOR_CANCEL"), "ghost_offer", agent=agent.id)


def _took_a_listeners_place(floor: Floor, leg: Leg) -> bool:
    """An INVITE with Replaces for a supervisor's leg eavesdrops in its place, with the keys that speak to the customer, and
    hangs ours up (sofia.c:11852). Nobody dials such a destination; a listener of the site's own may be replaced.
    """
    before, _, target = leg.destination.partition("answer,eavesdrop:")
    if before or not target:
        return False
    return any(s.hears == target and not s.live for s in floor.supervisions.values())


def watch(floor: Floor, now: float, *, owners_known: bool = True) -> Iterator[Mend]:
    """All that is looked for once a second."""
    yield from unwanted_legs(floor, now, owners_known=owners_known)
    yield from stuck_agents(floor, now)
    for agent in list(floor.agents.values()):
        yield from offers_after_status(floor, agent, now)


def offers_after_status(floor: Floor, agent: Agent, now: float) -> Iterator[Mend]:
    """Phones that ring on though their agent takes no calls any more: mod_callcenter silences them in the same tick, but not
    in ring-all queues, nor after a caller vanished at the moment of an answer (both seen on 1.10.12).

    Available (On Demand) takes calls. Who has just picked up is about to get the call.
    """
    if agent.status not in (statuses.ON_BREAK, statuses.LOGGED_OUT) or now - agent.chosen_since < AFTER_STATUS_S:
        return
    for uuid in agent.legs & floor.legs.keys():
        leg = floor.legs[uuid]
        unbridged = leg.side == "agent" and not leg.peer and not leg.won
        if unbridged and (not leg.answered_at or now - leg.answered_at > SILENT_S):
            yield Mend(orders.HangUp(uuid, "ORIGINATOR_CANCEL"), "offer_after_status", agent=agent.id)


def stuck_agents(floor: Floor, now: float) -> Iterator[Mend]:
    """Agents whom mod_callcenter holds in a state that no leg explains: they would never be offered a call again."""
    for agent in floor.agents.values():
        if agent.legs or not agent.state_at:
            continue
        age = now - agent.state_at
        if agent.state in (statuses.RECEIVING, statuses.RESERVED, statuses.IN_QUEUE_CALL) and age > STUCK_S:
            yield Mend(orders.SetAgentState(agent.id, statuses.WAITING), "stuck_state", agent=agent.id)
            for queue, tier in agent.tiers.items():
                if tier.state not in ("Ready", "No Answer"):
                    yield Mend(orders.SetTierState(queue, agent.id, "Ready"), "stuck_state", agent=agent.id)
        elif agent.state == statuses.IDLE and agent.status == statuses.AVAILABLE and age > PARKED_S:
            yield Mend(orders.SetAgentState(agent.id, statuses.WAITING), "parked", agent=agent.id)


def deferred_statuses(floor: Floor) -> Iterator[tuple[str, orders.Order]]:
    """Agents whose phone has stopped ringing and whose «after this call» can now be ordered."""
    for name, deferred in list(floor.deferred.items()):
        agent = floor.agents.get(name)
        if agent is None or is_offered(floor, agent):
            continue
        status = floor.book.switch_status(deferred.code)
        aside = agent.state == statuses.WAITING and agent.status in (statuses.AVAILABLE, statuses.ON_DEMAND)
        yield name, orders.SetAgentStatus(name, status, unless_offered=aside)


def wrap_up_times(floor: Floor, wanted: Callable[[str], int | None]) -> Iterator[orders.SetWrapUp]:
    """For agents who just took a queue call: the queue's wrap-up time (``wanted``; None: the agent's own) in its place."""
    for name in list(floor.answered):
        agent = floor.agents.get(name)
        leg = talking_leg(floor, agent) if agent is not None else None
        if agent is not None and leg is None and any(floor.legs[u].won for u in agent.legs):
            continue  # answered, and the bridge is about to be made
        floor.answered.discard(name)
        if agent is None or leg is None or not leg.queue:
            continue
        own = agent.wrap_up_native if agent.wrap_up_native >= 0 else agent.wrap_up_s
        ours = wanted(leg.queue)
        seconds = own if ours is None else ours
        if seconds != agent.wrap_up_s:
            yield orders.SetWrapUp(name, seconds)

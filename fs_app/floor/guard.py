"""What the floor must see to by itself: supervisions that move, lose their right or their owner, and legs that nobody wants.

Pure like the rest: it says what to order; the controller does it. Run after every fact that may matter and once a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fs_app.floor import entities, errors, orders, permissions, statuses
from fs_app.floor.actor import Actor
from fs_app.floor.decide import MODE_DIGIT, is_offered, watched_leg
from fs_app.floor.display import is_silent, talking_leg
from fs_app.floor.documents import agent_document
from fs_app.floor.entities import Agent, Supervision
from fs_app.floor.state import Floor

SILENT_S = 2.0
"""An agent's leg answered that long ago without a call behind it is an orphan (seen live: ring-all, caller gone)."""
STUCK_S = 90.0
"""Longer than any offer: mod_callcenter rings 60 s at most by default."""
UNOWNED_S = 5.0
PARKED_S = 5.0
AFTER_STATUS_S = 1.0


class Mend(NamedTuple):
    """Something to set right: the order, why (for the audit), and the supervision it ends or moves."""

    order: orders.Order
    why: str
    supervision: str = ""
    agent: str = ""


ActorOf = Callable[[Supervision], Actor | None]


def supervisions(floor: Floor, actor_of: ActorOf) -> Iterator[Mend]:
    """Every live supervision checked against the state and the rights of now."""
    for supervision in list(floor.supervisions.values()):
        leg = floor.legs.get(supervision.leg)
        if not supervision.live or leg is None or not leg.answered_at:
            continue
        agent = floor.agents.get(supervision.agent)
        reason = _forbidden(floor, supervision, agent, actor_of(supervision))
        if not reason and agent is not None:
            yield from _moves(floor, supervision, agent)
        elif not _may_wait(supervision, agent, reason):
            yield Mend(orders.HangUp(supervision.leg), reason, supervision.id, supervision.agent)


def _forbidden(floor: Floor, supervision: Supervision, agent: Agent | None, actor: Actor | None) -> str:
    """Why this supervision may not hear the agent's call of now; empty when it may."""
    if actor is None or agent is None:
        return errors.PERMISSION_DENIED
    verdict = permissions.may(actor, permissions.MONITOR, agent_document(floor, agent), supervision.queue)
    return verdict.reason or ""


def _may_wait(supervision: Supervision, agent: Agent | None, reason: str) -> bool:
    """Between calls a follower waits; a call that he may not hear is skipped, never joined."""
    if agent is None or reason not in (errors.NOT_MONITORABLE, errors.OTHER_QUEUE_CALL):
        return False
    hears_him = supervision.state == entities.LISTENING and supervision.target in agent.legs
    ending = reason == errors.NOT_MONITORABLE
    return (supervision.follow and not hears_him) or ending


def _moves(floor: Floor, supervision: Supervision, agent: Agent) -> Iterator[Mend]:
    """A hold moves the listener to the caller's leg and back; a follower joins the agent's next call."""
    talking = talking_leg(floor, agent)
    if talking is None:
        return
    target, on_member = watched_leg(floor, talking.uuid)
    if target == supervision.target:
        return
    same_call = supervision.target in (talking.uuid, talking.peer)
    if not same_call and not supervision.follow:
        return
    if supervision.state == entities.RINGING:
        return
    digit = 0 if on_member else MODE_DIGIT[supervision.mode]
    order = orders.MoveSupervisor(supervision.leg, target, digit, supervision.follow)
    yield Mend(order, "on_hold" if on_member else "resumed" if same_call else "next_call", supervision.id, agent.id)


def notices(floor: Floor) -> Iterator[tuple[Supervision, orders.PlayNotice]]:
    """Tones that agents are due: at the start of monitor and of whisper, where their queue's settings say so."""
    for supervision in floor.supervisions.values():
        agent = floor.agents.get(supervision.agent)
        heard = supervision.state == entities.LISTENING and not supervision.on_member
        if agent is None or not heard or supervision.noticed == supervision.mode:
            continue
        supervision.noticed = supervision.mode
        leg = floor.legs.get(supervision.target)
        queue = floor.queues.get((leg.queue if leg is not None else "") or supervision.queue or "")
        if leg is not None and queue is not None and supervision.mode in queue.notices:
            yield supervision, orders.PlayNotice(leg.uuid)


def unwanted_legs(floor: Floor, now: float) -> Iterator[Mend]:
    """Legs that ring or stay silent for nobody, and supervisors' legs that no supervision owns."""
    for leg in list(floor.legs.values()):
        agent = floor.agents.get(leg.owner)
        if leg.supervision and leg.uuid not in floor.supervision_of_leg:
            if not leg.peer and now - leg.created_at > UNOWNED_S:
                yield Mend(orders.HangUp(leg.uuid), "unowned_supervision", agent=leg.owner)
        elif leg.side != "agent" or agent is None or leg.peer:
            continue
        elif leg.answered_at and is_silent(floor, agent, leg) and now - leg.answered_at > SILENT_S:
            yield Mend(orders.HangUp(leg.uuid), "silent_leg", agent=agent.id)
        elif not leg.answered_at and leg.member_channel in floor.gone_legs and now - leg.created_at > SILENT_S:
            # Seen live: a cancel that came before the leg existed, or the next alternative of a «|» contact.
            yield Mend(orders.HangUp(leg.uuid, "ORIGINATOR_CANCEL"), "ghost_offer", agent=agent.id)


def watch(floor: Floor, now: float) -> Iterator[Mend]:
    """All that is looked for once a second."""
    yield from unwanted_legs(floor, now)
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

"""Facts about agents: statuses that people set, states that calls make, offers, wrap-up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fs_app.floor import display, facts, outcomes, statuses
from fs_app.floor.entities import Agent, Deferred, Leg, Offer, Tier
from fs_app.floor.phones import terminal_of
from fs_app.floor.state import Floor
from fs_app.floor.statuses import StatusBook

INTENDED_S = 10.0
"""How long after our order a status counts as the one that was ordered, not as somebody else's."""


def recall(floor: Floor, document: Mapping[str, Any]) -> None:
    """What the run before published of an agent and no switch can tell: since when, what was chosen, what was asked for."""
    agent = floor.agent(document["id"])
    agent.idle_since, agent.chosen, agent.name = document["idle_since"], document["chosen"], document["name"]
    agent.chosen_since, agent.wrap_up_native = document["chosen_since"], document["wrap_up_native"]
    agent.wrap_up_queue = document.get("wrap_up_queue") or ""
    agent.chosen_before = document.get("chosen_before") or ""
    agent.hand_raised_at = document.get("hand_since") or 0.0
    agent.missed, agent.unreachable = document.get("missed") or 0, bool(document.get("unreachable"))
    agent.barred = bool(document.get("barred"))
    if deferred := document.get("deferred"):
        floor.deferred[agent.id] = Deferred(**deferred)


def recall_choice(agent: Agent, code: str, switch_status: str, since: float) -> None:
    """What somebody chose, from the database: it was written before the answer, the board perhaps not any more.

    ``since`` in s of the epoch. What came after the board's last picture may have been set in a call, to follow it.
    """
    before = agent.chosen_before or agent.chosen
    if since > agent.chosen_since > 0:
        agent.chosen_before = before if before != code else ""
    agent.chosen, agent.status, agent.chosen_since = code, switch_status, since


def agent_added(floor: Floor, fact: facts.AgentAdded) -> None:
    """A new agent, logged out."""
    floor.agent(fact.agent)
    floor.touch("agent", fact.agent)


def status_set(floor: Floor, fact: facts.AgentStatusSet) -> None:
    """The newest word on what a person chose."""
    agent = floor.agent(fact.agent)
    if fact.seq < agent.status_seq:
        return
    agent.status_seq, agent.status_serial = fact.seq, floor.serial
    set_status(floor, agent, fact.status, fact.at)


def set_status(floor: Floor, agent: Agent, status: str, at: float) -> None:
    """What mod_callcenter says, read as one of our codes: an intended one, the remembered one, or the plain one."""
    intended = floor.intended.get(agent.id)
    remembered = agent.chosen
    if intended is not None:
        fresh = at - intended[1] < INTENDED_S
        if fresh and floor.book.switch_status(intended[0]) == status:
            remembered = intended[0]
        if not fresh or remembered == intended[0]:
            del floor.intended[agent.id]
    code = floor.book.read(status, remembered)
    if code != agent.chosen:
        agent.chosen_before = _before_call(floor, agent, code)
    if status != agent.status or code != agent.chosen:
        agent.chosen_since = at
        floor.rest(agent.id, at)
    if (status in statuses.TAKES_CALLS) != (agent.status in statuses.TAKES_CALLS):
        for other in floor.phones.beside(agent.id):
            floor.touch("agent", other)
    agent.status, agent.chosen = status, code
    if status == statuses.LOGGED_OUT:
        lower_hand(floor, agent.id)
        agent.barred = agent.barred and bool(terminal_of(agent.contact).outside)
    if status == statuses.AVAILABLE:
        agent.no_answer = False
        outcomes.forgive(floor, agent)
    else:
        agent.wrap_up_until = 0.0
    floor.touch("agent", agent.id)
    for queue in agent.tiers:
        floor.touch("queue", queue)


def _before_call(floor: Floor, agent: Agent, code: str) -> str:
    """What he would go back to if ``code``, set during a call, were taken back; of several, what he had before the first."""
    state = display.show(floor, agent).state
    before = display.wished_in_call(floor, agent, state) or agent.chosen
    return before if state and before != code else ""


def take_book(floor: Floor, book: StatusBook, at: float) -> None:
    """Administrators changed the site's statuses: whose status no longer stands for what mod_callcenter says reads anew."""
    floor.book = book
    for agent in floor.agents.values():
        code = book.read(agent.status, agent.chosen)
        if code != agent.chosen:
            agent.chosen, agent.chosen_since = code, at
            floor.touch("agent", agent.id)


def raise_hand(floor: Floor, ident: str, at: float) -> None:
    """He asks for help since ``at`` (epoch s); a hand that is up stays up since it was raised first."""
    agent = floor.agent(ident)
    agent.hand_raised_at = agent.hand_raised_at or at
    floor.touch("agent", ident)


def lower_hand(floor: Floor, ident: str) -> None:
    """He has been helped, or has left."""
    agent = floor.agent(ident)
    if agent.hand_raised_at:
        agent.hand_raised_at = 0.0
        floor.touch("agent", ident)


def state_set(floor: Floor, fact: facts.AgentStateSet) -> None:
    """The newest word on what calls made of him; Waiting and Idle end older offers."""
    agent = floor.agent(fact.agent)
    if fact.seq < agent.state_seq:
        return
    agent.state, agent.state_seq, agent.state_serial, agent.state_at = fact.state, fact.seq, floor.serial, fact.at
    if fact.state in (statuses.WAITING, statuses.IDLE):
        for member in [m for m, offer in agent.offers.items() if offer.seq < fact.seq]:
            floor.close_offer(agent, member, fact.at, fact.seq)
    floor.touch("agent", agent.id)


def contact_set(floor: Floor, fact: facts.AgentContactSet) -> None:
    """He is rung elsewhere from now on."""
    agent = floor.agent(fact.agent)
    agent.contact, agent.contact_serial = fact.contact, floor.serial
    agent.prompt_missing = agent.barred = False
    outcomes.forgive(floor, agent)
    floor.reread_phone(agent)
    floor.touch("agent", agent.id)


def named(floor: Floor, fact: facts.AgentNamed) -> None:
    """The directory knows his name."""
    floor.agent(fact.agent).name = fact.name
    floor.touch("agent", fact.agent)


def offer_started(floor: Floor, fact: facts.OfferStarted) -> None:
    """His phones are about to ring."""
    agent = floor.agent(fact.agent)
    agent.ring_outcome = ""
    agent.picked_up.clear()
    offer = Offer(fact.queue, fact.member, fact.member_channel, fact.at, fact.seq)
    floor.open_offer(agent, offer)


def offer_failed(floor: Floor, fact: facts.OfferFailed) -> None:
    """The offer came to nothing; a cancelled or lost one is not his fault."""
    agent = floor.agent(fact.agent)
    floor.close_offer(agent, fact.member, fact.at, fact.seq)
    outcomes.failed(floor, agent, fact)
    floor.touch("agent", agent.id)


def offer_answered(floor: Floor, fact: facts.OfferAnswered) -> None:
    """This leg won; everybody else's phone falls silent."""
    winner = floor.agent(fact.agent)
    leg = floor.leg(fact.leg)
    if leg is not None:
        leg.won = True
        leg.member_channel = leg.member_channel or fact.member_channel
        if not leg.owner:
            leg.owner, leg.side, leg.queue, leg.member = fact.agent, "agent", fact.queue, fact.member
            winner.legs.add(leg.uuid)
    floor.close_offer(winner, fact.member, fact.at, fact.seq)
    floor.close_offers_of(fact.member, fact.at, fact.seq)
    winner.no_answer = False
    outcomes.answered(floor, winner, fact.member)
    floor.answered.add(winner.id)
    floor.touch("agent", winner.id)


def queue_call_ended(floor: Floor, fact: facts.QueueCallEnded) -> None:
    """His part of a queue call is over, or never began. His time in what follows counts from the end of his leg, if known."""
    agent = floor.agent(fact.agent)
    floor.close_offer(agent, fact.member, fact.at, fact.seq)
    if fact.leg not in floor.gone_legs:
        floor.rest(agent.id, fact.at)
    if fact.bridged:
        _call_over(floor, agent, fact.queue, fact.at)


def leg_of_call_ended(floor: Floor, agent: Agent, leg: Leg, at: float) -> None:
    """His phone is free: what follows a queue call begins here, 20 to 100 ms before mod_callcenter says so (seen on 1.10.12).

    Only in this state mod_callcenter has seen the bridge; else it takes the call for failed, and no wrap-up follows.
    """
    if leg.won and agent.state == statuses.IN_QUEUE_CALL:
        _call_over(floor, agent, leg.queue, at)


def _call_over(floor: Floor, agent: Agent, queue: str, at: float) -> None:
    if at >= agent.last_bridge_end:
        agent.last_bridge_end, agent.wrap_up_queue = at, queue
        start_wrap_up(floor, agent)


def start_wrap_up(floor: Floor, agent: Agent) -> None:
    """mod_callcenter offers nothing while ``last_bridge_end >= now - wrap_up_time``, in whole seconds (mod_callcenter.c:2332)."""
    until = math.floor(agent.last_bridge_end) + agent.wrap_up_s + 1
    if agent.wrap_up_s <= 0 or until <= floor.now or agent.status != statuses.AVAILABLE:
        return
    agent.wrap_up_until = float(until)
    floor.wrapping.add(agent.id)
    floor.touch("agent", agent.id)


def tier_read(floor: Floor, fact: facts.TierRead) -> None:
    """A tier as the switch has it now, or that there is none."""
    agent, queue, row = floor.agent(fact.agent), floor.queue(fact.queue), fact.row
    if row is None:
        agent.tiers.pop(fact.queue, None)
        queue.agents.discard(fact.agent)
    else:
        agent.tiers[fact.queue] = Tier(row.level, row.position, row.state)
        queue.agents.add(fact.agent)
    agent.tier_serials[fact.queue] = floor.serial
    floor.touch("agent", fact.agent)
    floor.touch("queue", fact.queue)


def set_wrap_up(floor: Floor, ident: str, seconds: int) -> None:
    """Our own order was accepted: the wrap-up time is now ``seconds``, and the agent's own is kept to be given back."""
    agent = floor.agent(ident)
    if agent.wrap_up_native < 0:
        agent.wrap_up_native = agent.wrap_up_s
    agent.wrap_up_s = seconds
    floor.serial += 1
    agent.wrap_up_serial = floor.serial
    if seconds == agent.wrap_up_native:
        agent.wrap_up_native = -1
    if agent.wrap_up_until > floor.now and seconds == 0:
        agent.wrap_up_until = 0.0
        floor.rest(ident, floor.now)
    start_wrap_up(floor, agent)  # the call may have ended meanwhile, and mod_callcenter counts from its end
    floor.touch("agent", ident)


def set_wrong_entries(floor: Floor, ident: str, *, shown: bool) -> None:
    """Somebody has tried this agent's dial ID with too many wrong passwords; or that was long ago."""
    floor.agent(ident).wrong_entries = shown
    floor.touch("agent", ident)


def set_barred(floor: Floor, ident: str, *, shown: bool) -> None:
    """The outside number at which he was rung may not be rung any more; or it may again."""
    floor.agent(ident).barred = shown
    floor.touch("agent", ident)

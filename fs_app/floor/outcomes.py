"""What becomes of each ringing of an agent's phones, and what follows when an outside phone fails again and again."""

from __future__ import annotations

from fs_app.floor import facts
from fs_app.floor.entities import Agent, Leg
from fs_app.floor.phones import terminal_of
from fs_app.floor.state import Floor

ANSWERED = "answered"
NOT_CONFIRMED = "not_confirmed"
"""An outside phone was picked up and no key was pressed: a voicemail, mostly."""
NO_LINE = "no_line"
"""The switch's limit of calls with the outside was reached: nobody was rung, and nobody is to blame."""
CANCELLED = "cancelled"
TAKEN = "taken"
FAILED = "failed"
_BY_CAUSE = {
    "ORIGINATOR_CANCEL": CANCELLED,
    "LOSE_RACE": TAKEN,
    "NORMAL_CIRCUIT_CONGESTION": NO_LINE,
    "USER_BUSY": "busy",
    "CALL_REJECTED": "rejected",
    "NO_ANSWER": "no_answer",
    "ALLOTTED_TIMEOUT": "no_answer",
    "USER_NOT_REGISTERED": "unreachable",
    "SUBSCRIBER_ABSENT": "unreachable",
}
_BLAMELESS = (CANCELLED, TAKEN, NO_LINE)


def picked_up(floor: Floor, leg: Leg) -> None:
    """Somebody, or something, answered an outside phone of an offer; the key that proves a person may follow."""
    if leg.side == "agent" and not leg.extension and leg.owner in floor.agents:
        floor.agents[leg.owner].picked_up.add(leg.member)


def hung_up(agent: Agent, leg: Leg, cause: str) -> None:
    """A leg that ended so at its answer could not play what asks for the key (switch_ivr_originate.c:262)."""
    if leg.answered_at and not leg.won and cause == "DESTINATION_OUT_OF_ORDER":
        agent.prompt_missing = True


def failed(floor: Floor, agent: Agent, fact: facts.OfferFailed) -> None:
    """The offer came to nothing. A cancelled or lost one, or one for which no line was free, is not the agent's fault."""
    outcome = _BY_CAUSE.get(fact.cause, FAILED)
    if fact.member in agent.picked_up and outcome not in (CANCELLED, TAKEN):
        outcome = NOT_CONFIRMED
    agent.picked_up.discard(fact.member)
    agent.ring_outcome = outcome
    if outcome == NO_LINE:
        floor.no_line.add(agent.id)
    if outcome in _BLAMELESS:
        return
    agent.no_answer = True
    if terminal_of(agent.contact).outside:
        _missed(floor, agent, fact.queue)


def _missed(floor: Floor, agent: Agent, queue: str) -> None:
    agent.missed += 1
    rule = floor.queue(queue)
    if agent.missed < rule.missed_after:
        return
    agent.unreachable = True
    if rule.missed_status:
        floor.missed[agent.id] = (rule.missed_status, queue)


def answered(floor: Floor, agent: Agent, member: str) -> None:
    """The call is his."""
    agent.picked_up.discard(member)
    agent.ring_outcome, agent.prompt_missing = ANSWERED, False
    forgive(floor, agent)


def forgive(floor: Floor, agent: Agent) -> None:
    """Failed offers of before no longer count: he took a call, takes calls again, or has another phone."""
    agent.missed, agent.unreachable = 0, False
    floor.missed.pop(agent.id, None)

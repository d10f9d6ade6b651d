"""What an agent's row shows: one code out of what he chose and what his legs do.

In a call is who is bridged, nobody else: an answered leg may be a voicemail, a mobile whose key was not pressed, or the
silent leg of a caller who has gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fs_app.floor import entities, statuses
from fs_app.floor.entities import Agent, Leg
from fs_app.floor.state import Floor

DIALLING, RINGING, TALKING, HELD = "dialling", "ringing", "talking", "held"
SILENT_LEG = "silent_leg"
UNKNOWN_STATUS = "unknown_status"
MISSED_OFFERS = "missed_offers"
PROMPT_MISSING = "prompt_missing"
EXTERNAL_STUCK = "external_calls_stuck"
SHARED_PHONE = "shared_phone"
"""Two who take calls are rung at one extension: the calls of both ring there, and the board can show them as one's only."""
NUMBER_BARRED = "number_barred"
WRONG_DIAL_ENTRIES = "wrong_dial_entries"
ONE_CALL_DONE = "one_call_done"
"""Available (On Demand) after its one call: state Idle, no offer until somebody sets it Waiting (seen live)."""


@dataclass(slots=True)
class Shown:
    """The picture of an agent as everybody may see it who sees his calls; per-queue views are made from it."""

    code: str
    since: float
    until: float = 0.0
    kind: str = ""
    state: str = ""
    leg: str = ""
    peer: str = ""
    queue: str = ""
    name: str = ""
    number: str = ""
    talk_since: float = 0.0
    hold_since: float = 0.0
    listens: bool = False
    """What reads as an internal call is a supervisor's own listening."""
    alarms: tuple[str, ...] = ()


def show(floor: Floor, agent: Agent) -> Shown:
    """The agent's picture now. Every time in it comes from the switch, so it is the same after a restart of ours."""
    legs = [floor.legs[u] for u in agent.legs if u in floor.legs]
    shown = _call(floor, legs) or _listening(legs) or _ringing(floor, agent, legs) or _idle(floor, agent)
    shown.alarms = _alarms(floor, agent, legs)
    return shown


def wished_in_call(floor: Floor, agent: Agent, call_state: str) -> str:
    """What he had chosen before somebody set the status that now follows his present call; empty: nobody set one during it.

    ``call_state``: of his picture (``Shown.state``).
    """
    if not agent.chosen_before or not call_state:
        return ""
    legs = (floor.legs[u] for u in agent.legs if u in floor.legs)
    is_same_call = any(leg.created_at <= agent.chosen_since for leg in legs)
    return agent.chosen_before if is_same_call else ""


def talking_leg(floor: Floor, agent: Agent) -> Leg | None:
    """The agent's leg of the call that his row shows, held or not; None when he is in no call with anybody."""
    legs = [floor.legs[u] for u in agent.legs if u in floor.legs and floor.legs[u].peer]
    return max(legs, key=_rank) if legs else None


def _rank(leg: Leg) -> tuple[bool, bool, float]:
    return (not leg.held_at, leg.side == "agent", leg.bridged_at)


def _call(floor: Floor, legs: list[Leg]) -> Shown | None:
    bridged = [leg for leg in legs if leg.peer]
    if not bridged:
        return _dialling(floor, legs)
    return call_of(floor, max(bridged, key=_rank))


def call_of(floor: Floor, leg: Leg) -> Shown:
    """The picture of the call that an agent's bridged leg is in."""
    peer = floor.legs.get(leg.peer)
    kind, queue = call_kind(floor, leg, peer)
    name, number = other_party(leg, peer)
    shown = Shown(kind, leg.bridged_at, kind=kind, state=TALKING, leg=leg.uuid, peer=leg.peer, queue=queue)
    shown.name, shown.number, shown.talk_since = name, number, leg.bridged_at
    if leg.held_at:
        shown.code, shown.state, shown.since, shown.hold_since = statuses.ON_HOLD, HELD, leg.held_at, leg.held_at
    return shown


def call_kind(floor: Floor, leg: Leg, peer: Leg | None) -> tuple[str, str]:
    """What kind of call an agent's bridged leg is in, and of which queue.

    Variables are sticky: after a transfer a leg still says ``cc_side=agent``. Only the bridge to its own member counts.
    """
    if leg.side == "agent" and leg.member_channel and leg.member_channel == leg.peer:
        return statuses.QUEUE_CALL, leg.queue
    if leg.call_back:
        return statuses.OUTBOUND_CALL, ""
    if peer is not None and _is_phone_of_ours(floor, peer):
        return statuses.INTERNAL_CALL, ""
    return (statuses.OUTBOUND_CALL if leg.inbound else statuses.EXTERNAL_CALL), ""


def _is_phone_of_ours(floor: Floor, leg: Leg) -> bool:
    return bool(leg.extension or leg.owner)


def other_party(leg: Leg, peer: Leg | None) -> tuple[str, str]:
    """Name and number of whoever the agent talks with."""
    if leg.inbound:
        return "", leg.destination
    if leg.call_back:
        return "", peer.destination if peer is not None else ""
    if peer is not None and peer.known and peer.inbound:
        return peer.caller_name, peer.caller_number
    return leg.caller_name, leg.caller_number


def _calls_customer(floor: Floor, leg: Leg) -> bool:
    """Whether the agent has taken his call-back: from then on his row shows the call to the customer."""
    call_back = floor.call_backs.get(leg.call_back)
    return call_back is not None and call_back.state != entities.RINGING_YOU


def _customer(floor: Floor, leg: Leg) -> str:
    call_back = floor.call_backs.get(leg.call_back)
    return call_back.number if call_back is not None else leg.destination


def _dialling(floor: Floor, legs: list[Leg]) -> Shown | None:
    for leg in legs:
        if leg.call_back and _calls_customer(floor, leg):
            kind, number = statuses.OUTBOUND_CALL, _customer(floor, leg)
            return Shown(kind, leg.created_at, kind=kind, state=DIALLING, leg=leg.uuid, number=number)
    # A loopback contact's second half is inbound as well and carries the offer's variables: it dials nobody. Nor does who
    # dials a code, or listens on the leg that he dialled one with.
    own = [leg for leg in legs if leg.inbound and leg.known and leg.side != "agent" and not leg.dials_code]
    own = [leg for leg in own if not leg.supervision]
    if not own:
        return None
    leg = max(own, key=lambda one: one.created_at)
    inside = len(leg.destination) <= 5 or not leg.destination.lstrip("+").isdigit()
    kind = statuses.INTERNAL_CALL if inside else statuses.OUTBOUND_CALL
    return Shown(kind, leg.created_at, kind=kind, state=DIALLING, leg=leg.uuid, number=leg.destination)


def _listening(legs: list[Leg]) -> Shown | None:
    """A supervisor's own extension reads as an internal call once he has picked up."""
    for leg in legs:
        if leg.supervision and leg.answered_at:
            kind = statuses.INTERNAL_CALL
            shown = Shown(kind, leg.answered_at, kind=kind, state=TALKING, leg=leg.uuid, talk_since=leg.answered_at)
            shown.listens = True
            return shown
    return None


def _ringing(floor: Floor, agent: Agent, legs: list[Leg]) -> Shown | None:
    ringing = [leg for leg in legs if not leg.inbound and leg.known and _rings(floor, agent, leg)]
    offer = min(agent.offers.values(), key=lambda o: o.since, default=None)
    if not ringing and offer is None:
        return None
    first = min(ringing, key=lambda one: one.created_at, default=None)
    starts = [one for one in (first.created_at if first else 0.0, offer.since if offer else 0.0) if one]
    shown = Shown(statuses.RINGING, min(starts), kind=statuses.RINGING, state=RINGING)
    member = floor.members.get(offer.member if offer else first.member if first else "")
    if member is not None:
        shown.queue, shown.name, shown.number = member.queue, member.name, member.number
    elif first is not None:
        shown.queue, shown.name, shown.number = first.queue, first.caller_name, first.caller_number
        if first.call_back:
            shown.name, shown.number = "", _customer(floor, first)
    return shown


def _rings(floor: Floor, agent: Agent, leg: Leg) -> bool:
    """Whether an unbridged leg to the agent still means «being rung»: up to the bridge while somebody is there to talk to."""
    if leg.side != "agent":
        return bool(leg.call_back) or not leg.answered_at  # a call-back rings until its key is pressed (``_dialling``)
    if leg.won:
        return leg.member_channel in floor.legs
    return not leg.answered_at or leg.member in agent.offers


def _idle(floor: Floor, agent: Agent) -> Shown:
    if agent.wrap_up_until > floor.now and agent.status == statuses.AVAILABLE:
        return Shown("wrap_up", agent.idle_since, until=agent.wrap_up_until, queue=agent.wrap_up_queue)
    return Shown(agent.chosen, max(agent.idle_since, agent.chosen_since))


def _alarms(floor: Floor, agent: Agent, legs: list[Leg]) -> tuple[str, ...]:
    alarms = []
    if agent.status not in statuses.SWITCH_STATUSES:
        alarms.append(UNKNOWN_STATUS)
    if any(is_silent(floor, agent, leg) for leg in legs):
        alarms.append(SILENT_LEG)
    if agent.external_stuck >= 2:
        alarms.append(EXTERNAL_STUCK)
    if agent.status == statuses.ON_DEMAND and agent.state == statuses.IDLE:
        alarms.append(ONE_CALL_DONE)
    if agent.unreachable:
        alarms.append(MISSED_OFFERS)
    if agent.barred:
        alarms.append(NUMBER_BARRED)
    if agent.prompt_missing:
        alarms.append(PROMPT_MISSING)
    beside = (floor.agents.get(other) for other in floor.phones.beside(agent.id))
    if agent.status in statuses.TAKES_CALLS and any(o is not None and o.status in statuses.TAKES_CALLS for o in beside):
        alarms.append(SHARED_PHONE)
    if agent.wrong_entries:
        alarms.append(WRONG_DIAL_ENTRIES)
    return tuple(alarms)


def is_silent(floor: Floor, agent: Agent, leg: Leg) -> bool:
    """An answered leg of an offer with nobody at the other end: the agent hears nothing (seen live: ring-all, caller gone)."""
    return leg.side == "agent" and leg.answered_at > 0 and not leg.peer and not _rings(floor, agent, leg)


def call_picture(shown: Shown, supervised: list[dict[str, Any]]) -> dict[str, Any]:
    """The row's ``call`` member, for a picture that has one (``state``)."""
    return {
        "id": shown.leg,
        "kind": shown.kind,
        "state": shown.state,
        "queue": shown.queue or None,
        "with": {"name": shown.name, "number": shown.number},
        "since": shown.talk_since or shown.since,
        "supervised": supervised,
    }

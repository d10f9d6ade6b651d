"""Call-backs as the switch reports them: the agent's phone rings, the customer is called, both talk, over.

Both legs carry ids that we gave them, so each step is proved by an event about one of the two: the customer's leg exists
only after the agent pressed the key, and they talk when the two are bridged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fs_app.floor import entities
from fs_app.floor.entities import CallBack
from fs_app.floor.state import Floor

ENDED_KEPT_S = 60.0
"""How long an ended call-back can still be asked for."""
CANCELLED = "cancelled"
LINES_FULL = "lines_full"
_FULL = ("NORMAL_CIRCUIT_CONGESTION", "SWITCH_CONGESTION")
_KEPT = (
    *("id", "login", "agent", "number", "leg", "customer_leg", "session", "state", "party", "asked_at", "since"),
    "audit_row",
)


def begin(floor: Floor, call_back: CallBack) -> None:
    """It has been ordered: the agent's phone will ring. Whatever call-back he had before is forgotten."""
    for old in [one for one in floor.call_backs.values() if one.agent == call_back.agent]:
        _forget(floor, old)
    floor.call_backs[call_back.id] = call_back
    floor.call_back_of_leg[call_back.leg] = floor.call_back_of_leg[call_back.customer_leg] = call_back.id
    floor.touch("agent", call_back.agent)


def of_agent(floor: Floor, agent: str) -> CallBack | None:
    """The agent's call-back of now, or the one that ended a moment ago."""
    return next((one for one in floor.call_backs.values() if one.agent == agent), None)


def _of_leg(floor: Floor, leg: str) -> CallBack | None:
    return floor.call_backs.get(floor.call_back_of_leg.get(leg, ""))


def leg_seen(floor: Floor, leg: str) -> None:
    """The customer's leg exists: the agent has taken the call and pressed the key."""
    call_back = _of_leg(floor, leg)
    if call_back is not None and leg == call_back.customer_leg and call_back.state == entities.RINGING_YOU:
        call_back.state = entities.CALLING_CUSTOMER
        floor.touch("agent", call_back.agent)


def legs_bridged(floor: Floor, a: str, b: str, at: float) -> None:
    """Agent and customer hear each other."""
    call_back = _of_leg(floor, a)
    if call_back is not None and call_back.live and {a, b} == {call_back.leg, call_back.customer_leg}:
        call_back.state, call_back.since = entities.TALKING, call_back.since or at
        floor.touch("agent", call_back.agent)


def leg_ended(floor: Floor, leg: str, at: float, cause: str) -> None:
    """One of the two legs is gone, and with it the call-back. The agent's own leg may still hear that nobody came."""
    call_back = _of_leg(floor, leg)
    if call_back is None or not call_back.live:
        return
    if call_back.cancelled or (call_back.state == entities.CALLING_CUSTOMER and _left_by_agent(call_back, leg, cause)):
        end(floor, call_back, at, entities.ENDED, CANCELLED)
    elif call_back.state == entities.TALKING:
        end(floor, call_back, at, entities.ENDED, cause)
    else:
        party = entities.AGENT if leg == call_back.leg else entities.CUSTOMER
        end(floor, call_back, at, entities.FAILED, cause, party=party)


def _left_by_agent(call_back: CallBack, leg: str, cause: str) -> bool:
    """He hung up while the customer's phone rang: whichever leg is told of first."""
    return leg == call_back.leg or cause == "ORIGINATOR_CANCEL"


def end(floor: Floor, call_back: CallBack, at: float, state: str, cause: str, *, party: str = "") -> None:
    """Over, one way or the other; the first reason stays."""
    if not call_back.live:
        return
    call_back.state, call_back.ended_at, call_back.party = state, at, party
    call_back.cause = LINES_FULL if cause in _FULL else cause
    floor.touch("agent", call_back.agent)


def settle(floor: Floor, at: float) -> None:
    """After a reading of the whole switch: what events that nobody heard would have told."""
    for call_back in list(floor.call_backs.values()):
        if not call_back.live:
            continue
        leg = floor.legs.get(call_back.leg)
        if leg is not None and call_back.customer_leg in floor.legs:
            leg_seen(floor, call_back.customer_leg)
            if leg.peer == call_back.customer_leg:
                legs_bridged(floor, leg.uuid, leg.peer, leg.bridged_at or at)
        just_asked = call_back.state == entities.RINGING_YOU and call_back.asked_at > at - entities.CREATED_S
        if leg is None and not call_back.ordered and not just_asked:
            leg_ended(floor, call_back.leg, at, "")


def is_unsettled(floor: Floor) -> bool:
    """Whether an agent's phone was to be rung and nobody knows whether it rings: to be read again soon."""
    ringing = (one for one in floor.call_backs.values() if one.state == entities.RINGING_YOU and not one.ordered)
    return any(one.leg not in floor.legs for one in ringing)


def tidy(floor: Floor, at: float) -> None:
    """Forget call-backs that ended a minute ago."""
    for call_back in list(floor.call_backs.values()):
        if not call_back.live and call_back.ended_at + ENDED_KEPT_S < at:
            _forget(floor, call_back)


def _forget(floor: Floor, call_back: CallBack) -> None:
    del floor.call_backs[call_back.id]
    for leg in (call_back.leg, call_back.customer_leg):
        floor.call_back_of_leg.pop(leg, None)
    floor.touch("agent", call_back.agent)


def document(call_back: CallBack | None) -> dict[str, Any] | None:
    """What is published of it within the agent's document; nobody but himself is shown it."""
    if call_back is None:
        return None
    kept = {name: getattr(call_back, name) for name in _KEPT}
    return kept | {"cause": call_back.cause or None, "ended_at": call_back.ended_at or None}


def adopt(floor: Floor, agents: Iterable[Mapping[str, Any]]) -> None:
    """Call-backs of the run before this one, live or with an outcome that the audit waits for: the next reading tells which
    legs still live."""
    for published in agents:
        told = published.get("call_back")
        if told is None or (told["ended_at"] is not None and not told.get("audit_row")):
            continue
        kept = {name: told[name] for name in _KEPT if name in told}
        begin(floor, CallBack(**kept, cause=told["cause"] or "", ended_at=told["ended_at"] or 0.0))

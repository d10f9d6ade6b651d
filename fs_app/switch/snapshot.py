"""A whole reading of a switch: what ESL cannot replay is asked for. The answers become one ``SwitchRead`` fact.

It changes nothing on the switch and keeps nothing. An answer of another form than 1.10.12's is an ``ImpossibleFact``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from fs_app.floor import facts, rows
from fs_app.floor.errors import ImpossibleFact
from fs_app.floor.state import Floor
from fs_app.switch.event import PlainEvent
from fs_app.switch.orders import leg_id
from fs_app.switch.translate import channel_dump, clean

Ask = Callable[[str], str]
"""Runs one API line on the commands connection and gives its body; raises what the session raises."""
_ASKABLE = re.compile(r"(?!.*mod_event_socket)[A-Za-z0-9_.@:+-]{1,128}", re.IGNORECASE)
"""A leg's id that may stand in a command: with ``inbound-use-callid-as-uuid`` a caller writes it (mod_sofia)."""


def read_switch(ask: Ask, floor: Floor, *, now: Callable[[], float] = time.time) -> facts.SwitchRead:
    """Ask for core, agents, tiers, queues, members, channels and bridges, and put them together.

    Legs that the floor does not know are dumped (that also proves that they live); of those it knows only the existence
    is asked, because ``show channels`` keeps dead rows (seen on 1.10.12). Raises ImpossibleFact on an answer of another form.
    """
    begun = floor.serial
    core = ask("global_getvar core_uuid").strip()
    if not core or core.startswith("-ERR"):
        raise ImpossibleFact("the switch does not tell its core_uuid")
    agents = tuple(_agent(row) for row in _callcenter(ask, "agent list"))
    tiers = tuple(_tier(row) for row in _callcenter(ask, "tier list"))
    queues = tuple(_queue(row) for row in _callcenter(ask, "queue list"))
    members = tuple(_member(row) for row in _callcenter(ask, "member list"))
    channels = tuple(_channels(ask, floor, same_core=core == floor.core))
    hearing = tuple(_hearing(ask, floor))
    return facts.SwitchRead(now(), 0, core, begun, agents, tiers, queues, members, channels, hearing)


def read_tier(ask: Ask, queue: str, agent: str) -> rows.TierRow | None:
    """One tier as the switch has it now; ``queue`` must have the form of a name (checked by ``orders`` before)."""
    found = (_tier(row) for row in _callcenter(ask, "queue list tiers", queue))
    return next((tier for tier in found if tier.agent == agent), None)


def read_queue(ask: Ask, queue: str) -> tuple[list[rows.AgentRow], list[rows.TierRow], rows.QueueRow | None]:
    """One queue as the dispatcher sees it now: its agents, its tiers, its own settings."""
    agents = [_agent(row) for row in _callcenter(ask, "queue list agents", queue)]
    tiers = [_tier(row) for row in _callcenter(ask, "queue list tiers", queue)]
    own = (_queue(row) for row in _callcenter(ask, "queue list"))
    return agents, tiers, next((row for row in own if row.queue == queue), None)


def _callcenter(ask: Ask, arguments: str, queue: str = "") -> list[dict[str, Any]]:
    data = {"arguments": arguments, **({"queue_name": queue} if queue else {})}
    answer = _object(ask("json " + orjson.dumps({"command": "callcenter_config", "data": data}).decode()))
    if answer is None or "non-existant" in str(answer.get("message")):
        raise ImpossibleFact("callcenter_config is not there: is mod_callcenter loaded?")
    if answer.get("status") != "success" or not isinstance(answer.get("response"), list):
        raise ImpossibleFact(f"callcenter_config refuses «{arguments}»")
    return [row for row in answer["response"] if isinstance(row, dict)]


def _object(text: str) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _need(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise ImpossibleFact(f"a row of the switch without {key}")
    return value


def _true(row: dict[str, Any], key: str) -> bool:
    return row.get(key) in ("true", True)


def _number(row: dict[str, Any], key: str) -> int:
    try:
        return int(row.get(key) or 0)
    except (ValueError, TypeError, OverflowError):
        return 0


def _agent(row: dict[str, Any]) -> rows.AgentRow:
    return rows.AgentRow(
        _need(row, "name"),
        row.get("status", ""),
        row.get("state", ""),
        row.get("contact", ""),
        row.get("uuid", ""),
        _number(row, "wrap_up_time"),
        _number(row, "max_no_answer"),
        _number(row, "last_bridge_start"),
        _number(row, "last_bridge_end"),
        _number(row, "last_status_change"),
        _number(row, "ready_time"),
        _number(row, "external_calls_count"),
        _number(row, "no_answer_count"),
        _number(row, "talk_time"),
        _number(row, "calls_answered"),
        _number(row, "last_offered_call"),
    )


def _tier(row: dict[str, Any]) -> rows.TierRow:
    level, position = _number(row, "level"), _number(row, "position")
    return rows.TierRow(_need(row, "queue"), _need(row, "agent"), row.get("state", ""), level, position)


def _queue(row: dict[str, Any]) -> rows.QueueRow:
    tier_rules, skip = _true(row, "tier_rules_apply"), _true(row, "skip_agents_with_external_calls")
    return rows.QueueRow(
        _need(row, "name"),
        row.get("strategy", ""),
        tier_rules,
        skip,
        _number(row, "tier_rule_wait_second"),
        _true(row, "tier_rule_wait_multiply_level"),
        _true(row, "tier_rule_no_agent_no_wait"),
    )


def _member(row: dict[str, Any]) -> rows.MemberRow:
    return rows.MemberRow(
        _need(row, "uuid"),
        row.get("session_uuid", ""),
        _need(row, "queue"),
        clean(row.get("cid_name", "")),
        clean(row.get("cid_number", "")),
        float(_number(row, "joined_epoch")),
        row.get("state", ""),
        row.get("serving_agent", ""),
    )


def _show(ask: Ask, what: str) -> Iterable[dict[str, Any]]:
    """``show … as json``; without rows the answer has none at all (seen on 1.10.12)."""
    answer = _object(ask(f"show {what} as json"))
    if answer is None:
        raise ImpossibleFact(f"show {what} gave no JSON")
    rows_found = answer.get("rows", [])
    return [row for row in rows_found if isinstance(row, dict)] if isinstance(rows_found, list) else []


def _channels(ask: Ask, floor: Floor, *, same_core: bool) -> Iterable[facts.ChannelSeen]:
    peers: dict[str, str] = {}
    for call in _show(ask, "bridged_calls"):
        a, b = _need(call, "uuid"), _need(call, "b_uuid")
        peers[a], peers[b] = b, a
    for row in _show(ask, "channels"):
        uuid = _need(row, "uuid")
        if not _ASKABLE.fullmatch(uuid):
            continue
        leg = floor.legs.get(uuid) if same_core else None
        if (
            leg is None
            or not leg.known
            or leg.peer != peers.get(uuid, "")
            or bool(leg.held_at) != (row.get("callstate") == "HELD")
        ):
            seen = _dumped(ask, uuid, peers.get(uuid, ""))
            if seen is not None:
                yield seen
        elif ask(f"uuid_exists {uuid}").strip() == "true":
            yield _still(leg, row, peers)


def _hearing(ask: Ask, floor: Floor) -> Iterable[tuple[str, str]]:
    """Who eavesdrops on whom. A bug says nothing of its listener (seen on 1.10.12): the leg's own application names the
    target, and as many are believed as the target has bugs.
    """
    said: dict[str, list[str]] = {}
    for leg in list(floor.supervision_of_leg):
        application = ask(f"uuid_getvar {leg_id(leg)} current_application").strip()
        if application == "eavesdrop":
            target = ask(f"uuid_getvar {leg_id(leg)} current_application_data").strip()
            if _ASKABLE.fullmatch(target):
                said.setdefault(target, []).append(leg)
        elif application not in ("", "_undef_") and not application.startswith("-ERR"):
            yield leg, ""
    for target, legs in said.items():
        bugs = ask(f"uuid_buglist {target}").count("<function>eavesdrop</function>")
        yield from ((leg, target if place < bugs else "") for place, leg in enumerate(legs))


def _dumped(ask: Ask, uuid: str, peer: str) -> facts.ChannelSeen | None:
    text = ask(f"uuid_dump {uuid}")
    if text.startswith("-ERR"):
        return None
    return channel_dump(PlainEvent(b"\n" + text.encode()), peer)


def _still(leg: Any, row: dict[str, Any], peers: dict[str, str]) -> facts.ChannelSeen:
    """A leg that the floor knows and that still lives, told in its own words."""
    return facts.ChannelSeen(
        0.0,
        0,
        leg.uuid,
        leg.inbound,
        leg.extension,
        "",
        leg.caller_name,
        leg.caller_number,
        leg.destination,
        leg.side,
        leg.owner if leg.side == "agent" or leg.call_back else "",
        leg.queue,
        leg.member,
        leg.member_channel,
        leg.supervision,
        row.get("callstate") or leg.callstate,
        leg.created_at,
        leg.answered_at,
        leg.bridged_at,
        leg.held_at,
        peers.get(leg.uuid, ""),
        leg.call_back,
    )

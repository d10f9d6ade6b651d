"""``callcenter_config`` and ``callcenter_break`` as text commands.

Owns their replies, word for word (mod_callcenter.c:3540-4052). Known section with unknown action: nothing is written.
"""

from __future__ import annotations

from fs_app.practice.callcenter import report
from fs_app.practice.callcenter.command_queue import queue_command
from fs_app.practice.callcenter.rows import (
    AGENT_STATES,
    CALLBACK,
    STATUSES,
    TIER_STATES,
    UUID_STANDBY,
    WAITING,
    Agent,
    Tier,
    agent_row,
    tier_row,
)
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.callcenter.text import table
from fs_app.practice.tokens import c_int, split_arguments

OK = "+OK\n"
INVALID = "-ERR Invalid!\n"
_USAGE = "-USAGE: \ncallcenter_config <target> <args>,\n\tcallcenter_config agent|tier|queue <action> …\n"
_NUMBERS = (
    "ready_time",
    "busy_delay_time",
    "reject_delay_time",
    "no_answer_delay_time",
    "max_no_answer",
    "wrap_up_time",
)


def callcenter_config(callcenter: CallCenter, text: str) -> str:
    """Run one command; an empty text means that FreeSWITCH writes nothing."""
    if not text:
        return _USAGE
    args = split_arguments(text, 8)
    if len(args) < 2:
        return INVALID
    section, action, rest = args[0].lower(), args[1].lower(), args[2:]
    if section == "agent":
        return _agent(callcenter, action, rest)
    if section == "tier":
        return _tier(callcenter, action, rest)
    if section == "queue":
        return queue_command(callcenter, action, rest)
    return ""


def _agent(callcenter: CallCenter, action: str, args: list[str]) -> str:
    if action == "add":
        return _agent_add(callcenter, *args[:2]) if len(args) >= 2 else INVALID
    if action == "del":
        if not args:
            return INVALID
        callcenter.delete_agent(args[0])
        return OK
    if action == "reload":
        return OK if args else INVALID
    if action == "set":
        return _agent_set(callcenter, args[0].lower(), args[1], args[2]) if len(args) >= 3 else INVALID
    if action == "get":
        return _agent_get(callcenter, args[0].lower(), args[1]) if len(args) >= 2 else INVALID
    if action == "list":
        if len(args) > 1:
            return INVALID
        agents = [agent for agent in callcenter.agents.values() if not args or agent.name == args[0]]
        return table([agent_row(agent) for agent in agents]) + OK
    return ""


def _agent_add(callcenter: CallCenter, name: str, kind: str) -> str:
    if kind.lower() not in (CALLBACK.lower(), UUID_STANDBY):
        return "-ERR Agent type invalid!\n"
    if name in callcenter.agents:
        return "-ERR Agent already exist!\n"
    callcenter.agents[name] = Agent(name, type=kind)
    report.agent_added(callcenter.core, name, kind)
    return OK


def _agent_get(callcenter: CallCenter, key: str, name: str) -> str:
    agent = callcenter.agents.get(name)
    if agent is None:
        return "-ERR Agent not found!\n"
    if key not in ("status", "state", "uuid"):
        return "-ERR Invalid Agent Update KEY!\n"
    value = str(getattr(agent, key) or "")[:63]
    report.agent_get(callcenter.core, name, key, value)
    return value


def _agent_set(callcenter: CallCenter, key: str, name: str, value: str) -> str:
    agent = callcenter.agents.get(name)
    if agent is None:
        return "-ERR Agent not found!\n"
    if key == "status":
        # Any letter case passes, and is stored as sent: such an agent never gets a call (seen on 1.10.12).
        if value.lower() not in [status.lower() for status in STATUSES]:
            return "-ERR Invalid Agent Status!\n"
        callcenter.set_status(agent, value)
    elif key in ("state", "state_if_waiting"):
        return _set_state(callcenter, agent, value, only_waiting=key == "state_if_waiting")
    elif key == "contact":
        agent.contact = value
        report.agent_contact(callcenter.core, name, value)
    elif key == "uuid":
        agent.uuid = value
    elif key == "type":
        if value.lower() not in (CALLBACK.lower(), UUID_STANDBY):
            return "-ERR Invalid Agent Type!\n"
        agent.type = value
    elif key in _NUMBERS:
        setattr(agent, key, c_int(value))
    else:
        return "-ERR Invalid Agent Update KEY!\n"
    return OK


def _set_state(callcenter: CallCenter, agent: Agent, value: str, *, only_waiting: bool) -> str:
    if value.lower() not in [state.lower() for state in AGENT_STATES]:
        return "-ERR Invalid Agent State!\n"
    if only_waiting and not (agent.state == WAITING and agent.status in ("Available", "Available (On Demand)")):
        return "-ERR Agent not found!\n"
    callcenter.set_state(agent, value)
    return OK


def _tier(callcenter: CallCenter, action: str, args: list[str]) -> str:
    if action == "add":
        return _tier_add(callcenter, args) if len(args) >= 2 else INVALID
    if action == "set":
        return _tier_set(callcenter, args[0].lower(), args[1], args[2], args[3]) if len(args) >= 4 else INVALID
    if action == "del":
        if len(args) < 2:
            return INVALID
        callcenter.tiers.pop((args[0], args[1]), None)
        return OK
    if action == "reload":
        return "-ERR Unknown Error!\n" if args else INVALID  # no tier stands in the configuration
    if action == "list":
        tiers = sorted(callcenter.tiers.values(), key=lambda tier: (tier.level, tier.position))
        return table([tier_row(tier) for tier in tiers]) + OK
    return ""


def _tier_add(callcenter: CallCenter, args: list[str]) -> str:
    queue, agent = args[0], args[1]
    if callcenter.queue(queue) is None:
        return "-ERR Queue not found!\n"
    if agent not in callcenter.agents:
        return "-ERR Agent not found!\n"
    if (queue, agent) in callcenter.tiers:
        return "-ERR Tier already exist!\n"
    level, position = (c_int(args[index]) if len(args) > index and args[index] else 1 for index in (2, 3))
    callcenter.tiers[queue, agent] = Tier(queue, agent, level=level, position=position)
    return OK


def _tier_set(callcenter: CallCenter, key: str, queue: str, agent: str, value: str) -> str:
    tier = callcenter.tiers.get((queue, agent))
    if tier is None:
        return "-ERR Unknown Error!\n"
    if agent not in callcenter.agents or callcenter.queue(queue) is None:
        return "-ERR Agent not found!\n"
    if key == "state":
        if value.lower() not in [state.lower() for state in TIER_STATES]:
            return "-ERR Invalid Tier State!\n"
        tier.state = value
    elif key == "level":
        tier.level = c_int(value)
    elif key == "position":
        tier.position = c_int(value)
    else:
        return "-ERR Invalid Tier Update KEY!\n"
    return OK


def callcenter_break(callcenter: CallCenter, text: str) -> str:
    """``callcenter_break agent <uuid>``: the module stops watching the call; success writes nothing."""
    args = split_arguments(text, 2)
    if len(args) < 2:
        return "-ERR Usage: callcenter_break agent <uuid>\n"
    if callcenter.core.channels.find(args[1]) is None:
        return f"-ERR Session not found for uuid {args[1]}\n"
    offer = callcenter.talking.get(args[1])
    if offer is not None:
        offer.release_agent()
    return ""

"""Floor orders turned into command text. The only builder of commands; every value is checked, nothing is quoted and hoped for.

No text from users or callers ever reaches a command: identifiers match a strict pattern, statuses and states come from
fixed lists, numbers are digits. What does not fit raises ``UnsafeOrder`` and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fs_app.floor import errors, orders, statuses

_IDENT = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EXTENSION = re.compile(r"[0-9]{1,12}")
_NUMBER = re.compile(r"\+?[0-9]{3,20}")
_CAUSE = re.compile(r"[A-Z_]{3,40}")
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9.:_-]{1,128}")
_STATES = (statuses.WAITING, statuses.RECEIVING, statuses.IN_QUEUE_CALL, statuses.IDLE, statuses.RESERVED)
_TIER_STATES = ("Ready", "Standby", "No Answer", "Offering", "Active Inbound")
_WHISPER = {0: ("false", "false"), 2: ("false", "true"), 3: ("true", "true")}
"""Mode digit -> eavesdrop_whisper_aleg, _bleg. 1 is missing on purpose: on the agent's leg it speaks to the customer."""


class UnsafeOrder(ValueError):
    """A value of an order does not have the form that alone may reach the switch. It is not echoed."""


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How this site is dialled: patterns of the settings, checked there, and the switch's own domain."""

    domain: str
    extension_dial: str = "user/{extension}@{domain}"
    external_dial: str = ""
    caller_id_name: str = "Sasayaki"

    def extension(self, extension: str) -> str:
        """The dial string of an internal extension (digits)."""
        digits = _match(_EXTENSION, extension, "extension")
        domain = _match(_DOMAIN, self.domain, "domain")
        return self.extension_dial.replace("{extension}", digits).replace("{domain}", domain)

    def external(self, number: str) -> str:
        """The dial string of an outside number; raises where the site has none."""
        if not self.external_dial:
            raise UnsafeOrder("outside numbers are not set up")
        return self.external_dial.replace("{number}", _match(_NUMBER, number, "number"))


@dataclass(frozen=True, slots=True)
class Api:
    """A line for ``bgapi``. Anything but ``+OK`` in its result is a refusal: ``refusal`` names the error id to give."""

    line: str
    refusal: str = errors.SWITCH_REFUSED


@dataclass(frozen=True, slots=True)
class SendEvent:
    """A ``sendevent`` with its headers; FreeSWITCH answers +OK even when the leg is gone (seen live §11)."""

    name: str
    headers: Mapping[str, str]


Command = Api | SendEvent


def _match(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnsafeOrder(f"{what} has a form that may not reach the switch")
    return value


def _one_of(values: tuple[str, ...], value: str, what: str) -> str:
    if value not in values:
        raise UnsafeOrder(f"{what} is not one of FreeSWITCH's own")
    return value


def _whisper(mode: int) -> tuple[str, str]:
    if type(mode) is not int or mode not in _WHISPER:
        raise UnsafeOrder("eavesdrop mode must be 0, 2 or 3")
    return _WHISPER[mode]


def build(order: orders.Order, dial: DialPlan) -> list[Command]:
    """The commands that carry an order out, in order. Raises UnsafeOrder; then nothing may be sent."""
    return _BUILDERS[type(order)](order, dial)


def _agent_status(order: orders.SetAgentStatus, _: DialPlan) -> list[Command]:
    agent = _match(_IDENT, order.agent, "agent")
    status = _one_of(statuses.SWITCH_STATUSES, order.status, "status")
    line = Api(f"callcenter_config agent set status {agent} '{status}'")
    if not order.unless_offered:
        return [line]
    aside = f"callcenter_config agent set state_if_waiting {agent} {statuses.IDLE}"
    back = f"callcenter_config agent set state {agent} {statuses.WAITING}"
    return [Api(aside, refusal=errors.AGENT_RINGING), line, Api(back)]


def _agent_state(order: orders.SetAgentState, _: DialPlan) -> list[Command]:
    agent = _match(_IDENT, order.agent, "agent")
    return [Api(f"callcenter_config agent set state {agent} '{_one_of(_STATES, order.state, 'state')}'")]


def _agent_contact(order: orders.SetAgentContact, dial: DialPlan) -> list[Command]:
    agent = _match(_IDENT, order.agent, "agent")
    kind = _one_of(("extension", "external"), order.kind, "kind of terminal")
    contact = dial.extension(order.number) if kind == "extension" else dial.external(order.number)
    return [Api(f"callcenter_config agent set contact {agent} {contact}")]


def _tier_level(order: orders.SetTierLevel, _: DialPlan) -> list[Command]:
    where = f"{_match(_IDENT, order.queue, 'queue')} {_match(_IDENT, order.agent, 'agent')}"
    if type(order.level) is not int or not 1 <= order.level <= 15:
        raise UnsafeOrder("a tier's level is a whole number from 1 to 15")
    set_tier = "callcenter_config tier set"
    return [Api(f"{set_tier} level {where} {order.level}"), Api(f"{set_tier} position {where} 1")]


def _tier_state(order: orders.SetTierState, _: DialPlan) -> list[Command]:
    where = f"{_match(_IDENT, order.queue, 'queue')} {_match(_IDENT, order.agent, 'agent')}"
    state = _one_of(_TIER_STATES, order.state, "tier state")
    return [Api(f"callcenter_config tier set state {where} '{state}'")]


def _ring_supervisor(order: orders.RingSupervisor, dial: DialPlan) -> list[Command]:
    aleg, bleg = _whisper(order.mode)
    extension = _match(_EXTENSION, order.extension, "extension")
    target = _match(_UUID, order.target, "watched leg")
    variables = ",".join(
        (
            f"origination_uuid={_match(_UUID, order.leg, 'leg')}",
            f"originate_timeout={int(order.timeout_s)}",
            f"origination_caller_id_name={_match(_TOKEN, dial.caller_id_name, 'caller id name')}",
            f"origination_caller_id_number={extension}",
            "ignore_early_media=true",
            "eavesdrop_enable_dtmf=false",
            f"eavesdrop_whisper_aleg={aleg}",
            f"eavesdrop_whisper_bleg={bleg}",
            f"sasayaki_supervision={_match(_TOKEN, order.supervision, 'supervision')}",
        )
    )
    then = f"'eavesdrop:{target},{_STAY}' inline" if order.follow else f"&eavesdrop({target})"
    return [Api(f"originate {{{variables}}}{dial.extension(extension)} {then}")]


_STAY = "playback:silence_stream://-1"
"""What a following supervisor's leg does between calls: park sends no RTP and phones may give up (seen live §9)."""


def _move_supervisor(order: orders.MoveSupervisor, _: DialPlan) -> list[Command]:
    aleg, bleg = _whisper(order.mode)
    leg, target = _match(_UUID, order.leg, "leg"), _match(_UUID, order.target, "watched leg")
    steps = f"set:eavesdrop_whisper_aleg={aleg},set:eavesdrop_whisper_bleg={bleg},eavesdrop:{target}"
    if order.follow:
        steps += f",{_STAY}"
    return [Api(f"uuid_transfer {leg} '{steps}' inline")]


def _switch_mode(order: orders.SwitchMode, _: DialPlan) -> list[Command]:
    _whisper(order.mode)
    headers = {
        "Event-Subclass": "sasayaki::mode",
        "Unique-ID": _match(_UUID, order.leg, "leg"),
        "eavesdrop-command": str(order.mode),
    }
    return [SendEvent("CUSTOM", headers)]


def _bridge_legs(order: orders.BridgeLegs, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_bridge {_match(_UUID, order.a, 'leg')} {_match(_UUID, order.b, 'leg')}")]


def _hang_up(order: orders.HangUp, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_kill {_match(_UUID, order.leg, 'leg')} {_match(_CAUSE, order.cause, 'cause')}")]


_BUILDERS = cast(
    "dict[type, Callable[[Any, DialPlan], list[Command]]]",
    {
        orders.SetAgentStatus: _agent_status,
        orders.SetAgentState: _agent_state,
        orders.SetAgentContact: _agent_contact,
        orders.SetTierLevel: _tier_level,
        orders.SetTierState: _tier_state,
        orders.RingSupervisor: _ring_supervisor,
        orders.MoveSupervisor: _move_supervisor,
        orders.SwitchMode: _switch_mode,
        orders.BridgeLegs: _bridge_legs,
        orders.HangUp: _hang_up,
    },
)

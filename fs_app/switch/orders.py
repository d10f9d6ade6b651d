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
from fs_app.switch import party_leg, supervisor_leg
from fs_app.switch.dial import EXTENSION, NUMBER, DialPlan, UnsafeOrder, call_back_confirmation, contact, counted
from fs_app.switch.dial import flag as _flag
from fs_app.switch.dial import match as _match
from fs_app.switch.dial import whole as _whole

__all__ = ["Api", "Command", "DialPlan", "SendEvent", "UnsafeOrder", "build", "leg_id"]

_IDENT = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CAUSE = re.compile(r"[A-Z_]{3,40}")
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,1024}")
_STATES = (statuses.WAITING, statuses.RECEIVING, statuses.IN_QUEUE_CALL, statuses.IDLE, statuses.RESERVED)
_TIER_STATES = ("Ready", "Standby", "No Answer", "Offering", "Active Inbound")
_WHISPER = {0: ("false", "false"), 2: ("false", "true"), 3: ("true", "true")}
"""Mode digit -> eavesdrop_whisper_aleg, _bleg. 1 is missing on purpose: on the agent's leg it speaks to the customer."""


@dataclass(frozen=True, slots=True)
class Api:
    """A line for ``bgapi``. Anything but ``+OK`` in its result is a refusal: ``refusal`` names the error id to give."""

    line: str
    refusal: str = errors.SWITCH_REFUSED


@dataclass(frozen=True, slots=True)
class SendEvent:
    """A ``sendevent`` with its headers; FreeSWITCH answers +OK even when the leg is gone (seen on 1.10.12)."""

    name: str
    headers: Mapping[str, str]


Command = Api | SendEvent


def _one_of(values: tuple[str, ...], value: str, what: str) -> str:
    if value not in values:
        raise UnsafeOrder(f"{what} is not one of FreeSWITCH's own")
    return value


def _whisper(mode: int) -> tuple[str, str]:
    if type(mode) is not int or mode not in _WHISPER:
        raise UnsafeOrder("eavesdrop mode must be 0, 2 or 3")
    return _WHISPER[mode]


def leg_id(uuid: str) -> str:
    """``uuid`` where it has the form of a channel's id; raises UnsafeOrder (a switch may take Call-IDs from callers)."""
    return _match(_UUID, uuid, "leg")


def build(order: orders.Order, dial: DialPlan) -> list[Command]:
    """The commands that carry an order out, in order. Raises UnsafeOrder; then nothing may be sent."""
    commands = _BUILDERS[type(order)](order, dial)
    for command in commands:
        said = repr(command).lower()
        if "mod_event_socket" in said and ("unload" in said or "reload" in said):
            # mod_event_socket.c:1729 looks for both words anywhere in a command.
            raise UnsafeOrder("two names together would unload the event socket")
    return commands


def _agent_status(order: orders.SetAgentStatus, _: DialPlan) -> list[Command]:
    agent, status = _match(_IDENT, order.agent, "agent"), _one_of(statuses.SWITCH_STATUSES, order.status, "status")
    line = Api(f"callcenter_config agent set status {agent} '{status}'")
    if not _flag(order.unless_offered, "«unless offered»"):
        return [line]
    aside = f"callcenter_config agent set state_if_waiting {agent} {statuses.IDLE}"
    back = Api(f"callcenter_config agent set state {agent} {statuses.WAITING}")
    return [Api(aside, refusal=errors.AGENT_RINGING), line, back]


def _agent_state(order: orders.SetAgentState, _: DialPlan) -> list[Command]:
    agent = _match(_IDENT, order.agent, "agent")
    return [Api(f"callcenter_config agent set state {agent} '{_one_of(_STATES, order.state, 'state')}'")]


def _ready_time(order: orders.SetReadyTime, _: DialPlan) -> list[Command]:
    agent, epoch = _match(_IDENT, order.agent, "agent"), _whole(order.epoch, 0, 2**32, "a time")
    return [Api(f"callcenter_config agent set ready_time {agent} {epoch}")]


def _wrap_up(order: orders.SetWrapUp, _: DialPlan) -> list[Command]:
    agent, seconds = _match(_IDENT, order.agent, "agent"), _whole(order.seconds, 0, 86_400, "a wrap-up time in seconds")
    return [Api(f"callcenter_config agent set wrap_up_time {agent} {seconds}")]


def _agent_contact(order: orders.SetAgentContact, dial: DialPlan) -> list[Command]:
    return [_contact(order.agent, contact(order, dial))]


def _agent_contact_back(order: orders.RestoreAgentContact, _: DialPlan) -> list[Command]:
    return [_contact(order.agent, _match(_PRINTABLE, order.contact, "a contact that was there"))]


def _contact(agent: str, dialled: str) -> Api:
    quoted = dialled.replace("\\", "\\\\").replace("'", "\\'")
    return Api(f"callcenter_config agent set contact {_match(_IDENT, agent, 'agent')} '{quoted}'")


def _queue_number(order: orders.SetQueueNumber, _: DialPlan) -> list[Command]:
    number = "" if order.number is None else _match(NUMBER, order.number, "number")
    return [Api(f"global_setvar sasayaki_number_{_match(_IDENT, order.queue, 'queue')}={number}")]


def _tier(order: orders.SetTierLevel | orders.SetTierState | orders.AddTier | orders.RemoveTier) -> str:
    return f"{_match(_IDENT, order.queue, 'queue')} {_match(_IDENT, order.agent, 'agent')}"


def _tier_level(order: orders.SetTierLevel, _: DialPlan) -> list[Command]:
    where, level = _tier(order), _whole(order.level, 1, 15, "a tier's level")
    return [Api(f"callcenter_config tier set {what}") for what in (f"level {where} {level}", f"position {where} 1")]


def _add_tier(order: orders.AddTier, _: DialPlan) -> list[Command]:
    return [Api(f"callcenter_config tier add {_tier(order)} {_whole(order.level, 1, 15, 'a level')} 1")]


def _tier_state(order: orders.SetTierState, _: DialPlan) -> list[Command]:
    state = _one_of(_TIER_STATES, order.state, "tier state")
    return [Api(f"callcenter_config tier set state {_tier(order)} '{state}'")]


def _ring_supervisor(order: orders.RingSupervisor, dial: DialPlan) -> list[Command]:
    listening = _listening(order)
    outside = _flag(order.outside, "«outside»")
    number = _match(NUMBER if outside else EXTENSION, order.extension, "extension")
    variables = ",".join(
        (
            f"origination_uuid={_match(_UUID, order.leg, 'leg')}",
            f"originate_timeout={_whole(order.timeout_s, 1, 300, 'a ringing time in seconds')}",
            f"origination_caller_id_name={_match(_TOKEN, dial.caller_id_name, 'caller id name')}",
            f"origination_caller_id_number={number}",
            "ignore_early_media=true",
            f"sasayaki_supervision={_match(_TOKEN, order.supervision, 'supervision')}",
        )
    )
    steps = [*supervisor_leg.keypad(order.leg), *listening]
    phone = _CONFIRMED + dial.external(number) if outside else dial.extension(number)
    return [Api(f"originate {{{variables}}}{phone} '{_INLINE}{'^'.join(steps)}' inline")]


def _ring_for_call_back(order: orders.RingForCallBack, dial: DialPlan) -> list[Command]:
    leg, customer_leg = _match(_UUID, order.leg, "leg"), _match(_UUID, order.customer_leg, "leg")
    agent, shown = _match(_IDENT, order.agent, "agent"), _match(NUMBER, order.shown, "shown number")
    variables = ",".join(
        (
            f"origination_uuid={leg}",
            f"originate_timeout={_whole(order.timeout_s, 1, 300, 'a ringing time in seconds')}",
            f"origination_caller_id_name={_match(_TOKEN, dial.caller_id_name, 'caller id name')}",
            f"origination_caller_id_number={shown}",
            "ignore_early_media=true",
            "hangup_after_bridge=true",
            "continue_on_fail=true",
            f"sasayaki_call_back={_match(_TOKEN, order.call_back, 'call-back')}",
            f"sasayaki_agent={agent}",
            f"execute_on_originate_track=callcenter_track:{agent}",
            *counted(dial),
        )
    )
    told = (f"origination_uuid={customer_leg}", f"origination_caller_id_number={shown}", f"leg_timeout={_CUSTOMER_S}")
    customer = f"[{','.join([*told, *counted(dial)])}]{dial.external(order.customer)}"
    steps = [f"set:transfer_ringback={_RINGBACK}", f"bridge:{customer}"]
    steps += [f"playback:{_NOBODY_CAME}", "hangup:NORMAL_CLEARING"]
    phone = f"{call_back_confirmation(dial)}{dial.external(order.number)}"
    # Quoted, because the limit's words are parted by blanks; no value holds a quotation mark.
    return [Api(f"originate '{{{variables}}}{phone}' '{_INLINE}{'^'.join(steps)}' inline")]


_CUSTOMER_S = 60
_RINGBACK = "%(1000,2000,400)"
"""What the agent hears while the customer's phone rings: his own leg is answered, so the carrier's tone may not come."""
_NOBODY_CAME = "tone_stream://%(500,500,400);loops=6"
"""Busy tone: the panel says whether the customer was busy, did not answer, or all lines are taken."""
_CONFIRMED = "[^^~group_confirm_key=1~group_confirm_file=tone_stream://%(300,200,880);loops=3~group_confirm_timeout=15]"
"""Key 1 takes the call; until then the phone hears short tones (~ separates, the tone holds commas; seen on 1.10.12)."""
_INLINE = "m:^:"
"""Separates an inline dialplan's steps by ^, because the arguments of some hold commas."""


def _listening(order: orders.RingSupervisor | orders.MoveSupervisor) -> list[str]:
    watched, follow = _match(_UUID, order.target, "watched leg"), _flag(order.follow, "«follow»")
    return supervisor_leg.listening(watched, _whisper(order.mode), follow=follow)


def _join_supervisor(order: orders.JoinSupervisor, dial: DialPlan) -> list[Command]:
    """The leg's own variables first; then what a rung leg does on its answer, keys included."""
    leg, supervision = _match(_UUID, order.leg, "leg"), _match(_TOKEN, order.supervision, "supervision")
    variables = ("sensitive_dtmf=false", f"sasayaki_supervision={supervision}")
    (move,) = _move_supervisor(orders.MoveSupervisor(leg, order.target, order.mode, order.follow), dial)
    assert isinstance(move, Api)  # noqa: S101 - a transfer is nothing else
    transfer = move.line.replace(_INLINE, f"{_INLINE}{'^'.join(supervisor_leg.keypad(leg))}^", 1)
    return [Api(f"uuid_setvar_multi {leg} {';'.join(variables)}"), Api(transfer)]


def _move_supervisor(order: orders.MoveSupervisor, _: DialPlan) -> list[Command]:
    leg = _match(_UUID, order.leg, "leg")
    steps = supervisor_leg.drained(_whole(order.unread, 0, 100, "a number of commands"))
    return [Api(f"uuid_transfer {leg} '{_INLINE}{'^'.join([*steps, *_listening(order)])}' inline")]


def _let_wait(order: orders.LetWait, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_transfer {_match(_UUID, order.leg, 'leg')} '{_INLINE}{supervisor_leg.STAY}' inline")]


def _switch_mode(order: orders.SwitchMode, _: DialPlan) -> list[Command]:
    _whisper(order.mode)
    headers = {
        "Event-Subclass": "sasayaki::mode",
        "Unique-ID": _match(_UUID, order.leg, "leg"),
        "eavesdrop-command": str(order.mode),
    }
    return [SendEvent("CUSTOM", headers)]


def _ring_party(order: orders.RingParty, _: DialPlan) -> list[Command]:
    return [Api(party_leg.rung(_match(_UUID, order.leg, "leg")))]


def _say_tone(order: orders.SayTone, _: DialPlan) -> list[Command]:
    lasts_ms = _whole(order.lasts_ms, 1, 10_000, "a time in ms")
    return [Api(party_leg.spoken(_match(_UUID, order.leg, "leg"), _pitch(order.pitch_hz), lasts_ms))]


def _detect_tone(order: orders.DetectTone, _: DialPlan) -> list[Command]:
    leg, key = _match(_UUID, order.leg, "leg"), _match(_TOKEN, order.key, "key")
    return [Api(party_leg.heard(leg, key, _pitch(order.pitch_hz)))]


def _pitch(value: int) -> int:
    return _whole(value, 300, 3400, "a pitch in Hz")


def _play_notice(order: orders.PlayNotice, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_displace {_match(_UUID, order.leg, 'leg')} start {_NOTICE} 0 mux")]


_NOTICE = "tone_stream://v=-13;%(180,60,880);%(180,0,660)"


def _restore_media(order: orders.RestoreMedia, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_media {_match(_UUID, order.leg, 'leg')}")]


def _bridge_legs(order: orders.BridgeLegs, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_bridge {_match(_UUID, order.a, 'leg')} {_match(_UUID, order.b, 'leg')}")]


def _hang_up(order: orders.HangUp, _: DialPlan) -> list[Command]:
    return [Api(f"uuid_kill {_match(_UUID, order.leg, 'leg')} {_match(_CAUSE, order.cause, 'cause')}")]


_BUILDERS = cast(
    "dict[type, Callable[[Any, DialPlan], list[Command]]]",
    {
        orders.SetAgentStatus: _agent_status,
        orders.SetAgentState: _agent_state,
        orders.SetReadyTime: _ready_time,
        orders.SetWrapUp: _wrap_up,
        orders.SetAgentContact: _agent_contact,
        orders.RestoreAgentContact: _agent_contact_back,
        orders.SetQueueNumber: _queue_number,
        orders.SetTierLevel: _tier_level,
        orders.AddTier: _add_tier,
        orders.RemoveTier: lambda order, _: [Api(f"callcenter_config tier del {_tier(order)}")],
        orders.SetTierState: _tier_state,
        orders.RingSupervisor: _ring_supervisor,
        orders.RingForCallBack: _ring_for_call_back,
        orders.JoinSupervisor: _join_supervisor,
        orders.RingParty: _ring_party,
        orders.SayTone: _say_tone,
        orders.DetectTone: _detect_tone,
        orders.MoveSupervisor: _move_supervisor,
        orders.LetWait: _let_wait,
        orders.SwitchMode: _switch_mode,
        orders.BridgeLegs: _bridge_legs,
        orders.PlayNotice: _play_notice,
        orders.RestoreMedia: _restore_media,
        orders.StopPlaying: lambda order, _: [Api(f"uuid_break {_match(_UUID, order.leg, 'leg')} all")],
        orders.HangUp: _hang_up,
    },
)

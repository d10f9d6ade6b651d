"""What each order is to mean, told from its fields alone."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from fs_app.floor import orders
from fs_app.switch.orders import Api, Command, DialPlan, SendEvent, UnsafeOrder, build
from tests.unit.switch.switch_reads import meaning
from tests.unit.switch.written_orders import ASKED, CONFIRMED, DIAL


def lines(commands: list[Command]) -> list[str]:
    out: list[str] = []
    for command in commands:
        out += [command.line] if isinstance(command, Api) else [command.name, *command.headers.values()]
    return out


def intended(order: Any) -> list[list[Any]]:
    """The arguments that an order is to have, told from its fields alone."""
    cc = "callcenter_config"
    match order:
        case orders.SetAgentStatus(agent, status, unless_offered):
            main = [cc, "agent", "set", "status", agent, status]
            aside = [cc, "agent", "set", "state_if_waiting", agent, "Idle"]
            return [aside, main, [cc, "agent", "set", "state", agent, "Waiting"]] if unless_offered else [main]
        case orders.SetAgentState(agent, state):
            return [[cc, "agent", "set", "state", agent, state]]
        case orders.SetReadyTime(agent, epoch):
            return [[cc, "agent", "set", "ready_time", agent, str(epoch)]]
        case orders.SetWrapUp(agent, seconds):
            return [[cc, "agent", "set", "wrap_up_time", agent, str(seconds)]]
        case orders.SetAgentContact(agent, extension, outside):
            desk = f"[leg_timeout=20]user/{extension}@pbx.example" if extension is not None else ""
            mobile = outside_leg(outside) if outside is not None else ""
            return [[cc, "agent", "set", "contact", agent, desk + ("," if desk and mobile else "") + mobile]]
        case orders.RestoreAgentContact(agent, contact):
            return [[cc, "agent", "set", "contact", agent, contact]]
        case orders.SetQueueNumber(queue, number):
            return [["global_setvar", f"sasayaki_number_{queue}={number or ''}"]]
        case orders.SetTierLevel(queue, agent, level):
            one = [cc, "tier", "set"]
            return [[*one, "level", queue, agent, str(level)], [*one, "position", queue, agent, "1"]]
        case orders.AddTier(queue, agent, level):
            return [[cc, "tier", "add", queue, agent, str(level), "1"]]
        case orders.RemoveTier(queue, agent):
            return [[cc, "tier", "del", queue, agent]]
        case orders.SetTierState(queue, agent, state):
            return [[cc, "tier", "set", "state", queue, agent, state]]
        case orders.RingSupervisor():
            variables = {
                "origination_uuid": order.leg,
                "originate_timeout": str(order.timeout_s),
                "origination_caller_id_name": "Sasayaki",
                "origination_caller_id_number": order.extension,
                "ignore_early_media": "true",
                "sasayaki_supervision": order.supervision,
            }
            keys = [
                ("bind_digit_action", f"supervisor,{key},api:bgapi,echo sasayaki_key {order.leg} {key}")
                for key in "023"
            ]
            steps = [("clear_digit_action", "all"), *keys, ("digit_action_set_realm", "supervisor")]
            steps += listening(order)
            phone = (
                f"{CONFIRMED}sofia/gateway/carrier/{order.extension}"
                if order.outside
                else f"user/{order.extension}@pbx.example"
            )
            return [["originate", variables, phone, steps]]
        case orders.RingForCallBack():
            variables = {
                "origination_uuid": order.leg,
                "originate_timeout": str(order.timeout_s),
                "origination_caller_id_name": "Sasayaki",
                "origination_caller_id_number": order.shown,
                "ignore_early_media": "true",
                "hangup_after_bridge": "true",
                "continue_on_fail": "true",
                "sasayaki_call_back": order.call_back,
                "sasayaki_agent": order.agent,
                "execute_on_originate_track": f"callcenter_track:{order.agent}",
            }
            leg = f"[origination_uuid={order.customer_leg},origination_caller_id_number={order.shown},leg_timeout=60]"
            steps = [("set", "transfer_ringback=%(1000,2000,400)")]
            steps += [("bridge", f"{leg}sofia/gateway/carrier/{order.customer}")]
            steps += [("playback", "tone_stream://%(500,500,400);loops=6"), ("hangup", "NORMAL_CLEARING")]
            asked = ASKED % ("", "")
            confirmed = f"[^^~leg_timeout=25~group_confirm_key=1~group_confirm_file=file_string://{asked}~group_confirm_timeout=20]"
            return [["originate", variables, f"{confirmed}sofia/gateway/carrier/{order.number}", steps]]
        case orders.MoveSupervisor():
            steps = [("playback", f"silence_stream://{40 * order.unread + 40}")] if order.unread else []
            return [["uuid_transfer", order.leg, [*steps, *listening(order)]]]
        case orders.LetWait(leg):
            return [["uuid_transfer", leg, stay(True)]]
        case orders.JoinSupervisor():
            given = {
                "sensitive_dtmf": "false",
                "sasayaki_supervision": order.supervision,
            }
            keys = [("bind_digit_action", f"supervisor,{k},api:bgapi,echo sasayaki_key {order.leg} {k}") for k in "023"]
            steps = [("clear_digit_action", "all"), *keys, ("digit_action_set_realm", "supervisor")]
            moved = ["uuid_transfer", order.leg, [*steps, *listening(order)]]
            return [["uuid_setvar_multi", order.leg, ";".join(f"{n}={v}" for n, v in given.items())], moved]
        case orders.RingParty(leg):
            party = "loopback/m:^:answer^sched_hangup:+60^park/default/inline"
            variables = {
                "origination_uuid": leg,
                "originate_timeout": "5",
                "ignore_early_media": "true",
                "process_cdr": "false",
                "loopback_bowout": "false",
            }
            return [["originate", variables, party, [("park", "")]]]
        case orders.SayTone(leg, pitch, ms):
            return [["uuid_broadcast", leg, f"tone_stream://%({ms},0,{pitch})"]]
        case orders.DetectTone(leg, key, pitch):
            return [["tone_detect", leg, key, str(pitch), "r"]]
        case orders.BridgeLegs(a, b):
            return [["uuid_bridge", a, b]]
        case orders.PlayNotice(leg):
            tone = "tone_stream://v=-13;%(180,60,880);%(180,0,660)"
            return [["uuid_displace", leg, "start", tone, "0", "mux"]]
        case orders.RestoreMedia(leg):
            return [["uuid_media", leg]]
        case orders.StopPlaying(leg):
            return [["uuid_break", leg, "all"]]
        case orders.HangUp(leg, cause):
            return [["uuid_kill", leg, cause]]
    raise AssertionError(order)


def outside_leg(phone: orders.OutsidePhone) -> str:
    words = [f"sasayaki_outside={phone.number}", "leg_timeout=25"]
    words += [f"leg_delay_start={phone.delay_s}"] if phone.delay_s else []
    if phone.confirm:
        tones = f"tone_stream://%(300,200,880);loops=3!silence_stream://{phone.pause_s}000"
        played = "!".join([f"${{prompts}}/take_call.wav!{tones}"] * phone.rounds)
        words += ["group_confirm_key=1", f"group_confirm_file=file_string://{played}"]
        words += [f"group_confirm_timeout={phone.rounds * (8 + phone.pause_s)}"]
    shown = {"caller": "", "queue": "${sasayaki_number_${cc_queue}}"}.get(phone.caller_id, phone.caller_id)
    words += [f"origination_caller_id_number={shown}"] if shown else []
    return f"[^^~{'~'.join(words)}]sofia/gateway/carrier/{phone.number}"


def listening(order: orders.RingSupervisor | orders.MoveSupervisor) -> list[tuple[str, str]]:
    aleg, bleg = {0: ("false", "false"), 2: ("false", "true"), 3: ("true", "true")}[order.mode]
    own = {
        "max_session_transfers": "70",
        "eavesdrop_enable_dtmf": "false",
        "eavesdrop_whisper_aleg": aleg,
        "eavesdrop_whisper_bleg": bleg,
    }
    return [*(("set", f"{k}={v}") for k, v in own.items()), ("eavesdrop", order.target), *stay(order.follow)]


def stay(follow: bool) -> list[tuple[str, str]]:
    return [("playback", "silence_stream://-1")] if follow else []


def refused_or_as_intended(order: orders.Order, dial: DialPlan = DIAL) -> None:
    """Whatever stands in the order: nothing, or exactly its meaning."""
    try:
        commands = build(order, dial)
    except UnsafeOrder as refused:
        assert all(len(value) < 12 or value not in str(refused) for value in texts(order)), "the refusal echoes it"
        return
    for text in lines(commands) if not isinstance(order, orders.RestoreAgentContact) else []:
        fixed = text.replace("${prompts}", "").replace("${sasayaki_number_${cc_queue}}", "")
        assert re.fullmatch(r"[A-Za-z0-9 _.@+'(){}\[\]~=,:;%^/!-]+", fixed)
    for text in lines(commands):
        lower = text.lower()
        assert "mod_event_socket" not in lower or ("unload" not in lower and "reload" not in lower)
    if isinstance(order, orders.SwitchMode):
        assert commands == [mode_event(order.leg, order.mode)]
    else:
        assert [meaning(line) for line in lines(commands)] == intended(order)


def texts(order: orders.Order) -> list[str]:
    return [value for one in fields(order) if isinstance(value := getattr(order, one.name), str)]


def mode_event(leg: str, mode: int) -> SendEvent:
    return SendEvent("CUSTOM", {"Event-Subclass": "sasayaki::mode", "Unique-ID": leg, "eavesdrop-command": str(mode)})

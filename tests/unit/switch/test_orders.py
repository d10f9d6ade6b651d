"""The only builder of commands: what each order says exactly, and that nothing gets out of its place.

What is built is read back by ``switch_reads`` and compared with what the order means.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_app import setting_rules
from fs_app.floor import errors, orders, statuses
from fs_app.switch.orders import Api, Command, DialPlan, SendEvent, UnsafeOrder, build
from tests.unit.switch.switch_reads import meaning, tokens

LEG = "11111111-2222-4333-8444-555555555555"
TARGET = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
DIAL = DialPlan("pbx.example", external_dial="sofia/gateway/carrier/{number}")
KEYPAD = (
    "clear_digit_action:all"
    f"^bind_digit_action:supervisor,0,api:bgapi,echo sasayaki_key {LEG} 0"
    f"^bind_digit_action:supervisor,2,api:bgapi,echo sasayaki_key {LEG} 2"
    f"^bind_digit_action:supervisor,3,api:bgapi,echo sasayaki_key {LEG} 3"
    "^digit_action_set_realm:supervisor"
)
LISTENING = (
    f"set:eavesdrop_enable_dtmf=false^set:eavesdrop_whisper_aleg=%s^set:eavesdrop_whisper_bleg=%s^eavesdrop:{TARGET}%s"
)
RING = (
    f"originate {{origination_uuid={LEG},originate_timeout=30,origination_caller_id_name=Sasayaki,"
    "origination_caller_id_number=9001,ignore_early_media=true,sasayaki_supervision=s-1}user/9001@pbx.example "
    f"'m:^:{KEYPAD}^{LISTENING}' inline"
)
PARTY_CALL = (
    "originate {origination_uuid=%s,originate_timeout=5,ignore_early_media=true,process_cdr=false,loopback_bowout=false}"
    "loopback/m:^:answer^sched_hangup:+60^park/default/inline 'm:^:park' inline"
)
MOVE = f"uuid_transfer {LEG} 'm:^:{LISTENING}' inline"
STAY = "^playback:silence_stream://-1"
CONFIRMED = "[^^~group_confirm_key=1~group_confirm_file=tone_stream://%(300,200,880);loops=3~group_confirm_timeout=15]"
OUTSIDE = (
    (RING % ("false", "false", ""))
    .replace("origination_caller_id_number=9001", "origination_caller_id_number=09011112222")
    .replace("user/9001@pbx.example", f"{CONFIRMED}sofia/gateway/carrier/09011112222")
)

CALL_BACK = orders.RingForCallBack(LEG, TARGET, "c1", "1001@default", "09011112222", "0312345678", "0398765432")
ASKED = "!".join(["%s" + "tone_stream://%%(300,200,880);loops=3!silence_stream://2000"] * 2)
FULL = "limit_ignore_transfer=true,execute_on_originate=limit hash outbound all 30 !NORMAL_CIRCUIT_CONGESTION"


def ring_for_call_back(prompt: str = "", limit: str = "") -> str:
    asked = ASKED % (prompt, prompt)
    return (
        f"originate '{{origination_uuid={LEG},originate_timeout=60,origination_caller_id_name=Sasayaki,"
        "origination_caller_id_number=0398765432,ignore_early_media=true,hangup_after_bridge=true,continue_on_fail=true,"
        f"sasayaki_call_back=c1,sasayaki_agent=1001@default,execute_on_originate_track=callcenter_track:1001@default{limit}}}"
        f"[^^~leg_timeout=25~group_confirm_key=1~group_confirm_file=file_string://{asked}~group_confirm_timeout=20]"
        "sofia/gateway/carrier/09011112222' 'm:^:set:transfer_ringback=%(1000,2000,400)"
        f"^bridge:[origination_uuid={TARGET},origination_caller_id_number=0398765432,leg_timeout=60{limit}]"
        "sofia/gateway/carrier/0312345678^playback:tone_stream://%(500,500,400);loops=6^hangup:NORMAL_CLEARING' inline"
    )


CONFIRMATION = "!".join(["${prompts}/take_call.wav!tone_stream://%(300,200,880);loops=3!silence_stream://2000"] * 3)
MOBILE = (
    "[^^~sasayaki_outside=09012345678~leg_timeout=25~group_confirm_key=1"
    f"~group_confirm_file=file_string://{CONFIRMATION}~group_confirm_timeout=30]sofia/gateway/carrier/09012345678"
)

EXACT: list[tuple[orders.Order, list[str]]] = [
    (
        orders.SetAgentStatus("1001@default", "On Break"),
        ["callcenter_config agent set status 1001@default 'On Break'"],
    ),
    (
        orders.SetAgentStatus("1001@default", "Available (On Demand)"),
        ["callcenter_config agent set status 1001@default 'Available (On Demand)'"],
    ),
    (
        orders.SetAgentStatus("1001@default", "On Break", unless_offered=True),
        [
            "callcenter_config agent set state_if_waiting 1001@default Idle",
            "callcenter_config agent set status 1001@default 'On Break'",
            "callcenter_config agent set state 1001@default Waiting",
        ],
    ),
    (
        orders.SetAgentState("1001@default", "In a queue call"),
        ["callcenter_config agent set state 1001@default 'In a queue call'"],
    ),
    (
        orders.SetReadyTime("1001@default", 1_800_000_000),
        ["callcenter_config agent set ready_time 1001@default 1800000000"],
    ),
    (
        orders.AddTier("support@default", "1001@default", 3),
        ["callcenter_config tier add support@default 1001@default 3 1"],
    ),
    (
        orders.RemoveTier("support@default", "1001@default"),
        ["callcenter_config tier del support@default 1001@default"],
    ),
    (orders.SetWrapUp("1001@default", 0), ["callcenter_config agent set wrap_up_time 1001@default 0"]),
    (
        orders.SetAgentContact("1001@default", "1001"),
        ["callcenter_config agent set contact 1001@default '[leg_timeout=20]user/1001@pbx.example'"],
    ),
    (
        orders.SetAgentContact("1001@default", None, orders.OutsidePhone("09012345678")),
        [f"callcenter_config agent set contact 1001@default '{MOBILE}'"],
    ),
    (
        orders.SetAgentContact(
            "1001@default", "1001", orders.OutsidePhone("09012345678", 10, confirm=False, caller_id="queue")
        ),
        [
            "callcenter_config agent set contact 1001@default '[leg_timeout=20]user/1001@pbx.example,"
            "[^^~sasayaki_outside=09012345678~leg_timeout=25~leg_delay_start=10"
            "~origination_caller_id_number=${sasayaki_number_${cc_queue}}]sofia/gateway/carrier/09012345678'"
        ],
    ),
    (
        orders.SetQueueNumber("support@default", "0312340000"),
        ["global_setvar sasayaki_number_support@default=0312340000"],
    ),
    (
        orders.SetTierLevel("support@default", "1001@default", 15),
        [
            "callcenter_config tier set level support@default 1001@default 15",
            "callcenter_config tier set position support@default 1001@default 1",
        ],
    ),
    (
        orders.SetTierState("support@default", "1001@default", "No Answer"),
        ["callcenter_config tier set state support@default 1001@default 'No Answer'"],
    ),
    (orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=False), [RING % ("false", "false", "")]),
    (orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 2, follow=False), [RING % ("false", "true", "")]),
    (orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 3, follow=True), [RING % ("true", "true", STAY)]),
    (
        orders.RingSupervisor(LEG, "s-1", "09011112222", TARGET, 0, follow=False, outside=True),
        [OUTSIDE],
    ),
    (CALL_BACK, [ring_for_call_back()]),
    (orders.MoveSupervisor(LEG, TARGET, 0, follow=False), [MOVE % ("false", "false", "")]),
    (orders.MoveSupervisor(LEG, TARGET, 2, follow=True), [MOVE % ("false", "true", STAY)]),
    (orders.MoveSupervisor(LEG, TARGET, 3, follow=False), [MOVE % ("true", "true", "")]),
    (
        orders.JoinSupervisor(LEG, "s-1", TARGET, 2, follow=False),
        [
            f"uuid_setvar_multi {LEG} sensitive_dtmf=false;sasayaki_supervision=s-1",
            MOVE.replace("m:^:", f"m:^:{KEYPAD}^") % ("false", "true", ""),
        ],
    ),
    (
        orders.MoveSupervisor(LEG, TARGET, 0, follow=False, unread=2),
        [(MOVE % ("false", "false", "")).replace("'m:^:", "'m:^:playback:silence_stream://120^")],
    ),
    (orders.LetWait(LEG), [f"uuid_transfer {LEG} 'm:^:playback:silence_stream://-1' inline"]),
    (orders.RingParty(LEG), [PARTY_CALL % LEG]),
    (orders.SayTone(LEG, 700, 600), [f"uuid_broadcast {LEG} tone_stream://%(600,0,700)"]),
    (orders.DetectTone(LEG, "a1-agent-customer", 700), [f"tone_detect {LEG} a1-agent-customer 700 r"]),
    (orders.BridgeLegs(LEG, TARGET), [f"uuid_bridge {LEG} {TARGET}"]),
    (
        orders.PlayNotice(LEG),
        [f"uuid_displace {LEG} start tone_stream://v=-13;%(180,60,880);%(180,0,660) 0 mux"],
    ),
    (orders.RestoreMedia(LEG), [f"uuid_media {LEG}"]),
    (orders.HangUp(LEG), [f"uuid_kill {LEG} NORMAL_CLEARING"]),
]
SWITCH_MODE = orders.SwitchMode(LEG, 2)
BACK = orders.RestoreAgentContact("1001@default", orders.OldContact("[a='b c']user/1001|sofia/gateway/x/\\,1"))
SAMPLES: list[orders.Order] = [*(order for order, _ in EXACT), SWITCH_MODE, BACK]

NEVER = [
    "", " ", "a b", "a\n\nexit", "a\nJob-UUID: 1", "a\r", "a\x00b", "\x1b[2J", "a\x7f", "a\t", "a\n", "\n", "exit\n\n",
    "${system(id)}", "$${domain}", "${sofia_contact(1001)}", "a'b", "'", '"', "a\\sb", "\\", "^^:a:b", "^^,", "%[a=b]x",
    "{a=b}", "[a=b]", "<a=b>", "a,b", "a|b", "a:_:b", "user/1,user/2", "&system(id)", "1001 &eavesdrop(x)", "a)", "(a",
    "x::y", "x!NORMAL_CLEARING", "reload mod_event_socket", "unload\tmod_event_socket", "a;;b", "a=b", "#", "`id`", "$(id)",
    "٣٤٥", "１００１", "²", "ア", "a\u200b", "a\u2028b", "a\x85", "\ud800", "é", "1" * 200, "a" * 5_000_000,
    "console_execute: true", "a;unload", "../../etc/passwd", "~", "*", "?",
]  # fmt: skip
NO_TEXTS: list[Any] = [None, True, False, 1.0, 1.5, float("nan"), b"1001", ["1001"], ("1001",), {}, object()]
NO_NUMBERS: list[Any] = [
    "1", "1 2", "", None, True, False, 1.0, float("inf"), float("nan"), -1, 1 << 40, b"1", [1], "１",
]  # fmt: skip


def hints(order: orders.Order) -> dict[str, Any]:
    return get_type_hints(type(order))


def fields_of(kind: type) -> list[tuple[orders.Order, str]]:
    """Every field of that type in every order, with an order in which all else is good."""
    return [(order, name) for order in SAMPLES for name, hint in hints(order).items() if hint is kind]


def ids(pair: object) -> str:
    return pair if isinstance(pair, str) else type(pair).__name__


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
    own = {"eavesdrop_enable_dtmf": "false", "eavesdrop_whisper_aleg": aleg, "eavesdrop_whisper_bleg": bleg}
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


# ---- exact texts


@pytest.mark.parametrize(("order", "expected"), EXACT, ids=ids)
def test_order_when_all_is_well_formed_then_its_exact_text(order: orders.Order, expected: list[str]) -> None:
    assert lines(build(order, DIAL)) == expected


def test_switch_mode_when_built_then_an_event_for_the_supervisors_leg() -> None:
    assert build(SWITCH_MODE, DIAL) == [mode_event(LEG, 2)]


def test_every_order_there_is_has_its_text_here() -> None:
    assert {type(order) for order in SAMPLES} == set(get_args(orders.Order))


@pytest.mark.parametrize("order", SAMPLES, ids=ids)
def test_order_when_freeswitch_reads_it_then_it_is_what_was_meant(order: orders.Order) -> None:
    refused_or_as_intended(order)


def test_taking_an_agent_aside_when_refused_then_the_reason_is_that_his_phone_rings() -> None:
    aside, *others = build(orders.SetAgentStatus("1001", "On Break", unless_offered=True), DIAL)
    assert isinstance(aside, Api)
    assert aside.refusal == errors.AGENT_RINGING
    assert {command.refusal for command in others if isinstance(command, Api)} == {errors.SWITCH_REFUSED}


@pytest.mark.parametrize("status", statuses.SWITCH_STATUSES)
def test_status_when_freeswitch_reads_it_then_all_its_words_arrive(status: str) -> None:
    """Unquoted, «Available (On Demand)» would be taken for Available, with success (seen on 1.10.12)."""
    assert tokens("agent set status 1001 Available (On Demand)".partition("status ")[2], 8)[1] == "Available"
    refused_or_as_intended(orders.SetAgentStatus("1001", status))


def test_call_back_when_the_switch_has_prompts_and_a_limit_then_both_legs_count_and_the_prompt_is_played() -> None:
    dial = replace(DIAL, prompts="/var/lib/sasayaki-voices/ja", outside_calls=30)
    (line,) = lines(build(CALL_BACK, dial))
    assert line == ring_for_call_back("/var/lib/sasayaki-voices/ja/call_back.wav!", f",{FULL}")
    _, _, phone, steps = meaning(line)
    assert phone.endswith("sofia/gateway/carrier/09011112222")
    assert [name for name, _ in steps] == ["set", "bridge", "playback", "hangup"]


@pytest.mark.parametrize("evil", ["/x y", "/x'", "/${y}", "x", "/x~y", "/x!y", "/x]", "/" + "a" * 300])
def test_folder_of_prompts_when_it_could_break_out_then_refused(evil: str) -> None:
    with pytest.raises(UnsafeOrder):
        build(CALL_BACK, replace(DIAL, prompts=evil))


# ---- breaking out


def let_through(order: orders.Order, field: str, values: list[Any]) -> list[str]:
    """Which of these values of a field do not end in UnsafeOrder."""
    through = []
    for value in values:
        try:
            build(replace(order, **{field: value}), DIAL)
        except UnsafeOrder as refused:
            assert len(str(refused)) < 120, "the refusal echoes the value"
        else:
            through.append(ascii(value)[:80])
    return through


@pytest.mark.parametrize(("order", "field"), fields_of(str), ids=ids)
def test_text_field_when_dangerous_or_no_text_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [*NEVER, *NO_TEXTS]) == []


@pytest.mark.parametrize(("order", "field"), fields_of(int), ids=ids)
def test_number_field_when_no_number_in_its_range_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [*NEVER, *NO_NUMBERS]) == []


@pytest.mark.parametrize(("order", "field"), fields_of(bool), ids=ids)
def test_yes_or_no_field_when_neither_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [None, 0, 1, "", "true", "false", [], 1.0]) == []


@pytest.mark.parametrize(
    "evil", [*dict.fromkeys(t for t in NEVER if t != "x::y"), "a:_:user", None], ids=lambda text: ascii(text)[:30]
)
@pytest.mark.parametrize(
    "order",
    [
        orders.SetAgentContact("1001", "1001"),
        orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678")),
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=False),
    ],
    ids=ids,
)
def test_domain_when_dangerous_then_no_dial_string_is_made_with_it(order: orders.Order, evil: Any) -> None:
    """It may be the switch's own global variable, which nobody here has checked. IPv6 domains have colons."""
    with pytest.raises(UnsafeOrder):
        build(order, replace(DIAL, domain=evil, external_dial="sofia/internal/{number}@{domain}"))


def test_outside_number_when_the_pattern_names_the_domain_then_it_is_put_in() -> None:
    dial = replace(DIAL, external_dial="sofia/internal/{number}@{domain}")
    (line,) = lines(build(orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678", confirm=False)), dial))
    assert meaning(line)[-1].endswith("]sofia/internal/0312345678@pbx.example")


def test_variables_in_braces_of_a_dial_pattern_stay_in_front() -> None:
    dial = replace(DIAL, extension_dial="{a=b}user/{extension}@{domain}", external_dial="{c=d}sofia/x/{number}")
    both = orders.SetAgentContact("1001", "1001", orders.OutsidePhone("0312345678", 5, confirm=False))
    (line,) = lines(build(both, dial))
    assert meaning(line)[-1] == (
        "{a=b}{c=d}[leg_timeout=20]user/1001@pbx.example,"
        "[^^~sasayaki_outside=0312345678~leg_timeout=25~leg_delay_start=5]sofia/x/0312345678"
    )


def test_outside_number_when_the_site_has_none_then_refused() -> None:
    with pytest.raises(UnsafeOrder, match="not set up"):
        build(
            orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678", confirm=False)),
            DialPlan("pbx.example"),
        )


def test_caller_id_name_when_dangerous_then_refused() -> None:
    ring = orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=False)
    for evil in [*NEVER, *NO_TEXTS]:
        with pytest.raises(UnsafeOrder):
            build(ring, replace(DIAL, caller_id_name=evil))


@pytest.mark.parametrize(
    "order",
    [
        orders.SetTierLevel("reload@default", "mod_event_socket", 1),
        orders.SetTierLevel("MOD_EVENT_SOCKET", "UnLoad", 1),
        orders.SetTierState("mod_event_socket", "unload", "Ready"),
        orders.AddTier("mod_event_socket", "unload", 1),
        orders.RemoveTier("mod_event_socket", "reload"),
        orders.SetAgentStatus("unload-mod_event_socket", "On Break"),
        orders.SetAgentState("Reload_Mod_Event_Socket", "Idle"),
        orders.SetReadyTime("Unload.mod_event_socket", 1),
        orders.SetWrapUp("preload.mod_event_socket", 1),
        orders.SetAgentContact("reload+mod_event_socket", "1001"),
        orders.RestoreAgentContact("unload", orders.OldContact("user/mod_event_socket")),
    ],
    ids=repr,
)
def test_names_that_together_would_unload_the_event_socket_are_refused(order: orders.Order) -> None:
    """FreeSWITCH looks for both words anywhere in a command (mod_event_socket.c:1729); both are fine identifiers."""
    with pytest.raises(UnsafeOrder):
        build(order, DIAL)


def test_either_of_those_names_alone_is_an_agents_own_affair() -> None:
    refused_or_as_intended(orders.SetAgentStatus("mod_event_socket", "On Break"))
    assert build(orders.SetAgentStatus("unload", "On Break"), DIAL)


@pytest.mark.parametrize("name", ["exit", "...", "..", "undef", "-ERR", "+OK", "agent", "bgapi", "_undef_", "-"])
@pytest.mark.parametrize(
    ("order", "field"), [pair for pair in fields_of(str) if pair[1] in ("agent", "queue")], ids=ids
)
def test_words_of_freeswitch_as_a_name_stay_an_argument_in_its_place(
    order: orders.Order, field: str, name: str
) -> None:
    """``exit`` and ``...`` disconnect, but only in front; they are identifiers like any other."""
    named = replace(order, **{field: name})
    commands = build(named, DIAL)
    assert all(
        line.startswith(("callcenter_config ", "originate '{", "global_setvar sasayaki_number_"))
        for line in lines(commands)
    )
    assert [meaning(line) for line in lines(commands)] == intended(named)


OUTSIDE_FIELDS: list[tuple[str, list[Any]]] = [
    ("number", [*NEVER, *NO_TEXTS]),
    ("caller_id", [*NEVER, *NO_TEXTS]),
    ("delay_s", [*NEVER, *NO_NUMBERS, 61]),
    ("rounds", [*NEVER, *NO_NUMBERS, 0, 6]),
    ("pause_s", [*NEVER, *NO_NUMBERS, 0, 11]),
    ("confirm", [None, 0, 1, "", "true", []]),
]


@pytest.mark.parametrize(("field", "values"), OUTSIDE_FIELDS, ids=ids)
def test_field_of_an_outside_phone_when_dangerous_then_refused(field: str, values: list[Any]) -> None:
    phone = orders.OutsidePhone("09012345678", 10)
    made = [replace(phone, **{field: value}) for value in values]
    assert let_through(orders.SetAgentContact("1001", "1001", phone), "outside", made) == []


@pytest.mark.parametrize("extension", [text for text in [*NEVER, *NO_TEXTS] if text is not None])
def test_extension_of_a_contact_when_dangerous_then_refused(extension: Any) -> None:
    assert let_through(orders.SetAgentContact("1001", "1001"), "extension", [extension]) == []


def test_contact_without_any_phone_is_refused() -> None:
    with pytest.raises(UnsafeOrder):
        build(orders.SetAgentContact("1001"), DIAL)


def test_f4_outside_leg_when_the_switch_limits_its_calls_then_it_counts_before_it_rings() -> None:
    dial = replace(DIAL, outside_calls=30)
    both = orders.SetAgentContact("1001", "1001", orders.OutsidePhone("09012345678", 10, confirm=False))
    (line,) = lines(build(both, dial))
    assert meaning(line)[-1] == (
        "[leg_timeout=20]user/1001@pbx.example,[^^~sasayaki_outside=09012345678~leg_timeout=25~leg_delay_start=10"
        "~limit_ignore_transfer=true~execute_on_originate=limit hash outbound all 30 !NORMAL_CIRCUIT_CONGESTION]"
        "sofia/gateway/carrier/09012345678"
    )
    (line,) = lines(build(orders.SetAgentContact("1001", "1001"), dial))
    assert "limit" not in line


def test_our_contacts_never_hold_a_pipe_and_always_a_leg_timeout() -> None:
    for order in SAMPLES:
        if isinstance(order, orders.SetAgentContact):
            (line,) = lines(build(order, DIAL))
            assert "|" not in line
            assert line.count("leg_timeout=") == (order.extension is not None) + (order.outside is not None)


@pytest.mark.parametrize(
    "contact",
    [
        "[leg_timeout=10]user/1001@default|sofia/gateway/carrier/090",
        "[leg_timeout=10,execute_on_answer='callcenter_track 1001@default']user/1001@default",
        "user/1001@default\\,x",
        "[a=\\'b\\']user/1",
        '[a="x y"]user/1',
        "${regex(a|b)}user/1001",
        "^^:a:b",
        "'user/1'",
        "user/日",
    ],
)
def test_contact_that_was_there_is_given_back_as_it_was(contact: str) -> None:
    (line,) = lines(build(orders.RestoreAgentContact("1001", orders.OldContact(contact)), DIAL))
    assert meaning(line) == ["callcenter_config", "agent", "set", "contact", "1001", contact]


@pytest.mark.parametrize("contact", ["", "a\nb", "a\r", "a\0", "x" * 1025, "a\x85b", "a\u2028b", "\ud800", None, 1])
def test_contact_that_would_end_the_line_is_not_given_back(contact: Any) -> None:
    assert let_through(BACK, "contact", [contact]) == []


# ---- modes


@pytest.mark.parametrize(
    "order",
    [
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=True),
        orders.MoveSupervisor(LEG, TARGET, 0, follow=False),
        orders.JoinSupervisor(LEG, "s-1", TARGET, 0, follow=False),
        SWITCH_MODE,
    ],
    ids=ids,
)
def test_mode_when_not_0_2_or_3_then_refused(order: orders.Order) -> None:
    """1 speaks to the customer: no order may ever say it, whatever type it comes in."""
    assert let_through(order, "mode", [1, -1, 4, 10, "0", "1", "2", None, True, False, 2.0, "*", [2]]) == []


@pytest.mark.parametrize("mode", [0, 2, 3])
@pytest.mark.parametrize("follow", [True, False])
def test_both_whisper_variables_are_always_given(mode: int, follow: bool) -> None:
    """They outlive a transfer on the leg, so an old one must never be left to speak (mod_dptools.c:931)."""
    for order in (
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, mode, follow),
        orders.MoveSupervisor(LEG, TARGET, mode, follow),
    ):
        (line,) = lines(build(order, DIAL))
        said = dict(re.findall(r"eavesdrop_whisper_([ab]leg)=(true|false)", line))
        assert said.keys() == {"aleg", "bleg"}
        assert said != {"aleg": "true", "bleg": "false"}


# ---- whatever comes

NASTY = st.sampled_from([text for text in NEVER if len(text) < 1000])
PLAUSIBLE = st.from_regex(r"\A[A-Za-z0-9_.@+-]{1,70}\Z")
EVENT_SOCKET = st.sampled_from(["mod_event_socket", "unload", "reload", "x-unload-x", "MOD_EVENT_SOCKET@a"])
LEGS = st.uuids().map(str) | st.from_regex(r"\A[0-9a-fA-F-]{36}\Z")
ANY_TEXT = st.text() | PLAUSIBLE | NASTY | LEGS | EVENT_SOCKET | st.builds("{}{}".format, PLAUSIBLE, NASTY)
ANY_NUMBER = st.integers(-5, 400) | st.integers()
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: ANY_TEXT | st.sampled_from([*statuses.SWITCH_STATUSES, "Waiting", "Ready", "external", "extension", "NONE"]),
    int: ANY_NUMBER,
    bool: st.booleans(),
    str | None: ANY_TEXT | st.none(),
    orders.OldContact: ANY_TEXT,
    orders.OutsidePhone | None: st.none()
    | st.builds(orders.OutsidePhone, ANY_TEXT, ANY_NUMBER, st.booleans(), ANY_NUMBER, ANY_NUMBER, ANY_TEXT)
    | st.builds(orders.OutsidePhone, st.from_regex(r"\A\+?[0-9]{3,20}\Z"), st.integers(0, 60), st.booleans()),
}


@given(data=st.data(), order=st.sampled_from(SAMPLES))
def test_any_value_in_one_field_is_refused_or_stays_exactly_there(data: st.DataObject, order: orders.Order) -> None:
    field = data.draw(st.sampled_from(sorted(hints(order))))
    refused_or_as_intended(replace(order, **{field: data.draw(BY_TYPE[hints(order)[field]])}))


@given(data=st.data(), order=st.sampled_from(SAMPLES))
def test_any_values_in_all_fields_are_refused_or_stay_exactly_there(data: st.DataObject, order: orders.Order) -> None:
    drawn = {name: data.draw(st.just(getattr(order, name)) | BY_TYPE[hint]) for name, hint in hints(order).items()}
    refused_or_as_intended(replace(order, **drawn))


SETTING = st.lists(
    st.sampled_from([*"az09/@,.^:&[]()=-_%$", "user/", "{domain}", "{a=b}", "${x}", " ", "'", "sofia/gateway/x/"]),
    max_size=12,
).map("".join)


@given(pattern=st.builds("user/{}{{extension}}{}".format, SETTING, SETTING))
def test_dial_pattern_that_the_settings_take_stays_one_argument(pattern: str) -> None:
    try:
        accepted = setting_rules.extension_dial(pattern)
    except ValueError:
        return
    dial = DialPlan("pbx.example", extension_dial=accepted)
    (line,) = lines(build(orders.SetAgentContact("a", "77"), dial))
    contact = "[leg_timeout=20]" + accepted.replace("{extension}", "77").replace("{domain}", "pbx.example")
    assert meaning(line) == ["callcenter_config", "agent", "set", "contact", "a", contact]
    assert "${" not in line

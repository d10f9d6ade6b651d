"""Every order, well formed, with the exact text that is built of it."""

from __future__ import annotations

from typing import Any, get_type_hints

from fs_app.floor import orders
from fs_app.switch.orders import DialPlan

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
    "set:max_session_transfers=70^set:eavesdrop_enable_dtmf=false^set:eavesdrop_whisper_aleg=%s"
    f"^set:eavesdrop_whisper_bleg=%s^eavesdrop:{TARGET}%s"
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
    (orders.StopPlaying(LEG), [f"uuid_break {LEG} all"]),
    (orders.HangUp(LEG), [f"uuid_kill {LEG} NORMAL_CLEARING"]),
]
SWITCH_MODE = orders.SwitchMode(LEG, 2)
BACK = orders.RestoreAgentContact("1001@default", orders.OldContact("[a='b c']user/1001|sofia/gateway/x/\\,1"))
SAMPLES: list[orders.Order] = [*(order for order, _ in EXACT), SWITCH_MODE, BACK]


def hints(order: orders.Order) -> dict[str, Any]:
    return get_type_hints(type(order))


def fields_of(kind: type) -> list[tuple[orders.Order, str]]:
    """Every field of that type in every order, with an order in which all else is good."""
    return [(order, name) for order in SAMPLES for name, hint in hints(order).items() if hint is kind]


def ids(pair: object) -> str:
    return pair if isinstance(pair, str) else type(pair).__name__

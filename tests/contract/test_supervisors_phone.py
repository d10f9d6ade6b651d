"""What comes with listening: the supervisor's keypad, the agent's notice, sound that does not pass the switch."""

from __future__ import annotations

import uuid

import pytest

from tests.contract.driver import answers
from tests.contract.floor import CUSTOMER, STAY, WHISPER, Floor, QueueCall
from tests.contract.order import assert_in_order, of
from tests.contract.patience import wait

NOTICE = "tone_stream://v=-13;%(180,60,880);%(180,0,660)"


@pytest.fixture
def call(floor: Floor) -> QueueCall:
    """A queue call of agent 1001."""
    floor.agent("1001")
    return floor.answered_call()


def _listen_with_keys(floor: Floor, leg: str) -> str:
    """A supervisor's leg whose keys 0, 2 and 3 are told to us; eavesdrop's own are off."""
    own = str(uuid.uuid4())
    binds = [f"bind_digit_action:supervisor,{key},api:bgapi,echo the_key {own} {key}" for key in (0, 2, 3)]
    steps = ["clear_digit_action:all", *binds, "digit_action_set_realm:supervisor", f"eavesdrop:{leg}", STAY]
    floor.driver.phone("9001").behave(answers(0))
    variables = f"{{origination_uuid={own},eavesdrop_enable_dtmf=false}}"
    result = floor.esl.bgapi(f"originate {variables}user/9001@default 'm:^:{'^'.join(steps)}' inline")
    assert result == f"+OK {own}\n"
    floor.esl.wait("MEDIA_BUG_START", Unique_ID=leg)
    return own


def _told(floor: Floor, own: str, keys: str) -> list[str]:
    """Press keys; which of them are told within two seconds."""
    floor.esl.events.clear()
    floor.driver.phone("9001").press(keys)
    jobs = of(floor.esl.gather(0.4 * len(keys) + 1), "BACKGROUND_JOB")
    assert {job["Job-Command"] for job in jobs} <= {"echo"}
    assert [job.body for job in jobs] == [job["Job-Command-Arg"] for job in jobs]
    assert all(job.body.startswith(f"the_key {own} ") for job in jobs)
    return [job.body.split()[-1] for job in jobs]


def test_keys_when_pressed_while_listening_then_bound_ones_are_told_and_nothing_else_happens(
    floor: Floor, call: QueueCall
) -> None:
    own = _listen_with_keys(floor, call.agent_leg)
    floor.hear({"9001": {CUSTOMER, "1001"}})
    assert _told(floor, own, "2130") == ["2", "3", "0"]
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": {CUSTOMER, "1001"}})
    floor.switch_mode(own, WHISPER)
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER, "9001"}})


def test_keys_when_the_listener_was_moved_to_another_leg_then_still_told(floor: Floor, call: QueueCall) -> None:
    own = _listen_with_keys(floor, call.agent_leg)
    steps = f"set:eavesdrop_whisper_aleg=false^set:eavesdrop_whisper_bleg=false^eavesdrop:{call.member_leg}^{STAY}"
    assert floor.esl.api(f"uuid_transfer {own} 'm:^:{steps}' inline") == "+OK\n"
    floor.esl.wait("MEDIA_BUG_START", Unique_ID=call.member_leg)
    assert _told(floor, own, "3") == ["3"]


def test_keys_when_the_follower_waits_then_still_told(floor: Floor, call: QueueCall) -> None:
    own = _listen_with_keys(floor, call.agent_leg)
    call.customer.hang_up()
    floor.esl.wait("CHANNEL_EXECUTE", Unique_ID=own, Application="playback")
    assert _told(floor, own, "2") == ["2"]


def test_notice_when_played_to_the_agents_leg_then_started_and_over_and_nobody_else_disturbed(
    floor: Floor, call: QueueCall
) -> None:
    leg = {"Unique-ID": call.agent_leg, "Media-Bug-Function": "displace"}
    assert floor.esl.api(f"uuid_displace {call.agent_leg} start {NOTICE} 0 mux") == "+OK Success\n"
    events = floor.esl.until("MEDIA_BUG_STOP", Unique_ID=call.agent_leg)
    assert_in_order(events, ("MEDIA_BUG_START", leg), ("MEDIA_BUG_STOP", leg))
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}})


def test_buglist_when_a_sound_is_mixed_in_then_it_is_told_with_its_source(floor: Floor, call: QueueCall) -> None:
    tone = "tone_stream://%(60000,0,440)"
    assert floor.esl.api(f"uuid_displace {call.agent_leg} start {tone} 0 mux") == "+OK Success\n"
    assert floor.esl.api(f"uuid_buglist {call.agent_leg}") == (
        "<media-bugs>\n <media-bug>\n  <function>displace</function>\n"
        f"  <target>{tone}</target>\n  <thread-locked>0</thread-locked>\n </media-bug>\n</media-bugs>\n"
    )


def test_bypass_when_sound_does_not_pass_the_switch_then_the_legs_state_says_so_until_it_is_brought_back(
    floor: Floor, call: QueueCall
) -> None:
    """``Channel-State`` is the only true sign: the variable ``signal_bridge`` stays once it was set."""
    legs = call.agent_leg, call.member_leg

    def states() -> list[str]:
        return [str(floor.esl.api_json(f"uuid_dump {leg} json")["Channel-State"]) for leg in legs]

    def marked() -> list[str]:
        return [floor.esl.api(f"uuid_getvar {leg} signal_bridge") for leg in legs]

    assert (states(), marked()) == (["CS_EXCHANGE_MEDIA", "CS_SOFT_EXECUTE"], ["_undef_", "_undef_"])
    assert floor.esl.api(f"uuid_media off {call.agent_leg}") == "+OK Success\n"
    wait(lambda: states() == ["CS_HIBERNATE", "CS_HIBERNATE"], lambda: str(states()))
    assert marked() == ["true", "true"]
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}})
    floor.esl.events.clear()
    assert floor.esl.api(f"uuid_media {call.agent_leg}") == "+OK Success\n"
    assert_in_order(floor.esl.until("CHANNEL_BRIDGE"), "CHANNEL_UNBRIDGE", "CHANNEL_BRIDGE")
    wait(lambda: states() == ["CS_EXCHANGE_MEDIA", "CS_SOFT_EXECUTE"], lambda: str(states()))
    assert marked() == ["true", "true"]
    floor.listen("9001", call.agent_leg)
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": {CUSTOMER, "1001"}})


def test_bypass_when_it_begins_under_a_listener_then_he_hears_nothing_until_it_is_brought_back(
    floor: Floor, call: QueueCall
) -> None:
    """Brought back while he waits in silence: with a media bug on it a leg may lock up for good (1.10.12, seen)."""
    own = floor.listen("9001", call.agent_leg)
    floor.hear({"9001": {CUSTOMER, "1001"}})
    assert floor.esl.api(f"uuid_media off {call.agent_leg}") == "+OK Success\n"
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": set()})
    assert floor.esl.api(f"uuid_transfer {own} '{STAY}' inline") == "+OK\n"
    floor.esl.wait("MEDIA_BUG_STOP", Unique_ID=call.agent_leg)
    floor.esl.events.clear()
    assert floor.esl.api(f"uuid_media {call.agent_leg}") == "+OK Success\n"
    floor.esl.wait("CHANNEL_BRIDGE")
    floor.move(own, call.agent_leg)
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": {CUSTOMER, "1001"}})


@pytest.mark.parametrize(("first", "heard"), [("", {"music", "9001"}), ("playback:silence_stream://240^", {"music"})])
def test_mode_when_unread_at_a_transfer_then_the_next_leg_obeys_it_unless_silence_is_played_before(
    floor: Floor, call: QueueCall, first: str, heard: set[str]
) -> None:
    """Each frame reads one command; a transfer leaves the rest in the queue. On the customer's leg 2 speaks to him."""
    own = floor.listen("9001", call.agent_leg)
    call.agent.hold()
    floor.hear({CUSTOMER: {"music"}})
    for _ in range(5):
        floor.switch_mode(own, WHISPER)
    steps = f"set:eavesdrop_whisper_aleg=false^set:eavesdrop_whisper_bleg=false^eavesdrop:{call.member_leg}^{STAY}"
    assert floor.esl.api(f"uuid_transfer {own} 'm:^:{first}{steps}' inline") == "+OK\n"
    floor.esl.wait("MEDIA_BUG_START", Unique_ID=call.member_leg)
    floor.hear({CUSTOMER: heard, "9001": {CUSTOMER, "music"}})


def silent(floor: Floor, leg: str, first: str = "") -> str:
    """The leg sent to silence once more; what the switch answers."""
    answer = floor.esl.api(f"uuid_transfer {leg} '{first}{STAY}' inline")
    if answer == "+OK\n":
        floor.esl.wait("CHANNEL_EXECUTE", Unique_ID=leg, Application="playback")
    return answer


def test_transfers_when_there_were_70_then_the_next_ends_the_leg_unless_they_are_counted_anew(
    floor: Floor, call: QueueCall
) -> None:
    """Counted in ``max_session_transfers``, where it is set, and else in ``max_forwards`` (switch_ivr.c:2173)."""
    mortal, lasting = floor.listen("9001", call.agent_leg), floor.listen("9002", call.agent_leg)
    assert {silent(floor, mortal) for _ in range(70)} == {"+OK\n"}
    assert floor.esl.api(f"uuid_getvar {mortal} max_forwards") == "1"
    assert silent(floor, mortal) == "-ERR\n"
    assert floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=mortal)["Hangup-Cause"] == "EXCHANGE_ROUTING_ERROR"
    anew = "set:max_session_transfers=70,"
    assert {silent(floor, lasting, anew) for _ in range(80)} == {"+OK\n"}
    floor.move(lasting, call.agent_leg)
    floor.hear({"9002": {CUSTOMER, "1001"}})

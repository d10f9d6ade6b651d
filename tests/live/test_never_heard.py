"""What must not be heard is not heard for a tenth of a second, also while modes change and the call is put on hold."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import Center
from tests.contract.driver import MUSIC, answers
from tests.contract.floor import BARGE, CUSTOMER, MONITOR, WHISPER, Floor
from tests.contract.patience import wait
from tests.live.rig.driver import LiveDriver

pytestmark = [pytest.mark.live, pytest.mark.alone]

CLEARLY_DB = -30.0
"""A voice this much below itself is noise of the encoding; two windows of 100 ms in a row above it are a leak."""
HALF_GONE_DB = -6.0


def _longest_run(marks: Iterable[bool]) -> int:
    """How many half windows (50 ms each) in a row are marked, at most."""
    longest = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        longest = max(longest, run)
    return longest


def _heard_ms(values: list[float]) -> int:
    """For how long a voice was there without a break."""
    return 50 * _longest_run(value > CLEARLY_DB for value in values)


def _missing_ms(values: list[float]) -> int:
    """For how long a voice that ought to be there was away."""
    return 50 * _longest_run(value < HALF_GONE_DB for value in values)


def test_whisper_when_switched_on_and_off_many_times_then_the_customer_never_hears_it(
    rig: LiveDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    own = floor.listen("9001", call.agent_leg)
    floor.hear({"9001": {CUSTOMER, "1001"}})
    began = time.monotonic()
    for mode in (WHISPER, MONITOR) * 6:
        floor.switch_mode(own, mode)
        time.sleep(0.15)
    at_customer = rig.levels(CUSTOMER, began, time.monotonic())
    at_agent = rig.levels("1001", began, time.monotonic())
    assert _heard_ms(at_agent["9001"]) >= 100, "the whisper was meant to be heard by the agent"
    assert _heard_ms(at_customer["9001"]) < 100


def test_whisper_when_the_call_is_held_and_resumed_then_the_customer_never_hears_it(
    rig: LiveDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    own = floor.listen("9001", call.agent_leg, WHISPER)
    floor.hear({"1001": {CUSTOMER, "9001"}})
    began = time.monotonic()
    call.agent.hold()
    floor.hear({CUSTOMER: {MUSIC}})
    floor.move(own, call.member_leg)
    floor.hear({"9001": {CUSTOMER, MUSIC}})
    floor.move(own, call.agent_leg)
    call.agent.resume()
    floor.switch_mode(own, WHISPER)
    floor.hear({"1001": {CUSTOMER, "9001"}, CUSTOMER: {"1001"}})
    assert _heard_ms(rig.levels(CUSTOMER, began, time.monotonic())["9001"]) < 100


def test_d10_whisper_when_switched_at_the_moment_of_the_hold_then_the_customer_never_hears_it(
    center: Center, rig: LiveDriver, floor: Floor
) -> None:
    """Through the controller: whispering is heard, and clicks begin 0 to 60 ms before the hold that they meet."""
    floor.agent("1001")
    wait(lambda: center.documents("agent").get("1001@default", {}).get("tiers"))
    call = floor.answered_call()
    center.until_code("queue_call")
    rig.phone("9001").behave(answers(0))
    ident = center.supervise()

    def click(mode: str) -> None:
        with contextlib.suppress(Rejected):
            center.ask("supervision.mode", id=ident, mode=mode)

    def at_the_customer() -> bool:
        told = center.documents("supervision")[ident]
        return bool(told["on_member"] and told["state"] == "listening")

    began = time.monotonic()
    for offset_ms in range(0, 61, 5):
        center.ask("supervision.mode", id=ident, mode="whisper")
        floor.hear({"1001": {CUSTOMER, "9001"}})
        clicks = [threading.Thread(target=click, args=(mode,)) for mode in ("monitor", "whisper", "monitor", "whisper")]
        for one in clicks:
            one.start()
        time.sleep(offset_ms / 1000)
        call.agent.hold()
        wait(at_the_customer, lambda: center.documents("supervision")[ident])
        for one in clicks:
            one.join()
        call.agent.resume()
        wait(lambda: not center.documents("supervision")[ident]["on_member"])
        center.until_state(ident, "listening")
    ended = time.monotonic()
    assert _heard_ms(rig.levels("1001", began, ended)["9001"]) >= 100, "before each hold the agent heard it"
    assert _heard_ms(rig.levels(CUSTOMER, began, ended)["9001"]) == 0


def test_listening_when_the_mode_changes_then_no_gap_of_200_ms(rig: LiveDriver, floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    own = floor.listen("9001", call.agent_leg)
    floor.hear({"9001": {CUSTOMER, "1001"}})
    began = time.monotonic()
    for mode in (WHISPER, BARGE, MONITOR, WHISPER, MONITOR, BARGE, MONITOR):
        floor.switch_mode(own, mode)
        time.sleep(0.25)
    ended = time.monotonic()
    at_supervisor = rig.levels("9001", began, ended)
    for who in (CUSTOMER, "1001"):
        assert 0.05 * len(at_supervisor[who]) > (ended - began) - 0.3, "sound was not sent all the time"
        assert _missing_ms(at_supervisor[who]) < 200


def test_d10_listening_when_panel_and_keypad_switch_the_mode_then_no_gap_of_200_ms(
    center: Center, rig: LiveDriver, floor: Floor
) -> None:
    floor.agent("1001")
    wait(lambda: center.documents("agent").get("1001@default", {}).get("tiers"))
    floor.answered_call()
    center.until_code("queue_call")
    rig.phone("9001").behave(answers(0))
    ident = center.supervise()
    floor.hear({"9001": {CUSTOMER, "1001"}})
    keys = {"monitor": "0", "whisper": "2", "barge": "3"}
    began = time.monotonic()
    for way in ("panel", "keypad"):
        for mode in ("whisper", "barge", "monitor", "barge", "whisper", "monitor"):
            if way == "panel":
                center.ask("supervision.mode", id=ident, mode=mode)
            else:
                rig.phone("9001").press(keys[mode])
            wait(lambda mode=mode: center.documents("supervision")[ident]["mode"] == mode)
    ended = time.monotonic()
    for who, others in (("9001", (CUSTOMER, "1001")), (CUSTOMER, ("1001",)), ("1001", (CUSTOMER,))):
        levels = rig.levels(who, began, ended)
        assert {other: _missing_ms(levels[other]) < 200 for other in others} == dict.fromkeys(others, True), who


def test_silence_when_nobody_speaks_to_a_follower_then_sound_is_sent_only_by_playback(
    rig: LiveDriver, floor: Floor
) -> None:
    """Why a follower waits in ``playback`` and not in ``park``: a phone may hang up when no sound arrives at all."""
    floor.agent("1001")
    call = floor.answered_call()
    own = floor.listen("9001", call.agent_leg, follow=True)
    call.customer.hang_up()
    floor.esl.wait("CHANNEL_EXECUTE", Unique_ID=own, Application="playback")
    assert 40 <= rig.packets("9001", 1.0) <= 60
    assert rig.hears("9001") == set()
    assert floor.esl.api(f"uuid_transfer {own} park inline") == "+OK\n"
    floor.esl.wait("CHANNEL_EXECUTE", Unique_ID=own, Application="park")
    time.sleep(0.1)
    assert rig.packets("9001", 0.5) <= 1
    following = floor.answered_call("1001", "0398765432")
    floor.move(own, following.agent_leg)
    floor.hear({"9001": {"1001", "0398765432"}})


def test_notice_when_played_to_the_agent_then_only_his_phone_hears_it(rig: LiveDriver, floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.listen("9001", call.agent_leg)
    floor.hear({"9001": {CUSTOMER, "1001"}})
    began = time.monotonic()
    tone = "tone_stream://v=-13;%(180,60,880);%(180,0,660)"
    assert floor.esl.api(f"uuid_displace {call.agent_leg} start {tone} 0 mux") == "+OK Success\n"
    floor.esl.wait("MEDIA_BUG_STOP", Unique_ID=call.agent_leg)
    ended = time.monotonic()
    heard = {
        who: _heard_ms(rig.levels(who, began, ended, also={"notice": 880})["notice"])
        for who in (CUSTOMER, "1001", "9001")
    }
    assert heard["1001"] >= 100
    assert heard[CUSTOMER] == heard["9001"] == 0

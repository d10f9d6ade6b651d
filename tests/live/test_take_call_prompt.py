"""What somebody hears who picks up an outside phone: the prompt where the switch has one, and the tones in either case."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fs_app.floor import orders
from fs_app.switch.orders import Api, DialPlan, build
from tests.contract.driver import answers
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.live.rig.driver import LiveDriver
from tests.live.rig.switch import write_tone

pytestmark = [pytest.mark.live, pytest.mark.alone]
AGENT, MOBILE = "1001@default", "09011112222"
PROMPT, TONES = 1510, 880
DIAL = DialPlan("default", external_dial="sofia/gateway/carrier/{number}")


def heard_ms(rig: LiveDriver, floor: Floor) -> dict[str, int]:
    """How long prompt and tones are heard in the first seconds after the pick-up."""
    (command,) = build(orders.SetAgentContact(AGENT, None, orders.OutsidePhone(MOBILE, rounds=1)), DIAL)
    assert isinstance(command, Api)
    floor.agent("1001", contact="user/1001@default")
    assert floor.esl.api(command.line) == "+OK\n"
    mobile = rig.caller(MOBILE)
    mobile.behave(answers(0.2))
    floor.call()
    wait(lambda: mobile.state == "talking")
    began = time.monotonic()
    levels = rig.levels(MOBILE, began, began + 4.0, also={"prompt": PROMPT, "tones": TONES})
    assert floor.driver.phone("1001").state == "idle"
    return {name: 50 * sum(level > -20 for level in levels[name]) for name in ("prompt", "tones")}


def test_f5_prompt_when_the_switch_has_it_then_heard_and_the_tones_after_it(
    rig: LiveDriver, floor: Floor, tmp_path: Path
) -> None:
    (tmp_path / "8000").mkdir()
    write_tone(tmp_path / "8000" / "take_call.wav", PROMPT, 1)
    floor.esl.api(f"global_setvar prompts={tmp_path}")
    try:
        heard = heard_ms(rig, floor)
    finally:
        floor.esl.api("global_setvar prompts=")
    assert 700 < heard["prompt"] < 1400, heard
    assert heard["tones"] > 300, heard


def test_f5_prompt_when_the_switch_has_none_then_the_tones_alone_and_the_phone_is_not_lost(
    rig: LiveDriver, floor: Floor
) -> None:
    heard = heard_ms(rig, floor)
    assert heard["prompt"] < 100, heard
    assert heard["tones"] > 300, heard
    rig.caller(MOBILE).press("1")
    floor.esl.wait("cc:bridge-agent-start")

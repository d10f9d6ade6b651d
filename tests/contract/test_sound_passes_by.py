"""Calls whose sound does not pass the switch: refused, said on the board, and brought back without touching who listens."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import Center
from tests.contract.driver import answers
from tests.contract.floor import CUSTOMER, Floor, QueueCall
from tests.contract.patience import wait
from tests.contract.supervisions import told

BOTH = {CUSTOMER, "1001"}
LONG_TONE = "tone_stream://%(60000,0,440)"


@pytest.fixture
def call(center: Center, floor: Floor, agent: str) -> QueueCall:
    """Agent 1001 talks with a customer; both supervisors' phones pick up at once."""
    call = floor.answered_call()
    center.until_code("queue_call")
    for extension in ("9001", "9002"):
        floor.driver.phone(extension).behave(answers(0))
    return call


def passes_by(floor: Floor, call: QueueCall) -> None:
    """From now on the two phones send their sound to each other."""
    assert floor.esl.api(f"uuid_media off {call.agent_leg}") == "+OK Success\n"
    wait(lambda: "Channel-State: CS_HIBERNATE" in floor.esl.api(f"uuid_dump {call.agent_leg}"))


def why_not(center: Center, agent: str, extension: str) -> tuple[str, str]:
    """What starting to listen, and bringing the sound back for it, is refused with."""
    with pytest.raises(Rejected) as caught:
        center.ask("supervision.start", agent=agent, mode="monitor", extension=extension, restore_media=True)
    return caught.value.error, caught.value.cause


def test_proxy_media_cannot_be_brought_back(center: Center, floor: Floor, agent: str, call: QueueCall) -> None:
    floor.esl.api(f"uuid_setvar {call.agent_leg} proxy_media true")
    assert why_not(center, agent, "9001") == ("no_media", "proxy")


@pytest.mark.parametrize(("mode", "follow"), [("monitor", False), ("whisper", True)])
def test_who_listens_when_sound_passes_by_is_told_and_hears_again_once_another_brings_it_back(
    center: Center, floor: Floor, agent: str, call: QueueCall, mode: str, follow: bool
) -> None:
    first = center.supervise(mode, follow=follow)
    assert not told(center, first)["no_media"]
    passes_by(floor, call)
    wait(lambda: told(center, first)["no_media"])
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": set()})
    center.supervise("monitor", "9002", restore_media=True)
    center.until_state(first, "listening")
    wait(lambda: not told(center, first)["no_media"])
    assert told(center, first)["mode"] == mode
    spoken = {"9001"} if mode == "whisper" else set()
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER} | spoken, "9001": BOTH, "9002": BOTH | spoken})
    assert center.audit_args("supervision.start")[-1]["restore_media"] is True


def test_a_call_that_something_else_taps_is_not_brought_back(
    center: Center, floor: Floor, agent: str, call: QueueCall
) -> None:
    """Brought back with a media bug on it, a leg may lock up for good (1.10.12, seen)."""
    first = center.supervise()
    passes_by(floor, call)
    assert floor.esl.api(f"uuid_displace {call.agent_leg} start {LONG_TONE} 0 mux") == "+OK Success\n"
    # The bridge was made anew for it, and the board follows a moment later.
    wait(lambda: why_not(center, agent, "9002") == ("no_media", "tapped"))
    center.until_state(first, "listening")
    assert ("supervision.start", "failed", "tapped") in center.audit()
    assert floor.esl.api(f"uuid_displace {call.agent_leg} stop {LONG_TONE}") == "+OK Success\n"
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}})

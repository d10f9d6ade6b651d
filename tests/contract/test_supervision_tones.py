"""The agent's tone (rule D16): at which mode it is given, and at which moments."""

from __future__ import annotations

import pytest

from tests.contract.center import Center
from tests.contract.driver import SUPPORT, answers
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.supervisions import told

NEXT = "0398765432"


@pytest.mark.parametrize(("monitor", "whisper"), [(False, True), (False, False)], ids=["whisper alone", "none"])
def test_d16_the_tone_of_whisper_is_a_switch_of_its_own(
    center: Center, floor: Floor, agent: str, monitor: bool, whisper: bool
) -> None:
    center.notices(SUPPORT, monitor=monitor, whisper=whisper)
    wanted = ["whisper"] if whisper else []
    floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: center.documents("queue")[SUPPORT]["notices"] == wanted)
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise()
    assert not _tones(floor, 0.4)
    center.ask("supervision.mode", id=ident, mode="whisper")
    assert len(_tones(floor, 0.8)) == len(wanted)


def test_d16_the_tone_is_not_given_again_after_a_restart_but_with_each_call_that_a_follower_joins(
    center: Center, floor: Floor, agent: str
) -> None:
    center.notices(SUPPORT, monitor=True)
    call = floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: center.documents("queue")[SUPPORT]["notices"] == ["monitor"])
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(follow=True)
    floor.esl.wait("MEDIA_BUG_START", Media_Bug_Function="displace")
    wait(lambda: told(center, ident)["noticed"] == "monitor")
    center.stop_and_start_controller()
    wait(lambda: center.documents("queue")[SUPPORT]["notices"] == ["monitor"])
    assert not _tones(floor, 0.8)
    call.customer.hang_up()
    center.until_state(ident, "following")
    floor.answered_call("1001", NEXT)
    floor.esl.wait("MEDIA_BUG_START", Media_Bug_Function="displace")


def _tones(floor: Floor, seconds: float) -> list[object]:
    events = floor.esl.gather(seconds)
    return [e for e in events if e.name == "MEDIA_BUG_START" and e.get("Media-Bug-Function") == "displace"]

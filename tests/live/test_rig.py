"""The rig itself: quick to come up, clean between tests, and gone with the test run, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.contract.driver import BUSY, REJECT, RING, UNREGISTERED_PHONE, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import slowness, wait
from tests.live.rig.driver import LiveDriver
from tests.live.rig.switch import REPOSITORY

pytestmark = pytest.mark.live

_CHILD = """
import sys, time
from pathlib import Path
from tests.live.rig.driver import LiveDriver
driver = LiveDriver(Path(sys.argv[1]))
began = time.monotonic()
driver.start()
print(driver.switch.pid, driver.telephones.pid, time.monotonic() - began, flush=True)
time.sleep(600)
"""


def test_rig_when_the_test_run_is_killed_then_nothing_of_it_stays(tmp_path: Path) -> None:
    slow = slowness()
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    switch, phones, seconds = child.stdout.readline().split()
    assert float(seconds) < 6 * max(slow, slowness())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    wait(lambda: not _runs(int(switch)) and not _runs(int(phones)), "the switch or the phones still run")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_reset_when_calls_run_then_a_clean_floor_within_a_second(rig: LiveDriver, floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.listen("9001", call.agent_leg)
    floor.call("0398765432")
    rig.phone("1003").behave(UNREGISTERED_PHONE)
    slow, began = slowness(), time.monotonic()
    rig.reset()
    took = time.monotonic() - began
    assert took < 1 * max(slow, slowness())
    assert floor.rows("agent list") == floor.rows("tier list") == floor.rows("member list") == []
    wait(lambda: floor.esl.api("show channels as json") == '{"row_count": 0}\n')
    assert not floor.esl.api("sofia_contact 1003@default").startswith("error/")


def test_phone_when_it_has_no_call_then_actions_are_refused(rig: LiveDriver) -> None:
    phone = rig.phone("1001")
    for action in (phone.answer, phone.reject, phone.hang_up, phone.hold, phone.resume):
        with pytest.raises(LookupError):
            action()
    for number in ("1099", "5010"):
        with pytest.raises(LookupError):
            rig.phone(number)


@pytest.mark.parametrize(("behaviour", "cause"), [(BUSY, "USER_BUSY"), (REJECT, "CALL_REJECTED")])
def test_phone_when_it_refuses_by_hand_then_the_switch_says_the_same_as_by_behaviour(
    rig: LiveDriver, floor: Floor, behaviour: object, cause: str
) -> None:
    rig.phone("1002").behave(RING)
    job = floor.esl.command("bgapi originate user/1002@default &park()").removeprefix("+OK Job-UUID: ")
    wait(lambda: rig.phone("1002").state == "ringing")
    rig.phone("1002").reject(cause)
    assert floor.esl.wait("BACKGROUND_JOB", Job_UUID=job).body == f"-ERR {cause}\n"


def test_phone_when_a_second_call_is_answered_then_that_one_is_in_hand(rig: LiveDriver, floor: Floor) -> None:
    rig.phone("1001").behave(answers(0))
    rig.caller(CUSTOMER).dial("1001")
    floor.hear({"1001": {CUSTOMER}})
    rig.phone("1002").dial("1001")
    floor.hear({"1001": {"1002"}, "1002": {"1001"}})
    rig.phone("1002").hang_up()
    floor.hear({"1001": {CUSTOMER}, CUSTOMER: {"1001"}})


def test_phone_when_the_call_is_made_busy_then_idle_again(rig: LiveDriver) -> None:
    rig.phone("1002").behave(BUSY)
    rig.phone("1001").dial("1002")
    wait(lambda: rig.phone("1001").state == "idle")

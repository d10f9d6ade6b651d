"""The dial codes of fs_conf on a real FreeSWITCH, as scripts/provision puts them on a machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.dial_settings import numbers, waive
from tests.contract.dialling import Exchange, exchange
from tests.contract.driver import answers
from tests.contract.floor import Floor
from tests.contract.patience import slowness, wait
from tests.live.provisioned import ProvisionedDriver, calls

pytestmark = pytest.mark.live
A1 = "1001@default"


@pytest.fixture
def codes(ours: ProvisionedDriver, floor: Floor, center: Center, tmp_path: Path) -> Iterator[Exchange]:
    floor.agent("1001", status="Logged Out")
    center.until_known(A1)
    with exchange(ours, center, tmp_path / "prompts") as found:
        yield found


@pytest.mark.parametrize("number", ["0010", "80010"])
def test_code_when_dialled_inside_then_signed_in(codes: Exchange, center: Center, number: str) -> None:
    caller = codes.caller()
    caller.dial(number)
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_in")
    assert center.code() == "available"


def test_code_when_all_lines_are_taken_then_it_works_and_counts_for_nothing(
    codes: Exchange, center: Center, floor: Floor, ours: ProvisionedDriver
) -> None:
    """E6, D15. The site has one line each way."""
    waive(center)
    numbers(center, n5021="sign_in")
    floor.agent("1002")
    floor.answered_call("1002")
    assert calls(floor, "inbound") == "1"
    inside = codes.caller()
    inside.dial("0024")
    inside.hangs_up_after("status_now", "status_away")
    outside = codes.outside("0398765432")
    outside.dial("5021")
    outside.logs_in(center.dial_logins["ann"])
    outside.hangs_up_after("signed_in")
    assert (calls(floor, "inbound"), calls(floor, "outbound")) == ("1", "0")
    assert floor.agent_row(A1)["external_calls_count"] == "0"
    assert center.code() == "available"


@pytest.mark.parametrize("number", ["0090", "0091", "80090"])
def test_voice_test_when_dialled_then_the_caller_hears_himself(
    ours: ProvisionedDriver, floor: Floor, number: str
) -> None:
    phone = ours.phone("1001")
    phone.dial(number)
    floor.esl.wait("CHANNEL_EXECUTE", Application="echo")

    def own_voice() -> bool:
        now = time.monotonic()
        return max(ours.levels("1001", now, now + 0.4)["1001"], default=-99.0) > -6

    wait(own_voice)
    phone.hang_up()


def test_code_when_a_caller_is_transferred_to_it_then_it_is_no_number(ours: ProvisionedDriver, floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    ours.phone("1002").behave(answers(0))
    call.agent.transfer("0010")
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=call.member_leg)
    assert ended["Hangup-Cause"] == "UNALLOCATED_NUMBER"
    assert [event for event in floor.esl.events if event.get("Application") == "python"] == []


def test_code_when_there_is_no_redis_then_the_caller_hears_so(ours: ProvisionedDriver, floor: Floor) -> None:
    ours.phone("1001").dial("0010")
    begun = floor.esl.wait("CHANNEL_EXECUTE", Application="python")
    ended = floor.esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="python")
    assert float(ended["arrived"]) - float(begun["arrived"]) < 4.0 * slowness(), "two seconds at most, and the tone"
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE")

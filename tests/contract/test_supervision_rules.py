"""Supervision through the controller: who may, when, in which mode, and what everybody sees of it (rules D1 to D19)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from fs_app.floor.actor import SUPERVISOR, Actor
from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import REJECT, RING, SUPPORT, Driver, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused
from tests.contract.supervisions import told

A1 = "1001@default"
NEXT = "0398765432"
BOTH = {CUSTOMER, "1001"}


@pytest.fixture
def one_call(driver: Driver, floor: Floor) -> Iterator[Callable[[], int]]:
    """The switch takes one customer's call at a time; gives how many it counts."""
    driver.limit_calls(1)
    yield lambda: int(floor.esl.api(f"limit_usage hash {driver.limited}").split()[0])
    driver.limit_calls(None)


def start(center: Center, actor: Actor = BOSS, **more: object) -> str:
    return refused(
        center,
        "supervision.start",
        actor,
        **({"agent": A1, "mode": "monitor", "extension": "9001", "queue": SUPPORT} | more),
    )


def held(center: Center, floor: Floor, ident: str) -> None:
    floor.driver.phone("1001").hold()
    wait(lambda: told(center, ident)["on_member"])
    center.until_state(ident, "listening")


def test_d3_d6_each_guard_refuses_with_an_error_of_its_own(center: Center, floor: Floor, agent: str) -> None:
    floor.agent("9001")
    floor.agent("1002", status="On Break")
    wait(lambda: center.documents("agent").get("1002@default", {}).get("tiers"))
    assert start(center) == "not_monitorable"
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    center.supervise()
    center.until_code("internal_call", "9001@default")
    floor.driver.phone("9002").dial("1005")
    wait(lambda: floor.driver.phone("1005").state == "ringing")
    assert start(center, replace(BOSS, agent=A1), extension="9003") == "own_call"
    assert start(center, replace(BOSS, extensions=("1001",)), extension="1001") == "own_call"
    assert start(center) == "already_supervising"
    assert start(center, extension="9002") == "terminal_busy"
    assert start(center, extension="9003", agent="9001@default") == "listening_itself"
    assert center.row("9001@default")["may"]["monitor"]["reason"] == "listening_itself"
    assert start(center, extension="9003", agent="1002@default") == "not_monitorable"
    assert start(center, extension="1004") == "permission_denied", "not one of the account's own extensions"
    premium = replace(BOSS, extensions=("0990123456",))
    assert start(center, premium, extension="0990123456") == "number_not_allowed"
    assert floor.driver.phone("9003").state == "idle"
    assert center.code() == "queue_call"


def test_d2_d19_during_a_hold_nothing_but_listening_begins_and_a_whisper_goes_back_to_listening(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    for extension in ("9001", "9002"):
        floor.driver.phone(extension).behave(answers(0))
    ident = center.supervise("whisper")
    held(center, floor, ident)
    assert told(center, ident)["silent"]
    supervised = center.documents("agent")[agent]["call"]["supervised"]
    assert [(one["mode"], one["silent"]) for one in supervised] == [("whisper", True)]
    assert start(center, extension="9002", mode="whisper") == "on_hold_no_whisper"
    assert refused(center, "supervision.take_over", id=ident) == "on_hold_no_whisper"
    listening = center.supervise("monitor", "9002")
    phone = floor.driver.phone("9001")
    phone.press("3")
    phone.press("0")
    wait(lambda: told(center, ident)["mode"] == "monitor")
    assert not told(center, ident)["silent"]
    floor.hear({CUSTOMER: {"music"}, "9001": {CUSTOMER, "music"}, "9002": {CUSTOMER, "music"}})
    floor.driver.phone("1001").resume()
    for one in (ident, listening):
        wait(lambda one=one: not told(center, one)["on_member"])
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": BOTH, "9002": BOTH})


def test_d9_a_directory_that_sets_eavesdrops_own_variables_changes_nothing(
    center: Center, floor: Floor, agent: str
) -> None:
    """The entry of 9003 asks for speaking to the customer and for eavesdrop's own keys."""
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9003").behave(answers(0))
    center.supervise("monitor", "9003")
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9003": BOTH})
    floor.driver.phone("9003").press("1")
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9003": BOTH})


def test_a_key_and_a_click_at_once_leave_one_mode_for_panel_ears_and_audit(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    phone = floor.driver.phone("9001")
    phone.behave(answers(0))
    ident = center.supervise()
    for _ in range(3):
        pressing = threading.Thread(target=phone.press, args=("2",))
        pressing.start()
        center.ask("supervision.mode", id=ident, mode="monitor")
        center.ask("supervision.mode", id=ident, mode="barge")
        pressing.join()

    def one_mode() -> bool:  # the last key may be on its way still: what counts is that all three agree
        mode = told(center, ident)["mode"]
        rows = [r["args"]["mode"] for r in center.deeds("supervision.set_mode") if r["outcome"] == "confirmed"]
        customer = {"1001", "9001"} if mode == "barge" else {"1001"}
        agent_hears = {CUSTOMER} if mode == "monitor" else {CUSTOMER, "9001"}
        return rows[-1] == mode and floor.hears([CUSTOMER, "1001"]) == {CUSTOMER: customer, "1001": agent_hears}

    wait(one_mode, lambda: (told(center, ident), floor.hears([CUSTOMER, "1001"])))


def test_a_key_while_following_is_refused_and_the_mode_stays(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    phone = floor.driver.phone("9001")
    phone.behave(answers(0))
    ident = center.supervise(follow=True)
    call.customer.hang_up()
    center.until_state(ident, "following")
    phone.press("3")
    floor.esl.wait("BACKGROUND_JOB", Job_Command="echo")  # the key is told before the next call is
    second = floor.answered_call("1001", NEXT)
    center.until_state(ident, "listening")
    assert told(center, ident)["mode"] == "monitor"
    floor.hear({second.customer.number: {"1001"}, "1001": {second.customer.number}})


def test_after_a_take_over_the_agent_is_in_wrap_up(center: Center, floor: Floor, agent: str) -> None:
    floor.config(f"agent set wrap_up_time {agent} 60")
    center.stop_and_start_controller()  # the switch tells of it in no event
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise("whisper", actor=EDITOR, queue=SUPPORT)
    center.ask("supervision.take_over", EDITOR, id=ident)
    center.until_code("wrap_up")
    floor.hear({"9001": {CUSTOMER}, CUSTOMER: {"9001"}})
    wait(lambda: [r["cause"] for r in center.deeds("supervision.ended")] == ["taken_over"], center.audit)


def test_d13_three_accounts_see_each_other_by_name_and_mode_and_leave_one_by_one(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    carol = Actor("carol", SUPERVISOR, "Carol", extensions=("9003",), grants={SUPPORT: "edit"})
    center.account(carol)
    who = [(EDITOR, "9001", "monitor"), (BOSS, "9002", "whisper"), (carol, "9003", "barge")]
    ids = []
    for actor, extension, mode in who:
        floor.driver.phone(extension).behave(answers(0))
        ids.append(center.supervise(mode, extension, actor, queue=SUPPORT))

    def seen() -> list[tuple[str, str]]:
        row = center.row(queue=SUPPORT, actor=EDITOR)
        return [(one["name"], one["mode"]) for one in row["call"]["supervised"]]

    everybody = [("Edith", "monitor"), ("Boss", "whisper"), ("Carol", "barge")]
    wait(lambda: seen() == everybody, seen)
    floor.hear({CUSTOMER: {"1001", "9003"}, "1001": {CUSTOMER, "9002", "9003"}, "9001": BOTH | {"9003"}})
    floor.driver.phone("9003").hang_up()
    wait(lambda: seen() == everybody[:2], seen)
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER, "9002"}, "9001": BOTH, "9002": BOTH})
    center.ask("supervision.stop", BOSS, id=ids[1])
    wait(lambda: seen() == everybody[:1], seen)
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": BOTH})


def test_d8_whoever_does_not_come_to_the_phone_is_named_and_the_call_goes_on(
    center: Center, floor: Floor, agent: str
) -> None:
    """Rejected; not answered; and an outside phone on which nobody presses the key, such as a voicemail."""
    floor.answered_call()
    center.until_code("queue_call")
    mobile = floor.driver.caller("09011112222")
    for phone, behaviour in (
        (floor.driver.phone("9001"), REJECT),
        (floor.driver.phone("9002"), RING),
        (mobile, answers(0.2)),
    ):
        phone.behave(behaviour)
    ids = {
        extension: center.ask("supervision.start", agent=agent, mode="monitor", extension=extension)["id"]
        for extension in ("9001", "9002", "09011112222")
    }
    assert center.until_state(ids["9001"], "failed")["cause"] == "CALL_REJECTED"
    wait(lambda: mobile.state == "talking")
    keyless = center.until_state(ids["09011112222"], "failed", 25)
    assert (keyless["cause"], keyless["since"]) == ("not_confirmed", None), keyless
    assert center.until_state(ids["9002"], "failed", 35)["cause"] == "NO_ANSWER"
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}})


def test_d14_d15_a_used_up_limit_of_calls_neither_stops_nor_counts_a_supervision(
    center: Center, floor: Floor, agent: str, one_call: Callable[[], int]
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    assert one_call() == 1
    floor.driver.caller(NEXT).dial("5010")
    wait(lambda: floor.driver.caller(NEXT).state == "idle", "a second customer finds the line busy")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise("whisper")
    assert one_call() == 1
    center.ask("supervision.take_over", id=ident)
    assert one_call() == 1

"""Listening that begins at a phone, by its dial code."""

from __future__ import annotations

from tests.contract.center import Center
from tests.contract.dialling import Caller, Exchange
from tests.contract.driver import RINGALL, SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1, A2 = "1001@default", "1002@default"


def listens(codes: Exchange, center: Center, login: str, extension: str, mode: str, phone: str = "9001") -> Caller:
    caller = codes.caller(phone)
    caller.dial("0070")
    caller.logs_in(center.dial_logins[login])
    assert caller.hears() == ["monitor_target"]
    caller.types(f"{extension}#")
    assert caller.hears() == ["monitor_mode"]
    caller.types(mode)
    return caller


def test_d20_listening_from_a_phone_whispering_and_the_keypad(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    customer = floor.answered_call().customer.number
    center.until_code("queue_call")
    caller = listens(codes, center, "edith", "1001", "0", phone="9002")
    assert caller.hears() == ["monitor_starts"]
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["listening"])
    (supervision,) = center.documents("supervision").values()
    shown = {name: supervision[name] for name in ("login", "agent", "mode", "extension", "queue")}
    assert shown == {"login": "edith", "agent": A1, "mode": "monitor", "extension": "9002", "queue": SUPPORT}
    floor.hear({"9002": {customer, "1001"}, "1001": {customer}, customer: {"1001"}})
    caller.types("2")
    wait(lambda: center.documents("supervision")[supervision["id"]]["mode"] == "whisper")
    floor.hear({"9002": {customer, "1001"}, "1001": {customer, "9002"}, customer: {"1001"}})
    caller.phone.hang_up()
    center.until_state(supervision["id"], "ended")
    floor.hear({"1001": {customer}, customer: {"1001"}})
    assert center.audit_args("supervision.start")[-1]["mode"] == "monitor"
    wait(lambda: ("supervision.start", "confirmed", "") in center.audit(), center.audit)


def test_d20_no_right_on_the_calls_queue_is_announced(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.agent("1002", RINGALL)
    wait(lambda: center.documents("agent").get(A2, {}).get("tiers"))
    floor.answered_call("1002", queue=RINGALL)
    center.until_code("queue_call", A2)
    caller = codes.caller("9001")
    caller.dial("0070")
    caller.logs_in(center.dial_logins["edith"])
    assert caller.hears() == ["monitor_target"]
    caller.types("1002#")
    caller.hangs_up_after("permission_denied")
    assert center.documents("supervision") == {}
    assert center.audit()[-1] == ("supervision.start", "failed", "permission_denied")


def test_d3_nobody_talks_so_there_is_nothing_to_hear(codes: Exchange, center: Center) -> None:
    caller = codes.caller("9001")
    caller.dial("0070")
    caller.logs_in(center.dial_logins["boss"])
    assert caller.hears() == ["monitor_target"]
    caller.types("1001#")
    caller.hangs_up_after("not_monitorable")


def test_d12_listening_by_telephone_ends_with_the_call(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    call = floor.answered_call()
    center.until_code("queue_call")
    caller = listens(codes, center, "boss", "1001", "3")
    assert caller.hears() == ["barge_starts"]
    floor.hear({call.customer.number: {"1001", "9001"}})
    call.customer.hang_up()
    wait(lambda: caller.phone.state == "idle")
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["ended"])


def test_listening_by_telephone_goes_on_over_a_restart_of_the_controller(
    codes: Exchange, center: Center, floor: Floor
) -> None:
    floor.config(f"agent set status {A1} Available")
    call = floor.answered_call()
    center.until_code("queue_call")
    caller = listens(codes, center, "edith", "1001", "0")
    assert caller.hears() == ["monitor_starts"]
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["listening"])
    (before,) = center.documents("supervision").values()
    center.stop_and_start_controller()
    after = center.until_state(before["id"], "listening")
    assert (after["mode"], after["leg"]) == ("monitor", caller.leg)
    caller.types("2")
    wait(lambda: center.documents("supervision")[before["id"]]["mode"] == "whisper")
    floor.hear({"1001": {call.customer.number, "9001"}, call.customer.number: {"1001"}})

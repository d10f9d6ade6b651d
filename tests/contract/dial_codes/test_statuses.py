"""Statuses and the raised hand by telephone: set, read back, and refused during a call."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import Rejected
from fs_app.floor.statuses import ON_BREAK, Status
from tests.contract.center import Center
from tests.contract.dial_settings import waive
from tests.contract.dialling import Exchange, untouched
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"
RESTING = Status("resting", ON_BREAK, "square", "amber", (("ja", "休養"), ("en", "Resting")))


def is_allowed(center: Center, status: str) -> bool:
    try:
        center.ask("status.set", agent=A1, status=status)
    except Rejected:
        return False
    return True


@pytest.mark.parametrize(
    ("number", "code"), [("0021", "available"), ("0022", "wrap_up"), ("0023", "on_break"), ("0024", "away")]
)
def test_direct_codes_set_their_status(codes: Exchange, center: Center, number: str, code: str) -> None:
    waive(center)
    caller = codes.caller()
    caller.dial(number)
    caller.hangs_up_after("status_now", f"status_{code}")
    center.until_code(code)
    assert center.audit_args("agent.set_status")[-1]["status"] == code


def test_the_menu_reads_the_sites_own_statuses_too(codes: Exchange, center: Center) -> None:
    center.define(RESTING)
    wait(lambda: is_allowed(center, "resting"), "the new book is used")
    center.ask("status.set", agent=A1, status="away")
    waive(center)
    caller = codes.caller()
    caller.dial("0020")
    read = caller.hears()
    assert read[-4:] == ["status_logged_out", "key_5", "own_status_resting", "key_6"]
    caller.types("6")
    caller.hangs_up_after("status_now", "own_status_resting")
    center.until_code("resting")


def test_ones_own_status_is_read_back_as_it_is_shown(codes: Exchange, center: Center) -> None:
    waive(center)
    center.ask("status.set", agent=A1, status="away")
    center.until_code("away")
    since = center.documents("agent")[A1]["since"]
    caller = codes.caller()
    caller.dial("0029")
    caller.hangs_up_after("status_is", "status_away")
    assert (center.code(), center.documents("agent")[A1]["since"]) == ("away", since)


def test_e9_a_status_is_refused_while_the_agent_is_in_a_call(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    floor.answered_call()
    center.until_code("queue_call")
    caller = codes.caller("1002")
    caller.dial("0024")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("agent_in_call")
    untouched(floor, "Available")
    assert center.audit()[-1] == ("agent.set_status", "failed", "agent_in_call")


def test_e9_a_status_is_refused_while_the_phone_rings(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    floor.call()
    center.until_code("ringing")
    caller = codes.caller("1002")
    caller.dial("0024")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("agent_ringing")
    untouched(floor, "Available")


def test_g4_a_hand_is_raised_and_lowered(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    floor.config(f"agent set status {A1} Available")
    center.until_code("available")
    for number, said, up in (("0030", "hand_raised", True), ("0031", "hand_lowered", False)):
        caller = codes.caller()
        caller.dial(number)
        caller.hangs_up_after(said)
        wait(lambda up=up: bool(center.documents("agent")[A1]["hand_since"]) == up)

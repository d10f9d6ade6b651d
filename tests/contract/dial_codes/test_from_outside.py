"""Dial codes on numbers of one's own: always with ID and password, wherever the call comes from."""

from __future__ import annotations

from tests.contract.center import Center
from tests.contract.dial_settings import numbers, waive
from tests.contract.dialling import Exchange, untouched
from tests.contract.floor import Floor


def test_e7_f8_a_number_of_ones_own_signs_in_always_with_id_and_password(codes: Exchange, center: Center) -> None:
    waive(center)
    numbers(center, n5021="sign_in", n5022="sign_out")
    for number, said, code in (("5021", "signed_in", "available"), ("5022", "signed_out", "logged_out")):
        caller = codes.outside()
        caller.dial(number)
        caller.logs_in(center.dial_logins["ann"])
        caller.hangs_up_after(said)
        center.until_code(code)


def test_e7_the_callers_number_alone_proves_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    numbers(center, n5021="sign_in")
    caller = codes.outside("0901001")
    caller.dial("5021")
    caller.logs_in((center.dial_logins["ann"][0], "000000"))
    assert caller.hears() == ["wrong", "dial_id"]
    caller.phone.hang_up()
    untouched(floor)


def test_the_status_menu_from_outside(codes: Exchange, center: Center) -> None:
    numbers(center, n5023="status_menu")
    caller = codes.outside()
    caller.dial("5023")
    caller.logs_in(center.dial_logins["ann"])
    assert caller.hears()[0] == "status_menu"
    caller.types("4")
    caller.hangs_up_after("status_now", "status_away")
    center.until_code("away")


def test_a_number_without_a_function_is_not_answered_with_any(codes: Exchange) -> None:
    caller = codes.outside()
    caller.dial("5022")
    caller.hangs_up_after("number_unknown")

"""Phones fall silent as soon as nobody shall be rung on them."""

from __future__ import annotations

import pytest

from tests.contract.center import Center
from tests.contract.driver import RING, RINGALL, answers
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.personal_phones.terminals import MOBILE, set_terminal

A1 = "1001@default"


def test_a_caller_who_leaves_silences_both_phones(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    mobile, desk = floor.driver.caller(MOBILE), floor.driver.phone("1001")
    mobile.behave(answers(0.2))
    caller, _ = floor.call()
    wait(lambda: mobile.state == "talking")
    caller.hang_up()
    wait(lambda: (mobile.state, desk.state) == ("idle", "idle"))
    center.until_code("available")


@pytest.mark.parametrize("picks_up", [False, True])
def test_a_ghost_that_rings_for_nobody_is_ended_by_the_watchdog(
    center: Center, floor: Floor, agent: str, picks_up: bool
) -> None:
    """A contact of somebody else's with «|»: the caller leaves the first phone and FreeSWITCH rings the next one for nobody."""
    floor.config(f"agent set contact {A1} user/1001@default|[group_confirm_key=1]sofia/gateway/carrier/{MOBILE}")
    mobile = floor.driver.caller(MOBILE)
    mobile.behave(answers(0.5) if picks_up else RING)
    caller, _ = floor.call()
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    caller.hang_up()
    wait(lambda: mobile.state in ("ringing", "talking"))
    wait(lambda: mobile.state == "idle")
    why = "guard.silent_leg" if picks_up else "guard.ghost_offer"
    wait(lambda: (why, "confirmed", "") in center.audit(), center.audit)
    center.until_code("available")


def test_a_phone_in_a_ring_all_queue_falls_silent_when_its_agent_goes_on_break(
    center: Center, floor: Floor, agent: str
) -> None:
    """mod_callcenter cancels no offer of a ring-all queue (seen on 1.10.12)."""
    floor.config(f"tier add {RINGALL} {A1} 1 1")
    floor.call(queue=RINGALL)
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.config(f"agent set status {A1} 'On Break'")
    wait(lambda: floor.driver.phone("1001").state == "idle")
    wait(lambda: ("guard.offer_after_status", "confirmed", "") in center.audit(), center.audit)

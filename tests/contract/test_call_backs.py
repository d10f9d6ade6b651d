"""Call-back dialling: the agent's own outside phone rings first, then the customer's; both see the centre's number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import Center
from tests.contract.driver import BUSY, REJECT, RING, Behaviour, Driver, Phone, answers
from tests.contract.faults import FAULTS, TRUE_WITHIN_S, Fault
from tests.contract.floor import Floor
from tests.contract.order import of
from tests.contract.patience import LIMIT_S, wait

A1 = "1001@default"
SELF = Actor("a1", USER, "Agent one", agent=A1)
MOBILE, CUSTOMER, CENTRE = "09011112222", "0312345678", "0398765432"
TAKES = answers(0.2, press="1", press_after_s=0.8)


@pytest.fixture
def center(driver: Driver, tmp_path: Path) -> Iterator[Center]:
    center = Center(tmp_path, driver.esl_url)
    center.start()
    center.site(centre_number=CENTRE)
    yield center
    center.stop()


@pytest.fixture
def mobile(center: Center, floor: Floor) -> Phone:
    """The mobile at which agent 1001 is signed in."""
    floor.agent("1001", contact=f"sofia/gateway/carrier/{MOBILE}")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    floor.esl.events.clear()
    return floor.driver.caller(MOBILE)


@pytest.fixture
def customer(floor: Floor) -> Phone:
    phone = floor.driver.caller(CUSTOMER)
    phone.behave(RING)
    return phone


def now(center: Center) -> dict[str, Any]:
    return center.documents("agent")[A1]["call_back"] or {}


def until(center: Center, state: str, limit_s: float = LIMIT_S) -> dict[str, Any]:
    found: dict[str, Any] = wait(
        lambda: now(center) if now(center).get("state") == state else None, lambda: now(center), limit_s
    )
    return found


def begin(center: Center, mobile: Phone) -> None:
    """A call-back is asked for: the agent's phone rings, and the board knows of it."""
    center.ask("call_back.start", SELF, number=CUSTOMER)
    wait(lambda: mobile.state == "ringing" and now(center).get("audit_row"))


def refused(center: Center, number: str = CUSTOMER, actor: Actor = SELF) -> str:
    with pytest.raises(Rejected) as caught:
        center.ask("call_back.start", actor, number=number)
    return caught.value.error


def outcomes(center: Center, command: str) -> list[tuple[str, str]]:
    return [(outcome, cause) for name, outcome, cause in center.audit() if name == command]


def test_f7_agents_phone_rings_first_then_the_customers_and_both_see_the_centre(
    center: Center, floor: Floor, mobile: Phone, customer: Phone
) -> None:
    started = center.ask("call_back.start", SELF, number="03-1234-5678")
    assert started["state"] == "ringing_you"
    center.until_code("ringing")
    assert customer.state == "idle"
    own = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    assert (own["Caller-Destination-Number"], own["Caller-Caller-ID-Number"]) == (MOBILE, CENTRE)
    wait(lambda: mobile.state == "ringing")
    mobile.answer()
    floor.esl.wait("CHANNEL_ANSWER", Unique_ID=own.uuid)
    center.until_code("ringing")
    assert (now(center)["state"], customer.state) == ("ringing_you", "idle"), "answered is not yet the key"
    mobile.press("1")
    theirs = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    assert (theirs["Caller-Destination-Number"], theirs["Caller-Caller-ID-Number"]) == (CUSTOMER, CENTRE)
    until(center, "calling_customer")
    center.until_code("outbound_call")
    wait(lambda: customer.state == "ringing")
    customer.answer()
    talking = until(center, "talking")
    assert talking["since"] > talking["asked_at"]
    assert center.documents("agent")[A1]["call"]["with"] == {"name": "", "number": CUSTOMER}
    assert center.code() == "outbound_call"
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})
    customer.hang_up()
    assert until(center, "ended")["cause"] == "NORMAL_CLEARING"
    wait(lambda: mobile.state == "idle")
    center.until_code("available")
    wait(lambda: outcomes(center, "call_back.start") == [("asked", ""), ("confirmed", "")], center.audit)
    assert center.audit_args("call_back.start")[0]["number"] == "031-****-5678"


@pytest.mark.parametrize(
    ("behaviour", "causes"),
    [
        (BUSY, {"USER_BUSY"}),
        (REJECT, {"CALL_REJECTED"}),
        (answers(0.1), {"NO_ANSWER", "ALLOTTED_TIMEOUT"}),
    ],
    ids=["busy", "rejected", "voicemail"],
)
def test_f7_customer_is_not_called_when_the_agent_does_not_take_it(
    center: Center, floor: Floor, mobile: Phone, customer: Phone, behaviour: Behaviour, causes: set[str]
) -> None:
    mobile.behave(behaviour)
    ident = center.ask("call_back.start", SELF, number=CUSTOMER)["id"]
    failed = until(center, "failed", 40.0)
    assert (failed["id"], failed["party"]) == (ident, "agent")
    assert failed["cause"] in causes
    center.until_code("available")
    created = [e["Caller-Destination-Number"] for e in of(floor.esl.gather(0.5), "CHANNEL_CREATE")]
    assert CUSTOMER not in created
    assert customer.state == "idle"
    wait(lambda: outcomes(center, "call_back.start") == [("asked", ""), ("failed", failed["cause"])], center.audit)


@pytest.mark.parametrize(("behaviour", "cause"), [(BUSY, "USER_BUSY"), (REJECT, "CALL_REJECTED")])
def test_agent_is_told_when_the_customer_does_not_come_and_his_phone_falls_silent(
    center: Center, mobile: Phone, customer: Phone, behaviour: Behaviour, cause: str
) -> None:
    mobile.behave(TAKES)
    customer.behave(behaviour)
    center.ask("call_back.start", SELF, number=CUSTOMER)
    failed = until(center, "failed")
    assert (failed["cause"], failed["party"]) == (cause, "customer")
    assert mobile.state == "talking", "he hears the busy tone"
    wait(lambda: mobile.state == "idle", lambda: mobile.state)
    center.until_code("available")


@pytest.mark.parametrize("when", ["ringing_you", "calling_customer", "talking"])
def test_cancel_ends_every_leg_whenever_it_comes(center: Center, mobile: Phone, customer: Phone, when: str) -> None:
    if when != "ringing_you":
        mobile.behave(TAKES)
    if when == "talking":
        customer.behave(answers(0.2))
    ident = center.ask("call_back.start", SELF, number=CUSTOMER)["id"]
    until(center, when)
    wait(lambda: (mobile if when == "ringing_you" else customer).state in ("ringing", "talking"))
    assert center.ask("call_back.cancel", SELF, id=ident)["state"] == "ended"
    wait(lambda: (mobile.state, customer.state) == ("idle", "idle"), lambda: (mobile.state, customer.state))
    ended = until(center, "ended")
    assert ended["cause"] == ("NORMAL_CLEARING" if when == "talking" else "cancelled")
    assert center.ask("call_back.cancel", SELF, id=ident)["state"] == "ended", "what is over is over"
    assert outcomes(center, "call_back.cancel") == [("asked", ""), ("confirmed", "")]


def test_agent_who_hangs_up_while_the_customers_phone_rings_leaves_no_phone_ringing(
    center: Center, mobile: Phone, customer: Phone
) -> None:
    mobile.behave(TAKES)
    center.ask("call_back.start", SELF, number=CUSTOMER)
    wait(lambda: customer.state == "ringing")
    mobile.hang_up()
    assert until(center, "ended")["cause"] == "cancelled"
    wait(lambda: customer.state == "idle")


def test_queue_offers_nothing_from_the_first_ringing_on_and_again_afterwards(
    center: Center, floor: Floor, mobile: Phone, customer: Phone
) -> None:
    ident = center.ask("call_back.start", SELF, number=CUSTOMER)["id"]
    wait(lambda: mobile.state == "ringing")
    assert floor.agent_row(A1)["external_calls_count"] == "1"
    floor.call("0355556666")
    offers = of(floor.esl.gather(1.5), "cc:agent-offering")
    assert offers == []
    center.ask("call_back.cancel", SELF, id=ident)
    floor.esl.wait("cc:agent-offering")
    assert floor.agent_row(A1)["external_calls_count"] == "0"


def test_refusals_say_why_and_nothing_rings(center: Center, floor: Floor, mobile: Phone, customer: Phone) -> None:
    assert refused(center, "0990-504-123") == "number_not_allowed"
    assert refused(center, "+1 212 664 7665") == "number_not_allowed"
    assert refused(center, "110") == "invalid_number"
    assert refused(center, "Tanaka") == "invalid_number"
    assert refused(center, MOBILE) == "number_not_allowed"
    assert refused(center, CENTRE) == "number_not_allowed", "the centre's own number would loop"
    center.site(own_numbers=["03-5555-6666"])
    assert refused(center, "0355556666") == "number_not_allowed"
    center.site(outside_allow="+8190")
    assert refused(center) == "number_not_allowed", "administrators have narrowed the list"
    center.site(outside_allow="", centre_number="")
    assert refused(center) == "no_centre_number"
    assert refused(center, actor=Actor("x", USER, "X")) == "permission_denied"
    assert floor.esl.api(f"callcenter_config agent set contact {A1} user/1001@default").startswith("+OK")
    wait(lambda: center.documents("agent")[A1]["terminal_kind"] == "extension")
    assert refused(center) == "no_outside_phone"
    assert of(floor.esl.gather(0.3), "CHANNEL_CREATE") == []
    assert (mobile.state, customer.state) == ("idle", "idle")
    assert all(CUSTOMER not in str(row) for row in center.audit())


@pytest.mark.parametrize(("lines", "party"), [(0, "agent"), (1, "customer")])
def test_f4_both_legs_count_as_calls_and_at_the_limit_nobody_is_rung_for_nothing(
    driver: Driver, floor: Floor, tmp_path: Path, lines: int, party: str
) -> None:
    assert floor.esl.api(f"global_setvar outbound_calls={lines}").startswith("+OK")
    center = Center(tmp_path, driver.esl_url)
    try:
        center.start()
        center.site(centre_number=CENTRE)
        floor.agent("1001", contact=f"sofia/gateway/carrier/{MOBILE}")
        wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
        mobile, customer = floor.driver.caller(MOBILE), floor.driver.caller(CUSTOMER)
        mobile.behave(TAKES)
        center.ask("call_back.start", SELF, number=CUSTOMER)
        failed = until(center, "failed")
        assert (failed["cause"], failed["party"], customer.state) == ("lines_full", party, "idle")
        if party == "agent":
            assert mobile.state == "idle"
        else:
            mobile.hang_up()  # he hears the busy tone
        wait(lambda: floor.esl.api("limit_usage hash outbound all").strip() == "0")
    finally:
        center.stop()
        floor.esl.api("global_setvar outbound_calls=")


def test_new_controller_goes_on_with_a_running_call_back(
    center: Center, floor: Floor, mobile: Phone, customer: Phone
) -> None:
    mobile.behave(TAKES)
    center.ask("call_back.start", SELF, number=CUSTOMER)
    wait(lambda: customer.state == "ringing")
    until(center, "calling_customer")
    center.kill_controller()
    customer.answer()
    center.start_controller()
    center.until_live()
    assert until(center, "talking")["number"] == CUSTOMER
    assert (center.code(), center.documents("agent")[A1]["call"]["with"]["number"]) == ("outbound_call", CUSTOMER)
    mobile.hang_up()
    until(center, "ended")


def test_a_call_back_that_ends_while_the_controller_is_away_gets_its_outcome_in_the_audit(
    center: Center, floor: Floor, mobile: Phone, customer: Phone
) -> None:
    begin(center, mobile)
    center.kill_controller()
    mobile.answer()
    mobile.press("1")
    wait(lambda: customer.state == "ringing")
    customer.answer()
    center.start_controller()
    center.until_live(20)
    wait(lambda: outcomes(center, "call_back.start") == [("asked", ""), ("confirmed", "")], center.audit)


@FAULTS
def test_a_call_back_goes_on_whatever_falls_while_the_agents_phone_rings(
    center: Center, floor: Floor, mobile: Phone, customer: Phone, fault: Fault
) -> None:
    begin(center, mobile)
    with fault(center, floor):
        pass
    center.until_code("ringing")
    mobile.answer()
    mobile.press("1")
    wait(lambda: customer.state == "ringing")
    until(center, "calling_customer")
    customer.answer()
    until(center, "talking")
    wait(lambda: outcomes(center, "call_back.start") == [("asked", ""), ("confirmed", "")], center.audit)


@FAULTS
def test_a_call_back_that_the_agent_declines_while_nobody_looks_is_over_at_once(
    center: Center, floor: Floor, mobile: Phone, customer: Phone, fault: Fault
) -> None:
    begin(center, mobile)
    with fault(center, floor):
        mobile.reject()
        wait(lambda: mobile.state == "idle")
    assert until(center, "failed", TRUE_WITHIN_S)["party"] == "agent"
    center.until_code("available")
    assert customer.state == "idle"

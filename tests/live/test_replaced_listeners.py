"""A phone that puts itself into a listener's place (INVITE with Replaces): it hears, and no supervision knows of it."""

from __future__ import annotations

import pytest

from tests.contract.center import Center
from tests.contract.driver import answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.live.rig.driver import LiveDriver

pytestmark = pytest.mark.live


def replace(rig: LiveDriver, floor: Floor, leg: str, by: str) -> None:
    """Dial from ``by`` into the place of the phone at this leg."""
    call, ours, theirs = (
        floor.esl.api(f"uuid_getvar {leg} {name}") for name in ("sip_call_id", "sip_from_tag", "sip_to_tag")
    )
    rig.phone(by).dial("1001", headers=(("Replaces", f"{call};to-tag={ours};from-tag={theirs}"),))


def test_a_phone_that_takes_a_listeners_place_is_hung_up_within_two_seconds(
    rig: LiveDriver, center: Center, floor: Floor
) -> None:
    floor.agent("1001")
    center.until_known("1001@default")
    floor.answered_call()
    center.until_code("queue_call")
    rig.phone("9001").behave(answers(0))
    ident = center.supervise()
    leg = center.documents("supervision")[ident]["leg"]
    replace(rig, floor, leg, "9002")
    floor.esl.wait("CHANNEL_EXECUTE", Application="eavesdrop", Call_Direction="inbound")
    assert center.until_state(ident, "ended")["cause"] == "ATTENDED_TRANSFER"
    wait(lambda: rig.phone("9002").state == "idle", "it is hung up", 2)
    floor.hear({"9001": set(), "9002": set(), "1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    wait(lambda: ("guard.unowned_supervision", "confirmed", "") in center.audit(), center.audit)


def test_a_phone_that_takes_the_place_of_a_listener_of_the_sites_own_goes_on(
    rig: LiveDriver, center: Center, floor: Floor
) -> None:
    floor.agent("1001")
    center.until_known("1001@default")
    call = floor.answered_call()
    center.until_code("queue_call")
    own = floor.listen("9001", call.agent_leg)
    replace(rig, floor, own, "9002")
    wait(lambda: rig.phone("9001").state == "idle")
    for _ in range(4):  # the floor is looked at once a second, and this takes more than two
        floor.hear({"9002": {CUSTOMER, "1001"}, "1001": {CUSTOMER}, CUSTOMER: {"1001"}})

"""How a supervision ends, or goes on, when the call that it was for does: everybody concerned sees why."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import RING, SUPPORT, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import slowness, wait
from tests.contract.refusals import refused

SUPERVISOR, COLLEAGUE = "9001", "1003"
WITHIN_S = 1.5
"""A second, and what it takes to look at it."""


def idle(floor: Floor, extension: str = SUPERVISOR, limit_s: float = WITHIN_S) -> None:
    phone = floor.driver.phone(extension)
    wait(lambda: phone.state == "idle", lambda: f"{extension} is {phone.state}", limit_s)


@pytest.mark.parametrize("hold", ["held", "not held"])
@pytest.mark.parametrize("follow", [False, True], ids=["this call", "following"])
def test_d12_a_caller_whom_the_agent_sends_away_is_not_listened_to_at_the_third_party(
    center: Center, floor: Floor, agent: str, hold: str, follow: bool
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone(SUPERVISOR)
    supervisor.behave(answers(0))
    ident = center.supervise(follow=follow)
    floor.driver.phone(COLLEAGUE).behave(answers(0))
    if hold == "held":
        call.agent.hold()
        wait(lambda: center.documents("supervision")[ident]["on_member"])
        center.until_state(ident, "listening")
    call.agent.transfer(COLLEAGUE)
    if follow:
        center.until_state(ident, "following", WITHIN_S)
        assert supervisor.state == "talking"
    else:
        assert center.until_state(ident, "ended", WITHIN_S)["cause"] == "call_ended"
        idle(floor)
    floor.hear({CUSTOMER: {COLLEAGUE}, COLLEAGUE: {CUSTOMER}, SUPERVISOR: set()})
    if follow:
        second = floor.answered_call("1001", number="0398765432")
        center.until_state(ident, "listening", WITHIN_S)
        floor.hear({SUPERVISOR: {second.customer.number, "1001"}, COLLEAGUE: {CUSTOMER}})


@pytest.mark.parametrize("follow", [False, True], ids=["this call", "following"])
def test_d12_a_call_that_ends_while_the_supervisors_phone_rings(
    center: Center, floor: Floor, agent: str, follow: bool
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone(SUPERVISOR)
    supervisor.behave(RING)
    asked = {"agent": agent, "mode": "monitor", "extension": SUPERVISOR, "follow": follow}
    ident = center.ask("supervision.start", **asked)["id"]
    wait(lambda: supervisor.state == "ringing")
    call.customer.hang_up()
    center.until_code("available")
    if not follow:
        assert center.until_state(ident, "failed", WITHIN_S)["cause"] == "call_ended"
        idle(floor)
        wait(lambda: ("supervision.start", "failed", "call_ended") in center.audit(), center.audit)
        return
    supervisor.answer()
    center.until_state(ident, "following")
    second = floor.answered_call("1001", number="0398765432")
    center.until_state(ident, "listening", WITHIN_S)
    floor.hear({SUPERVISOR: {second.customer.number, "1001"}})


def test_d17_a_right_withdrawn_while_the_phone_rings_stops_the_ringing(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone(SUPERVISOR)
    supervisor.behave(RING)
    asked = {"agent": agent, "mode": "monitor", "extension": SUPERVISOR, "queue": SUPPORT}
    ident = center.ask("supervision.start", EDITOR, **asked)["id"]
    wait(lambda: supervisor.state == "ringing")
    center.grant("edith", SUPPORT, "view")
    assert center.until_state(ident, "failed", WITHIN_S)["cause"] == "permission_denied"
    idle(floor)
    assert center.code() == "queue_call"


@pytest.mark.parametrize("way", ["logged out", "idle for too long", "begun too long ago"])
def test_d17_a_session_that_is_over_ends_the_listening_within_a_second(
    center: Center, floor: Floor, agent: str, way: str
) -> None:
    """The limits are 8 and 24 hours; the session is made to look as if one of them were half a second away."""
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone(SUPERVISOR).behave(answers(0))
    session = center.log_in("edith")
    ident = center.supervise(actor=replace(EDITOR, session=session), queue=SUPPORT)
    left_s = 0.5
    if way == "logged out":
        center.log_out("edith", session)
        left_s = 0.0
    elif way == "idle for too long":
        center.age(session, seen_at=28_800 - left_s)
    else:
        center.age(session, created_at=86_400 - left_s)
    slow, began = slowness(), time.time()
    told = center.until_state(ident, "ended", left_s + WITHIN_S)
    assert told["cause"] == "permission_denied"
    assert told["ended_at"] - began - left_s < 1.0 * max(slow, slowness())
    idle(floor)
    assert center.code() == "queue_call"


def test_d18_the_audit_says_who_listened_to_whom_where_how_and_how_long(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone(SUPERVISOR)
    supervisor.behave(answers(0))
    began = time.time()
    causes = []
    for way in ("phone", "panel", "call"):
        ident = center.supervise("whisper", actor=EDITOR, queue=SUPPORT)
        if way == "phone":
            supervisor.hang_up()
        elif way == "panel":
            center.ask("supervision.stop", EDITOR, id=ident)
        else:
            call.customer.hang_up()
        causes.append(center.until_state(ident, "ended")["cause"])
        idle(floor)
    assert causes == ["hung_up", "stopped", "call_ended"]
    wait(lambda: len(center.deeds("supervision.ended")) == 3, center.audit)
    for row, cause in zip(center.deeds("supervision.ended"), causes, strict=True):
        assert (row["login"], row["agent"], row["queue"], row["cause"]) == ("edith", agent, SUPPORT, cause)
        assert (row["args"]["extension"], row["args"]["mode"]) == (SUPERVISOR, "whisper")
        assert row["args"]["from"] <= row["args"]["to"]
        assert row["args"]["from"] >= time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(began))
    started = [r["outcome"] for r in center.deeds("supervision.start")]
    assert started == ["asked", "confirmed"] * 3


def test_d11_another_supervisor_who_stops_it_is_told_apart(center: Center, floor: Floor, agent: str) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone(SUPERVISOR).behave(answers(0))
    ident = center.supervise(actor=EDITOR, queue=SUPPORT)
    center.ask("supervision.stop", BOSS, id=ident)
    assert center.until_state(ident, "ended")["cause"] == "stopped_by_other"
    assert center.code() == "queue_call"


def test_whoever_asks_a_colleague_meanwhile_keeps_his_customer_apart_from_the_supervisor(
    center: Center, floor: Floor, agent: str
) -> None:
    """The board then shows the call with the colleague; what is supervised is the customer's."""
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone(SUPERVISOR).behave(answers(0))
    ident = center.supervise("barge")
    call.agent.hold()
    wait(lambda: center.documents("supervision")[ident]["on_member"])
    center.until_state(ident, "listening")
    floor.driver.phone(COLLEAGUE).behave(answers(0))
    floor.esl.api(f"originate user/{COLLEAGUE}@default &bridge(user/1001@default)")
    assert refused(center, "supervision.take_over", id=ident) == "on_hold_no_whisper"
    floor.hear({CUSTOMER: {"music"}, SUPERVISOR: {CUSTOMER, "music"}})

"""A status asked for «after this call»: there before the next offer, whatever becomes of this one, and over restarts."""

from __future__ import annotations

import time

import pytest

from fs_app.floor.actor import USER, Actor
from fs_app.store.statuses import AgentStatuses
from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import RING, SUPPORT, Phone
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"
AGENT = Actor("a1", USER, "Agent one", agent=A1)
TIMES = 4
"""As often as the dispatcher's tenth of a second may or may not lie between the end of an offer and a later order."""


def restart(center: Center) -> None:
    center.kill_controller()
    center.start_controller()
    center.until_live()


@pytest.mark.parametrize("end", ["the caller gives up", "the agent refuses"])
def test_it_comes_before_the_next_offer_when_nobody_answered(
    center: Center, floor: Floor, agent: str, end: str
) -> None:
    phone = floor.driver.phone("1001")
    for turn in range(TIMES):
        first, _ = floor.call(f"031111000{turn}")
        center.until_code("ringing")
        second, _ = floor.call(f"032222000{turn}")
        floor.esl.wait("cc:agent-offering", CC_Agent=agent)
        center.ask("status.set", agent=agent, status="away", after_call=True)
        assert phone.state == "ringing", "the offer that runs is left alone"
        if end == "the caller gives up":
            first.hang_up()
        else:
            phone.reject()
        center.until_code("away")
        assert not [e for e in floor.esl.gather(0.5) if e.name == "cc:agent-offering"], "he was offered a call again"
        for caller in (first, second):
            if caller.state != "idle":
                caller.hang_up()
        wait(lambda: not center.documents("member"), "the callers are gone")
        center.ask("status.set", agent=agent, status="available")
        center.until_code("available")
        assert int(str(floor.agent_row(agent)["ready_time"])) <= time.time() + 1, "nothing keeps him from the next call"


def test_b_it_comes_to_nothing_when_the_right_of_whoever_asked_is_withdrawn_meanwhile(
    center: Center, floor: Floor, agent: str
) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    center.ask("status.set", EDITOR, agent=agent, status="away", after_call=True, queue=SUPPORT)
    center.grant("edith", SUPPORT, "view")
    caller.hang_up()
    wait(lambda: center.audit()[-1] == ("agent.set_status", "failed", "permission_denied"), center.audit)
    wait(lambda: center.documents("agent")[agent]["after_call"] is None, "nothing is to follow any more")
    assert center.code() == "available"
    assert int(str(floor.agent_row(agent)["ready_time"])) <= time.time() + 1, "nothing keeps him from the next call"


def test_it_keeps_its_reason(center: Center, floor: Floor, agent: str) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    center.ask("status.set", agent=agent, status="away", after_call=True, reason="meeting")
    caller.hang_up()
    center.until_code("away")

    def kept() -> bool:
        with center.database() as database:
            found = AgentStatuses(database).all().get(agent)
        return found is not None and (found.code, found.reason, found.set_by) == ("away", "meeting", "boss")

    wait(kept, "the reason is in the table")


def test_who_cancelled_it_is_written_down(center: Center, floor: Floor, agent: str) -> None:
    floor.call()
    center.until_code("ringing")
    center.ask("status.set", EDITOR, agent=agent, status="away", after_call=True, queue=SUPPORT)
    center.ask("status.set", BOSS, agent=agent, status="available", after_call=True)
    cancelled = [row for row in center.audit_rows() if row["command"] == "agent.cancel_after_call"]
    assert [(row["login"], row["outcome"], row["args"]["status"]) for row in cancelled] == [
        ("boss", "confirmed", "away")
    ]
    assert center.audit_rows()[-1]["refers_to"] == cancelled[0]["args"]["asked"], "and which wish it was"
    assert int(str(floor.agent_row(agent)["ready_time"])) == 0
    assert floor.driver.phone("1001").state == "ringing"


def test_t11_asked_for_in_a_call_it_survives_a_restart_during_the_call(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    center.ask("status.set", agent=agent, status="away", after_call=True)
    restart(center)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "away", "still to follow the call")
    assert center.code() == "queue_call"
    call.customer.hang_up()
    center.until_code("away")


def asks_a_colleague(center: Center, floor: Floor) -> Phone:
    """1001 is in a call with 1002; gives his phone."""
    phone, other = floor.driver.phone("1001"), floor.driver.phone("1002")
    other.behave(RING)
    phone.dial("1002")
    wait(lambda: other.state == "ringing", "it rings")
    other.answer()
    center.until_code("internal_call")
    wait(lambda: phone.state == "talking", "they talk")
    return phone


def test_t11_it_may_be_asked_for_during_a_call_that_is_of_no_queue(center: Center, floor: Floor, agent: str) -> None:
    phone = asks_a_colleague(center, floor)
    center.ask("status.set", agent=agent, status="on_break", after_call=True)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "on_break", "shown on the board")
    floor.call()
    assert phone.state == "talking"
    phone.hang_up()
    center.until_code("on_break")
    assert not [e for e in floor.esl.gather(0.5) if e.name == "cc:agent-offering"]


def test_taken_back_in_the_call_he_has_again_what_he_had_before_it(center: Center, floor: Floor, agent: str) -> None:
    center.ask("status.set", agent=agent, status="away")
    phone = asks_a_colleague(center, floor)
    assert center.documents("agent")[agent]["after_call"] is None, "nobody asked for anything"
    assert center.ask("after_call.cancel", agent=agent)["status"] == "away"
    center.ask("status.set", agent=agent, status="on_break", after_call=True)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "on_break", "shown on the board")
    restart(center)
    answer = center.ask("after_call.cancel", agent=agent)
    assert (answer["status"], answer["after_call"]) == ("away", None)
    wait(lambda: center.documents("agent")[agent]["after_call"] is None, "shown on the board")
    wait(lambda: ("agent.cancel_after_call", "confirmed", "") in center.audit(), center.audit)
    phone.hang_up()
    center.until_code("away")
    assert floor.agent_row(agent)["status"] == "On Break"


def test_taken_back_while_the_phone_rings_the_offer_goes_on(center: Center, floor: Floor, agent: str) -> None:
    floor.call()
    center.until_code("ringing")
    center.ask("status.set", agent=agent, status="away", after_call=True)
    answer = center.ask("after_call.cancel", agent=agent)
    assert (answer["status"], answer["after_call"]) == ("available", None)
    assert floor.driver.phone("1001").state == "ringing"
    assert int(str(floor.agent_row(agent)["ready_time"])) == 0

"""The product's rules B through the controller: who changes an agent's status, when it is refused, and what it does to calls."""

from __future__ import annotations

import pytest

from fs_app.floor.actor import Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import BOSS, EDITOR, VIEWER, Center
from tests.contract.driver import ROUND_ROBIN, SUPPORT, answers
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    """A member of both queues: EDITOR holds edit on the first alone, VIEWER view."""
    floor.agent("1001", SUPPORT, ROUND_ROBIN)
    wait(lambda: len(center.documents("agent").get(A1, {}).get("tiers", ())) == 2, "tiers are read soon")
    return A1


def refused(center: Center, actor: Actor, queue: str | None, status: str = "away") -> str:
    with pytest.raises(Rejected) as caught:
        center.ask("status.set", actor, agent=A1, status=status, queue=queue)
    return caught.value.error


def test_b2_a_supervisor_with_edit_and_the_queue_selected_changes_a_members_status(
    center: Center, floor: Floor, agent: str
) -> None:
    for status, told in (("away", "On Break"), ("wrap_up", "On Break"), ("logged_out", "Logged Out")):
        center.ask("status.set", EDITOR, agent=agent, status=status, queue=SUPPORT)
        center.until_code(status)
        assert floor.agent_row(agent)["status"] == told


def test_b3_b4_b5_the_status_stays_without_edit_without_a_queue_and_with_the_wrong_one(
    center: Center, floor: Floor, agent: str
) -> None:
    assert refused(center, VIEWER, SUPPORT) == "permission_denied"
    assert refused(center, EDITOR, None) == "queue_not_selected"
    assert refused(center, EDITOR, ROUND_ROBIN) == "permission_denied"
    assert refused(center, EDITOR, "nowhere@default") == "permission_denied"
    assert floor.agent_row(agent)["status"] == "Available"
    tries = [row["login"] for row in center.audit_rows() if row["outcome"] == "failed"]
    assert tries == ["vera", "edith", "edith", "edith"], "each try is written down"


def test_b6_b9_while_the_phone_rings_and_in_the_call_the_status_stays_and_the_call_is_not_lost(
    center: Center, floor: Floor, agent: str
) -> None:
    phone = floor.driver.phone("1001")
    floor.call()
    center.until_code("ringing")
    assert {refused(center, actor, SUPPORT) for actor in (BOSS, EDITOR)} == {"agent_ringing"}
    wait(lambda: phone.state == "ringing")
    phone.answer()
    center.until_code("queue_call")
    assert {refused(center, actor, SUPPORT) for actor in (BOSS, EDITOR)} == {"agent_in_call"}
    assert (phone.state, floor.agent_row(agent)["status"]) == ("talking", "Available")


@pytest.mark.parametrize("kind", ["outbound_call", "internal_call", "external_call", "on_hold", "other_queue_call"])
def test_b7_in_any_other_call_the_status_stays_as_well(center: Center, floor: Floor, agent: str, kind: str) -> None:
    phone = floor.driver.phone("1001")
    if kind == "outbound_call":
        floor.driver.caller("0311112222").behave(answers(0))
        phone.dial("0311112222")
    elif kind == "internal_call":
        floor.driver.phone("1002").behave(answers(0))
        phone.dial("1002")
    elif kind == "external_call":
        phone.behave(answers(0))
        floor.driver.caller("0311112222").dial("1001")
    else:
        floor.answered_call(queue=ROUND_ROBIN if kind == "other_queue_call" else SUPPORT)
    if kind == "on_hold":
        center.until_code("queue_call")
        phone.hold()
    wait(lambda: center.row(queue=SUPPORT)["status"]["code"] == kind, lambda: center.row(queue=SUPPORT))
    wait(lambda: phone.state == "talking", lambda: phone.state)
    assert {refused(center, actor, SUPPORT) for actor in (BOSS, EDITOR)} == {"agent_in_call"}
    assert (phone.state, floor.agent_row(agent)["status"]) == ("talking", "Available")


def test_b8_statuses_that_calls_make_are_never_accepted(center: Center, floor: Floor, agent: str) -> None:
    for status in ("queue_call", "ringing", "on_hold", "other_queue_call", "On Break", ""):
        assert refused(center, BOSS, SUPPORT, status) == "status_not_selectable"
    assert floor.agent_row(agent)["status"] == "Available"


def test_b12_available_while_calls_wait_brings_one(center: Center, floor: Floor, agent: str) -> None:
    center.ask("status.set", EDITOR, agent=agent, status="on_break", queue=SUPPORT)
    floor.call()
    assert not [e for e in floor.esl.gather(0.5) if e.name == "cc:agent-offering"]
    center.ask("status.set", EDITOR, agent=agent, status="available", queue=SUPPORT)
    floor.esl.wait("cc:agent-offering", CC_Agent=agent)


@pytest.mark.parametrize("status", ["wrap_up", "logged_out"])
def test_b13_b15_in_wrap_up_and_logged_out_by_a_supervisor_no_queue_call_rings_and_an_internal_one_does(
    center: Center, floor: Floor, agent: str, status: str
) -> None:
    center.ask("status.set", EDITOR, agent=agent, status=status, queue=SUPPORT)
    floor.call()
    assert not [e for e in floor.esl.gather(0.5) if e.name == "cc:agent-offering"]
    floor.driver.phone("1002").dial("1001")
    wait(lambda: floor.driver.phone("1001").state == "ringing", "the colleague reaches him")
    center.until_code("ringing")

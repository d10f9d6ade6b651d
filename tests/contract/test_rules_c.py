"""The product's rules C through the controller: who sets a call priority, and whose phone rings first by it."""

from __future__ import annotations

from typing import Any

import pytest

from fs_app.floor.actor import Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import BOSS, EDITOR, VIEWER, Center
from tests.contract.driver import PROGRESSIVE, ROUND_ROBIN, SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1, A2 = "1001@default", "1002@default"
ORDERED = [SUPPORT, ROUND_ROBIN, PROGRESSIVE]
"""longest-idle-agent, round-robin, ring-progressively: strategies in which the smaller number rings first."""


def two(center: Center, floor: Floor, *queues: str) -> None:
    """Two free agents who are members of these queues."""
    for extension in ("1001", "1002"):
        floor.agent(extension, *queues)

    def known() -> bool:
        found = center.documents("agent")
        return all(set(found.get(agent, {}).get("tiers", ())) == set(queues) for agent in (A1, A2))

    wait(known, "tiers are read soon after a new agent")


def refused(center: Center, actor: Actor, queue: str | None, priority: Any = 7) -> str:
    with pytest.raises(Rejected) as caught:
        center.ask("priority.set", actor, agent=A1, queue=queue, priority=priority)
    return caught.value.error


def levels(floor: Floor, queue: str = SUPPORT) -> dict[str, str]:
    return {str(row["agent"]): str(row["level"]) for row in floor.rows("queue list tiers", queue)}


def rung(floor: Floor) -> str:
    """Whose phone is offered the next call."""
    return floor.esl.wait("cc:agent-offering")["CC-Agent"]


def test_c1_c3_c4_with_edit_and_the_queue_selected_it_is_set_and_else_it_stays(center: Center, floor: Floor) -> None:
    two(center, floor, SUPPORT, ROUND_ROBIN)
    assert refused(center, VIEWER, SUPPORT) == "permission_denied"
    assert {refused(center, actor, None) for actor in (BOSS, EDITOR)} == {"queue_not_selected"}
    assert refused(center, EDITOR, ROUND_ROBIN) == "permission_denied"
    assert levels(floor) == {A1: "1", A2: "1"}
    center.ask("priority.set", EDITOR, agent=A1, queue=SUPPORT, priority=15)
    assert levels(floor) == {A1: "15", A2: "1"}
    wait(lambda: center.row(queue=SUPPORT, actor=VIEWER)["priority"] == 15, "shown to whoever sees the queue (C2)")
    assert center.row()["priority"] is None, "blank under all agents"


def test_c5_a_crafted_value_changes_nothing(center: Center, floor: Floor) -> None:
    two(center, floor, SUPPORT)
    for value in (0, 16, -1, "3", "", 3.5, None, True, "x", [3]):
        assert refused(center, BOSS, SUPPORT, value) == "priority_out_of_range", value
    assert levels(floor) == {A1: "1", A2: "1"}


@pytest.mark.parametrize("queue", ORDERED)
def test_c6_the_agent_with_the_smaller_number_is_rung_first(center: Center, floor: Floor, queue: str) -> None:
    two(center, floor, queue)
    first, second = (A1, A2)
    for turn in range(2):
        center.ask("priority.set", agent=first, queue=queue, priority=1)
        center.ask("priority.set", agent=second, queue=queue, priority=2)
        caller, _ = floor.call(f"031111000{turn}", queue=queue)
        assert rung(floor) == first
        caller.hang_up()
        wait(lambda: floor.driver.phone("1001").state == floor.driver.phone("1002").state == "idle", "silence")
        wait(lambda: {str(floor.agent_row(a)["state"]) for a in (A1, A2)} == {"Waiting"}, "both can be rung again")
        floor.esl.gather(0.2)
        first, second = second, first


@pytest.mark.parametrize("queue", ORDERED)
def test_c7_the_next_one_is_rung_when_the_first_is_not_available(center: Center, floor: Floor, queue: str) -> None:
    two(center, floor, queue)
    center.ask("priority.set", agent=A1, queue=queue, priority=1)
    center.ask("priority.set", agent=A2, queue=queue, priority=2)
    center.ask("status.set", agent=A1, status="on_break")
    floor.call(queue=queue)
    assert rung(floor) == A2


def test_c8_among_equal_numbers_the_queues_ring_method_decides(center: Center, floor: Floor) -> None:
    two(center, floor, ROUND_ROBIN)
    for agent in (A1, A2):
        center.ask("priority.set", agent=agent, queue=ROUND_ROBIN, priority=3)
    offered = []
    for turn in range(2):
        caller, _ = floor.call(f"031111000{turn}", queue=ROUND_ROBIN)
        offered.append(rung(floor))
        caller.hang_up()
        wait(lambda: {str(floor.agent_row(a)["state"]) for a in (A1, A2)} == {"Waiting"}, "both can be rung again")
        floor.esl.gather(1.1)  # round-robin counts in whole seconds when somebody was last offered a call
    assert set(offered) == {A1, A2}, "round-robin takes turns"


def test_c9_the_number_in_one_queue_is_no_matter_of_another(center: Center, floor: Floor) -> None:
    floor.agent("1001", SUPPORT, ROUND_ROBIN)
    wait(lambda: len(center.documents("agent").get(A1, {}).get("tiers", ())) == 2, "tiers are read soon")
    center.ask("priority.set", agent=A1, queue=SUPPORT, priority=7)
    assert (levels(floor, SUPPORT)[A1], levels(floor, ROUND_ROBIN)[A1]) == ("7", "1")


def test_c10_a_change_during_an_offer_withdraws_nothing_and_counts_for_the_next(center: Center, floor: Floor) -> None:
    two(center, floor, SUPPORT)
    center.ask("priority.set", agent=A2, queue=SUPPORT, priority=2)
    floor.call()
    assert rung(floor) == A1
    center.ask("priority.set", agent=A1, queue=SUPPORT, priority=9)
    wait(lambda: floor.driver.phone("1001").state == "ringing", "his phone goes on ringing")
    floor.driver.phone("1001").reject()
    assert rung(floor) == A2, "the next distribution follows the new order"

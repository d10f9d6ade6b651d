"""Members of queues, made and let go through the controller (C11): proved by reading back, and no call is taken away."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import EDITOR, Center
from tests.contract.driver import ROUND_ROBIN, SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"


def tiers(floor: Floor, queue: str) -> list[tuple[str, str, str]]:
    return [(str(r["agent"]), str(r["level"]), str(r["position"])) for r in floor.rows("queue list tiers", queue)]


def test_c11_an_administrator_makes_an_agent_a_member_and_lets_him_go(center: Center, floor: Floor, agent: str) -> None:
    assert center.ask("member.add", queue=ROUND_ROBIN, agent=agent, priority=4)["priority"] == 4
    assert tiers(floor, ROUND_ROBIN) == [(agent, "4", "1")]
    wait(lambda: center.row(queue=ROUND_ROBIN)["priority"] == 4, "the board has him at once")
    assert center.ask("member.add", queue=ROUND_ROBIN, agent=agent, priority=9)["priority"] == 4, "he is one already"
    assert center.ask("member.remove", queue=ROUND_ROBIN, agent=agent)["priority"] is None
    assert tiers(floor, ROUND_ROBIN) == []
    wait(lambda: center.documents("agent")[agent]["see"] == [SUPPORT])
    rows = [row[:2] for row in center.audit() if row[0].startswith("queue.")]
    assert rows == [
        ("queue.add_member", "asked"),
        ("queue.add_member", "confirmed"),
        ("queue.remove_member", "asked"),
        ("queue.remove_member", "confirmed"),
    ]


def test_c11_a_supervisor_with_edit_changes_no_membership(center: Center, floor: Floor, agent: str) -> None:
    for kind in ("member.add", "member.remove"):
        with pytest.raises(Rejected) as refused:
            center.ask(kind, EDITOR, queue=SUPPORT, agent=agent)
        assert refused.value.error == "permission_denied"
    assert tiers(floor, SUPPORT) == [(agent, "1", "1")]
    refusals = [row for row in center.audit() if "member" in row[0]]
    assert refusals == [(f"queue.{what}_member", "failed", "permission_denied") for what in ("add", "remove")]


def test_c11_a_member_who_is_let_go_keeps_the_call_that_rings_and_gets_no_further_one(
    center: Center, floor: Floor, agent: str
) -> None:
    phone = floor.driver.phone("1001")
    first, _ = floor.call()
    center.until_code("ringing")
    floor.call("0322223333")
    center.ask("member.remove", queue=SUPPORT, agent=agent)
    wait(lambda: phone.state == "ringing")
    phone.answer()
    center.until_code("queue_call")
    first.hang_up()
    center.until_code("available")
    offers = [e["CC-Member-CID-Number"] for e in floor.esl.gather(1.0) if e.name == "cc:agent-offering"]
    assert set(offers) <= {first.number}

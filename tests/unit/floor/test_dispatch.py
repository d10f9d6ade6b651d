"""Who would be rung next: the dispatcher's own order and conditions."""

from __future__ import annotations

import pytest

from fs_app.floor import dispatch
from fs_app.floor.rows import AgentRow, QueueRow, TierRow

NOW = 10_000.0
Q = "support@default"


def agent(name: str, **more: object) -> AgentRow:
    plain = AgentRow(name, "Available", "Waiting", f"user/{name}", "", 0, 0, 0, 0, 0, 0, 0, 0)
    return plain._replace(**more)


def tier(name: str, level: int = 1, position: int = 1, state: str = "Ready") -> TierRow:
    return TierRow(Q, name, state, level, position)


def queue(strategy: str = "longest-idle-agent", **more: object) -> QueueRow:
    return QueueRow(Q, strategy, False, True)._replace(**more)


def rung(
    agents: list[AgentRow], tiers: list[TierRow], own: QueueRow | None = None, **more: object
) -> tuple[str, tuple[str, ...]]:
    found = dispatch.forecast(agents, tiers, own or queue(), NOW, **more)
    return found.rings, found.agents


@pytest.mark.parametrize(
    "strategy", ["longest-idle-agent", "round-robin", "sequentially-by-agent-order", "top-down", "nonsense"]
)
def test_the_smaller_level_is_rung_first(strategy: str) -> None:
    agents = [agent("a", last_bridge_end=1), agent("b", last_bridge_end=9)]
    assert rung(agents, [tier("a", 2), tier("b", 1)], queue(strategy)) == ("one", ("b",))


def test_with_equal_levels_the_strategy_decides() -> None:
    agents = [
        agent("a", last_bridge_end=9, talk_time=1, calls_answered=5, last_offered_call=3),
        agent("b", last_bridge_end=1, talk_time=7, calls_answered=2, last_offered_call=9),
    ]
    tiers = [tier("a"), tier("b")]
    assert rung(agents, tiers, queue("longest-idle-agent"))[1] == ("b",)
    assert rung(agents, tiers, queue("agent-with-least-talk-time"))[1] == ("a",)
    assert rung(agents, tiers, queue("agent-with-fewest-calls"))[1] == ("b",)
    assert rung(agents, tiers, queue("round-robin"))[1] == ("a",)
    assert rung(agents, tiers, queue("random")) == ("any_of", ("a", "b"))
    assert rung(agents, tiers, queue("ring-all")) == ("all", ("a", "b"))


def test_a_changed_level_changes_the_answer() -> None:
    agents, tiers = [agent("a"), agent("b")], [tier("a", 1), tier("b", 2)]
    assert rung(agents, tiers) == ("one", ("a",))
    assert rung(agents, tiers, levels={"a": 5}) == ("one", ("b",))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "Logged Out"}, "logged_out"),
        ({"status": "On Break"}, "on_break"),
        ({"status": "available"}, "unknown_status"),
        ({"state": "Receiving"}, "ringing"),
        ({"state": "In a queue call"}, "in_call"),
        ({"state": "Idle"}, "one_call_done"),
        ({"wrap_up_s": 30, "last_bridge_end": NOW - 10}, "wrap_up"),
        ({"ready_at": NOW + 5}, "not_ready"),
        ({"external_calls": 1}, "external_call"),
    ],
)
def test_the_first_condition_that_keeps_an_agent_away_is_named(change: dict[str, object], reason: str) -> None:
    found = dispatch.forecast([agent("a", **change), agent("b")], [tier("a", 1), tier("b", 9)], queue(), NOW)
    assert found.agents == ("b",)
    assert [(r.agent, r.id) for r in found.reasons] == [("a", reason)]


def test_a_tier_that_is_busy_for_another_queue_is_not_rung() -> None:
    found = dispatch.forecast([agent("a")], [tier("a", state="Standby")], queue(), NOW)
    assert (found.agents, found.reasons[0].id) == ((), "busy_for_queue")


def test_an_external_call_counts_only_where_the_queue_says_so() -> None:
    assert rung([agent("a", external_calls=1)], [tier("a")], queue(skip_external=False)) == ("one", ("a",))


def test_those_behind_the_first_are_told_so() -> None:
    found = dispatch.forecast([agent("a"), agent("b")], [tier("a", 1), tier("b", 2)], queue(), NOW)
    assert [(r.agent, r.id) for r in found.reasons] == [("b", "others_first")]


def test_tier_rules_open_higher_levels_with_the_waiting_time() -> None:
    agents = [agent("a", status="On Break"), agent("b")]
    tiers = [tier("a", 1), tier("b", 3)]
    own = queue(tier_rules=True, tier_rule_wait_s=10, tier_rule_multiply=True)
    assert rung(agents, tiers, own, waited_s=5)[1] == ()
    assert rung(agents, tiers, own, waited_s=30)[1] == ("b",)
    found = dispatch.forecast(agents, tiers, own, NOW, waited_s=5)
    assert ("b", "tier_wait") in [(r.agent, r.id) for r in found.reasons]
    logged_out = [agent("a", status="Logged Out"), agent("b")]
    assert rung(logged_out, tiers, own, waited_s=0)[1] == ("b",)


def test_round_robin_with_positions_goes_on_behind_the_last_in_his_level() -> None:
    agents = [agent("a", last_offered_call=1), agent("b", last_offered_call=9), agent("c", last_offered_call=5)]
    tiers = [tier("a", 1), tier("b", 2, 1), tier("c", 2, 2)]
    assert rung(agents, tiers, queue("round-robin")) == ("one", ("c",))


def test_round_robin_begins_with_the_first_position_while_nobody_was_offered_a_call() -> None:
    agents, tiers = [agent("a"), agent("b"), agent("c")], [tier("a", 1, 2), tier("b", 1, 1), tier("c", 2, 1)]
    assert rung(agents, tiers, queue("round-robin")) == ("one", ("b",))


def test_an_empty_queue_rings_nobody() -> None:
    assert rung([], []) == ("one", ())

"""Status periods over the controller's restarts: no moment is lost, doubled or left open."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import delete

from fs_app.floor import facts
from fs_app.floor.documents import agent_document
from fs_app.store import tables
from fs_app.store.activity import Activity
from fs_app.store.durable import Database
from tests.unit.controller.activity_runs import AGENT, OTHER, Run, told, writing
from tests.unit.floor.stage import Stage


def test_restart_then_the_same_periods_once(activity: Activity, redis: Redis) -> None:
    stage = Stage()
    first = Run(activity, stage, redis)
    first.publish()
    stage.talk()
    first.publish()
    first.end()
    before = {agent: told(activity, agent) for agent in (AGENT, OTHER)}
    for _ in range(3):
        again = Run(activity, stage, redis)
        again.publish()
        again.end()
    assert {agent: told(activity, agent) for agent in (AGENT, OTHER)} == before


def test_restart_after_changes_nobody_saw_then_they_begin_when_the_switch_says(
    activity: Activity, redis: Redis
) -> None:
    stage = Stage()
    first = Run(activity, stage, redis)
    first.publish()
    first.end()
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    away_since = stage.now
    second = Run(activity, stage, redis)
    second.publish()
    second.end()
    assert told(activity) == [("available", 500.0, away_since), ("on_break", away_since, None)]


def test_restart_after_a_change_in_the_very_second_of_the_one_before_then_the_period_is_what_the_switch_says(
    activity: Activity, redis: Redis
) -> None:
    """A reading tells whole seconds: both changes bear the same moment, and only the later one lasts."""
    stage = Stage()
    first = Run(activity, stage, redis)
    first.publish()
    first.end()
    (_, since, _) = told(activity)[0]
    later = Stage()
    changed = later.agents[0]._replace(status="On Break")
    later.do(
        facts.SwitchRead(later.now, 0, "new", later.floor.serial, (changed, *later.agents[1:]), later.tiers, (), (), ())
    )
    later.floor.agents[AGENT].idle_since = later.floor.agents[AGENT].chosen_since = since
    second = Run(activity, later, redis)
    second.publish()
    second.end()
    assert told(activity) == [("on_break", since, None)]


def test_end_with_periods_still_waiting_then_they_are_written(activity: Activity, redis: Redis) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    with writing(run.log):
        run.publish()
        stage.say(facts.AgentStatusSet, AGENT, "On Break")
        run.publish()
    run.end()
    assert [code for code, *_ in told(activity)] == ["available", "on_break"]


def test_agent_dismissed_while_no_controller_ran_has_no_open_period(activity: Activity, redis: Redis) -> None:
    stage = Stage()
    first = Run(activity, stage, redis)
    first.publish()
    first.end()
    assert OTHER in activity.open()
    later = Stage()
    later.now = 2000.0
    later.do(facts.SwitchRead(2000.0, 0, "core", later.floor.serial, later.agents[:1], later.tiers[:2], (), (), ()))
    second = Run(activity, later, redis)
    second.publish()
    second.end()
    assert set(activity.open()) == {AGENT}
    (period,) = told(activity, OTHER)
    assert period[2] is not None


def test_restart_while_the_switch_is_away_ends_nobodys_period(activity: Activity, redis: Redis) -> None:
    """Then nothing is known of its agents: the first reading tells."""
    stage = Stage()
    first = Run(activity, stage, redis)
    first.publish()
    first.end()
    nobody = Stage()
    nobody.do(facts.SwitchRead(1000.0, 0, "core", nobody.floor.serial, (), (), (), (), ()))
    second = Run(activity, nobody, redis, link="down")
    second.publish()
    second.log.close()
    assert set(activity.open()) == {AGENT, OTHER, "1003@default"}
    nobody.do(facts.SwitchRead(1001.0, 0, "core", nobody.floor.serial, stage.agents, stage.tiers, (), (), ()))
    second.link = "live"
    second.publish()
    second.end()
    assert told(activity) == [("available", 500.0, None)]


@given(
    steps=st.lists(st.sampled_from(["talk", "end", "break", "back", "publish", "crash", "restart"]), max_size=30),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_periods_whatever_happens_cover_the_time_without_overlap(
    database: Database, redis: Redis, steps: list[str]
) -> None:
    """A crash loses what was not yet written of it, but leaves no hole, no overlap and no second open period."""
    database.write(lambda connection: connection.execute(delete(tables.activity)))
    activity, stage = Activity(database), Stage()
    run = Run(activity, stage, redis)
    calls: list[tuple[str, str, str]] = []
    for step in [*steps, "restart"]:
        if step == "talk" and not calls:
            calls.append(stage.talk())
        elif step == "end" and calls:
            for leg in calls.pop()[1:]:
                stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
        elif step in ("break", "back"):
            stage.say(facts.AgentStatusSet, AGENT, "On Break" if step == "break" else "Available")
        elif step == "publish":
            run.publish()
        elif step in ("crash", "restart"):
            if step == "restart":
                run.publish()
                run.end()
            run = Run(activity, stage, redis)
    found = told(activity)
    assert all(one[2] == following[1] for one, following in pairwise(found))
    shown = agent_document(stage.floor, stage.floor.agents[AGENT])
    assert found[-1] == (shown["code"], shown["since"], None)

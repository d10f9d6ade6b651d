"""What the controller keeps: statuses, priorities, activity, queue settings."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fs_app.floor.statuses import Status
from fs_app.store.activity import Activity, Period
from fs_app.store.durable import Database
from fs_app.store.priorities import Priorities, Priority
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from fs_app.store.statuses import AgentStatus, AgentStatuses, CustomStatuses, StatusRefused

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
LUNCH = Status("lunch", "On Break", "square", "amber", (("ja", "昼食"), ("en", "Lunch")), True, 60)


@BOTH
def test_agent_statuses_when_written_again_are_the_newest(database: Database):
    statuses = AgentStatuses(database)
    away = AgentStatus("1001@default", "away", "On Break", 10.5, "suzuki", "meeting")
    statuses.put([away, AgentStatus("1002@default", "available", "Available", 11.0, "system")])
    wrap_up = AgentStatus("1001@default", "wrap_up", "On Break", 20.0, "system", until=50.0, queue="support@default")
    statuses.put([wrap_up])
    assert statuses.all()["1001@default"] == wrap_up
    assert statuses.all()["1002@default"].code == "available"
    statuses.forget("1001@default")
    assert set(statuses.all()) == {"1002@default"}


@BOTH
def test_custom_status_when_defined_can_be_chosen_until_it_is_retired(database: Database):
    statuses = CustomStatuses(database)
    done: list[str] = []
    statuses.add(LUNCH, lambda _: done.append("lunch"))
    training = Status("training", "Logged Out", "ring", "blue", (("ja", "研修"), ("en", "Training")), False)
    statuses.add(training, lambda _: done.append("training"))
    book = statuses.book()
    assert list(book.chosen)[-2:] == ["lunch", "training"]
    assert book.chosen["lunch"] == LUNCH
    for _ in range(2):
        statuses.change("lunch", lambda own: replace(own, retired=True), lambda _: done.append("retired"))
    book = statuses.book()
    assert "lunch" not in book.chosen
    assert (book.look("lunch"), book.switch_status("lunch")) == (("square", "amber"), "On Break")
    assert book.read("On Break", "lunch") == "lunch", "whoever is in it stays in it"
    assert done == ["lunch", "training", "retired"], "what is so already is not done again"
    with pytest.raises(StatusRefused) as refused:
        statuses.change("nonsense", lambda own: own, lambda _: None)
    assert refused.value.error == "unknown_status_code"


@BOTH
def test_custom_status_when_its_code_is_taken_is_refused_and_nothing_else_is_done(database: Database):
    statuses, done = CustomStatuses(database), []
    statuses.add(LUNCH, lambda _: None)
    for code in ("lunch", "available", "ringing", "queue_call"):
        with pytest.raises(StatusRefused) as refused:
            statuses.add(replace(LUNCH, code=code), done.append)
        assert refused.value.error == "status_code_taken"
    assert done == []
    assert [one.status.code for one in statuses.all()] == ["lunch"]


@BOTH
def test_custom_status_when_what_belongs_to_it_fails_is_not_written(database: Database):
    statuses = CustomStatuses(database)
    with pytest.raises(ZeroDivisionError):
        statuses.add(LUNCH, lambda _: 1 / 0)
    assert statuses.all() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "Lunch!"}, "code of its own"),
        ({"switch_status": "on break"}, "knows no status"),
        ({"labels": (("ja", "昼食"),)}, "name in ja and in en"),
    ],
)
def test_custom_status_when_it_cannot_be_is_refused(database: Database, changes: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        CustomStatuses(database).add(replace(LUNCH, **changes), lambda _: None)
    assert "lunch" not in CustomStatuses(database).book().chosen


@BOTH
def test_priorities_when_written_again_are_the_newest(database: Database):
    priorities = Priorities(database)
    priorities.put(Priority("support@default", "1001@default", 3, "suzuki", 1.0))
    changed = Priority("support@default", "1001@default", 15, "suzuki", 2.0, until=99.0, then_level=3)
    priorities.put(changed)
    assert priorities.all() == {("support@default", "1001@default"): changed}
    with pytest.raises(IntegrityError):
        priorities.put(Priority("support@default", "1001@default", 0, "suzuki", 3.0))
    assert priorities.all() == {("support@default", "1001@default"): changed}
    priorities.forget("support@default", "1001@default")
    assert priorities.all() == {}


@BOTH
def test_queue_settings_when_written_again_are_the_newest(database: Database):
    kept = QueueSettings(database)
    done: list[object] = []
    kept.put(QueueSetting("support@default", "admin", 1.0, "サポート", 30, True), done.append)
    kept.put(QueueSetting("support@default", "admin", 2.0, "サポート", 20, False, True), done.append)
    assert len(done) == 2
    assert kept.all() == {"support@default": QueueSetting("support@default", "admin", 2.0, "サポート", 20, False, True)}


@BOTH
def test_activity_when_a_period_begins_the_one_before_ends(database: Database):
    activity = Activity(database)
    activity.begin([Period("1001@default", "available", 10.0, "sato")])
    activity.begin([Period("1001@default", "queue_call", 15.0, "call", "support@default")])
    assert activity.open()["1001@default"].code == "queue_call"
    first, second = activity.between(0.0, 100.0, ["1001@default"])
    assert (first.code, first.since, first.until) == ("available", 10.0, 15.0)
    assert (second.queue, second.until) == ("support@default", None)


def test_activity_when_told_twice_as_after_a_restart_is_written_once(database: Database):
    activity = Activity(database)
    periods = [Period("a", "available", 10.0, "sato"), Period("a", "away", 20.0, "sato")]
    activity.begin(periods)
    activity.begin(periods)
    assert [(p.code, p.since, p.until) for p in activity.between(0, 99, ["a"])] == [
        ("available", 10.0, 20.0),
        ("away", 20.0, None),
    ]


def test_activity_when_an_agent_is_gone_has_no_open_period(database: Database):
    activity = Activity(database)
    activity.begin([Period("a", "available", 10.0, "sato")])
    activity.end("a", 30.0)
    assert activity.open() == {}
    assert activity.between(0, 99, ["a"])[0].until == 30.0


@pytest.mark.parametrize(("start", "end", "found"), [(0, 10, 0), (0, 11, 1), (19, 20, 1), (20, 21, 1), (30, 31, 0)])
def test_activity_between_is_half_open(database: Database, start: float, end: float, found: int):
    activity = Activity(database)
    activity.begin([Period("a", "available", 10.0, "s"), Period("a", "away", 20.0, "s")])
    activity.end("a", 30.0)
    assert len(activity.between(start, end, ["a", "b"])) == found


@given(st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=6), max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_activity_told_in_batches_is_what_it_is_told_one_by_one(
    database: Database, batches: list[list[tuple[str, int]]]
):
    activity = Activity(database)
    first = uuid4().hex
    for batch in batches:
        periods = [Period(f"{first}-{agent}", f"code{n}", 10.0 * n, "s") for agent, n in batch]
        activity.begin(periods)
        for period in periods:
            activity.begin([replace(period, agent=f"single-{period.agent}")])
    for agent in (f"{first}-a", f"{first}-b"):
        together, singly = activity.between(0, 1000, [agent]), activity.between(0, 1000, [f"single-{agent}"])
        assert [replace(period, agent=agent) for period in singly] == together


@given(order=st.permutations(range(8)), doubled=st.integers(0, 7))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_activity_in_whatever_order_it_is_told_covers_the_time_once(database: Database, order: list[int], doubled: int):
    activity = Activity(database)
    agent = f"agent-{id(order)}-{order}-{doubled}"
    for n in [*order, doubled]:
        activity.begin([Period(agent, f"code{n}", 10.0 * n, "s")])
    found = activity.between(0, 1000, [agent])
    assert [(p.code, p.since, p.until) for p in found] == [
        (f"code{n}", 10.0 * n, 10.0 * (n + 1) if n < 7 else None) for n in range(8)
    ]

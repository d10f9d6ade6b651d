"""Status periods from what is published to the database: none lost, none doubled, none open of who is no more."""

from __future__ import annotations

import gevent
from redis import Redis

from fs_app.controller.activity_log import ActivityLog
from fs_app.controller.desk import SetBy
from fs_app.floor import facts
from fs_app.store.activity import Activity
from fs_app.store.durable import Database
from fs_app.store.live import Batch
from tests.unit.controller.activity_runs import AGENT, Run, told, writing
from tests.unit.controller.conftest import wait
from tests.unit.floor.stage import SUPPORT, Stage


def test_call_from_ringing_to_the_end_is_written_period_by_period(activity: Activity, redis: Redis) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    run.publish()
    _, caller, leg = stage.offer()
    run.publish()
    ringing = stage.doc()["since"]
    stage.say(facts.ChannelsBridged, caller, leg)
    run.publish()
    talking = stage.doc()["since"]
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    stage.say(facts.AgentStateSet, AGENT, "Waiting")
    run.publish()
    run.end()
    over = stage.doc()["since"]
    assert told(activity) == [
        ("available", 500.0, ringing),
        ("ringing", ringing, talking),
        ("queue_call", talking, over),
        ("available", over, None),
    ]
    rows = activity.between(0, 10**10, [AGENT])
    assert [(p.set_by, p.set_by_kind, p.queue, p.terminal) for p in rows] == [
        ("switch", "switch", None, "1001"),
        ("call", "call", SUPPORT, "1001"),
        ("call", "call", SUPPORT, "1001"),
        ("switch", "switch", None, "1001"),
    ]


def test_b14_status_that_somebody_set_through_us_bears_his_login_and_as_what_he_acted(
    activity: Activity, redis: Redis
) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    run.publish()
    run.who_set[AGENT] = SetBy("on_break", "edith", "supervisor")
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    run.publish()
    stage.say(facts.AgentStatusSet, AGENT, "Available")
    run.publish()
    run.end()
    assert [(p.code, p.set_by, p.set_by_kind) for p in activity.between(0, 10**10, [AGENT])] == [
        ("available", "switch", "switch"),
        ("on_break", "edith", "supervisor"),
        ("available", "switch", "switch"),
    ]


def test_f5_what_became_of_a_ringing_is_written_with_its_period_also_when_it_is_told_later(
    activity: Activity, redis: Redis
) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    member, caller, leg = stage.offer()
    run.publish()
    stage.say(facts.MemberLeft, member, caller, SUPPORT, False, "BREAK_OUT")
    for one in (leg, caller):
        stage.say(facts.ChannelHungUp, one, "ORIGINATOR_CANCEL")
    run.publish()
    stage.say(facts.OfferFailed, AGENT, SUPPORT, member, "ORIGINATOR_CANCEL")
    run.publish()
    stage.offer()
    run.publish()
    run.end()
    rings = [p.outcome for p in activity.between(0, 10**10, [AGENT]) if p.code == "ringing"]
    assert rings == ["cancelled", ""], "the last one still rings"


def test_what_changes_no_status_begins_no_period(activity: Activity, redis: Redis) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    run.publish()
    for contact in ("user/1001@default", "sofia/gateway/x/09012345678"):
        stage.say(facts.AgentContactSet, AGENT, contact)
        run.publish()
    run.end()
    assert len(told(activity)) == 1


def test_agent_who_goes_and_comes_back_has_a_gap_and_one_open_period(activity: Activity) -> None:
    """All three words reach the database at once, in their order."""
    log = ActivityLog(activity, {})
    stage = Stage()
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    log.note(Batch(at=1001.0, put={"agent": [stage.doc()]}))
    log.note(Batch(at=1010.0, gone={"agent": [AGENT]}))
    stage.now = 1020.0
    stage.say(facts.AgentStatusSet, AGENT, "Available")
    log.note(Batch(at=1021.0, put={"agent": [stage.doc()]}))
    log.close()
    assert told(activity) == [("on_break", 1001.0, 1010.0), ("available", 1021.0, None)]


def test_another_code_of_the_same_moment_is_the_word_that_counts(activity: Activity) -> None:
    log = ActivityLog(activity, {})
    document = Stage().doc()
    for code in ("on_break", "lunch"):
        log.note(Batch(put={"agent": [document | {"code": code, "since": 700.0}]}))
    log.close()
    assert told(activity) == [("lunch", 700.0, None)]


def test_remembered_code_of_a_new_run_does_not_overwrite_what_is_written(activity: Activity) -> None:
    """Until the switch was read, a run knows what was chosen, and not that it is a wrap-up."""
    document = Stage().doc() | {"since": 700.0}
    first = ActivityLog(activity, {})
    first.note(Batch(put={"agent": [document | {"code": "wrap_up"}]}))
    first.close()
    second = ActivityLog(activity, {})
    second.note(Batch(put={"agent": [document | {"code": "available"}]}, reset=True))
    second.note(Batch(put={"agent": [document | {"code": "available", "since": 715.0}]}))
    second.close()
    assert told(activity) == [("wrap_up", 700.0, 715.0), ("available", 715.0, None)]


def test_agent_dismissed_while_redis_was_away_has_no_open_period(activity: Activity, redis: Redis) -> None:
    """Then everything is written anew, and a whole picture names nobody who is gone."""
    stage = Stage()
    run = Run(activity, stage, redis)
    run.publish()
    stage.now += 10
    stage.do(facts.SwitchRead(stage.now, 0, "core", stage.floor.serial, stage.agents[:1], stage.tiers, (), (), ()))
    run.publisher.whole = True
    run.publish()
    run.end()
    assert set(activity.open()) == {AGENT}


def test_database_that_is_away_loses_nothing(activity: Activity, database: Database, redis: Redis) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    broken = database.write

    def away(*_: object) -> None:
        from fs_app.store.durable import DatabaseUnavailable

        raise DatabaseUnavailable

    database.write = away  # type: ignore[method-assign, assignment]
    run.publish()
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    run.publish()
    with writing(run.log):
        gevent.sleep(0)
        database.write = broken  # type: ignore[method-assign]
        wait(lambda: len(told(activity)) == 2, "two periods")
    assert told(activity) == [("available", 500.0, 1001.0), ("on_break", 1001.0, None)]


def test_more_than_can_wait_is_counted_and_holds_up_nobody(activity: Activity) -> None:
    log = ActivityLog(activity, {})
    document = Stage().doc()
    for number in range(10_050):
        log.note(Batch(put={"agent": [document | {"since": float(number)}]}))
    assert log.lost == 50

"""A reading of the whole switch takes its time: what was learnt while it ran is newer than its rows."""

from __future__ import annotations

from fs_app.floor import agents, facts, rows

from .stage import SALES, SUPPORT, Stage

AGENT = "1001@default"


def end_reading(stage: Stage, begun: int) -> None:
    """The rows as the stage began with them arrive, read by a reading that began when ``begun`` facts were known."""
    stage.now += 1
    queues = tuple(rows.QueueRow(q, "longest-idle-agent", False, True) for q in (SUPPORT, SALES))
    stage.do(facts.SwitchRead(stage.now, 0, "core", begun, stage.agents, stage.tiers, queues, (), ()))


def test_a_level_read_back_while_a_reading_ran_stands_until_the_next_one() -> None:
    stage = Stage()
    begun = stage.floor.serial
    stage.say(facts.TierRead, SUPPORT, AGENT, rows.TierRow(SUPPORT, AGENT, "Ready", 7, 1))
    end_reading(stage, begun)
    assert stage.doc()["tiers"] == {SUPPORT: 7, SALES: 3}
    end_reading(stage, stage.floor.serial)
    assert stage.doc()["tiers"] == {SUPPORT: 1, SALES: 3}


def test_a_member_removed_while_a_reading_ran_does_not_come_back() -> None:
    stage = Stage()
    begun = stage.floor.serial
    stage.say(facts.TierRead, SUPPORT, AGENT, None)
    end_reading(stage, begun)
    assert stage.doc()["tiers"] == {SALES: 3}
    assert AGENT not in stage.floor.queues[SUPPORT].agents


def test_a_wrap_up_time_ordered_while_a_reading_ran_is_the_one_that_counts() -> None:
    stage = Stage(wrap_up_s=10)
    begun = stage.floor.serial
    agents.set_wrap_up(stage.floor, AGENT, 40)
    end_reading(stage, begun)
    assert stage.floor.agents[AGENT].wrap_up_s == 40
    end_reading(stage, stage.floor.serial)
    assert stage.floor.agents[AGENT].wrap_up_s == 10

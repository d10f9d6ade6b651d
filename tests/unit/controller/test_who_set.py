"""Who set a status, in the activity: whoever tried and was refused set nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis import Redis

from fs_app.controller.desk import SetBy
from fs_app.controller.statuses import set_status, settle
from fs_app.floor import facts, orders
from fs_app.floor.decide import Decision
from fs_app.floor.entities import Deferred
from fs_app.floor.errors import Rejected
from fs_app.store.activity import Activity
from fs_app.store.durable import Database
from tests.unit.controller.activity_runs import AGENT, Run
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import BOSS, Stage


@pytest.mark.parametrize("later", [False, True])
def test_b14_after_a_try_that_the_switch_refused_what_was_set_before_still_bears_who_set_it(
    activity: Activity, redis: Redis, database: Database, later: bool
) -> None:
    stage = Stage()
    run = Run(activity, stage, redis)
    desk = replace(desk_before(stage, database), who_set=run.who_set)  # its switch refuses everything
    run.who_set[AGENT] = SetBy("available", "sato", "self")
    if later:
        stage.floor.deferred[AGENT] = Deferred("away", "system", "system")
        settle(desk, desk.nodes["fs"], AGENT, Decision((orders.SetAgentStatus(AGENT, "On Break"),)))
    else:
        with pytest.raises(Rejected):
            set_status(desk, BOSS, {"agent": AGENT, "status": "away"}, "")
    _, _, leg = stage.talk()
    run.publish()
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    stage.say(facts.AgentStateSet, AGENT, "Waiting")
    run.publish()
    run.end()
    found = activity.between(0, 10**10, [AGENT])[-1]
    assert (found.code, found.set_by, found.set_by_kind) == ("available", "sato", "self")

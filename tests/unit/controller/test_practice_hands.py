from __future__ import annotations

import random

from fs_app.controller.practice_hands import PracticeHands
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import SALES, SUPPORT, Stage


def test_practised_agents_who_talk_raise_the_hand_now_and_then_and_take_it_down_again(database: Database):
    stage = Stage()
    stage.talk("1001@default", SUPPORT)
    stage.talk("1002@default", SALES)
    desk = desk_before(stage, database)
    hands, up = PracticeHands(desk, random.Random(1)), []
    for _ in range(100):
        hands.look()
        up.append({agent.id for agent in stage.floor.agents.values() if agent.hand_raised_at})
    assert set().union(*up) == {"1001@default", "1002@default"}, "nobody asks for help who does not talk"
    assert set() in up[up.index(next(filter(None, up))) :], "they are helped"
    rows = desk.audit.page(Filters()).rows
    assert {(row["command"], row["outcome"], row["source"]) for row in rows} == {
        ("agent.raise_hand", "confirmed", "dial"),
        ("agent.lower_hand", "confirmed", "dial"),
    }

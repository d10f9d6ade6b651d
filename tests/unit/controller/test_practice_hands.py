from __future__ import annotations

import random

from fs_app.controller.calling_back import CallingBack
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.controller.numbers import Numbering, SiteNumbering
from fs_app.controller.practice_hands import PracticeHands
from fs_app.controller.supervising import Supervising
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from fs_app.store.priorities import Priorities
from fs_app.store.statuses import AgentStatuses
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan
from tests.unit.floor.stage import SALES, SUPPORT, Stage


def test_practised_agents_who_talk_raise_the_hand_now_and_then_and_take_it_down_again(database: Database):
    stage = Stage()
    stage.talk("1001@default", SUPPORT)
    stage.talk("1002@default", SALES)
    node = Node(NodeAddress.parse("esl://:none@127.0.0.1:1"), stage.floor, DialPlan(""), lambda _: None)
    node.live = True
    audit = AuditLog(database)
    numbering = SiteNumbering(Numbering(), lambda: ("", ()))
    supervising = Supervising(audit, lambda _: None, lambda _: True, numbering)
    kept = (AgentStatuses(database), Priorities(database))
    desk = Desk({"fs": node}, audit, *kept, supervising, numbering, CallingBack(audit, numbering, str))
    hands, up = PracticeHands(desk, random.Random(1)), []
    for _ in range(100):
        hands.look()
        up.append({agent.id for agent in stage.floor.agents.values() if agent.hand_raised_at})
    assert set().union(*up) == {"1001@default", "1002@default"}, "nobody asks for help who does not talk"
    assert set() in up[up.index(next(filter(None, up))) :], "they are helped"
    rows = audit.page(Filters()).rows
    assert {(row["command"], row["outcome"], row["source"]) for row in rows} == {
        ("agent.raise_hand", "confirmed", "dial"),
        ("agent.lower_hand", "confirmed", "dial"),
    }

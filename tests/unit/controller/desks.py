"""A desk in front of a stage: everything real but the switch, to which no line is open, so that it refuses every order."""

from __future__ import annotations

import time
from collections.abc import Callable

from fs_app.controller.calling_back import CallingBack
from fs_app.controller.desk import Desk
from fs_app.controller.node import Node
from fs_app.controller.numbers import Numbering, SiteNumbering
from fs_app.controller.supervising import Supervising
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.askers import Askers
from fs_app.store.audit import AuditLog
from fs_app.store.durable import Database
from fs_app.store.priorities import Priorities
from fs_app.store.sessions import Sessions
from fs_app.store.site_settings import SiteSettings
from fs_app.store.statuses import AgentStatuses
from fs_app.store.terminals import Terminals
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan
from tests.unit.floor.stage import Stage


def desk_before(stage: Stage, database: Database, clock: Callable[[], float] = time.time) -> Desk:
    """Its one node counts as live. ``clock``: by which sessions and tokens last."""
    node = Node(NodeAddress.parse("esl://:none@127.0.0.1:1"), stage.floor, DialPlan(""), lambda _: None)
    node.live = True
    audit = AuditLog(database)
    askers = Askers(database, Sessions(database, clock=clock), ApiTokens(database, clock))
    numbering = SiteNumbering(Numbering(), lambda: ("", ()))
    supervising = Supervising(audit, askers, numbering)
    return Desk(
        {"fs": node},
        audit,
        AgentStatuses(database),
        Priorities(database),
        supervising,
        numbering,
        CallingBack(audit, askers, numbering, str),
        Terminals(database),
        SiteSettings(database, audit).read,
        askers,
    )

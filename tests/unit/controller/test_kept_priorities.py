from __future__ import annotations

import pytest

from fs_app.controller.desk import Desk
from fs_app.controller.kept_priorities import AGAIN_S, KeptPriorities
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from fs_app.store.priorities import Priority
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import SUPPORT, Stage

A1 = "1001@default"


@pytest.fixture
def desk(database: Database) -> Desk:
    """The stage's floor is of the run «core»; its switch refuses everything."""
    return desk_before(Stage(), database)


def test_a_level_that_could_not_be_told_is_tried_again_later_and_not_at_every_round(desk: Desk):
    desk.priorities.put(Priority(SUPPORT, A1, 7, "boss", 1.0, core="the run before"))
    kept, told = KeptPriorities(desk), []
    for after_s in (0.0, 2.0, AGAIN_S - 0.1, AGAIN_S, AGAIN_S + 2.0, 2 * AGAIN_S):
        kept.look(1000.0 + after_s)
        told.append(len(desk.audit.page(Filters(outcome="failed")).rows))
    assert told == [1, 1, 1, 2, 2, 3]
    assert desk.priorities.all()[SUPPORT, A1].core == "the run before", "it still has to be told"


def test_a_level_that_is_already_as_it_should_be_is_only_noted(desk: Desk):
    desk.priorities.put(Priority(SUPPORT, A1, 1, "boss", 1.0, core="the run before"))
    KeptPriorities(desk).look(1000.0)
    assert desk.priorities.all()[SUPPORT, A1].core == "core"
    assert desk.audit.page(Filters()).rows == []


def test_a_level_of_who_is_no_member_yet_is_kept_for_when_he_is(desk: Desk):
    desk.priorities.put(Priority(SUPPORT, "1003@default", 7, "boss", 1.0, core="the run before"))
    KeptPriorities(desk).look(1000.0)
    assert desk.priorities.all()[SUPPORT, "1003@default"].core == "the run before"
    assert desk.audit.page(Filters()).rows == []

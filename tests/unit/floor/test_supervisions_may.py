"""What a supervision's row says may be done with it is what the controller decides, for every right, queue, call and mode."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from fs_app.floor import board, commands, decide, facts
from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, Actor
from fs_app.floor.documents import document
from fs_app.floor.entities import FOLLOWING, LISTENING, RINGING, Supervision
from fs_app.floor.errors import Rejected
from tests.unit.floor.stage import A1, SALES, SUPPORT, Stage, uuid


def two_calls(stage: Stage) -> None:
    """He has put his caller on hold and asks a colleague: the row shows the second call."""
    stage.say(facts.ChannelHeld, stage.talk(A1, SUPPORT)[2])
    stage.internal()


SCENES: dict[str, Callable[[Stage], object]] = {
    "idle": lambda stage: None,
    "queue A": lambda stage: stage.talk(A1, SUPPORT),
    "queue B": lambda stage: stage.talk(A1, SALES),
    "internal": lambda stage: stage.internal(),
    "held": lambda stage: stage.say(facts.ChannelHeld, stage.talk(A1, SUPPORT)[2]),
    "two calls": two_calls,
}
ACTORS = [Actor("x", ADMINISTRATOR, "X", agent=agent) for agent in (None, A1)] + [
    Actor("x", SUPERVISOR, "X", grants={SUPPORT: a, SALES: b})
    for a, b in product(("none", "view", "edit"), ("none", "view", "edit"))
]


def decided(stage: Stage, actor: Actor, name: str) -> tuple[bool, str | None]:
    try:
        if name == "take_over":
            decide.take_over(stage.floor, actor, commands.TakeOver("s1"))
        else:
            decide.change_mode(stage.floor, actor, commands.ChangeMode("s1", name))
    except Rejected as rejected:
        return False, rejected.error
    return True, None


def supervised(stage: Stage, state: str, queue: str | None, mode: str) -> None:
    """The first call that he took, on the leg where there is sound."""
    legs = [stage.floor.legs[u] for u in stage.floor.agents[A1].legs if stage.floor.legs[u].peer]
    leg = min(legs, key=lambda one: one.created_at) if legs else None
    target = "" if leg is None else leg.peer if leg.held_at else leg.uuid
    one = Supervision("s1", "x", "X", A1, mode, "9001", queue, uuid(), target, state=state)
    one.on_member = leg is not None and bool(leg.held_at)
    stage.floor.supervisions["s1"] = one


@pytest.mark.parametrize("call", SCENES)
def test_d_the_row_of_a_supervision_says_what_the_controller_decides(call: str) -> None:
    stage = Stage()
    SCENES[call](stage)
    wishes = (*commands.MODES, "take_over")
    seen = set()
    for state, queue, mode in product((RINGING, LISTENING, FOLLOWING), (None, SUPPORT, SALES), commands.MODES):
        supervised(stage, state, queue, mode)
        published = document(stage.floor, "supervision", "s1")
        assert published is not None
        for actor in ACTORS:
            row = board.supervision_row(published, actor)
            for name in wishes:
                told = row["may"][name]
                assert (told["ok"], told["reason"]) == decided(stage, actor, name), (state, queue, mode, name, actor)
                seen.add(told["ok"])
    assert seen == {True, False}


def test_a1_who_may_not_touch_a_supervision_is_told_nothing_of_what_may_be_done_with_it() -> None:
    stage = Stage()
    stage.talk()
    supervised(stage, LISTENING, SUPPORT, "monitor")
    published = document(stage.floor, "supervision", "s1")
    assert published is not None
    other = Actor("y", SUPERVISOR, "Y", grants={SUPPORT: "edit"})
    assert board.supervision_row(published, other)["may"] is None


def test_a_change_of_the_call_is_a_change_of_what_may_be_done_with_its_supervision() -> None:
    stage = Stage()
    leg = stage.talk()[2]
    supervised(stage, LISTENING, SUPPORT, "monitor")
    stage.floor.take_touched()
    stage.say(facts.ChannelHeld, leg)
    assert ("supervision", "s1") in stage.floor.take_touched()

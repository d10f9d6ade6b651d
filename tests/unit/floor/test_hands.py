"""Hands (G4): who may ask for help and who may say that it was given."""

from __future__ import annotations

import pytest

from fs_app.floor import agents, commands, decide, facts, rows
from fs_app.floor.actor import Actor
from fs_app.floor.errors import Rejected
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor

from .stage import A1, AGENT, BOSS, EDITOR, SALES, SUPPORT, VIEWER, Stage


def refusal(stage: Stage, actor: Actor, wish: commands.RaiseHand | commands.LowerHand) -> str:
    act = decide.raise_hand if isinstance(wish, commands.RaiseHand) else decide.lower_hand
    with pytest.raises(Rejected) as caught:
        act(stage.floor, actor, wish)  # type: ignore[arg-type]
    return caught.value.error


def test_g4_an_agent_raises_his_own_hand_and_nobody_elses() -> None:
    stage = Stage()
    assert decide.raise_hand(stage.floor, AGENT, commands.RaiseHand(A1))
    for actor in (BOSS, EDITOR, VIEWER):
        assert refusal(stage, actor, commands.RaiseHand(A1)) == "permission_denied"
    assert refusal(stage, AGENT, commands.RaiseHand("1002@default")) == "permission_denied"


def test_g4_a_hand_is_lowered_by_the_agent_and_by_those_who_may_change_his_status() -> None:
    stage = Stage()
    agents.raise_hand(stage.floor, A1, stage.now)
    for actor, queue in ((AGENT, None), (BOSS, None), (EDITOR, SUPPORT)):
        assert decide.lower_hand(stage.floor, actor, commands.LowerHand(A1, queue))
    assert refusal(stage, EDITOR, commands.LowerHand(A1)) == "queue_not_selected"
    assert refusal(stage, EDITOR, commands.LowerHand(A1, SALES)) == "permission_denied"
    assert refusal(stage, VIEWER, commands.LowerHand(A1, SUPPORT)) == "permission_denied"


def test_g4_a_call_stands_neither_against_raising_nor_against_lowering() -> None:
    stage = Stage()
    stage.talk()
    assert decide.raise_hand(stage.floor, AGENT, commands.RaiseHand(A1))
    agents.raise_hand(stage.floor, A1, stage.now)
    assert decide.lower_hand(stage.floor, EDITOR, commands.LowerHand(A1, SUPPORT))


def test_g4_a_hand_that_is_up_stays_up_since_it_was_raised() -> None:
    stage = Stage()
    agents.raise_hand(stage.floor, A1, 1010.0)
    agents.raise_hand(stage.floor, A1, 1050.0)
    assert stage.doc()["hand_since"] == 1010.0
    assert not decide.raise_hand(stage.floor, AGENT, commands.RaiseHand(A1))


def test_g4_whoever_logs_out_takes_the_hand_down_and_cannot_raise_it() -> None:
    stage = Stage()
    agents.raise_hand(stage.floor, A1, stage.now)
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.doc()["hand_since"], "a break is no log-out"
    stage.say(facts.AgentStatusSet, A1, "Logged Out")
    assert stage.doc()["hand_since"] is None
    assert refusal(stage, AGENT, commands.RaiseHand(A1)) == "agent_logged_out"


def test_g4_a_hand_outlives_the_controller_unless_the_agent_has_logged_out_meanwhile() -> None:
    for status, raised in (("Available", True), ("Logged Out", False)):
        stage = Stage()
        agents.raise_hand(stage.floor, A1, 1010.0)
        after = Floor("fs")
        agents.recall(after, stage.doc())
        assert after.agents[A1].hand_raised_at == 1010.0
        row = stage.agents[0]._replace(status=status)
        queues = (rows.QueueRow(SUPPORT, "longest-idle-agent", False, True),)
        apply(after, facts.SwitchRead(stage.now, 0, "core", 0, (row,), stage.tiers[:1], queues, (), ()))
        assert (after.agents[A1].hand_raised_at == 1010.0) is raised

"""Tables B, C and D of the product's rules: who may, and the reason why not."""

from __future__ import annotations

import pytest

from fs_app.floor import facts, permissions
from fs_app.floor.actor import Actor
from fs_app.floor.board import agent_row, in_view, verdicts, visible

from .stage import AGENT, BOSS, EDITOR, SALES, SUPPORT, VIEWER, Stage

STATUS, PRIORITY = permissions.CHANGE_STATUS, permissions.CHANGE_PRIORITY


def reason(actor: Actor, action: str, stage: Stage, queue: str | None, agent: str = "1001@default") -> str | None:
    verdict = permissions.may(actor, action, stage.doc(agent), queue)
    assert verdict.ok == (verdict.reason is None)
    return verdict.reason


@pytest.mark.parametrize(
    ("actor", "queue", "agent", "expected"),
    [
        (BOSS, None, "1001@default", None),
        (BOSS, SUPPORT, "1001@default", None),
        (BOSS, SUPPORT, "1002@default", "not_a_member"),
        (EDITOR, SUPPORT, "1001@default", None),
        (EDITOR, None, "1001@default", "queue_not_selected"),
        (EDITOR, SALES, "1001@default", "permission_denied"),
        (EDITOR, SALES, "1002@default", "permission_denied"),
        (VIEWER, SUPPORT, "1001@default", "permission_denied"),
        (VIEWER, None, "1001@default", "permission_denied"),
        (AGENT, None, "1001@default", None),
        (AGENT, SUPPORT, "1002@default", "permission_denied"),
    ],
)
def test_b1_to_b5_status_of_an_idle_agent_may_be_changed_by(
    actor: Actor, queue: str | None, agent: str, expected: str | None
) -> None:
    assert reason(actor, STATUS, Stage(), queue, agent) == expected


def test_b6_b7_status_while_ringing_or_talking_may_be_changed_by_nobody() -> None:
    stage = Stage()
    stage.offer()
    assert {reason(a, STATUS, stage, SUPPORT) for a in (BOSS, EDITOR)} == {"agent_ringing"}
    assert reason(AGENT, STATUS, stage, None) == "agent_ringing"
    stage = Stage()
    _, _, leg = stage.talk()
    assert {reason(a, STATUS, stage, SUPPORT) for a in (BOSS, EDITOR)} == {"agent_in_call"}
    stage.say(facts.ChannelHeld, leg)
    assert reason(BOSS, STATUS, stage, SUPPORT) == "agent_in_call"
    stage = Stage()
    stage.internal()
    assert reason(BOSS, STATUS, stage, SUPPORT) == "agent_in_call"


@pytest.mark.parametrize(
    ("actor", "queue", "expected"),
    [
        (BOSS, None, "queue_not_selected"),
        (BOSS, SALES, None),
        (EDITOR, None, "queue_not_selected"),
        (EDITOR, SUPPORT, None),
        (EDITOR, SALES, "permission_denied"),
        (VIEWER, SUPPORT, "permission_denied"),
        (AGENT, SUPPORT, "permission_denied"),
    ],
)
def test_c1_c3_c4_priority_may_be_changed_by(actor: Actor, queue: str | None, expected: str | None) -> None:
    assert reason(actor, PRIORITY, Stage(), queue) == expected


@pytest.mark.parametrize("action", permissions.SUPERVISION_ACTIONS)
@pytest.mark.parametrize(
    ("actor", "queue", "expected"),
    [
        (BOSS, None, None),
        (BOSS, SUPPORT, None),
        (EDITOR, SUPPORT, None),
        (EDITOR, None, "queue_not_selected"),
        (VIEWER, SUPPORT, "permission_denied"),
        (AGENT, SUPPORT, "permission_denied"),
    ],
)
def test_d1_d5_a_queue_call_may_be_supervised_by(
    action: str, actor: Actor, queue: str | None, expected: str | None
) -> None:
    stage = Stage()
    stage.talk()
    assert reason(actor, action, stage, queue) == expected


def test_d4_a_call_of_another_queue_is_not_for_a_supervisor_with_this_one_selected() -> None:
    stage = Stage()
    stage.talk(queue=SALES)
    assert reason(EDITOR, permissions.MONITOR, stage, SUPPORT) == "other_queue_call"
    assert reason(BOSS, permissions.MONITOR, stage, SUPPORT) is None


def test_d2_on_hold_one_may_listen_and_not_whisper_or_barge() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    stage.say(facts.ChannelHeld, leg)
    assert reason(EDITOR, permissions.MONITOR, stage, SUPPORT) is None
    for action in (permissions.WHISPER, permissions.BARGE, permissions.TAKE_OVER):
        assert reason(EDITOR, action, stage, SUPPORT) == "on_hold_no_whisper"


def test_d3_an_idle_a_ringing_and_a_dialling_agent_cannot_be_monitored() -> None:
    stage = Stage()
    assert reason(BOSS, permissions.MONITOR, stage, None) == "not_monitorable"
    stage.offer()
    assert reason(BOSS, permissions.MONITOR, stage, None) == "not_monitorable"
    stage = Stage()
    stage.say(facts.ChannelSeen, "leg", True, extension="1001@default", destination="0312349999")
    assert stage.code() == "outbound_call"
    assert reason(BOSS, permissions.MONITOR, stage, None) == "not_monitorable"


def test_d6_an_agent_in_no_queue_is_for_nobody_to_monitor() -> None:
    stage = Stage()
    stage.internal()
    assert reason(BOSS, permissions.MONITOR, stage, None, "1003@default") == "permission_denied"
    assert reason(BOSS, permissions.MONITOR, stage, None) is None


def test_nobody_supervises_himself() -> None:
    stage = Stage()
    stage.talk()
    boss = Actor("boss", "administrator", "Boss", agent="1001@default")
    assert reason(boss, permissions.MONITOR, stage, SUPPORT) == "own_call"


def test_a2_a_supervisor_sees_agents_and_documents_of_granted_queues_only() -> None:
    stage = Stage()
    assert visible(VIEWER, stage.doc())
    assert not visible(VIEWER, stage.doc("1002@default"))
    assert not visible(VIEWER, stage.doc("1003@default"))
    assert visible(BOSS, stage.doc("1003@default"))
    assert not in_view(EDITOR, stage.doc("1002@default"), SUPPORT)
    nameless = stage.doc()
    del nameless["see"]
    assert not visible(BOSS, nameless), "a document that names no right is shown to nobody"


def test_a_viewer_of_one_queue_learns_nothing_of_the_caller_of_another() -> None:
    stage = Stage()
    stage.talk(queue=SALES)
    row = agent_row(stage.doc(), VIEWER, SUPPORT, stage.floor.book, str)
    assert row["status"]["code"] == "other_queue_call"
    assert row["queues"] == [SUPPORT]
    assert "Taro" not in repr(row)
    assert "0312345678" not in repr(row)
    assert SALES not in repr(row)


def test_verdicts_name_every_action_of_the_contract() -> None:
    names = {"change_status", "change_priority", "change_confirmation", "monitor", "whisper", "barge", "take_over"}
    assert set(verdicts(Stage().doc(), BOSS, None)) == names

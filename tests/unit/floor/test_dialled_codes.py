"""Who dials a code handles his telephone: he is in no call, and his time in the status goes on."""

from __future__ import annotations

import pytest

from fs_app.floor import facts, permissions

from .stage import A1, AGENT, Stage, uuid

CODES = frozenset({"0010", "80010"})


def dials(number: str) -> tuple[Stage, str]:
    stage, leg = Stage(), uuid()
    stage.floor.dial_codes = CODES
    stage.say(facts.ChannelSeen, leg, True, extension=A1, destination=number)
    stage.say(facts.ChannelAnswered, leg)
    return stage, leg


@pytest.mark.parametrize("number", sorted(CODES))
def test_a_dialled_code_is_no_call_and_its_status_may_be_changed(number: str) -> None:
    stage, _ = dials(number)
    assert (stage.code(), stage.doc()["call"]) == ("available", None)
    assert permissions.may(AGENT, permissions.CHANGE_STATUS, stage.doc(), None).ok


def test_the_time_in_a_status_goes_on_after_a_code_was_dialled() -> None:
    stage, leg = dials("0010")
    since = stage.doc()["since"]
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    assert stage.doc()["since"] == since


def test_any_other_number_is_a_call_that_begins_and_ends() -> None:
    stage, leg = dials("0030")
    assert stage.code() == "internal_call"
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    assert (stage.code(), stage.doc()["since"]) == ("available", stage.now)


def test_a_dialled_code_stays_one_after_the_switch_was_read_anew() -> None:
    stage, leg = dials("0010")
    again = facts.ChannelSeen(stage.now, 0, leg, True, extension=A1, destination="m:^:eavesdrop:1")
    stage.do(again)
    assert stage.code() == "available"


def test_a_call_beside_a_dialled_code_is_shown() -> None:
    stage, _ = dials("0010")
    stage.talk()
    assert stage.code() == "queue_call"

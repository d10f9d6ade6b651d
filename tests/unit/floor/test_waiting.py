"""Who waits, whatever comes late, twice, or back."""

from __future__ import annotations

from fs_app.floor import facts, rows

from .stage import SUPPORT, Stage, uuid


def test_a_caller_who_comes_back_to_his_old_place_waits_again_and_each_giving_up_counts() -> None:
    stage = Stage()
    member, first, second = uuid(), uuid(), uuid()
    joined = facts.MemberJoined(1001.0, 1, member, first, SUPPORT, "Taro", "0312345678")
    left = facts.MemberLeft(1002.0, 2, member, first, SUPPORT, False, "BREAK_OUT")
    back = facts.MemberJoined(1010.0, 3, member, second, SUPPORT, "Taro", "0312345678")
    for fact in (joined, left, joined):
        stage.do(fact)
    assert stage.floor.members == {}, "a late word brings nobody back"
    for fact in (back, left):
        stage.do(fact)
    assert [(m.channel, m.joined_at) for m in stage.floor.members.values()] == [(second, 1010.0)]
    stage.do(facts.MemberLeft(1020.0, 4, member, second, SUPPORT, False, "BREAK_OUT"))
    stage.do(back)
    assert stage.floor.members == {}
    assert stage.floor.queues[SUPPORT].abandoned == 2


def test_a_caller_who_is_back_within_the_same_tick_of_the_switchs_clock_waits_and_loses_nothing_by_late_words() -> None:
    stage = Stage()
    member, first, second = uuid(), uuid(), uuid()
    stage.do(facts.MemberJoined(1001.0, 1, member, first, SUPPORT, "Taro", "0312345678"))
    left = facts.MemberLeft(1002.0, 2, member, first, SUPPORT, False, "BREAK_OUT")
    stage.do(left)
    stage.do(facts.MemberJoined(1002.0, 3, member, second, SUPPORT, "Taro", "0312345678"))
    for late in (left, facts.ChannelHungUp(1002.0, 4, first, "NORMAL_CLEARING")):
        stage.do(late)
    assert [m.channel for m in stage.floor.members.values()] == [second]
    assert stage.floor.queues[SUPPORT].abandoned == 1


def test_another_caller_of_the_same_number_who_gets_the_place_left_is_found_by_a_reading_though_he_rang_before() -> (
    None
):
    stage = Stage()
    member, first, second = uuid(), uuid(), uuid()
    stage.say(facts.ChannelSeen, second, True, caller_number="0312345678", side="member")
    stage.say(facts.ChannelSeen, first, True, caller_number="0312345678", side="member")
    stage.say(facts.MemberJoined, member, first, SUPPORT, "Taro", "0312345678")
    stage.say(facts.MemberLeft, member, first, SUPPORT, False, "BREAK_OUT")
    row = rows.MemberRow(member, second, SUPPORT, "Taro", "0312345678", 1001.0, "Waiting", "")
    queues = (rows.QueueRow(SUPPORT, "longest-idle-agent", False, True),)
    stage.do(facts.SwitchRead(stage.now + 1, 0, "core", 0, stage.agents, stage.tiers, queues, (row,), ()))
    assert {m.uuid: m.channel for m in stage.floor.members.values()} == {member: second}


def test_a_caller_whose_coming_back_was_missed_is_found_by_the_next_reading() -> None:
    stage = Stage()
    member, first, second = uuid(), uuid(), uuid()
    stage.say(facts.ChannelSeen, first, True, caller_number="0312345678", side="member")
    stage.say(facts.MemberJoined, member, first, SUPPORT, "Taro", "0312345678")
    stage.say(facts.MemberLeft, member, first, SUPPORT, False, "BREAK_OUT")

    def read(channel: str) -> dict[str, str]:
        stage.now += 1
        row = rows.MemberRow(member, channel, SUPPORT, "Taro", "0312345678", 1001.0, "Waiting", "")
        queues = (rows.QueueRow(SUPPORT, "longest-idle-agent", False, True),)
        stage.do(facts.SwitchRead(stage.now, 0, "core", 0, stage.agents, stage.tiers, queues, (row,), ()))
        return {m.uuid: m.channel for m in stage.floor.members.values()}

    assert read(first) == {}, "an old row brings nobody back"
    stage.say(facts.ChannelSeen, second, True, caller_number="0312345678", side="member")
    assert read(second) == {member: second}

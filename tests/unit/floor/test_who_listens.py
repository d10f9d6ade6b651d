"""Who listens, by the switch's own word: what no event told while the line to it was away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fs_app.floor import commands, decide, facts, guard, listening, orders, resync
from fs_app.floor.entities import Supervision
from fs_app.floor.errors import Rejected

from .stage import A1, BOSS, SUPPORT, Stage, uuid


def supervise(stage: Stage, ident: str, extension: str, *, follow: bool = False, bug: bool = True) -> Supervision:
    wish = commands.StartSupervision(A1, "monitor", extension, SUPPORT, follow)
    begun = decide.start_supervision(stage.floor, BOSS, wish, ident=ident, leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, begun)
    stage.say(facts.ChannelSeen, begun.leg, False, extension=f"{extension}@default", supervision=ident)
    stage.say(facts.ChannelAnswered, begun.leg)
    if bug:
        stage.eavesdrop(begun.leg, begun.target)
    return begun


def read(stage: Stage, *hearing: tuple[str, str], begun: int | None = None) -> None:
    stage.now += 1
    stage.floor.serial += 1
    since = stage.floor.serial if begun is None else begun
    whole = facts.SwitchRead(stage.now, 0, "core", since, (), (), (), (), (), tuple(hearing))
    resync.recount(stage.floor, whole)


def test_a_missed_start_leaves_nobody_ringing_for_ever() -> None:
    stage = Stage()
    stage.talk()
    one = supervise(stage, "s1", "9001", bug=False)
    assert one.state == "ringing"
    read(stage, (one.leg, one.target))
    assert (one.state, one.since) == ("listening", stage.now)


def test_an_answered_phone_without_the_switchs_proof_rings_on_and_is_moved_and_switched_nowhere() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    one = supervise(stage, "s1", "9001", bug=False)
    stage.say(facts.ChannelCallState, one.leg, "ACTIVE")
    stage.say(facts.ListeningStarted, uuid())  # somebody else's proof, of another leg
    with pytest.raises(Rejected, match="not_monitorable"):
        decide.change_mode(stage.floor, BOSS, commands.ChangeMode("s1", "barge"))
    with pytest.raises(Rejected, match="not_monitorable"):
        decide.take_over(stage.floor, BOSS, commands.TakeOver("s1"))
    stage.say(facts.ChannelHeld, leg)
    read(stage)
    assert (one.state, one.since, one.target) == ("ringing", 0.0, leg)
    assert [s["state"] for s in stage.doc()["call"]["supervised"]] == ["ringing"]
    assert list(guard.supervisions(stage.floor, lambda _: BOSS, stage.now)) == []
    assert list(guard.notices(stage.floor)) == [], "no tone for who is not there"
    stage.eavesdrop(one.leg, leg)
    assert (one.state, one.since) == ("listening", stage.now)


def test_a_missed_stop_lets_nobody_count_as_listening_without_proof() -> None:
    stage = Stage()
    stage.talk()
    one = supervise(stage, "s1", "9001")
    target = one.target
    stage.floor.bugs[target] = 2  # somebody left while nobody looked
    read(stage, (one.leg, target))
    two = supervise(stage, "s2", "9002", bug=False)
    assert (one.state, two.state) == ("listening", "ringing")
    stage.eavesdrop(two.leg, target)
    assert two.state == "listening"


def test_a_bug_goes_to_whose_leg_eavesdrops_and_not_to_an_outside_phone_that_waits_for_its_key() -> None:
    """A mobile's voicemail answers and presses nothing, then a second supervisor picks up: he is the one who listens."""
    stage = Stage()
    stage.talk()
    outside = replace(BOSS, extensions=("09011112222",))
    wish = commands.StartSupervision(A1, "barge", "09011112222", SUPPORT, False)
    mobile = decide.start_supervision(stage.floor, outside, wish, ident="s1", leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, mobile)
    stage.say(facts.ChannelSeen, mobile.leg, False, supervision="s1")
    stage.say(facts.ChannelAnswered, mobile.leg)
    two = supervise(stage, "s2", "9002")
    assert (mobile.state, two.state) == ("ringing", "listening")
    with pytest.raises(Rejected, match="not_monitorable"):
        decide.take_over(stage.floor, outside, commands.TakeOver("s1"))
    assert decide.change_mode(stage.floor, BOSS, commands.ChangeMode("s2", "whisper")).mode == "whisper"
    stage.say(facts.ChannelHungUp, mobile.leg, "NORMAL_CLEARING")
    assert (mobile.state, mobile.cause, mobile.since) == ("failed", "not_confirmed", 0.0)


def test_a_phone_that_waits_for_its_key_is_sent_nowhere_when_the_call_ends() -> None:
    """A transfer would take the key's question away, and put whoever answered through."""
    stage = Stage()
    _, caller, leg = stage.talk()
    one = supervise(stage, "s1", "9001", follow=True, bug=False)
    for gone in (caller, leg):
        stage.say(facts.ChannelHungUp, gone, "NORMAL_CLEARING")
    stage.talk()
    assert list(guard.supervisions(stage.floor, lambda _: BOSS, stage.now + 5)) == []
    assert one.state == "ringing"
    read(stage, (one.leg, ""))  # the key is pressed: something runs on his leg, and the call it was for is over
    assert one.state == "following"


def test_whoever_does_not_listen_any_more_is_not_shown_as_listening() -> None:
    stage = Stage()
    stage.talk()
    one = supervise(stage, "s1", "9001", follow=True)
    read(stage)
    assert one.state == "following"


def test_whoever_listens_elsewhere_than_thought_is_found_there() -> None:
    """A move that was refused: the guard then sees the difference and moves him again."""
    stage = Stage()
    _, caller, leg = stage.talk()
    one = supervise(stage, "s1", "9001")
    stage.say(facts.ChannelHeld, leg)
    listening.move(stage.floor, one, caller, on_member=True)
    read(stage, (one.leg, leg))
    assert (one.target, one.on_member, one.state) == (leg, False, "listening")


def test_what_events_have_said_since_the_reading_began_is_not_taken_back() -> None:
    stage = Stage()
    stage.talk()
    before = stage.floor.serial
    one = supervise(stage, "s1", "9001")
    read(stage, begun=before)
    assert one.state == "listening"
    assert stage.floor.bugs[one.target] == 1


def test_a_call_taken_over_while_nobody_heard_of_it_goes_on() -> None:
    """As after a controller that was killed before it could tell: who is remembered as listening talks with the customer."""
    stage = Stage()
    _, caller, _ = stage.talk()
    one = supervise(stage, "s1", "9001")
    stage.now += 1
    seen = (
        facts.ChannelSeen(stage.now, 0, caller, True, side="member", callstate="ACTIVE", answered_at=1.0, peer=one.leg),
        facts.ChannelSeen(stage.now, 0, one.leg, False, callstate="ACTIVE", answered_at=1.0, peer=caller),
    )
    since = stage.floor.serial
    stage.do(facts.SwitchRead(stage.now, 0, "core", since, stage.agents, stage.tiers, (), (), seen))
    assert (one.state, one.cause) == ("ended", "taken_over")
    assert list(guard.supervisions(stage.floor, lambda _: BOSS, stage.now + 5)) == []


def test_a_follower_who_has_hung_up_stays_gone_whatever_the_guard_had_in_hand() -> None:
    """Its order waits for the audit's row; the phone may hang up meanwhile, and would be taken for listening for ever."""
    stage = Stage()
    _, _, leg = stage.talk()
    one = supervise(stage, "s1", "9001", follow=True)
    stage.say(facts.ChannelHungUp, one.leg, "NORMAL_CLEARING")
    listening.let_wait(stage.floor, one)
    listening.move(stage.floor, one, leg)
    assert (one.state, one.target) == ("ended", "")
    supervise(stage, "s2", "9001")  # not refused as already supervising


def rings(stage: Stage) -> Supervision:
    wish = commands.StartSupervision(A1, "monitor", "9001", SUPPORT, False)
    begun = decide.start_supervision(stage.floor, BOSS, wish, ident="s1", leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, begun)
    return begun


def read_all(stage: Stage, *more: facts.ChannelSeen, after_s: float) -> None:
    """A reading of the whole switch: the call goes on, and these legs are there as well."""
    stage.now += after_s
    legs = (leg for leg in stage.floor.legs.values() if leg.peer)
    call = (
        facts.ChannelSeen(
            stage.now, 0, leg.uuid, leg.inbound, leg.extension, side=leg.side, agent=leg.owner, queue=leg.queue,
            member_channel=leg.member_channel, callstate="ACTIVE", answered_at=1.0, peer=leg.peer,
        )
        for leg in legs
    )  # fmt: skip
    stage.floor.serial += 1
    since = stage.floor.serial
    seen = (*call, *more)
    stage.do(facts.SwitchRead(stage.now, 0, "core", since, stage.agents, stage.tiers, (), (), seen))


def test_a_phone_that_declined_while_nobody_looked_is_free_with_the_first_reading() -> None:
    stage = Stage()
    stage.talk()
    one = rings(stage)
    read_all(stage, after_s=0.5)
    assert (one.state, resync.is_unsettled(stage.floor)) == ("ringing", True), "its leg may be about to come"
    read_all(stage, after_s=1.0)
    assert (one.state, one.cause, resync.is_unsettled(stage.floor)) == ("failed", "ended_unseen", False)
    assert stage.doc()["call"]["supervised"] == []
    wish = commands.StartSupervision(A1, "monitor", "9001", None, False)
    assert decide.start_supervision(stage.floor, BOSS, wish, ident="s2", leg=uuid(), now=stage.now).begins


def test_a_phone_whose_order_is_under_way_is_not_given_up_by_a_reading() -> None:
    stage = Stage()
    stage.talk()
    one = rings(stage)
    one.ordered = True
    read_all(stage, after_s=10)
    assert (one.state, resync.is_unsettled(stage.floor)) == ("ringing", False)


def test_a_phone_that_rings_on_after_the_order_was_lost_stays_known_and_is_heard_of() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    one = rings(stage)
    read_all(stage, facts.ChannelSeen(stage.now, 0, one.leg, False, "9001@default", supervision="s1"), after_s=2)
    assert (one.state, resync.is_unsettled(stage.floor)) == ("ringing", False)
    stage.say(facts.ChannelAnswered, one.leg)
    stage.eavesdrop(one.leg, leg)
    assert [s["state"] for s in stage.doc()["call"]["supervised"]] == ["listening"]


def test_a_leg_that_comes_for_a_supervision_that_was_given_up_is_hung_up_at_once() -> None:
    stage = Stage()
    stage.talk()
    one = rings(stage)
    read_all(stage, after_s=2)
    assert one.state == "failed"
    stage.say(facts.ChannelSeen, one.leg, False, "9001@default", supervision="s1")
    assert [(m.order, m.why) for m in guard.unwanted_legs(stage.floor, stage.now, owners_known=False)] == [
        (orders.HangUp(one.leg), "unowned_supervision")
    ]


def test_a_phone_that_takes_a_listeners_place_is_hung_up_and_one_that_takes_a_strangers_is_not() -> None:
    """As an INVITE with Replaces does: FreeSWITCH lets the new phone eavesdrop, with the keys that speak to the customer."""
    stage = Stage()
    _, _, leg = stage.talk()
    one, other = supervise(stage, "s1", "9001"), uuid()
    stage.say(facts.ChannelSeen, other, True, "1003@default", destination=f"answer,eavesdrop:{leg}")
    assert list(guard.unwanted_legs(stage.floor, stage.now)) == [], "the place of a listener of the site's own"
    stage.say(facts.ChannelHungUp, one.leg, "ATTENDED_TRANSFER")
    assert (one.state, one.cause) == ("ended", "ATTENDED_TRANSFER")
    assert [(m.order, m.why) for m in guard.unwanted_legs(stage.floor, stage.now)] == [
        (orders.HangUp(other), "unowned_supervision")
    ]


def test_who_hears_the_customer_on_hold_is_not_shown_as_hearing_the_call_asked_for_meanwhile() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    one = supervise(stage, "s1", "9001")
    assert [s["other_call"] for s in stage.doc()["call"]["supervised"]] == [False]
    stage.say(facts.ChannelHeld, leg)
    listening.move(stage.floor, one, caller, on_member=True)
    assert [s["other_call"] for s in stage.doc()["call"]["supervised"]] == [False], "the row shows the held call"
    asked, _ = stage.internal()
    assert stage.code() == "internal_call"
    assert [s["other_call"] for s in stage.doc()["call"]["supervised"]] == [True]
    stage.say(facts.ChannelHungUp, asked, "NORMAL_CLEARING")
    assert [s["other_call"] for s in stage.doc()["call"]["supervised"]] == [False]

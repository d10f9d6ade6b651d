"""Call-backs: what proves each step, what the board shows meanwhile, and who may ask for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fs_app.floor import call_backs, commands, decide_call_backs, entities, facts
from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.board import agent_row
from fs_app.floor.entities import CallBack
from fs_app.floor.errors import Rejected
from fs_app.floor.orders import HangUp
from fs_app.floor.statuses import StatusBook

from .stage import A1, AGENT, BOSS, Stage, uuid

MOBILE, CUSTOMER, CENTRE = "09011112222", "0312345678", "0398765432"
WISH = commands.StartCallBack(CUSTOMER, CENTRE)


def stage() -> Stage:
    """1001 is signed in at his mobile."""
    made = Stage()
    made.say(facts.AgentContactSet, A1, f"sofia/gateway/carrier/{MOBILE}")
    return made


def started(made: Stage, actor: Actor = AGENT) -> CallBack:
    ids = (uuid(), uuid())
    _, call_back = decide_call_backs.start(made.floor, actor, WISH, ident="c1", legs=ids, now=made.now)
    call_backs.begin(made.floor, call_back)
    return call_back


def rung(made: Stage) -> CallBack:
    call_back = started(made)
    made.say(
        facts.ChannelSeen, call_back.leg, False, destination=MOBILE, agent=A1, call_back="c1", caller_number=CENTRE
    )
    return call_back


def called(made: Stage) -> CallBack:
    call_back = rung(made)
    made.say(facts.ChannelAnswered, call_back.leg)
    made.say(facts.ChannelSeen, call_back.customer_leg, False, destination=CUSTOMER, caller_number=CENTRE)
    return call_back


def talked(made: Stage) -> CallBack:
    call_back = called(made)
    made.say(facts.ChannelAnswered, call_back.customer_leg)
    made.say(facts.ChannelsBridged, call_back.leg, call_back.customer_leg)
    return call_back


def test_f7_board_shows_ringing_until_the_key_then_an_outgoing_call_with_the_customer() -> None:
    made = stage()
    call_back = rung(made)
    assert (call_back.state, made.code()) == ("ringing_you", "ringing")
    made.say(facts.ChannelAnswered, call_back.leg)
    assert (call_back.state, made.code()) == ("ringing_you", "ringing"), "answered is not yet the key"
    made.say(facts.ChannelSeen, call_back.customer_leg, False, destination=CUSTOMER)
    assert (call_back.state, made.code()) == ("calling_customer", "outbound_call")
    made.say(facts.ChannelsBridged, call_back.leg, call_back.customer_leg)
    assert (call_back.state, made.code()) == ("talking", "outbound_call")
    row = agent_row(made.doc(), BOSS, None, StatusBook(), str)
    assert (row["call"]["state"], row["call"]["with"]["number"]) == ("talking", CUSTOMER)
    made.say(facts.ChannelHungUp, call_back.leg, "NORMAL_CLEARING")
    made.say(facts.ChannelHungUp, call_back.customer_leg, "NORMAL_CLEARING")
    assert (call_back.state, call_back.cause, made.code()) == ("ended", "NORMAL_CLEARING", "available")


def test_row_of_the_board_holds_nothing_of_the_call_back_itself() -> None:
    made = stage()
    rung(made)
    assert "call_back" not in agent_row(made.doc(), BOSS, None, StatusBook(), str)


@pytest.mark.parametrize(
    ("step", "which", "cause", "told"),
    [
        (rung, "leg", "NO_ANSWER", ("failed", "NO_ANSWER", "agent")),
        (rung, "leg", "USER_BUSY", ("failed", "USER_BUSY", "agent")),
        (rung, "leg", "NORMAL_CIRCUIT_CONGESTION", ("failed", "lines_full", "agent")),
        (called, "customer_leg", "USER_BUSY", ("failed", "USER_BUSY", "customer")),
        (called, "customer_leg", "NORMAL_CIRCUIT_CONGESTION", ("failed", "lines_full", "customer")),
        (called, "customer_leg", "ORIGINATOR_CANCEL", ("ended", "cancelled", "")),
        (called, "leg", "NORMAL_CLEARING", ("ended", "cancelled", "")),
        (talked, "customer_leg", "NORMAL_CLEARING", ("ended", "NORMAL_CLEARING", "")),
    ],
)
def test_end_says_who_did_not_come_and_why(step, which: str, cause: str, told: tuple[str, str, str]) -> None:
    made = stage()
    call_back = step(made)
    made.say(facts.ChannelHungUp, getattr(call_back, which), cause)
    assert (call_back.state, call_back.cause, call_back.party) == told
    made.say(facts.ChannelHungUp, call_back.leg, "NORMAL_TEMPORARY_FAILURE")
    assert call_back.cause == told[1], "the first reason stays"


def test_end_that_was_asked_for_in_the_panel_is_no_failure() -> None:
    made = stage()
    call_back = rung(made)
    call_back.cancelled = True
    made.say(facts.ChannelHungUp, call_back.leg, "NORMAL_CLEARING")
    assert (call_back.state, call_back.cause) == ("ended", "cancelled")


def test_ended_call_back_is_kept_for_a_minute_and_the_next_takes_its_place() -> None:
    made = stage()
    call_back = rung(made)
    made.say(facts.ChannelHungUp, call_back.leg, "NO_ANSWER")
    assert made.doc()["call_back"]["cause"] == "NO_ANSWER"
    made.do(facts.TimePassed(made.now + 61))
    assert made.doc()["call_back"] is None
    again = started(made)
    call_backs.begin(made.floor, replace(again, id="c2"))
    assert list(made.floor.call_backs) == ["c2"]


def test_new_controller_goes_on_with_what_was_published() -> None:
    made, fresh = stage(), stage()
    call_back = called(made)
    call_backs.adopt(fresh.floor, [made.doc()])
    fresh.say(facts.ChannelSeen, call_back.leg, False, destination=MOBILE, agent=A1, call_back="c1")
    fresh.say(facts.ChannelSeen, call_back.customer_leg, False, destination=CUSTOMER)
    fresh.say(facts.ChannelsBridged, call_back.leg, call_back.customer_leg)
    adopted = fresh.floor.call_backs["c1"]
    assert (adopted.state, adopted.number, fresh.code()) == ("talking", CUSTOMER, "outbound_call")


def read(made: Stage, after_s: float) -> None:
    made.now += after_s
    made.do(facts.SwitchRead(made.now, 0, made.floor.core, made.floor.serial, made.agents, made.tiers, (), (), ()))


def test_reading_without_its_leg_ends_it_unless_the_order_is_under_way_or_young() -> None:
    made = stage()
    call_back = started(made)
    call_back.ordered = True
    read(made, 60.0)
    assert call_back.state == "ringing_you", "the order's answer tells"
    assert not call_backs.is_unsettled(made.floor)
    call_back.ordered, call_back.asked_at = False, made.now
    read(made, 0.5)
    assert call_back.state == "ringing_you", "it may come yet"
    assert call_backs.is_unsettled(made.floor)
    read(made, 1.0)
    assert (call_back.state, call_back.party) == ("failed", "agent")
    assert not call_backs.is_unsettled(made.floor)


def test_restart_of_the_switch_ends_it() -> None:
    made = stage()
    call_back = talked(made)
    made.do(facts.SwitchRead(made.now, 0, "another core", made.floor.serial, made.agents, made.tiers, (), (), ()))
    assert (call_back.state, call_back.cause) == ("ended", "SWITCH_RESTARTED")


def test_order_names_the_agents_phone_of_now_the_customer_and_the_number_both_see() -> None:
    made = stage()
    order, call_back = decide_call_backs.start(made.floor, AGENT, WISH, ident="c1", legs=("a", "b"), now=5.0)
    assert (order.number, order.customer, order.shown, order.agent) == (MOBILE, CUSTOMER, CENTRE, A1)
    assert (order.leg, order.customer_leg, call_back.state, call_back.asked_at) == ("a", "b", "ringing_you", 5.0)


def refused(made: Stage, actor: Actor = AGENT, wish: commands.StartCallBack = WISH) -> str:
    with pytest.raises(Rejected) as caught:
        decide_call_backs.start(made.floor, actor, wish, ident="c9", legs=(uuid(), uuid()), now=made.now)
    return caught.value.error


def test_refusals() -> None:
    assert refused(stage(), BOSS) == "permission_denied", "an account without an agent"
    assert refused(stage(), Actor("x", ADMINISTRATOR, "X", agent="9999@default")) == "unknown_agent"
    assert refused(Stage()) == "no_outside_phone", "an extension dials by itself"
    assert refused(stage(), wish=replace(WISH, shown="")) == "no_centre_number"
    ringing = stage()
    started(ringing)
    assert refused(ringing) == "agent_ringing", "one at a time, also before the first event of it"
    offered = stage()
    offered.offer()
    assert refused(offered) == "agent_ringing"
    talking = stage()
    talking.talk()
    assert refused(talking) == "agent_in_call"


def test_cancel_is_for_ones_own_and_administrators_and_nothing_when_over() -> None:
    made = stage()
    call_back = rung(made)
    wish = commands.CancelCallBack("c1")
    for actor in (AGENT, BOSS):
        assert decide_call_backs.cancel(made.floor, actor, wish) == (call_back, (HangUp(call_back.leg),))
    with pytest.raises(Rejected) as caught:
        decide_call_backs.cancel(made.floor, Actor("other", "user", "O", agent=A1), wish)
    assert caught.value.error == "permission_denied"
    with pytest.raises(Rejected) as caught:
        decide_call_backs.cancel(made.floor, AGENT, commands.CancelCallBack("nonsense"))
    assert caught.value.error == "unknown_call_back"
    call_backs.end(made.floor, call_back, made.now, entities.FAILED, "NO_ANSWER")
    assert decide_call_backs.cancel(made.floor, AGENT, wish) == (call_back, ())

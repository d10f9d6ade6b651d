"""What the windows about an agent say before and after a change: who is rung next, for how long, and what follows the call."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .browsers import Browsers
from .center import (
    ADMINISTRATOR,
    ANNA,
    BEN,
    CARL,
    FRED,
    RINGALL,
    SUPERVISOR,
    SUPPORT,
    TOPDOWN,
    Center,
)
from .hands import BOTH_HANDS, LANGUAGES, control, dialog, hand, monitor, notice, status
from .words import words


def supervisors(browsers: Browsers, floor: Center, language: str = "ja") -> Page:
    """A supervisor's monitor with the queue that he edits."""
    return monitor(browsers, floor.product.url, SUPERVISOR[language], SUPPORT)


@LANGUAGES
def test_the_priority_window_says_who_is_rung_next_now_and_after_the_change(
    floor: Center, browsers: Browsers, language: str
) -> None:
    t = words(language)
    page = supervisors(browsers, floor, language)
    control(page, ANNA, "priority").click()
    window = dialog(page, t("window.priority"))
    outlook = window.get_by_role("region", name=t("forecast"))
    expect(outlook.locator("dd").first).to_have_text(t("forecast.one", name="Ext 1001"))
    window.get_by_label(t("window.priority.list")).select_option("9")
    expect(outlook).to_contain_text(t("forecast.after"))
    expect(outlook.locator("dd.other")).to_have_text(t("forecast.one", name="Ext 1002"))
    floor.set_status(BEN, "On Break")
    floor.set_status(CARL, "Logged Out")
    # The floor goes on while the window is open: from now on nobody else is there.
    expect(outlook).to_contain_text(t("forecast.same"))


@LANGUAGES
@pytest.mark.parametrize(("queue", "agent", "note"), [(RINGALL, CARL, "ring_all"), (TOPDOWN, FRED, "top_down")])
def test_the_priority_window_says_what_the_number_does_where_it_does_not_order(
    floor: Center, browsers: Browsers, language: str, queue: str, agent: str, note: str
) -> None:
    t = words(language)
    page = monitor(browsers, floor.product.url, ADMINISTRATOR[language], queue)
    control(page, agent, "priority").click()
    window = dialog(page, t("window.priority"))
    expect(window.locator(".note")).to_have_text(t(f"strategy.{note}"))


@BOTH_HANDS
def test_a_priority_is_undone(floor: Center, browsers: Browsers, by: str) -> None:
    t = words("ja")
    page = supervisors(browsers, floor)
    person = hand(by, page)
    person.open(BEN, "priority")
    window = dialog(page, t("window.priority"))
    person.choose(window.get_by_label(t("window.priority.list")), "5")
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    notice(page, t("window.priority.done", name="Ext 1002", priority=5))
    person.press(page.locator("notice-region").get_by_role("button", name=t("undo"), exact=True))
    notice(page, t("window.priority.undone", name="Ext 1002", priority=2))
    expect(control(page, BEN, "priority")).to_contain_text("2")
    assert floor.level(SUPPORT, BEN) == 2


@BOTH_HANDS
def test_a_priority_for_a_time_says_until_when(floor: Center, browsers: Browsers, by: str) -> None:
    t = words("ja")
    page = supervisors(browsers, floor)
    person = hand(by, page)
    person.open(BEN, "priority")
    window = dialog(page, t("window.priority"))
    person.choose(window.get_by_label(t("window.priority.list")), "4")
    person.mark(window.get_by_role("checkbox", name=t("window.priority.boxed")))
    until = window.get_by_label(t("window.priority.until")).input_value()
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    notice(page, t("window.priority.done.until", name="Ext 1002", priority=4, time=until))
    assert floor.level(SUPPORT, BEN) == 4
    person.open(BEN, "name")
    detail = dialog(page, "Ext 1002")
    expect(detail).to_contain_text(t("detail.priority", n=4))
    expect(detail).to_contain_text(t("detail.priority.until", time=until))


@BOTH_HANDS
def test_a_wrap_up_counts_down_and_is_ended_now(floor: Center, browsers: Browsers, by: str) -> None:
    t = words("ja")
    floor.set_wrap_up(SUPPORT, 300)
    try:
        caller = floor.talk()
        page = supervisors(browsers, floor)
        expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
        caller.hang_up()
        expect(status(page, ANNA)).to_contain_text(t("status.wrap_up"))
        left = control(page, ANNA, "next")
        expect(left).to_contain_text(re.compile(r"4:\d\d"))
        expect(left).to_have_attribute("aria-label", f"{t('wrap_up.left')} – {t('wrap_up.end')}")
        hand(by, page).open(ANNA, "next")
        notice(page, t("wrap_up.ended", name="Ext 1001"))
        expect(status(page, ANNA)).to_contain_text(t("status.available"))
        expect(left).to_have_count(0)
    finally:
        floor.set_wrap_up(SUPPORT, None)


@LANGUAGES
@BOTH_HANDS
def test_a_status_after_this_call_is_shown_can_be_cancelled_and_comes_with_the_calls_end(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    caller = floor.talk()
    page = supervisors(browsers, floor, language)
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    person = hand(by, page)

    def ask() -> None:
        person.open(ANNA, "status")
        calls = dialog(page, t("window.monitor"))
        person.press(calls.get_by_role("button", name=t("after_call.open")))
        window = dialog(page, t("window.status"))
        person.mark(window.get_by_role("radio", name=t("status.away"), exact=True))
        person.press(window.get_by_role("button", name=t("after_call.change"), exact=True))
        notice(page, t("after_call.done", name="Ext 1001", status=t("status.away")))
        expect(control(page, ANNA, "next")).to_contain_text(t("status.away"))

    ask()
    person.lands_on(status(page, ANNA))
    person.open(ANNA, "next")
    notice(page, t("after_call.cancelled", name="Ext 1001"))
    expect(control(page, ANNA, "next")).to_have_count(0)
    ask()
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    caller.hang_up()
    expect(status(page, ANNA)).to_contain_text(t("status.away"))
    expect(control(page, ANNA, "next")).to_have_count(0)


@LANGUAGES
def test_an_agents_detail_says_for_each_queue_why_the_next_call_does_not_ring_there(
    floor: Center, browsers: Browsers, language: str
) -> None:
    t = words(language)
    page = supervisors(browsers, floor, language)
    reasons = {"ja": "ほかのエージェントが先に呼び出されます", "en": "Others are rung first"}
    control(page, BEN, "name").click()
    detail = dialog(page, "Ext 1002")
    line = detail.locator("li", has_text="support")
    expect(line).to_contain_text(reasons[language])
    floor.set_status(ANNA, "Logged Out")
    expect(line).to_contain_text(t("detail.next"))
    floor.set_status(BEN, "On Break")
    expect(line).not_to_contain_text(t("detail.next"))
    expect(detail).to_contain_text(t("status.on_break"))


def test_the_window_of_the_detail_leads_to_the_status_and_back_to_the_name(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    page = supervisors(browsers, floor)
    person = hand("keyboard", page)
    person.open(BEN, "name")
    person.press(dialog(page, "Ext 1002").get_by_role("button", name=t("detail.change"), exact=True))
    window = dialog(page, t("window.status"))
    person.leave()
    expect(window).to_have_count(0)
    expect(control(page, BEN, "name")).to_be_focused()


@LANGUAGES
def test_an_agent_who_is_over_the_limit_of_his_status_is_marked(
    floor: Center, browsers: Browsers, language: str
) -> None:
    page = monitor(browsers, floor.product.url, ADMINISTRATOR[language], TOPDOWN)
    expect(status(page, FRED)).to_contain_text({"ja": "研修中", "en": "Training"}[language])
    # In training since the run began, with a limit of one minute.
    expect(page.locator("[data-row]", has_text="Ext 1006")).to_contain_text(
        words(language)("alarm.over_limit"), timeout=75_000
    )


@pytest.mark.parametrize("selected", [SUPPORT, ""], ids=["another queue", "all agents"])
def test_the_priority_window_begins_with_the_priority_in_its_own_queue(
    floor: Center, browsers: Browsers, selected: str
) -> None:
    t = words("ja")
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"], selected)
    control(page, CARL, "name").click()
    detail = dialog(page, "Ext 1003")
    detail.get_by_role("button", name=re.compile(f"^{t('window.priority')}: ringall")).click()
    window = dialog(page, t("window.priority"))
    expect(window.get_by_label(t("window.priority.list"))).to_have_value("1")
    window.get_by_label(t("window.priority.list")).select_option("4")
    window.get_by_role("button", name=t("change"), exact=True).click()
    notice(page, t("window.priority.done", name="Ext 1003", priority=4))
    page.locator("notice-region").get_by_role("button", name=t("undo"), exact=True).click()
    notice(page, t("window.priority.undone", name="Ext 1003", priority=1))
    assert (floor.level(RINGALL, CARL), floor.level(SUPPORT, CARL)) == (1, 3)

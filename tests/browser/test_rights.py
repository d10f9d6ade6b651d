"""What the manual page's sections 1 and 2 show, by a supervisor who edits one queue and views another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .browsers import Browsers, fetch
from .center import ADMINISTRATOR, ANNA, BEN, CARL, DORA, EMMA, MINA, RINGALL, SUPERVISOR, SUPPORT, TOPDOWN, Center
from .hands import (
    BOTH_HANDS,
    DIALOG,
    LANGUAGES,
    QUEUE_LIST,
    Keyboard,
    control,
    dialog,
    hand,
    monitor,
    notice,
    status,
)
from .words import words

NO_PERMISSION = {"ja": "権限がありません", "en": "No permission"}
TIP = ".tip:popover-open"


@LANGUAGES
@BOTH_HANDS
def test_b2_a_status_is_changed_in_the_steps_of_the_manual_page(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    floor.set_status(ANNA, "On Break")
    page = monitor(browsers, floor.product.url, SUPERVISOR[language])
    person = hand(by, page)
    person.choose(page.locator(QUEUE_LIST), SUPPORT)
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(status(page, ANNA)).to_contain_text(t("status.on_break"))
    person.open(ANNA, "status")
    window = dialog(page, t("window.status"))
    person.mark(window.get_by_role("radio", name=t("status.available"), exact=True))
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    expect(window).to_have_count(0)
    expect(status(page, ANNA)).to_contain_text(t("status.available"))
    assert floor.status(ANNA) == "Available"
    person.lands_on(status(page, ANNA))


@LANGUAGES
@BOTH_HANDS
def test_c3_a_priority_is_changed_in_the_steps_of_the_manual_page(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    page = monitor(browsers, floor.product.url, SUPERVISOR[language])
    person = hand(by, page)
    cell = control(page, BEN, "priority")
    expect(cell).to_have_attribute("aria-disabled", "true")
    person.choose(page.locator(QUEUE_LIST), SUPPORT)
    expect(cell).not_to_have_attribute("aria-disabled", "true")
    expect(cell).to_contain_text("2")
    person.open(BEN, "priority")
    window = dialog(page, t("window.priority"))
    choices = window.get_by_label(t("window.priority.list"))
    assert choices.locator("option").all_inner_texts() == [str(n) for n in range(1, 16)]
    person.choose(choices, "7")
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    expect(window).to_have_count(0)
    expect(cell).to_contain_text("7")
    assert floor.level(SUPPORT, BEN) == 7
    person.lands_on(cell)


@BOTH_HANDS
def test_c1_under_all_agents_no_priority_opens_a_window(floor: Center, browsers: Browsers, by: str) -> None:
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"])
    expect(control(page, BEN, "priority")).to_contain_text("–")
    if by == "mouse":
        control(page, BEN, "priority").click(force=True)
    else:
        Keyboard(page).open(BEN, "priority")
    expect(page.locator(TIP)).to_have_text(words("ja")("reason.priority_all"))
    expect(page.locator(DIALOG)).to_have_count(0)


@LANGUAGES
@BOTH_HANDS
def test_a7_what_one_may_only_view_says_so_on_hover_and_on_focus_and_cannot_be_pressed(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    floor.talk(DORA, RINGALL)
    page = monitor(browsers, floor.product.url, SUPERVISOR[language], RINGALL)
    expect(status(page, DORA)).to_contain_text(words(language)("status.queue_call"))
    for agent in (CARL, DORA):
        expect(status(page, agent)).to_have_attribute("aria-disabled", "true")
        for name in ("status", "priority"):
            if by == "mouse":
                control(page, agent, name).hover()
                expect(page.locator(TIP)).to_have_text(NO_PERMISSION[language])
                control(page, agent, name).click(force=True)
            else:
                Keyboard(page).walk_to(agent, name)
                expect(page.locator(TIP)).to_have_text(NO_PERMISSION[language])
                page.keyboard.press("Enter")
            expect(page.locator(DIALOG)).to_have_count(0)
        assert NO_PERMISSION[language] in (status(page, agent).evaluate(DESCRIBED) or "")


DESCRIBED = "e => document.getElementById(e.getAttribute('aria-describedby'))?.textContent"


@LANGUAGES
def test_a7_the_server_refuses_with_the_same_words_what_the_page_does_not_offer(
    floor: Center, browsers: Browsers, language: str
) -> None:
    floor.talk(DORA, RINGALL)
    page = monitor(browsers, floor.product.url, SUPERVISOR[language], RINGALL)
    expect(status(page, DORA)).to_contain_text(words(language)("status.queue_call"))
    listening = {"agent": DORA, "mode": "monitor", "extension": "9003", "queue": RINGALL}
    for method, path, body in (
        ("PUT", f"/agents/{EMMA}/status", {"status": "away", "queue": RINGALL}),
        ("PUT", f"/queues/{RINGALL}/agents/{EMMA}/priority", {"priority": 9}),
        ("POST", "/supervisions", listening),
    ):
        code, problem = fetch(page, method, path, body)
        assert (code, problem["id"], problem["title"]) == (403, "permission_denied", NO_PERMISSION[language])
    assert floor.status(EMMA) == "Logged Out"
    assert floor.level(RINGALL, EMMA) == 2
    assert floor.phone("9003").state == "idle"


@BOTH_HANDS
def test_b4_under_all_agents_a_supervisor_changes_nothing_and_is_told_to_select_a_queue(
    floor: Center, browsers: Browsers, by: str
) -> None:
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"])
    if by == "mouse":
        status(page, ANNA).click(force=True)
    else:
        Keyboard(page).open(ANNA, "status")
    expect(page.locator(TIP)).to_have_text(words("ja")("reason.queue_not_selected"))
    expect(page.locator(DIALOG)).to_have_count(0)
    code, problem = fetch(page, "PUT", f"/agents/{ANNA}/status", {"status": "away"})
    assert (code, problem["id"]) == (403, "queue_not_selected")
    assert floor.status(ANNA) == "Available"


def test_b5_who_works_for_two_queues_is_changed_where_one_edits_and_not_where_one_views(
    floor: Center, browsers: Browsers
) -> None:
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], RINGALL)
    expect(status(page, CARL)).to_have_attribute("aria-disabled", "true")
    page.locator(QUEUE_LIST).select_option(SUPPORT)
    expect(status(page, CARL)).not_to_have_attribute("aria-disabled", "true")


def test_a2_a_queue_without_a_right_is_nowhere_on_the_page(floor: Center, browsers: Browsers) -> None:
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"])
    expect(page.locator("[data-row]")).to_have_count(5)
    assert page.locator(f"{QUEUE_LIST} option").count() == 3
    assert "topdown" not in page.content()
    page.goto(f"{floor.product.url}/?queue=topdown@default")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(0)


@LANGUAGES
@BOTH_HANDS
def test_b10_a_status_is_changed_from_the_queues_members_tab(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    page = browsers.open(floor.product.url, SUPERVISOR[language], "/queues")
    person = hand(by, page)
    person.press(page.get_by_role("link", name="support", exact=True))
    expect(status(page, ANNA)).to_contain_text(t("status.available"))
    person.open(ANNA, "status")
    window = dialog(page, t("window.status"))
    person.mark(window.get_by_role("radio", name=t("status.on_break"), exact=True))
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    expect(status(page, ANNA)).to_contain_text(t("status.on_break"))
    assert floor.status(ANNA) == "On Break"
    person.lands_on(status(page, ANNA))


def test_b10_the_members_tab_of_a_queue_that_one_views_refuses_as_the_monitor_does(
    floor: Center, browsers: Browsers
) -> None:
    page = browsers.open(floor.product.url, SUPERVISOR["ja"], f"/queues/{RINGALL}")
    status(page, EMMA).hover()
    expect(page.locator(TIP)).to_have_text(NO_PERMISSION["ja"])
    status(page, EMMA).click(force=True)
    expect(page.locator(DIALOG)).to_have_count(0)


@LANGUAGES
@BOTH_HANDS
def test_b10_a_status_is_changed_from_the_accounts_agent_tab(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    page = browsers.open(floor.product.url, ADMINISTRATOR[language], "/accounts/anna")
    person = hand(by, page)
    person.press(page.get_by_role("link", name=t("account.tab.agent"), exact=True))
    change = page.get_by_role("button", name=t("detail.change"), exact=True)
    person.press(change)
    window = dialog(page, t("window.status"))
    person.mark(window.get_by_role("radio", name=t("status.away"), exact=True))
    person.press(window.get_by_role("button", name=t("change"), exact=True))
    expect(page.locator("agent-detail .status")).to_contain_text(t("status.away"))
    assert floor.status(ANNA) == "On Break"  # what mod_callcenter is told of «away»
    person.lands_on(change)


@pytest.mark.parametrize("situation", ["talking", "ringing"])
def test_b6_during_a_call_and_while_it_rings_no_status_window_changes_anything_now(
    floor: Center, browsers: Browsers, situation: str
) -> None:
    t = words("ja")
    if situation == "talking":
        floor.talk(ANNA)
    else:
        floor.only(ANNA)
        floor.dial()
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call" if situation == "talking" else "status.ringing"))
    code, problem = fetch(page, "PUT", f"/agents/{ANNA}/status", {"status": "away", "queue": SUPPORT})
    assert (code, problem["id"]) == (409, "agent_in_call" if situation == "talking" else "agent_ringing")
    assert floor.status(ANNA) == "Available"


def test_b9_a_window_that_was_open_before_the_call_takes_nothing_from_it(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    floor.only(ANNA)
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)
    status(page, ANNA).click()
    window = dialog(page, t("window.status"))
    window.get_by_role("radio", name=t("status.away")).check()
    caller = floor.dial()
    # From now on the same button asks for «after this call».
    later = window.get_by_role("button", name=t("after_call.change"), exact=True)
    later.click()
    notice(page, t("after_call.done", name="Ext 1001", status=t("status.away")))
    assert floor.phone("1001").state == "ringing"
    assert caller.state in ("dialling", "talking")


def test_a_right_that_could_not_be_granted_is_not_shown_as_if_it_were(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    page = browsers.open(floor.product.url, ADMINISTRATOR["ja"], f"/accounts/{MINA}")
    right = page.get_by_label(re.compile(f"^{t('account.grants.right')}: topdown"))
    expect(right).to_have_value("none")
    page.route("**/grants/**", lambda route: route.abort())
    right.select_option("edit")
    expect(page.locator("grants-table").get_by_role("alert")).to_be_visible()
    expect(right).to_have_value("none")
    page.unroute("**/grants/**")
    right.select_option("view")
    notice(page, t("account.grants.saved", queue=TOPDOWN, right=t("right.view")))
    expect(right).to_have_value("view")
    right.select_option("none")
    notice(page, t("account.grants.saved", queue=TOPDOWN, right=t("right.none")))
    expect(right).to_have_value("none")

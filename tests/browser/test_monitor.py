"""The monitor's list: what stands in it, sorting, filtering, searching, columns, and the address that shares a view."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .browsers import Browsers
from .center import ADMINISTRATOR, ANNA, BEN, CARL, DORA, EMMA, FRED, SUPERVISOR, SUPPORT, Center
from .hands import BOTH_HANDS, LANGUAGES, QUEUE_LIST, control, dialog, hand, live, monitor, status
from .serving import until
from .words import words

HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"


def shown(page: Page) -> list[str]:
    """The agents in the list, from top to bottom."""
    found: list[str] = page.locator("[data-row] [data-control=status]").evaluate_all(
        "all => all.map(e => e.dataset.agent)"
    )
    return found


def everybody(browsers: Browsers, floor: Center, view: str = "", language: str = "ja") -> Page:
    """The administrator's monitor with this view in the address."""
    page = browsers.open(floor.product.url, ADMINISTRATOR[language], f"/{view}")
    page.locator("[data-row]").first.wait_for()
    return page


def test_a3_and_a4_the_list_stands_on_all_agents_and_a_queue_shows_exactly_its_members(
    floor: Center, browsers: Browsers
) -> None:
    page = everybody(browsers, floor)
    assert page.locator(QUEUE_LIST).input_value() == ""
    assert sorted(shown(page)) == [ANNA, BEN, CARL, DORA, EMMA, FRED]
    page.locator(QUEUE_LIST).select_option(SUPPORT)
    expect(page.locator("[data-row]")).to_have_count(3)
    assert sorted(shown(page)) == [ANNA, BEN, CARL]
    # The cards of the queues select as well.
    page.get_by_role("button", name=re.compile("^ringall")).click()
    expect(status(page, EMMA)).to_be_visible()
    assert sorted(shown(page)) == [CARL, DORA, EMMA]


def test_a6_talk_and_hold_time_run_in_a_call_and_in_a_hold_only(floor: Center, browsers: Browsers) -> None:
    page = everybody(browsers, floor)
    row = page.locator("[data-row]", has=status(page, ANNA))
    expect(row.locator(".c-talk")).to_have_text("")
    caller = floor.talk()
    expect(row.locator(".c-talk")).to_have_text(re.compile(r"^0:0\d$"))
    expect(row.locator(".c-elapsed")).to_have_text(re.compile(r"^0:0\d$"))
    expect(row.locator(".c-hold")).to_have_text("")
    floor.phone("1001").hold()
    expect(row.locator(".c-hold")).to_have_text(re.compile(r"^0:0\d$"))
    floor.phone("1001").resume()
    expect(row.locator(".c-hold")).to_have_text("")
    caller.hang_up()
    expect(row.locator(".c-talk")).to_have_text("")


@BOTH_HANDS
def test_a_heading_sorts_both_ways(floor: Center, browsers: Browsers, by: str) -> None:
    page = everybody(browsers, floor, f"?queue={SUPPORT}")
    person = hand(by, page)
    heading = page.locator("th.c-priority button")
    person.press(heading)
    expect(page.locator("th.c-priority")).to_have_attribute("aria-sort", "ascending")
    assert shown(page) == [ANNA, BEN, CARL]
    person.press(heading)
    expect(page.locator("th.c-priority")).to_have_attribute("aria-sort", "descending")
    assert shown(page) == [CARL, BEN, ANNA]
    expect(page).to_have_url(re.compile("sort=-priority"))


@BOTH_HANDS
def test_the_counts_by_status_filter_the_list(floor: Center, browsers: Browsers, by: str) -> None:
    t = words("ja")
    floor.set_status(BEN, "On Break")
    page = everybody(browsers, floor)
    chip = page.locator("button.chip", has_text=t("status.on_break"))
    expect(chip).to_contain_text("1")
    hand(by, page).press(chip)
    expect(page.locator("[data-row]")).to_have_count(1)
    assert shown(page) == [BEN]
    expect(page).to_have_url(re.compile("status=on_break"))
    # Who leaves the status leaves the list.
    floor.set_status(BEN, "Available")
    expect(page.locator("[data-row]")).to_have_count(0)
    expect(page.get_by_text(t("panel.empty.filter"))).to_be_visible()


def test_a_view_is_shared_by_its_address(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    page = everybody(browsers, floor)
    page.locator(QUEUE_LIST).select_option(SUPPORT)
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("searchbox").fill("100")
    page.locator("th.c-priority button").click()
    page.locator("th.c-priority button").click()
    page.get_by_role("button", name=t("panel.columns"), exact=True).click()
    page.get_by_role("checkbox", name=t("column.agent"), exact=True).check()
    page.get_by_role("checkbox", name=t("column.hold"), exact=True).uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=t("panel.side.hide")).click()
    expect(page.locator("waiting-panel")).to_have_count(0)
    expect(page).to_have_url(re.compile("search=100"))

    other = browsers.page(page.context, page.url)
    expect(other.locator("[data-row]")).to_have_count(3)
    assert shown(other) == shown(page) == [CARL, BEN, ANNA]
    assert other.locator("thead th").all_inner_texts() == page.locator("thead th").all_inner_texts()
    expect(other.locator("td.c-agent").first).to_have_text(CARL)
    expect(other.locator(".c-hold")).to_have_count(0)
    expect(other.locator("waiting-panel")).to_have_count(0)
    assert other.locator(QUEUE_LIST).input_value() == SUPPORT
    assert other.get_by_role("searchbox").input_value() == "100"


def test_the_search_finds_by_name_and_by_terminal(floor: Center, browsers: Browsers) -> None:
    page = everybody(browsers, floor)
    page.get_by_role("searchbox").fill("1004")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert shown(page) == [DORA]
    page.get_by_role("searchbox").fill("ｅｘｔ")  # as a Japanese keyboard may write it
    expect(page.locator("[data-row]")).to_have_count(6)


@LANGUAGES
def test_a_waiting_call_is_listed_with_its_time_and_whom_it_rings(
    floor: Center, browsers: Browsers, language: str
) -> None:
    t = words(language)
    floor.only(ANNA)
    page = monitor(browsers, floor.product.url, SUPERVISOR[language])
    floor.dial(number="0312345699", name="Hanako")
    call = page.locator("waiting-panel li", has_text="0312345699")
    expect(call).to_contain_text("Hanako")
    expect(call.locator(".time")).to_have_text(re.compile(r"0:0\d"))
    expect(call).to_contain_text(t("waiting.offered", agent="Ext 1001"))
    expect(status(page, ANNA)).to_contain_text(t("status.ringing"))
    card = page.get_by_role("button", name=re.compile("^support"))
    expect(card.locator(".waiting b")).to_have_text("1")


def test_the_delay_from_the_switchs_event_to_the_screen_is_shown(floor: Center, browsers: Browsers) -> None:
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"])
    live(page)
    badge = page.locator(".connection .delay")
    hint = words("ja")("connection.delay.hint").partition("{")[0]

    def measured() -> bool:
        floor.set_status(BEN, "On Break")
        floor.set_status(BEN, "Available")
        return (badge.get_attribute("aria-label") or "").startswith(hint)

    # The first seconds of a page go by before the server's clock is known well enough.
    until(measured, "no delay is measured")
    found = re.search(r"中央値 (\d+) ms", badge.get_attribute("aria-label") or "")
    assert found is not None
    assert 0 <= int(found[1]) < 2000
    expect(badge).to_contain_text("ms")


def test_a_caller_whose_name_is_markup_is_text(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)
    floor.only(ANNA)
    floor.dial(name=HOSTILE)
    call = page.locator("waiting-panel li", has_text="0312345678")
    expect(call).to_contain_text("<img src=x onerror=")
    expect(status(page, ANNA)).to_contain_text(t("status.ringing"))
    floor.ringing("1001").answer()
    # While the phone rings the caller is seen too, and a click on the status would lead to another window.
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    expect(page.locator("[data-row] .c-with").first).to_contain_text("<script>")
    page.locator("[data-row] .c-with").first.hover(position={"x": 20, "y": 10})
    expect(page.locator(".tip:popover-open")).to_contain_text("<img src=x")
    status(page, ANNA).click()
    expect(dialog(page, t("window.monitor"))).to_contain_text("<script>window.hit=1</script>")
    page.keyboard.press("Escape")
    control(page, ANNA, "name").click()
    expect(dialog(page, "Ext 1001")).to_contain_text("<script>")
    assert page.locator("main script, main img, dialog script, dialog img, .tip img").count() == 0
    assert page.evaluate("window.hit") is None

"""The rows are what the page is for: whatever else it says leaves room for them, and nothing covers the row that is meant."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.contract.driver import BUSY, answers

from .browsers import PHONE, Browsers, fetch
from .center import ADMINISTRATOR, ANNA, SUPERVISOR, SUPPORT, Center
from .hands import BOTH_HANDS, LANGUAGES, Keyboard, control, dialog, hand, monitor, status
from .serving import Product, until
from .supervising import BAR, OWN
from .words import words

LEAST_ROWS = 3
"""So many rows stand between the heading and the lower edge, whatever stands above the list."""
SMALL_SCREENS = {"laptop": {"width": 1280, "height": 600}, "tablet": {"width": 800, "height": 500}}


def fails(floor: Center, page: Page, times: int) -> None:
    """So many supervisions of Anna's call that could not start, one after the other."""
    floor.phone(OWN).behave(BUSY)
    wish = {"agent": ANNA, "mode": "monitor", "extension": OWN, "queue": SUPPORT}
    until(lambda: may_be_heard(page), "Anna is in no call")
    before = page.locator(f"{BAR} .over").count()
    for one in range(times):
        assert fetch(page, "POST", "/supervisions", wish)[0] == 201
        expect(page.locator(f"{BAR} .over")).to_have_count(before + one + 1)


def may_be_heard(page: Page) -> bool:
    """Anna's call has come to the board."""
    agents = fetch(page, "GET", f"/board?queue={SUPPORT}")[1]["agents"]
    return any(row["agent"] == ANNA and row["may"]["monitor"]["ok"] for row in agents)


def rows_in_sight(page: Page) -> float:
    """How many rows have room between the heading and the lower edge of the table."""
    found: float = page.evaluate(
        """() => {
          const view = document.querySelector(".table-view"), row = view.querySelector("[data-row]");
          return (view.clientHeight - view.querySelector("thead").offsetHeight) / row.offsetHeight;
        }"""
    )
    return found


def is_covered(target: Locator) -> bool:
    """Does something else lie over the middle of it?"""
    return bool(
        target.evaluate(
            """element => {
              const {x, y, width, height} = element.getBoundingClientRect();
              return !element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
            }"""
        )
    )


@LANGUAGES
@BOTH_HANDS
def test_many_notices_of_supervisions_that_are_over_leave_the_rows_in_reach_and_are_closed_at_once(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    floor.talk()
    page = monitor(browsers, floor.product.url, SUPERVISOR[language], SUPPORT)
    fails(floor, page, 14)
    assert rows_in_sight(page) >= 10
    person = hand(by, page)
    person.open(ANNA, "status")
    window = dialog(page, t("window.monitor"))
    person.leave()
    expect(window).to_have_count(0)
    person.press(page.locator(BAR).get_by_role("button", name=re.compile(t("supervision.dismiss.all", n=r"\d+"))))
    expect(page.locator(BAR)).to_have_count(0)


def test_the_newest_notice_stands_first_and_each_is_closed_by_itself(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    floor.talk()
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)
    fails(floor, page, 4)
    floor.phone(OWN).behave(answers(0))
    wish = {"agent": ANNA, "mode": "monitor", "extension": OWN, "queue": SUPPORT}
    assert fetch(page, "POST", "/supervisions", wish)[0] == 201
    lines = page.locator(f"{BAR} .line")
    expect(lines.first).to_contain_text(t("supervision.listening"))
    floor.phone(OWN).hang_up()
    before = lines.count()
    newest = lines.filter(has_text=t("cause.hung_up"))
    expect(lines.first).to_contain_text(t("cause.hung_up"))
    lines.first.locator(f"[data-tip='{t('supervision.dismiss')}']").click()
    expect(newest).to_have_count(0)
    expect(lines).to_have_count(before - 1)


@pytest.mark.parametrize("screen", SMALL_SCREENS)
def test_on_a_small_screen_the_rows_keep_room_beside_what_stands_above_them(
    floor: Center, browsers: Browsers, screen: str
) -> None:
    t = words("ja")
    floor.talk()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"], SUPPORT, viewport=SMALL_SCREENS[screen])
    fails(floor, page, 4)
    assert rows_in_sight(page) >= LEAST_ROWS
    search = page.get_by_role("searchbox")
    search.scroll_into_view_if_needed()
    assert not is_covered(search)
    status(page, ANNA).click()
    dialog(page, t("window.monitor"))


def test_a_row_that_was_left_and_scrolled_away_is_in_sight_again_when_tab_comes_back(
    crowd: Product, browsers: Browsers
) -> None:
    page = monitor(browsers, crowd.url, "admin", viewport=SMALL_SCREENS["laptop"])
    expect(page.locator("[data-row]").nth(12)).to_be_attached()
    keyboard = Keyboard(page)
    for top in (40, 80, 120):
        keyboard.reach(page.locator("[data-row] [data-control=status][tabindex='0']"))
        page.keyboard.press("Home")
        page.keyboard.press("Shift+Tab")
        page.locator(".table-view").evaluate("(view, top) => view.scrollTo({top, behavior: 'instant'})", top)
        page.keyboard.press("Tab")
        focused = page.locator("[data-control=status]:focus")
        expect(focused).to_have_count(1)
        assert not is_covered(focused)


def test_a_card_that_was_left_and_scrolled_away_is_in_sight_again_when_tab_comes_back(
    floor: Center, browsers: Browsers
) -> None:
    """The bar of one's supervisions stays at the upper edge of a narrow screen."""
    floor.talk()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"], SUPPORT, viewport=PHONE)
    fails(floor, page, 3)
    keyboard = Keyboard(page)
    keyboard.walk_to(ANNA, "status")
    page.keyboard.press("Shift+Tab")
    page.evaluate("window.scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'})")
    until(lambda: page.evaluate("window.scrollY") > 0, "the page does not scroll")
    page.keyboard.press("Tab")
    expect(status(page, ANNA)).to_be_focused()
    assert not is_covered(status(page, ANNA))


def test_arrows_bring_a_control_into_sight_that_lies_beyond_the_tables_edge(floor: Center, browsers: Browsers) -> None:
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"], SUPPORT, viewport=SMALL_SCREENS["tablet"])
    keyboard = Keyboard(page)
    for name in ("priority", "status"):
        keyboard.walk_to(ANNA, name)
        assert not is_covered(control(page, ANNA, name))

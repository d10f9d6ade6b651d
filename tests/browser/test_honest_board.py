"""Rows stand under the name of a queue only while they are of that queue, of now, and of who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from .browsers import Browsers
from .center import ADMINISTRATOR, NAMES, RINGALL, SUPERVISOR, SUPPORT, TOPDOWN, Center
from .hands import QUEUE_LIST, live, monitor
from .serving import PASSWORD, Line
from .words import words

t = words("ja")
STALE = t("connection.stale").partition("}")[2]
WATCHED = """
  window.streams = [];
  const Real = window.EventSource;
  window.EventSource = class extends Real { constructor(...all) { super(...all); window.streams.push(this); } };
"""
"""Keeps every stream that the page opens, before the page's own code runs."""
OPEN_STREAMS = "window.streams.filter(one => one.readyState !== 2).length"


def log_in(page: Page, url: str, login: str) -> None:
    """In another tab of the same browser: all tabs have one cookie."""
    sent = page.context.request.post(f"{url}/api/v1/session", data={"login": login, "password": PASSWORD})
    assert sent.ok, sent.text()


def rows(page: Page, count: int) -> None:
    expect(page.locator("[data-row]")).to_have_count(count)


@contextmanager
def without(floor: Center, login: str, queue: str, right: str) -> Iterator[None]:
    """Without the right on the queue, as long as it lasts."""
    path = f"/accounts/{login}/grants/{queue}"
    floor.order("PUT", path, {"right": "none"})
    try:
        yield
    finally:
        floor.order("PUT", path, {"right": right})


@pytest.mark.parametrize("queue", [None, TOPDOWN])
def test_log_in_as_somebody_else_in_another_tab_leaves_nothing_of_the_first_account(
    floor: Center, browsers: Browsers, queue: str | None
) -> None:
    url = floor.product.url
    page = browsers.stranger(url)
    log_in(page, url, ADMINISTRATOR["ja"])
    page.goto(f"{url}/?queue={queue}" if queue else url)
    rows(page, 1 if queue else 6)
    expect(page.locator("#account-button")).to_contain_text(NAMES[ADMINISTRATOR["ja"]])
    log_in(page, url, SUPERVISOR["ja"])
    expect(page.locator("#account-button")).to_contain_text(NAMES[SUPERVISOR["ja"]])
    rows(page, 0 if queue else 5)
    assert "1006@default" not in page.content()
    if queue:
        expect(page.get_by_role("alert")).to_be_visible()


def test_queue_selected_without_a_network_stays_stale_and_shows_no_row_of_the_one_before(
    floor: Center, browsers: Browsers
) -> None:
    line = Line(floor.product.url)
    page = browsers.open(line.url, SUPERVISOR["ja"], "/queues")
    page.clock.install()
    page.goto(f"{line.url}/?queue={SUPPORT}")
    live(page)
    rows(page, 3)
    line.cut()
    page.clock.fast_forward(13_000)
    expect(page.locator(".connection")).to_contain_text(STALE)
    said = page.locator("p.banner").inner_text()
    page.locator(QUEUE_LIST).select_option(RINGALL)
    rows(page, 0)
    expect(page.locator(".connection")).to_contain_text(STALE)
    assert page.locator("p.banner").inner_text() == said
    assert t("waiting.none") not in page.locator("waiting-panel").inner_text()
    waited = page.locator(".queue .longest").all_inner_texts()
    page.clock.fast_forward(5_000)
    assert page.locator(".queue .longest").all_inner_texts() == waited
    line.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    live(page)
    rows(page, 3)
    expect(page.locator("p.banner")).to_have_count(0)
    line.close()


def test_right_on_the_selected_queue_withdrawn_clears_the_board_and_says_what_to_do(
    floor: Center, browsers: Browsers
) -> None:
    login = SUPERVISOR["ja"]
    page = monitor(browsers, floor.product.url, login, RINGALL)
    rows(page, 3)
    with without(floor, login, RINGALL, "view"):
        expect(page.get_by_role("alert")).to_be_visible()
        rows(page, 0)
        assert "1004@default" not in page.content()
        # Another language is another text of the same refusal, and no other board.
        page.locator("#account-button").click()
        page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
        expect(page.get_by_role("button", name=words("en")("queues.all")).first).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("No permission")
        rows(page, 0)
        page.get_by_role("radio", name="日本語").or_(page.get_by_role("button", name="日本語")).first.click()
        expect(page.get_by_role("alert")).to_contain_text("権限がありません")
        page.keyboard.press("Escape")
        page.locator(".banner button").click()
        rows(page, 3)


def test_hidden_tab_holds_no_connection_and_shows_the_rows_of_now_when_it_is_seen(
    floor: Center, browsers: Browsers
) -> None:
    page = browsers.open(floor.product.url, SUPERVISOR["ja"], "/queues")
    page.add_init_script(WATCHED)
    page.clock.install()
    page.goto(f"{floor.product.url}/?queue={SUPPORT}")
    live(page)
    see(page, seen=False)
    page.clock.fast_forward(31_000)
    assert page.evaluate(OPEN_STREAMS) == 0
    floor.set_status("1002@default", "On Break")
    with page.expect_request("**/api/v1/session"):  # which keeps the session alive, as an open stream does
        page.clock.fast_forward(60_000)
    assert page.evaluate(OPEN_STREAMS) == 0
    expect(page.locator(".connection")).to_contain_text(STALE)
    see(page, seen=True)
    live(page)
    expect(page.get_by_text(t("status.on_break"), exact=True).first).to_be_visible()
    assert page.evaluate(OPEN_STREAMS) == 1


def see(page: Page, *, seen: bool) -> None:
    """The tab comes to the front, or goes behind another."""
    page.evaluate(
        """seen => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => !seen });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        seen,
    )

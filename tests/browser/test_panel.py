"""The panel as a person meets it: by mouse, by keyboard, in two languages, on a phone, and when the line goes away."""

from __future__ import annotations

import json
import re
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import Product, log_in, open_panel

IN_CALL = "[data-control=status]:not([aria-disabled=true]):has-text('通話中')"
IDLE = "[data-control=status]:not([aria-disabled=true]):has-text('受付可')"


def faults(page: Page) -> list[str]:
    """What axe finds, in one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {json.dumps([n['target'] for n in v['nodes']][:3])}" for v in found]


@pytest.mark.parametrize(("locale", "word"), [("ja-JP", "リアルタイムモニタ"), ("en-GB", "Real-time monitor")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_log_in_and_monitor_in_both_languages_and_themes_have_no_accessibility_fault(
    browser: Browser, product: Product, locale: str, word: str, scheme: str
) -> None:
    context, page = open_panel(browser, product, locale=locale, color_scheme=scheme)
    try:
        page.locator("input[type=password]").wait_for()
        assert faults(page) == []
        log_in(page)
        page.locator("[data-row]").first.wait_for()
        if locale.startswith("en"):
            page.evaluate(
                "fetch('/api/v1/session', {method: 'PATCH', headers: {'Content-Type': 'application/json'},"
                " body: JSON.stringify({locale: 'en'})})"
            )
            page.wait_for_timeout(0)
            page.reload()
            page.locator("[data-row]").first.wait_for()
        expect(page.get_by_role("link", name=word)).to_be_visible()
        assert faults(page) == []
    finally:
        page.evaluate(
            "fetch('/api/v1/session', {method: 'PATCH', headers: {'Content-Type': 'application/json'},"
            " body: JSON.stringify({locale: 'ja'})})"
        )
        context.close()


def test_a_wrong_password_is_told_and_the_right_one_opens_the_monitor(browser: Browser, product: Product) -> None:
    context, page = open_panel(browser, product)
    log_in(page, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    log_in(page)
    page.locator("[data-row]").first.wait_for()
    context.close()


def test_every_page_says_that_it_is_practice(page: Page) -> None:
    for name in ("リアルタイムモニタ", "アカウント", "操作ログ", "マイアカウント"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_text("練習用フロア").first).to_be_visible()


def test_a_status_is_changed_by_keyboard_alone_and_the_focus_comes_back(page: Page) -> None:
    button = page.locator(IDLE).first
    agent = button.get_attribute("data-agent")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(f"[data-control=status][data-agent='{agent}']")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("radio", name="離席中").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    row = page.locator(f"[data-control=status][data-agent='{agent}']")
    expect(row).to_contain_text("離席中", timeout=10_000)


def test_a_call_is_listened_to_whispered_into_and_left_as_the_manual_page_says(page: Page) -> None:
    page.locator(IN_CALL).first.click(timeout=30_000)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("モニタリング管理者の内線番号")
    assert faults(page) == []
    dialog.get_by_role("button", name="モニタリング", exact=True).click()
    dialog.get_by_role("button", name="OK").click()
    bar = page.locator(".supervision-bar")
    expect(bar).to_be_visible(timeout=15_000)
    page.keyboard.press("Escape")
    whisper = bar.get_by_role("button", name="ささやき").or_(bar.get_by_role("radio", name="ささやき")).first
    whisper.click(timeout=15_000)
    expect(page.locator(".supervision-bar")).to_contain_text("ささやき")
    bar.get_by_role("button", name="切断").click()
    expect(page.locator(".supervision-bar .live, .supervision-bar button:has-text('切断')")).to_have_count(
        0, timeout=15_000
    )


def test_cancelling_before_the_confirmation_rings_nothing(page: Page) -> None:
    page.locator(IN_CALL).first.click(timeout=30_000)
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="ささやき", exact=True).click()
    dialog.get_by_role("button", name="キャンセル").click()
    dialog.get_by_role("button", name="キャンセル").click()
    expect(dialog).to_have_count(0)
    found = page.evaluate("fetch('/api/v1/supervisions').then(r => r.json())")
    assert [s for s in found["supervisions"] if s["state"] in ("ringing", "listening")] == []


def test_a_priority_is_changed_only_with_a_queue_selected(page: Page) -> None:
    expect(page.locator("[data-control=priority]:not([aria-disabled=true])")).to_have_count(0)
    page.locator("select").first.select_option(index=1)
    button = page.locator("[data-control=priority]:not([aria-disabled=true])").first
    button.wait_for()
    agent = button.get_attribute("data-agent")
    button.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("select").first.select_option("7")
    dialog.get_by_role("button", name="変更", exact=True).click()
    expect(page.locator(f"[data-control=priority][data-agent='{agent}']")).to_contain_text("7", timeout=10_000)


def test_a_view_is_shared_by_its_address(page: Page) -> None:
    page.get_by_role("searchbox").or_(page.locator("input[type=search]")).first.fill("100")
    expect(page).to_have_url(re.compile("search=100"))
    count = page.locator("[data-row]").count()
    address = page.url
    other = page.context.new_page()
    other.goto(address)
    other.locator("[data-row]").first.wait_for()
    assert other.locator("[data-row]").count() == count
    other.close()


def test_a_silent_server_is_said_and_the_board_is_true_when_it_is_back(page: Page, product: Product) -> None:
    badge = page.locator(".connection")
    expect(badge).to_contain_text("ライブ")
    product.signal_panel(signal.SIGSTOP)
    try:
        expect(badge).not_to_contain_text("ライブ", timeout=30_000)
    finally:
        product.signal_panel(signal.SIGCONT)
    expect(badge).to_contain_text("ライブ", timeout=30_000)


def test_a_browser_that_slept_for_an_hour_shows_the_floor_of_now(browser: Browser, product: Product) -> None:
    context, page = open_panel(browser, product)
    page.clock.install()
    page.goto(product.url)
    log_in(page)
    page.locator("[data-row]").first.wait_for()
    page.context.set_offline(True)
    page.clock.fast_forward("01:00:00")
    page.context.set_offline(False)
    page.clock.run_for(3000)
    expect(page.locator(".connection")).to_contain_text("ライブ", timeout=30_000)
    board = page.evaluate("fetch('/api/v1/board').then(r => r.json())")
    assert page.locator("[data-row]").count() > 0
    assert len(board["agents"]) == 24
    context.close()


def test_a_phone_sized_screen_needs_no_sideways_scrolling(browser: Browser, product: Product) -> None:
    context, page = open_panel(browser, product, viewport={"width": 390, "height": 800})
    log_in(page)
    page.locator("[data-row]").first.wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert faults(page) == []
    context.close()


def test_a_caller_whose_name_is_markup_is_text(page: Page) -> None:
    assert page.evaluate("document.querySelectorAll('.waiting script, [data-row] script, [data-row] img').length") == 0

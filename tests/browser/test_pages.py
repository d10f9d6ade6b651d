"""Every page and every window: nothing for axe to find, nothing to scroll sideways, in both languages and themes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.contract.driver import RING

from .browsers import PHONE, WIDE, Browsers, faults, too_wide
from .center import ADMINISTRATOR, AGENT, ANNA, BEN, MINA, SUPPORT, Center
from .hands import control, dialog, live, monitor, status
from .words import words

LOOKS = {
    "ja-light": ("ja", {"viewport": WIDE, "color_scheme": "light"}),
    "en-dark": ("en", {"viewport": WIDE, "color_scheme": "dark"}),
    "phone-ja": ("ja", {"viewport": PHONE, "has_touch": True, "color_scheme": "light"}),
    "phone-en-dark": ("en", {"viewport": PHONE, "has_touch": True, "color_scheme": "dark"}),
}
FURTHER = (
    f"/queues/{SUPPORT}",
    f"/queues/{SUPPORT}?tab=settings",
    "/settings?tab=dial",
    "/accounts/suzuki",
    "/accounts/anna?tab=agent",
    "/accounts/suzuki?tab=agent",
)
"""Addresses that no link in the heading leads to."""

each_look = pytest.mark.parametrize("look", LOOKS)


def settled(page: Page) -> None:
    """The page has what it asked the server for."""
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    expect(page.locator("main .loading, main [aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state("load")


def wrong(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    wide = too_wide(page)
    return faults(page) + ([f"{wide} px too wide"] if wide > 0 else [])


@each_look
def test_no_page_has_an_accessibility_fault_or_needs_sideways_scrolling(
    floor: Center, browsers: Browsers, look: str
) -> None:
    language, options = LOOKS[look]
    url = floor.product.url
    page = browsers.open(url, ADMINISTRATOR[language], **options)
    settled(page)
    links = page.locator("header nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) >= 7
    found: dict[str, list[str]] = {}
    for address in (*links, *FURTHER):
        page.goto(url + address)
        settled(page)
        found[address] = wrong(page)
    own = browsers.open(url, AGENT[language], "/me", **options)
    settled(own)
    expect(own.locator("own-agent [data-control=status]")).to_be_visible()
    found["an agent's own page"] = wrong(own)
    assert {address: told for address, told in found.items() if told} == {}


def fits(page: Page) -> list[str]:
    """What is wrong with the open window: as for pages, and it must lie within the screen."""
    window = page.locator("dialog[open]")
    expect(window).to_be_visible()
    box, screen = window.bounding_box(), page.viewport_size
    assert box is not None
    assert screen is not None
    inside = box["x"] >= 0 and box["x"] + box["width"] <= screen["width"] and box["y"] >= 0
    lower = box["y"] + box["height"] <= screen["height"]
    return wrong(page) + ([] if inside and lower else [f"outside of the screen: {box}"])


@each_look
def test_no_window_about_an_agent_has_a_fault_and_each_lies_within_the_screen(
    floor: Center, browsers: Browsers, look: str
) -> None:
    language, options = LOOKS[look]
    t = words(language)
    floor.talk()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR[language], SUPPORT, **options)
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    found: dict[str, list[str]] = {}

    def leave() -> None:
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)

    status(page, BEN).click()
    window = dialog(page, t("window.status"))
    window.get_by_label(t("terminal"), exact=True).select_option("external")
    found["status"] = fits(page)
    leave()
    control(page, BEN, "priority").click()
    window = dialog(page, t("window.priority"))
    window.get_by_label(t("window.priority.list")).select_option("8")
    window.get_by_role("checkbox", name=t("window.priority.boxed")).check()
    expect(window).to_contain_text(t("forecast.after"))
    found["priority"] = fits(page)
    leave()
    control(page, ANNA, "name").click()
    expect(dialog(page, "Ext 1001")).to_contain_text(t("detail.queues"))
    found["detail"] = fits(page)
    leave()
    found |= listening(floor, page, language)
    leave()
    found["bar"] = wrong(page)
    page.locator("section.supervision-bar").get_by_role("button", name=t("supervision.takeover"), exact=True).click()
    found["take-over"] = fits(page)
    leave()
    status(page, ANNA).click()
    dialog(page, t("window.monitor")).get_by_role("button", name=t("after_call.open")).click()
    dialog(page, t("window.status"))
    found["after this call"] = fits(page)
    assert {step: told for step, told in found.items() if told} == {}


def listening(floor: Center, page: Page, language: str) -> dict[str, list[str]]:
    """The steps of the monitoring window, left listening."""
    t = words(language)
    found: dict[str, list[str]] = {}
    floor.phone("9001").behave(RING)
    status(page, ANNA).click()
    window = dialog(page, t("window.monitor"))
    found["monitor: choose"] = fits(page)
    window.get_by_role("button", name=t("mode.whisper"), exact=True).click()
    found["monitor: confirm"] = fits(page)
    window.get_by_role("button", name=t("ok"), exact=True).click()
    expect(window).to_contain_text(t("window.monitor.answer"))
    found["monitor: ringing"] = fits(page)
    floor.ringing("9001").answer()
    expect(window).to_contain_text(t("supervision.listening"))
    found["monitor: listening"] = fits(page)
    return found


@pytest.mark.parametrize("look", ["ja-light", "phone-en-dark"])
def test_the_windows_of_administrators_have_no_fault(floor: Center, browsers: Browsers, look: str) -> None:
    language, options = LOOKS[look]
    t = words(language)
    url = floor.product.url
    page = browsers.open(url, ADMINISTRATOR[language], f"/accounts/{MINA}", **options)
    found: dict[str, list[str]] = {}
    page.get_by_role("button", name=t("account.delete"), exact=True).click()
    found["delete"] = fits(page)
    for address, button in (("/accounts", t("accounts.add")), ("/settings", t("statuses.add"))):
        page.goto(url + address)
        page.get_by_role("button", name=button, exact=True).click()
        found[button] = fits(page)
    assert {step: told for step, told in found.items() if told} == {}


def test_a_narrow_screen_shows_cards_with_all_that_can_be_done(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    options: dict[str, Any] = LOOKS["phone-ja"][1]
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"], SUPPORT, **options)
    live(page)
    for name in ("name", "status", "priority"):
        expect(control(page, BEN, name)).to_be_visible()
    status(page, BEN).tap()
    window = dialog(page, t("window.status"))
    window.get_by_role("radio", name=t("status.away"), exact=True).check()
    window.get_by_role("button", name=t("change"), exact=True).tap()
    expect(status(page, BEN)).to_contain_text(t("status.away"))


def test_the_audit_is_filtered_by_address_and_taken_along_as_a_file(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    page = browsers.open(floor.product.url, ADMINISTRATOR["ja"], "/audit")
    floor.order("PUT", f"/agents/{BEN}/status", {"status": "away"})
    offered = page.get_by_label(t("audit.command"), exact=True)
    expect(offered.locator("option", has_text=t("command.agent.raise_hand"))).to_have_count(1)
    offered.select_option("agent.set_status")
    page.get_by_label(t("audit.agent"), exact=True).fill(BEN)
    page.get_by_label(t("audit.outcome"), exact=True).select_option("confirmed")
    page.get_by_role("button", name=t("audit.apply"), exact=True).click()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_not_text=BEN)).to_have_count(0)
    expect(rows.filter(has_not_text=t("outcome.confirmed"))).to_have_count(0)
    expect(rows.first).to_contain_text(BEN)
    expect(page).to_have_url(re.compile("command=agent.set_status"))
    with page.expect_download() as waited:
        page.get_by_role("link", name=t("audit.csv"), exact=True).click()
    lines = waited.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert waited.value.suggested_filename == "sasayaki-audit.csv"
    assert len(lines) - 1 >= rows.count()
    assert all("agent.set_status" in line and BEN in line for line in lines[1:])


def test_a_status_of_the_sites_own_is_made_chosen_changed_and_retired(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    url = floor.product.url
    page = browsers.open(url, ADMINISTRATOR["ja"], "/settings")
    page.get_by_role("button", name=t("statuses.add"), exact=True).click()
    window = dialog(page, t("statuses.add"))
    window.get_by_label(t("statuses.name.ja")).fill("会議中")
    window.get_by_label(t("statuses.name.en")).fill("In a meeting")
    window.get_by_label(t("statuses.code"), exact=True).fill("meeting")
    window.get_by_role("button", name=t("save"), exact=True).click()
    row = page.locator("tr", has_text="meeting")
    expect(row).to_contain_text("会議中")

    other = monitor(browsers, url, ADMINISTRATOR["en"], SUPPORT)
    status(other, BEN).click()
    choices = dialog(other, words("en")("window.status"))
    choices.get_by_role("radio", name="In a meeting").check()
    choices.get_by_role("button", name="Change", exact=True).click()
    expect(status(other, BEN)).to_contain_text("In a meeting")

    row.get_by_role("button", name=f"{t('change')}: 会議中").click()
    dialog(page, t("statuses.change")).get_by_label(t("statuses.name.en")).fill("Meeting")
    page.keyboard.press("Enter")
    expect(status(other, BEN)).to_have_text("Meeting")
    row.get_by_role("button", name=f"{t('statuses.retire')}: 会議中").click()
    expect(row).to_contain_text(t("statuses.retired"))
    status(other, BEN).click()
    dialog(other, words("en")("window.status"))
    expect(other.get_by_role("radio", name="Available", exact=True)).to_be_visible()
    expect(other.get_by_role("radio", name="Meeting")).to_have_count(0)

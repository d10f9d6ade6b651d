"""The log-in page, and what stands around every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response, expect

from .browsers import PHONE, Browsers, faults, too_wide
from .center import SUPERVISOR, Center
from .hands import LANGUAGES
from .serving import PASSWORD, Product
from .words import words


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_log_in_page_speaks_the_browsers_language_and_has_no_accessibility_fault(
    floor: Center, browsers: Browsers, language: str, scheme: str
) -> None:
    page = browsers.stranger(floor.product.url, language, color_scheme=scheme)
    expect(page.get_by_role("heading", name=words(language)("login.title"))).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert too_wide(page) <= 0


@LANGUAGES
def test_a_wrong_password_is_told_and_the_right_one_opens_the_monitor_by_keyboard_alone(
    floor: Center, browsers: Browsers, language: str
) -> None:
    t = words(language)
    page = browsers.stranger(floor.product.url, language)
    expect(page.get_by_label(t("login.login"))).to_be_focused()
    page.keyboard.type(SUPERVISOR[language])
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(t("login.password"))).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(5)
    expect(page.get_by_role("link", name=t("nav.monitor"), exact=True)).to_have_attribute("aria-current", "page")


def test_every_page_and_the_log_in_page_say_that_it_is_practice(crowd: Product, browsers: Browsers) -> None:
    t = words("ja")
    stranger = browsers.stranger(crowd.url)
    expect(stranger.get_by_text(t("practice"), exact=True)).to_be_visible()
    page = browsers.open(crowd.url, "admin")
    links = page.locator("header nav a")
    expect(links.first).to_be_visible()
    names = links.all_inner_texts()
    assert len(names) >= 7
    for name in names:
        links.get_by_text(name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_attached()
        expect(page.locator("header").get_by_text(t("practice"), exact=True)).to_be_visible()
        assert "/" in page.url


def test_a_real_floor_is_not_called_practice(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, SUPERVISOR["ja"])
    page.locator("[data-row]").first.wait_for()
    expect(page.get_by_text(words("ja")("practice"), exact=True)).to_have_count(0)


def is_kept(answer: Response) -> bool:
    """The server has kept what was chosen in the account menu."""
    return answer.request.method == "PATCH" and answer.url.endswith("/api/v1/session")


def test_the_language_and_the_theme_are_changed_in_the_account_menu(floor: Center, browsers: Browsers) -> None:
    ja, en = words("ja"), words("en")
    page = browsers.open(floor.product.url, SUPERVISOR["ja"])
    page.locator("#account-button").click()
    with page.expect_response(is_kept):
        page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    expect(page.get_by_role("link", name=en("nav.monitor"), exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_text(en("menu.theme.dark"), exact=True).click()
    assert page.evaluate("getComputedStyle(document.body).colorScheme || document.documentElement.dataset.theme")
    with page.expect_response(is_kept):
        page.get_by_role("radio", name="日本語").or_(page.get_by_role("button", name="日本語")).first.click()
    expect(page.get_by_role("link", name=ja("nav.monitor"), exact=True)).to_be_visible()

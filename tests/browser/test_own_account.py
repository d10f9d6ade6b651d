"""What one does with one's own account: second factor, tokens, sessions."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import expect

from .browsers import Browsers, faults
from .center import MINA, Center
from .serving import LIMIT_S, PASSWORD
from .words import words

t = words("ja")


@pytest.fixture(autouse=True)
def fresh_log_ins(browsers: Browsers) -> Iterator[None]:
    """A test may end its own sessions."""
    yield
    browsers.forget(MINA)


def works(floor: Center, token: str) -> int:
    """The status of a request with this token."""
    request = urllib.request.Request(
        f"{floor.product.url}/api/v1/session", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=LIMIT_S) as sent:
            return int(sent.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_second_factor_is_set_up_asked_for_at_log_in_and_turned_off(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, MINA, "/me")
    card = page.locator("second-factor-card")
    card.get_by_role("button", name=t("factor.begin"), exact=True).click()
    card.get_by_label(t("password.current")).fill(PASSWORD)
    page.keyboard.press("Enter")
    secret = card.locator("code.secret").inner_text().replace(" ", "")
    expect(card.get_by_role("img", name=t("factor.qr"))).to_be_visible()
    assert faults(page) == []
    card.get_by_label(t("factor.code")).fill("000000")
    page.keyboard.press("Enter")
    expect(card.get_by_role("alert")).to_be_visible()
    card.get_by_label(t("factor.code")).fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(card.get_by_role("list", name=t("factor.codes"))).to_be_visible()
    codes = card.locator("ol.codes code").all_inner_texts()
    assert len(set(codes)) >= 8
    assert faults(page) == []
    card.get_by_role("button", name=t("factor.codes.kept"), exact=True).click()
    expect(card).to_contain_text(t("factor.left", n=len(codes)))
    assert codes[0] not in page.content()

    other = browsers.stranger(floor.product.url)
    other.get_by_label(t("login.login")).fill(MINA)
    other.get_by_label(t("login.password")).fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_label(t("login.code"))).to_be_focused()
    other.keyboard.type(codes[0])
    other.keyboard.press("Enter")
    expect(other.get_by_role("link", name=t("nav.me"), exact=True)).to_be_visible()

    card.get_by_role("button", name=t("factor.remove"), exact=True).click()
    card.get_by_label(t("password.current")).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(card).to_contain_text(t("factor.off"))


def test_a_token_is_shown_once_works_and_is_revoked(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, MINA, "/me")
    card = page.locator("token-list")
    card.get_by_label(t("tokens.name"), exact=True).fill("wallboard")
    card.get_by_role("button", name=t("tokens.add"), exact=True).click()
    shown = card.get_by_label(t("tokens.secret"))
    expect(shown).to_be_focused()
    token = shown.input_value()
    assert works(floor, token) == 200
    assert faults(page) == []
    page.reload()
    expect(card.locator("li", has_text="wallboard")).to_be_visible()
    expect(shown).to_have_count(0)
    assert token not in page.content()
    card.get_by_role("button", name=f"{t('tokens.remove')}: wallboard").click()
    expect(card.locator("li", has_text="wallboard")).to_have_count(0)
    assert works(floor, token) == 401


def test_a_session_that_is_ended_elsewhere_is_at_the_log_in_page_at_once(floor: Center, browsers: Browsers) -> None:
    url = floor.product.url
    other = browsers.stranger(url)
    other.get_by_label(t("login.login")).fill(MINA)
    other.get_by_label(t("login.password")).fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.locator(".connection")).to_contain_text(t("connection.live"))
    page = browsers.open(url, MINA, "/me")
    card = page.locator("session-list")
    expect(card.locator("li", has_text=t("sessions.this"))).to_have_count(1)
    card.get_by_role("button", name=t("sessions.end")).first.click()
    expect(other.get_by_text(t("login.ended"))).to_be_visible()
    expect(page.get_by_role("link", name=t("nav.monitor"), exact=True)).to_be_visible()


def test_an_own_password_is_changed_and_a_short_one_is_told(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, MINA, "/me")
    form = page.locator("password-form")
    new = PASSWORD + "-2"
    for text, told in (("short", t("password.short")), (new, t("password.changed"))):
        form.get_by_label(t("password.current")).fill(PASSWORD)
        form.get_by_label(t("password.new"), exact=True).fill(text)
        form.get_by_label(t("password.again")).fill(text)
        page.keyboard.press("Enter")
        expect(page.get_by_text(told).first).to_be_visible()
    form.get_by_label(t("password.current")).fill(new)
    form.get_by_label(t("password.new"), exact=True).fill(PASSWORD)
    form.get_by_label(t("password.again")).fill(PASSWORD)
    with page.expect_response(lambda answer: answer.url.endswith("/session/password")) as told_back:
        page.keyboard.press("Enter")
    assert told_back.value.ok
    expect(page.get_by_text(t("password.changed")).first).to_be_visible()

"""Dial passwords and dial codes in the pages: by mouse and keyboard, shown once, in both themes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .browsers import Browsers, faults, too_wide
from .center import ADMINISTRATOR, MINA, Center
from .serving import PASSWORD


def test_own_dial_password_is_renewed_by_keyboard_and_shown_once(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, MINA, "/me")
    renew = page.get_by_role("button", name="ダイヤル操作パスワードを再発行")
    renew.focus()
    page.keyboard.press("Enter")
    field = page.locator("#dial-own-password")
    expect(field).to_be_focused()
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    field.fill(PASSWORD)
    page.keyboard.press("Enter")
    shown = page.locator("[data-dial-password]")
    expect(shown).to_have_text(re.compile(r"^\d{8}$"))
    expect(page.get_by_role("group", name="新しいダイヤル操作パスワード")).to_be_focused()
    assert faults(page) == []
    page.get_by_role("button", name="控えました").click()
    expect(shown).to_have_count(0)
    expect(renew).to_be_focused()
    page.reload()
    expect(renew).to_be_visible()
    expect(shown).to_have_count(0)


def test_new_account_tells_its_dial_password_before_its_page_opens(floor: Center, browsers: Browsers) -> None:
    page = browsers.open(floor.product.url, ADMINISTRATOR["ja"], "/accounts")
    page.get_by_role("button", name="アカウントを追加").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=login]").fill("dialler")
    dialog.locator("[name=name]").fill("佐藤 花子")
    dialog.locator("[name=password]").fill("given by admin")
    page.keyboard.press("Enter")
    first = dialog.locator("[data-dial-password]")
    expect(first).to_have_text(re.compile(r"^\d{8}$"))
    assert faults(page) == []
    told = first.inner_text()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/accounts/dialler$"))
    page.get_by_role("button", name="ダイヤル操作パスワードを再発行").click()
    page.get_by_role("button", name="ダイヤル操作パスワードを再発行").click()
    renewed = page.locator("[data-dial-password]")
    expect(renewed).to_have_text(re.compile(r"^\d{8}$"))
    assert renewed.inner_text() != told
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dial_codes_and_numbers_are_changed_on_the_settings_page(
    floor: Center, browsers: Browsers, scheme: str
) -> None:
    page = browsers.open(floor.product.url, ADMINISTRATOR["ja"], "/settings?tab=dial", color_scheme=scheme)
    listen = page.get_by_role("textbox", name="番号: モニタリング・ささやき")
    listen.fill("0011")
    listen.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("0011")
    listen.fill("００７１" if scheme == "light" else "0070")
    page.get_by_role("checkbox", name="使用する: 手上げ", exact=True).set_checked(scheme == "dark")
    listen.press("Enter")
    expect(page.get_by_role("status").filter(has_text="ダイヤル操作番号を保存しました。").first).to_be_visible()
    number, outside = ("03-1234-5678", "0312345678") if scheme == "light" else ("0398765432", "0398765432")
    page.get_by_label("番号（電話会社から届く形）").fill(number)
    page.get_by_label("番号（電話会社から届く形）").press("Enter")
    drop = page.get_by_role("button", name=f"削除: {outside}")
    expect(drop).to_be_visible()
    assert faults(page) == []
    page.reload()
    expect(listen).to_have_value("0071" if scheme == "light" else "0070")
    drop.click()
    expect(drop).to_have_count(0)


def test_dial_codes_fit_on_a_phone_sized_screen(floor: Center, browsers: Browsers) -> None:
    small = {"width": 360, "height": 740}
    page = browsers.open(floor.product.url, ADMINISTRATOR["ja"], "/settings?tab=dial", viewport=small)
    page.get_by_role("button", name="番号を追加").wait_for()
    assert too_wide(page) <= 0

"""Call-back dialling in the pages: asked for on one's own page, followed to its end, stopped; and the settings that it needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.contract.driver import BUSY, RING, answers

from .browsers import Browsers, faults
from .center import ADMINISTRATOR, AGENT, ANNA, CUSTOMER, Center
from .serving import until
from .words import words

MOBILE = "09011112222"
CENTRE = "0398765432"
t = words("ja")


@pytest.fixture
def at_her_mobile(floor: Center) -> Iterator[Center]:
    """Anna is logged out and signed in at a mobile; afterwards all is as before."""
    floor.only()
    floor.customer(MOBILE).behave(RING)
    floor.customer().behave(RING)
    floor.order("PUT", f"/agents/{ANNA}/terminal", {"kind": "external", "number": MOBILE})
    yield floor
    floor.driver.hang_up_all()
    floor.order("PUT", f"/agents/{ANNA}/terminal", {"kind": "original"})
    floor.order("PUT", "/site", {"centre_number": "", "own_numbers": [], "outside_allow": ""})


def test_f7_agent_calls_a_customer_back_by_keyboard_and_sees_each_step(
    at_her_mobile: Center, browsers: Browsers
) -> None:
    page = browsers.open(at_her_mobile.product.url, AGENT["ja"], "/me")
    panel = page.locator("call-back-panel")
    number, told = panel.get_by_label(t("call_back.number")), panel.get_by_role("status")
    number.fill("03-1234-5678")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("センターの番号が設定されていません")
    expect(number).to_be_focused()
    at_her_mobile.order("PUT", "/site", {"centre_number": CENTRE})
    page.keyboard.press("Enter")
    expect(told).to_have_text(t("call_back.ringing_you"))
    assert faults(page) == []
    page.reload()
    expect(told).to_have_text(t("call_back.ringing_you"))
    mobile, customer = at_her_mobile.customer(MOBILE), at_her_mobile.customer()
    until(lambda: mobile.state == "ringing", "the agent's mobile does not ring")
    mobile.answer()
    mobile.press("1")
    expect(told).to_have_text(t("call_back.calling_customer", number=CUSTOMER))
    until(lambda: customer.state == "ringing", "the customer's phone does not ring")
    customer.answer()
    expect(told).to_have_text(t("call_back.talking", number=CUSTOMER))
    assert faults(page) == []
    panel.get_by_role("button", name=t("call_back.hang_up"), exact=True).click()
    expect(told).to_have_text(t("call_back.ended", number=CUSTOMER))
    expect(number).to_be_visible()


def test_call_back_that_is_stopped_or_finds_the_customer_busy_says_so(
    at_her_mobile: Center, browsers: Browsers
) -> None:
    at_her_mobile.order("PUT", "/site", {"centre_number": CENTRE})
    page = browsers.open(at_her_mobile.product.url, AGENT["ja"], "/me")
    panel = page.locator("call-back-panel")
    number, told = panel.get_by_label(t("call_back.number")), panel.get_by_role("status")
    number.fill(CUSTOMER)
    page.keyboard.press("Enter")
    expect(told).to_have_text(t("call_back.ringing_you"))
    panel.get_by_role("button", name=t("call_back.cancel"), exact=True).click()
    expect(told).to_have_text(t("call_back.cancelled", number=CUSTOMER))
    at_her_mobile.customer(MOBILE).behave(answers(0.1, press="1", press_after_s=0.3))
    at_her_mobile.customer().behave(BUSY)
    number.fill(CUSTOMER)
    page.keyboard.press("Enter")
    expect(told).to_have_text(t("call_back.customer.USER_BUSY", number=CUSTOMER))
    assert faults(page) == []


def test_administrator_sets_the_centres_numbers_and_what_may_be_rung(at_her_mobile: Center, browsers: Browsers) -> None:
    page = browsers.open(at_her_mobile.product.url, ADMINISTRATOR["ja"], "/settings")
    card = page.locator("outside-card")
    card.get_by_label(t("site.centre_number"), exact=True).fill("03-9876-5432")
    card.get_by_label(t("site.own_numbers"), exact=True).fill("03-5555-6666\n03-5555-7777")
    card.get_by_label(t("site.outside_allow"), exact=True).fill("all")
    save = card.get_by_role("button", name=t("save"), exact=True)
    save.click()
    expect(card.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    card.get_by_label(t("site.outside_allow"), exact=True).fill("+8190")
    save.click()
    expect(page.get_by_role("status").filter(has_text=t("site.saved")).first).to_be_visible()
    page.reload()
    expect(card.get_by_label(t("site.own_numbers"), exact=True)).to_have_value("0355556666\n0355557777")
    site = at_her_mobile.order("GET", "/site")
    assert (site["centre_number"], site["outside_allow"]) == (CENTRE, "+8190")

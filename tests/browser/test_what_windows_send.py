"""What a window about an agent sends: what somebody touched and confirmed, no more and no less; a refusal is always told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .browsers import Browsers
from .center import ANNA, SUPERVISOR, SUPPORT, Center
from .hands import control, dialog, monitor, notice, status
from .words import words

T = words("ja")
MOBILE = "090-1234-5678"
AGENT_RINGING = "着信中は変更できません"


@pytest.fixture
def own_phone(floor: Center) -> Iterator[None]:
    """Anna's terminal and her queue's settings are afterwards as before."""
    yield
    floor.driver.hang_up_all()
    if "09012345678" in str(floor.row(ANNA)["contact"]):
        floor.order("PUT", f"/agents/{ANNA}/terminal", {"kind": "original"})
    floor.set_wrap_up(SUPPORT, None)


def supervisors(browsers: Browsers, floor: Center) -> Page:
    return monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)


def asks_for_mobile(window: Locator) -> None:
    """The window's question about another terminal is on the screen."""
    window.get_by_label(T("terminal"), exact=True).select_option("external")
    window.get_by_label(T("terminal.number")).fill(MOBILE)
    window.get_by_role("button", name=T("change"), exact=True).click()
    expect(window.locator("#question")).to_contain_text(MOBILE)


def confirm(window: Locator) -> None:
    window.get_by_role("button", name=T("ok"), exact=True).click()


@pytest.mark.usefixtures("own_phone")
def test_a_terminal_changed_during_an_automatic_wrap_up_leaves_the_status_alone(
    floor: Center, browsers: Browsers
) -> None:
    floor.set_wrap_up(SUPPORT, 300)
    caller = floor.talk()
    page = supervisors(browsers, floor)
    expect(status(page, ANNA)).to_contain_text(T("status.queue_call"))
    caller.hang_up()
    expect(status(page, ANNA)).to_contain_text(T("status.wrap_up"))
    control(page, ANNA, "status").click()
    window = dialog(page, T("window.status"))
    asks_for_mobile(window)
    confirm(window)
    notice(page, T("terminal.done", name="Ext 1001"))
    assert floor.status(ANNA) == "Available"
    expect(control(page, ANNA, "next")).to_have_attribute("aria-label", f"{T('wrap_up.left')} – {T('wrap_up.end')}")


@pytest.mark.usefixtures("own_phone")
def test_a_terminal_changed_leaves_a_status_alone_that_came_while_the_window_was_open(
    floor: Center, browsers: Browsers
) -> None:
    page = supervisors(browsers, floor)
    control(page, ANNA, "status").click()
    window = dialog(page, T("window.status"))
    expect(window.get_by_role("radio", name=T("status.available"), exact=True)).to_be_checked()
    expect(window.get_by_role("button", name=T("change"), exact=True)).to_be_disabled()
    floor.set_status(ANNA, "On Break")
    expect(window.get_by_role("radio", name=T("status.on_break"), exact=True)).to_be_checked()
    asks_for_mobile(window)
    confirm(window)
    notice(page, T("terminal.done", name="Ext 1001"))
    assert floor.status(ANNA) == "On Break"


@pytest.mark.usefixtures("own_phone")
def test_a_terminal_that_a_call_overtakes_is_refused_and_the_status_beside_it_is_not_sent(
    floor: Center, browsers: Browsers
) -> None:
    floor.only(ANNA)
    page = supervisors(browsers, floor)
    expect(status(page, ANNA)).to_contain_text(T("status.available"))
    control(page, ANNA, "status").click()
    window = dialog(page, T("window.status"))
    window.get_by_role("radio", name=T("status.away"), exact=True).check()
    asks_for_mobile(window)
    floor.dial()
    floor.ringing("1001")
    expect(status(page, ANNA)).to_contain_text(T("status.ringing"))
    confirm(window)
    expect(window.get_by_role("alert")).to_contain_text(AGENT_RINGING)
    expect(page.locator("notice-region .notice")).to_have_count(0)
    assert "09012345678" not in str(floor.row(ANNA)["contact"])
    assert floor.order("GET", f"/agents/{ANNA}")["agent"]["after_call"] is None


def test_a_refusal_that_comes_after_the_window_was_closed_is_told_in_the_corner(
    floor: Center, browsers: Browsers
) -> None:
    floor.only(ANNA)
    page = supervisors(browsers, floor)
    under_way: list[Route] = []

    def hold(route: Route) -> None:
        under_way.append(route)

    page.route("**/agents/*/status", hold)
    control(page, ANNA, "status").click()
    window = dialog(page, T("window.status"))
    window.get_by_role("radio", name=T("status.away"), exact=True).check()
    window.get_by_role("button", name=T("change"), exact=True).click()
    expect(window.get_by_role("status").last).to_have_text(T("window.status.pending"))
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    floor.dial()
    floor.ringing("1001")
    under_way[0].continue_()
    notice(page, AGENT_RINGING)
    page.unroute("**/agents/*/status")

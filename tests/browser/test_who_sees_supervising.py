"""What others see of a supervision, and what they can do about it: supervisors, the agent, an administrator."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.contract.driver import answers

from .browsers import Browsers, fetch
from .center import ADMINISTRATOR, AGENT, ANNA, CUSTOMER, NAMES, SUPERVISOR, SUPPORT, Center
from .hands import dialog, hand, monitor, status
from .serving import until
from .supervising import BAR, OWN, ask, join, until_hears, watch
from .words import words

ENDED = ("ended", "failed")


def test_d13_two_supervisors_see_each_other_by_name_and_mode(floor: Center, browsers: Browsers) -> None:
    floor.talk()
    pages = {language: watch(browsers, floor, language) for language in ("ja", "en")}
    join(floor, pages["ja"], "ja", "monitor", "9001")
    join(floor, pages["en"], "en", "whisper", "9002")
    suzuki, smith = NAMES[SUPERVISOR["ja"]], NAMES[SUPERVISOR["en"]]
    for language, page in pages.items():
        t = words(language)
        for name, mode in ((suzuki, "monitor"), (smith, "whisper")):
            expect(page.locator("[data-row] .listeners")).to_contain_text(f"{name} ({t(f'mode.{mode}')})")
            line = page.locator("waiting-panel li", has_text=name)
            expect(line).to_contain_text(t(f"mode.{mode}"))
    status(pages["en"], ANNA).click()
    window = dialog(pages["en"], words("en")("window.monitor"))
    expect(window).to_contain_text(f"{suzuki} ({words('en')('mode.monitor')})")
    window.get_by_role("button", name="Cancel", exact=True).click()
    pages["ja"].locator(BAR).get_by_role("button", name=words("ja")("mode.barge"), exact=True).click()
    expect(pages["en"].locator("[data-row] .listeners")).to_contain_text(f"{suzuki} ({words('en')('mode.barge')})")
    pages["en"].locator(BAR).get_by_role("button", name=words("en")("supervision.hangup"), exact=True).click()
    expect(pages["ja"].locator("[data-row] .listeners")).not_to_contain_text(smith)
    expect(pages["ja"].locator(BAR)).to_contain_text(words("ja")("supervision.listening"))
    until_hears(floor, {CUSTOMER: {"1001", "9001"}, "9001": {CUSTOMER, "1001"}})


def test_an_agent_sees_who_listens_and_who_did_where_the_site_shows_it(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    floor.order("PUT", "/site", {"agents_see_listening": False})
    floor.talk()
    supervisors = watch(browsers, floor, "ja")
    join(floor, supervisors, "ja", "monitor")
    name = NAMES[SUPERVISOR["ja"]]
    own = browsers.open(floor.product.url, AGENT["ja"], "/me")
    expect(own.locator("own-agent")).to_contain_text(t("status.queue_call"))
    expect(own.locator("own-agent")).not_to_contain_text(name)
    assert "listeners" not in own.locator("own-agent").inner_html()
    floor.order("PUT", "/site", {"agents_see_listening": True})
    own.reload()
    expect(own.locator("own-agent").get_by_role("status")).to_have_text(
        t("me.listeners.now", names=f"{name} ({t('mode.monitor')})")
    )
    expect(own.locator("listened-log li").first).to_contain_text(name)
    expect(own.locator("listened-log li").first).to_contain_text(t("listened.began"))
    floor.order("PUT", "/site", {"agents_see_listening": False})


def test_a_withdrawn_right_ends_the_listening_and_everyone_concerned_sees_it(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    floor.phone(OWN).behave(answers(0))
    window = ask(hand("mouse", page), page, t, "monitor")
    expect(window).to_contain_text(t("supervision.listening"))
    try:
        floor.order("PUT", f"/accounts/{SUPERVISOR['ja']}/grants/{SUPPORT}", {"right": "view"})
        expect(window).to_contain_text(t("cause.permission_denied"))
        until(lambda: floor.phone(OWN).state == "idle", "the supervisor still listens")
        until_hears(floor, {"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    finally:
        floor.order("PUT", f"/accounts/{SUPERVISOR['ja']}/grants/{SUPPORT}", {"right": "edit"})


@pytest.mark.parametrize("state", ["ringing", "monitor", "whisper", "barge", "on hold", "following"])
def test_d18_a_browser_that_is_closed_leaves_nobody_listening_unseen(
    floor: Center, browsers: Browsers, state: str
) -> None:
    """The telephone is in somebody's hand, and goes on; everybody else sees it, and an administrator can end it."""
    t = words("ja")
    customer = floor.talk()
    page = watch(browsers, floor, "ja")
    if state == "ringing":
        ask(hand("mouse", page), page, t, "monitor")
        floor.ringing(OWN)
    elif state == "following":
        floor.phone(OWN).behave(answers(0))
        wish = {"agent": ANNA, "mode": "monitor", "extension": OWN, "queue": SUPPORT, "follow": True}
        assert fetch(page, "POST", "/supervisions", wish)[0] == 201
        until_hears(floor, {OWN: {CUSTOMER, "1001"}})
        customer.hang_up()
    else:
        join(floor, page, "ja", "monitor" if state == "on hold" else state)
    if state == "on hold":
        floor.phone("1001").hold()
    page.close()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["en"], SUPPORT)
    line = page.locator("waiting-panel li", has_text=NAMES[SUPERVISOR["ja"]])
    expect(line).to_be_visible()
    [running] = [one for one in floor.order("GET", "/supervisions")["supervisions"] if one["state"] not in ENDED]
    floor.order("DELETE", f"/supervisions/{running['id']}")
    until(lambda: floor.phone(OWN).state == "idle", "the supervisor's phone is still in the call")
    expect(line).to_have_count(0)
    assert customer.state == ("idle" if state == "following" else "talking")

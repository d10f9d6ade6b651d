"""Monitor, whisper, barge and take-over in the steps of the manual page's section 3, with phones that ring and are heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.contract.driver import BUSY, REJECT, UNREGISTERED_PHONE, answers

from .browsers import Browsers, faults, fetch
from .center import ADMINISTRATOR, AGENT, ANNA, CUSTOMER, NAMES, PHONES, SUPERVISOR, SUPPORT, Center
from .hands import BOTH_HANDS, LANGUAGES, Hand, control, dialog, hand, monitor, status
from .serving import until
from .words import Words, words

OWN = "9003"
"""The second extension of each supervisor: it must be chosen."""
BAR = "section.supervision-bar"
ENDED = ("ended", "failed")


def watch(browsers: Browsers, floor: Center, language: str) -> Page:
    """The monitor of a supervisor with the queue selected, and Anna's call on it."""
    page = monitor(browsers, floor.product.url, SUPERVISOR[language], SUPPORT)
    expect(status(page, ANNA)).to_contain_text(words(language)("status.queue_call"))
    return page


def until_hears(floor: Center, heard: dict[str, set[str]]) -> None:
    """Everybody hears whom they should, and nobody else."""
    until(
        lambda: all(floor.driver.hears(number) == voices for number, voices in heard.items()),
        f"wanted {heard}",
    )


def ask(person: Hand, page: Page, t: Words, mode: str, extension: str = OWN) -> Locator:
    """From the click on the status to the «OK»; the window. Nothing has rung so far."""
    person.open(ANNA, "status")
    window = dialog(page, t("window.monitor"))
    person.choose(window.get_by_label(t("window.monitor.extension")), extension)
    person.press(window.get_by_role("button", name=t(f"mode.{mode}"), exact=True))
    expect(window).to_contain_text(t(f"window.monitor.confirm.{mode}", extension=extension, name="Ext 1001"))
    person.press(window.get_by_role("button", name=t("ok"), exact=True))
    return window


def join(floor: Center, page: Page, language: str, mode: str = "monitor", extension: str = OWN) -> None:
    """A supervisor listens, by mouse; the window is closed again."""
    t = words(language)
    floor.phone(extension).behave(answers(0))
    window = ask(hand("mouse", page), page, t, mode, extension)
    expect(window).to_contain_text(t("supervision.listening"))
    window.get_by_role("button", name=t("close"), exact=True).last.click()
    expect(window).to_have_count(0)


@LANGUAGES
@BOTH_HANDS
def test_d8_monitoring_in_the_steps_of_the_manual_page_then_whisper_barge_and_take_over(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    floor.talk()
    page = watch(browsers, floor, language)
    person = hand(by, page)
    person.open(ANNA, "status")
    window = dialog(page, t("window.monitor"))
    phones = window.get_by_label(t("window.monitor.extension"))
    assert phones.locator("option").all_inner_texts() == list(PHONES[SUPERVISOR[language]])
    person.choose(phones, OWN)
    person.press(window.get_by_role("button", name=t("mode.monitor"), exact=True))
    expect(window).to_contain_text(t("window.monitor.confirm.monitor", extension=OWN, name="Ext 1001"))
    assert floor.phone(OWN).state == "idle"
    person.press(window.get_by_role("button", name=t("ok"), exact=True))
    expect(window).to_contain_text(t("supervision.ringing", extension=OWN))
    floor.ringing(OWN).answer()
    expect(window).to_contain_text(t("supervision.listening"))
    until_hears(floor, {OWN: {CUSTOMER, "1001"}, "1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    person.press(window.get_by_role("button", name=t("close"), exact=True).last)
    person.lands_on(status(page, ANNA))

    bar = page.locator(BAR)
    for mode, heard in (
        ("whisper", {"1001": {CUSTOMER, OWN}, CUSTOMER: {"1001"}}),
        ("barge", {CUSTOMER: {"1001", OWN}}),
    ):
        person.press(bar.get_by_role("button", name=t(f"mode.{mode}"), exact=True))
        expect(bar.locator("[aria-pressed=true]")).to_have_text(t(f"mode.{mode}"))
        until_hears(floor, heard)
    person.press(bar.get_by_role("button", name=t("supervision.takeover"), exact=True))
    sure = dialog(page, t("supervision.takeover.title"))
    expect(sure).to_contain_text(t("supervision.takeover.text", agent="Ext 1001"))
    person.press(sure.get_by_role("button", name=t("ok"), exact=True))
    until_hears(floor, {OWN: {CUSTOMER}, CUSTOMER: {OWN}})
    until(lambda: floor.phone("1001").state == "idle", "the agent is still in the call")
    expect(sure).to_have_count(0)
    expect(status(page, ANNA)).not_to_contain_text(t("status.queue_call"))


@LANGUAGES
@BOTH_HANDS
def test_d10_a_whisper_is_heard_by_the_agent_alone_and_ends_with_hanging_up_in_the_panel(
    floor: Center, browsers: Browsers, language: str, by: str
) -> None:
    t = words(language)
    floor.talk()
    page = watch(browsers, floor, language)
    person = hand(by, page)
    floor.phone(OWN).behave(answers(0.1))
    window = ask(person, page, t, "whisper")
    expect(window).to_contain_text(t("supervision.listening"))
    until_hears(floor, {OWN: {CUSTOMER, "1001"}, "1001": {CUSTOMER, OWN}, CUSTOMER: {"1001"}})
    person.leave()
    expect(window).to_have_count(0)
    person.lands_on(status(page, ANNA))
    person.press(page.locator(BAR).get_by_role("button", name=t("supervision.hangup"), exact=True))
    until(lambda: floor.phone(OWN).state == "idle", "the supervisor's phone is still in the call")
    expect(page.locator(BAR).get_by_role("button", name=t("mode.whisper"), exact=True)).to_have_count(0)
    until_hears(floor, {"1001": {CUSTOMER}, CUSTOMER: {"1001"}})


@BOTH_HANDS
def test_d7_cancel_before_the_confirmation_and_at_it_rings_nothing(floor: Center, browsers: Browsers, by: str) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    person = hand(by, page)
    person.open(ANNA, "status")
    window = dialog(page, t("window.monitor"))
    person.press(window.get_by_role("button", name=t("mode.whisper"), exact=True))
    person.press(window.get_by_role("button", name=t("cancel"), exact=True))
    person.press(window.get_by_role("button", name=t("mode.monitor"), exact=True))
    expect(window).to_contain_text(t("window.monitor.confirm.monitor", extension="9001", name="Ext 1001"))
    person.leave()
    expect(window).to_have_count(0)
    person.lands_on(status(page, ANNA))
    begun = [
        one for one in floor.order("GET", "/supervisions")["supervisions"] if one["state"] in ("ringing", "listening")
    ]
    assert begun == []
    assert [floor.phone(extension).state for extension in PHONES["kanri"]] == ["idle"] * 3


@LANGUAGES
@pytest.mark.parametrize("fate", ["USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED", "NO_ANSWER"])
def test_d8_a_phone_that_is_not_answered_leaves_the_call_alone_and_the_window_says_which_it_was(
    floor: Center, browsers: Browsers, language: str, fate: str
) -> None:
    t = words(language)
    floor.talk()
    page = watch(browsers, floor, language)
    at_once = {"USER_BUSY": BUSY, "CALL_REJECTED": REJECT, "USER_NOT_REGISTERED": UNREGISTERED_PHONE}
    if fate in at_once:
        floor.phone(OWN).behave(at_once[fate])
    window = ask(hand("mouse", page), page, t, "monitor")
    if fate == "NO_ANSWER":
        expect(window).to_contain_text(t("supervision.ringing", extension=OWN))
        floor.ringing(OWN).reject("NO_ANSWER")
    expect(window.get_by_role("alert")).to_contain_text(t(f"cause.{fate}", extension=OWN))
    expect(window.get_by_role("button", name=t("window.monitor.again"), exact=True)).to_be_visible()
    until_hears(floor, {"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    assert faults(page) == []


def test_d11_hanging_up_the_phone_ends_it_and_the_window_says_so(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    floor.phone(OWN).behave(answers(0))
    window = ask(hand("mouse", page), page, t, "monitor")
    expect(window).to_contain_text(t("supervision.listening"))
    floor.phone(OWN).hang_up()
    expect(window).to_contain_text(t("supervision.ended"))
    until_hears(floor, {"1001": {CUSTOMER}, CUSTOMER: {"1001"}})


@BOTH_HANDS
def test_d12_a_supervisor_who_follows_waits_for_the_next_call_and_joins_it(
    floor: Center, browsers: Browsers, by: str
) -> None:
    t = words("ja")
    caller = floor.talk()
    page = watch(browsers, floor, "ja")
    person = hand(by, page)
    floor.phone(OWN).behave(answers(0))
    person.open(ANNA, "status")
    window = dialog(page, t("window.monitor"))
    person.mark(window.get_by_role("checkbox", name=t("window.monitor.follow")))
    person.choose(window.get_by_label(t("window.monitor.extension")), OWN)
    person.press(window.get_by_role("button", name=t("mode.monitor"), exact=True))
    person.press(window.get_by_role("button", name=t("ok"), exact=True))
    expect(window).to_contain_text(t("supervision.listening"))
    person.leave()
    caller.hang_up()
    bar = page.locator(BAR)
    expect(bar).to_contain_text(t("supervision.following"))
    assert floor.phone(OWN).state == "talking"
    floor.dial(number="0455550101", name="Jiro")
    expect(bar.locator(".line:not(.over)")).to_contain_text(t("supervision.listening"))
    until_hears(floor, {OWN: {"0455550101", "1001"}})


def test_d2_and_d19_on_hold_a_whisper_is_silent_and_says_so_and_only_monitoring_can_begin(
    floor: Center, browsers: Browsers
) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    join(floor, page, "ja", "whisper")
    floor.phone("1001").hold()
    expect(page.locator(BAR)).to_contain_text(t("supervision.whisper.paused"))
    expect(status(page, ANNA)).to_contain_text(t("status.on_hold"))
    until(lambda: OWN not in floor.driver.hears(CUSTOMER), "the customer hears the supervisor")
    status(page, ANNA).click()
    window = dialog(page, t("window.monitor"))
    expect(window.get_by_role("button", name=t("mode.whisper"), exact=True)).to_be_disabled()
    expect(window).to_contain_text(t("reason.on_hold_no_whisper"))
    window.get_by_role("button", name=t("cancel"), exact=True).click()
    floor.phone("1001").resume()
    expect(page.locator(BAR)).not_to_contain_text(t("supervision.whisper.paused"))
    until_hears(floor, {"1001": {CUSTOMER, OWN}, CUSTOMER: {"1001"}})


def test_d16_the_agents_tone_is_announced_before_joining(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    settings = {"label": None, "wrap_up_s": None, "monitor_notice": False, "whisper_notice": True}
    floor.order("PUT", f"/queues/{SUPPORT}/settings", settings)
    floor.talk()
    page = watch(browsers, floor, "ja")
    status(page, ANNA).click()
    window = dialog(page, t("window.monitor"))
    expect(window).to_contain_text(t("notice.tone.for", modes=t("mode.whisper")))
    window.get_by_role("button", name=t("mode.monitor"), exact=True).click()
    expect(window).to_contain_text(t("notice.none"))
    window.get_by_role("button", name=t("cancel"), exact=True).click()
    window.get_by_role("button", name=t("mode.whisper"), exact=True).click()
    expect(window).to_contain_text(t("notice.tone"))
    floor.order("PUT", f"/queues/{SUPPORT}/settings", settings | {"whisper_notice": False})


def test_a_call_whose_sound_bypasses_the_switch_is_offered_to_be_brought_back(
    floor: Center, browsers: Browsers
) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    leg = floor.agents_leg()
    floor.esl.api(f"uuid_media off {leg}")
    until(lambda: "Channel-State: CS_HIBERNATE" in floor.esl.api(f"uuid_dump {leg}"), "the sound does not bypass")
    floor.phone(OWN).behave(answers(0))
    expect(status(page, ANNA)).not_to_have_attribute("aria-disabled", "true")
    window = ask(hand("mouse", page), page, t, "monitor")
    expect(window.get_by_role("alert")).to_be_visible()
    expect(window).to_contain_text(t("media.hint"))
    assert floor.phone(OWN).state == "idle"
    window.get_by_role("button", name=t("media.restore.monitor")).click()
    expect(window).to_contain_text(t("supervision.listening"))
    until_hears(floor, {OWN: {CUSTOMER, "1001"}})


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


def test_an_administrator_listens_under_all_agents_and_ends_with_the_call(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    caller = floor.talk()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"])
    expect(control(page, ANNA, "status")).to_contain_text(t("status.queue_call"))
    join(floor, page, "ja")
    caller.hang_up()
    expect(page.locator(BAR).get_by_role("button", name=t("supervision.hangup"), exact=True)).to_have_count(0)
    until(lambda: floor.phone(OWN).state == "idle", "the supervisor still listens")


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

"""Monitor, whisper, barge and take-over in the steps of the manual page's section 3, with phones that ring and are heard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.contract.driver import BUSY, REJECT, UNREGISTERED_PHONE, answers

from .browsers import Browsers, faults
from .center import ADMINISTRATOR, ANNA, CUSTOMER, PHONES, RINGALL, SUPERVISOR, SUPPORT, Center
from .hands import BOTH_HANDS, LANGUAGES, QUEUE_LIST, control, dialog, hand, monitor, status
from .serving import until
from .supervising import BAR, OWN, ask, join, until_hears, watch
from .words import words


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


def test_an_administrator_listens_under_all_agents_and_ends_with_the_call(floor: Center, browsers: Browsers) -> None:
    t = words("ja")
    caller = floor.talk()
    page = monitor(browsers, floor.product.url, ADMINISTRATOR["ja"])
    expect(control(page, ANNA, "status")).to_contain_text(t("status.queue_call"))
    join(floor, page, "ja")
    caller.hang_up()
    expect(page.locator(BAR).get_by_role("button", name=t("supervision.hangup"), exact=True)).to_have_count(0)
    until(lambda: floor.phone(OWN).state == "idle", "the supervisor still listens")


@pytest.mark.parametrize("selected", ["", RINGALL], ids=["all agents", "another queue"])
def test_a_supervision_is_switched_and_taken_over_whatever_queue_is_selected_meanwhile(
    floor: Center, browsers: Browsers, selected: str
) -> None:
    t = words("ja")
    floor.talk()
    page = watch(browsers, floor, "ja")
    join(floor, page, "ja")
    bar = page.locator(BAR)
    page.locator(QUEUE_LIST).select_option(selected)
    expect(page).not_to_have_url(re.compile("queue=support"))
    bar.get_by_role("button", name=t("mode.whisper"), exact=True).click()
    expect(bar.get_by_role("button", name=t("mode.whisper"), exact=True)).to_have_attribute("aria-pressed", "true")
    until_hears(floor, {"1001": {CUSTOMER, OWN}, CUSTOMER: {"1001"}})
    bar.get_by_role("button", name=t("supervision.takeover"), exact=True).click()
    dialog(page, t("supervision.takeover.title")).get_by_role("button", name=t("ok"), exact=True).click()
    until_hears(floor, {CUSTOMER: {OWN}, OWN: {CUSTOMER}})

"""A supervisor in front of the monitor: Anna's call on it, the window for listening to it, and who is heard."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.contract.driver import answers

from .browsers import Browsers
from .center import ANNA, SUPERVISOR, SUPPORT, Center
from .hands import Hand, dialog, hand, monitor, status
from .serving import until
from .words import Words, words

OWN = "9003"
"""The second extension of each supervisor: it must be chosen."""
BAR = "section.supervision-bar"


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

"""Hands at a page: a mouse, or a keyboard alone. A flow written once is done by both.

The keyboard knows Tab, arrows, Home, Enter and Escape: what these do not reach, a person without a mouse does not reach.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsers import Browsers
from .words import words

LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
BOTH_HANDS = pytest.mark.parametrize("by", ["mouse", "keyboard"])
MOST_TABS = 90
MOST_ROWS = 60
QUEUE_LIST = "#queue-select"
DIALOG = "dialog[open]"


def control(page: Page, agent: str, name: str) -> Locator:
    """What can be pressed in an agent's row: ``name``, ``status``, ``next``, ``priority``."""
    return page.locator(f"[data-control={name}][data-agent='{agent}']")


def status(page: Page, agent: str) -> Locator:
    """An agent's status in the list."""
    return control(page, agent, "status")


def is_focused(target: Locator) -> bool:
    """Does it have the focus now?"""
    return bool(target.evaluate("element => element === document.activeElement"))


class Hand(Protocol):
    """What both can do. ``lands_on`` says where the focus must be when a window has closed."""

    def press(self, target: Locator) -> None: ...
    def choose(self, select: Locator, value: str) -> None: ...
    def mark(self, choice: Locator) -> None: ...
    def open(self, agent: str, name: str) -> None: ...
    def leave(self) -> None: ...
    def lands_on(self, target: Locator) -> None: ...


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, target: Locator) -> None:
        target.click()

    def choose(self, select: Locator, value: str) -> None:
        select.select_option(value)

    def mark(self, choice: Locator) -> None:
        choice.check()

    def open(self, agent: str, name: str) -> None:
        control(self._page, agent, name).click()

    def leave(self) -> None:
        """Closes the window as its own button does."""
        self._page.locator(f"{DIALOG} header button").click()

    def lands_on(self, target: Locator) -> None:
        expect(target).to_be_visible()


class Keyboard:
    """Walks to everything, from wherever the focus is."""

    def __init__(self, page: Page) -> None:
        self._page, self._key = page, page.keyboard.press

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus."""
        target.wait_for()
        for _ in range(MOST_TABS):
            if is_focused(target):
                return
            self._key("Tab")
        pytest.fail(f"Tab does not lead to {target}")

    def press(self, target: Locator) -> None:
        expect(target).to_be_enabled()
        self.reach(target)
        self._key("Enter")

    def choose(self, select: Locator, value: str) -> None:
        self.reach(select)
        values: list[str] = select.evaluate("select => [...select.options].map(one => one.value)")
        way = values.index(value) - values.index(select.input_value())
        for _ in range(abs(way)):
            self._key("ArrowDown" if way > 0 else "ArrowUp")
        assert select.input_value() == value

    def mark(self, choice: Locator) -> None:
        """A radio button by arrows within its group, a check box by the space bar."""
        choice.wait_for()
        if choice.get_attribute("type") == "checkbox":
            self.reach(choice)
            self._key("Space")
            return
        name = choice.get_attribute("name")
        for _ in range(MOST_TABS):
            if self._page.evaluate("name => document.activeElement.name === name", name):
                break
            self._key("Tab")
        for _ in range(MOST_ROWS):
            if choice.is_checked():
                return
            self._key("ArrowDown")
        pytest.fail(f"arrows do not lead to {choice}")

    def open(self, agent: str, name: str) -> None:
        self.walk_to(agent, name)
        self._key("Enter")

    def walk_to(self, agent: str, name: str) -> None:
        """Tab into the rows, up or down to the agent, left or right to the control."""
        control(self._page, agent, name).wait_for()
        for _ in range(MOST_TABS):
            if self._row():
                break
            self._key("Tab")
        self._key("Home")
        for _ in range(MOST_ROWS):
            if self._row().get("agent") == agent:
                break
            self._key("ArrowDown")
        for _ in range(4):
            self._key("ArrowLeft")
        for _ in range(4):
            if self._row().get("control") == name:
                break
            self._key("ArrowRight")
        expect(control(self._page, agent, name)).to_be_focused()

    def _row(self) -> dict[str, str]:
        found: dict[str, str] = self._page.evaluate(
            "() => { const {agent, control} = document.activeElement.dataset; return agent ? {agent, control} : {} }"
        )
        return found

    def leave(self) -> None:
        self._key("Escape")

    def lands_on(self, target: Locator) -> None:
        expect(target).to_be_focused()


def hand(by: str, page: Page) -> Hand:
    """``mouse`` or ``keyboard``."""
    return Mouse(page) if by == "mouse" else Keyboard(page)


def monitor(browsers: Browsers, url: str, login: str, queue: str = "", **options: Any) -> Page:
    """The monitor of this person, with its rows."""
    page = browsers.open(url, login, f"/?queue={queue}" if queue else "/", **options)
    page.locator("[data-row]").first.wait_for()
    return page


def dialog(page: Page, title: str) -> Locator:
    """The open window of that title."""
    found = page.get_by_role("dialog", name=title)
    expect(found).to_be_visible()
    return found


def notice(page: Page, text: str) -> None:
    """A short message in the corner says so."""
    expect(page.locator("notice-region")).to_contain_text(text)


def live(page: Page, language: str = "ja") -> None:
    """The badge says that the picture is that of now."""
    expect(page.locator(".connection")).to_contain_text(words(language)("connection.live"))

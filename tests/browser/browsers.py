"""Browsers of several people: each person logs in once for the run and opens as many pages as the tests want."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from .serving import LIMIT_S, PASSWORD

WIDE = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 800}
LOCALES = {"ja": "ja-JP", "en": "en-GB"}


class Browsers:
    """Profiles by person and screen. Faults of a page are kept, and told when the test ends."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: list[Page] = []
        self._faults: list[str] = []

    def open(self, url: str, login: str, path: str = "/", **options: Any) -> Page:
        """A new page of this person, already logged in."""
        return self.page(self._context(url, login, options), url + path)

    def stranger(self, url: str, language: str = "ja", **options: Any) -> Page:
        """A profile of its own for this test, on the log-in page."""
        options = {"locale": LOCALES[language], "viewport": WIDE, **options}
        return self.page(self._browser.new_context(**options), url)

    def page(self, context: BrowserContext, address: str) -> Page:
        """A page of this profile; closed when the test ends."""
        page = context.new_page()
        page.set_default_timeout(LIMIT_S * 1000)
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        self._pages.append(page)
        page.goto(address)
        return page

    def _context(self, url: str, login: str, options: dict[str, Any]) -> BrowserContext:
        key = json.dumps([url, login, options], sort_keys=True)
        if key not in self._contexts:
            logged_in = json.dumps([url, login, {}], sort_keys=True)
            state = self._contexts[logged_in].storage_state() if logged_in in self._contexts else None
            context = self._browser.new_context(storage_state=state, **{"viewport": WIDE, **options})
            if state is None:
                sent = context.request.post(f"{url}/api/v1/session", data={"login": login, "password": PASSWORD})
                assert sent.ok, sent.text()
            self._contexts[key] = context
        return self._contexts[key]

    def forget(self, login: str) -> None:
        """This person's profiles are gone: the next page logs in anew."""
        for key in [key for key in self._contexts if json.loads(key)[1] == login]:
            self._contexts.pop(key).close()

    def end_test(self) -> None:
        """Closes what a test opened; fails when a page of it failed."""
        for page in self._pages:
            own = page.context not in self._contexts.values()
            (page.context if own else page).close()
        self._pages.clear()
        faults, self._faults = self._faults, []
        if faults:
            pytest.fail(f"a page failed: {faults}")

    def close(self) -> None:
        """The end of the run."""
        for context in self._contexts.values():
            context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, in one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {json.dumps([n['target'] for n in v['nodes']][:3])}" for v in found]


def too_wide(page: Page) -> int:
    """How many px would have to be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def fetch(page: Page, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    """The page's own request, with its session: status and JSON."""
    found: list[Any] = page.evaluate(
        """async ([method, path, body]) => {
          const headers = body === null ? {} : {"Content-Type": "application/json"};
          const sent = await fetch("/api/v1" + path, {method, headers, ...(body === null ? {} : {body: JSON.stringify(body)})});
          return [sent.status, sent.status === 204 ? {} : await sent.json()];
        }""",
        [method, path, body],
    )
    return int(found[0]), found[1]

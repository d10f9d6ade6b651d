"""What the browser shows while a part is away, and that the board is true within two seconds of its return."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.contract.driver import answers
from tests.contract.patience import slowness

from .browsers import Browsers, fetch
from .center import ANNA, BEN, CARL, CUSTOMER, SUPERVISOR, SUPPORT, Center, center
from .hands import dialog, live, monitor, status
from .serving import Line, until
from .words import words

t = words("ja")
STALE = t("connection.stale").partition("}")[2]
TRUE_WITHIN_S = 2.0
HEARD = """
  window.heard = [];
  const Real = window.EventSource;
  window.EventSource = class extends Real {
    constructor(...all) {
      super(...all);
      for (const name of ["snapshot", "reset"]) this.addEventListener(name, () => window.heard.push(name));
    }
  };
"""
"""Notes what the page hears of its stream, before the page's own code runs."""


@pytest.fixture(scope="module")
def own_center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    """A call centre whose parts are killed here and nowhere else."""
    with center(tmp_path_factory.mktemp("faults")) as started:
        yield started


@pytest.fixture
def floor(own_center: Center) -> Iterator[Center]:
    """As at the beginning, with everything running."""
    own_center.calm()
    yield own_center
    own_center.calm()


def supervisors(floor: Center, browsers: Browsers) -> Page:
    """A supervisor's monitor, live."""
    page = monitor(browsers, floor.product.url, SUPERVISOR["ja"], SUPPORT)
    live(page)
    return page


def rows(page: Page) -> dict[str, str]:
    """Agent and status of every row on the screen."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-row] [data-control=status]")].map(
          one => [one.dataset.agent, one.querySelector(".text").textContent.trim()]))"""
    )
    return found


def board(page: Page) -> dict[str, str]:
    """The same as the API says it."""
    code, found = fetch(page, "GET", f"/board?queue={SUPPORT}")
    assert code == 200, found
    return {row["agent"]: row["status"]["label"] for row in found["agents"]}


def true_within(page: Page, floor_is: dict[str, str], limit_s: float = TRUE_WITHIN_S) -> None:
    """The rows are those of the API, and both are what is so, at the latest now."""
    began = time.monotonic()
    wanted = {agent: t(f"status.{code}") for agent, code in floor_is.items()}
    while not rows(page) == board(page) == wanted:
        late_s = time.monotonic() - began
        assert late_s < limit_s or late_s < limit_s * slowness(), (rows(page), board(page), wanted)


def test_a_browser_that_slept_for_an_hour_has_a_new_snapshot_and_the_rows_of_now(
    floor: Center, browsers: Browsers
) -> None:
    line = Line(floor.product.url)
    page = browsers.open(line.url, SUPERVISOR["ja"], "/queues")
    page.add_init_script(HEARD)
    page.clock.install()
    page.goto(f"{line.url}/?queue={SUPPORT}")
    live(page)
    true_within(page, {ANNA: "available", BEN: "available", CARL: "available"})
    page.evaluate("window.heard.length = 0")
    line.cut()
    expect(page.locator(".connection")).not_to_contain_text(t("connection.live"))
    floor.talk(ANNA)
    floor.set_status(BEN, "On Break")
    page.clock.fast_forward("01:00:00")
    expect(page.locator(".connection")).to_contain_text(STALE)
    assert rows(page) == dict.fromkeys((ANNA, BEN, CARL), t("status.available"))
    line.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    live(page)
    true_within(page, {ANNA: "queue_call", BEN: "on_break", CARL: "logged_out"})
    assert "snapshot" in page.evaluate("window.heard")
    line.close()


def test_a_silent_server_makes_the_picture_stale_and_the_return_makes_it_true(
    floor: Center, browsers: Browsers
) -> None:
    page = browsers.open(floor.product.url, SUPERVISOR["ja"], "/queues")
    page.clock.install()
    page.goto(f"{floor.product.url}/?queue={SUPPORT}")
    live(page)
    floor.product.signal("panel", signal.SIGSTOP)
    try:
        page.clock.fast_forward(13_000)
        expect(page.locator(".connection")).to_contain_text(STALE)
        expect(page.locator(".banner")).to_be_visible()
        floor.set_status(BEN, "On Break")
    finally:
        floor.product.signal("panel", signal.SIGCONT)
    live(page)
    true_within(page, {ANNA: "available", BEN: "on_break", CARL: "available"})
    expect(page.locator(".banner")).to_have_count(0)


def refused_as_unavailable(page: Page) -> None:
    """A change is answered by 503, in the page's own words."""
    code, problem = fetch(page, "PUT", f"/agents/{CARL}/status", {"status": "away", "queue": SUPPORT})
    assert (code, problem["id"]) == (503, "switch_unavailable")
    assert problem["title"]


def test_a_switch_that_is_away_is_said_changes_are_refused_and_the_board_is_true_when_it_is_back(
    floor: Center, browsers: Browsers
) -> None:
    page = supervisors(floor, browsers)
    floor.driver.stop()
    try:
        expect(page.locator(".connection")).to_contain_text(t("connection.down").partition("{")[0])
        expect(page.locator(".banner")).to_contain_text(t("connection.down.banner").partition("}")[2])
        refused_as_unavailable(page)
        status(page, CARL).click()
        window = dialog(page, t("window.status"))
        window.get_by_role("radio", name=t("status.away"), exact=True).check()
        window.get_by_role("button", name=t("change"), exact=True).click(force=True)
        expect(window.get_by_role("alert")).to_contain_text("FreeSWITCH")
        window.get_by_role("button", name=t("cancel"), exact=True).click()
        floor.driver.config(f"agent set status {BEN} 'On Break'")
    finally:
        floor.driver.start()
        floor.reconnect()
    live(page)
    true_within(page, {ANNA: "available", BEN: "on_break", CARL: "available"})
    expect(page.locator(".banner")).to_have_count(0)
    assert floor.status(CARL) == "Available"


def test_a_switch_that_crashes_ends_its_calls_on_the_board(floor: Center, browsers: Browsers) -> None:
    floor.talk(ANNA)
    page = supervisors(floor, browsers)
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    floor.driver.restart()
    floor.reconnect()
    expect(status(page, ANNA)).to_contain_text(t("status.available"))
    live(page)
    true_within(page, {ANNA: "available", BEN: "logged_out", CARL: "logged_out"})


def test_an_event_socket_that_is_cut_loses_nothing(floor: Center, browsers: Browsers) -> None:
    page = supervisors(floor, browsers)
    until(lambda: live_since(page) is not None, "the line does not stand")
    before = live_since(page)
    assert before is not None
    floor.driver.cut()
    floor.reconnect()
    floor.set_status(BEN, "On Break")
    until(lambda: live_since(page) not in (None, before), "the line to the switch does not come back")
    live(page)
    true_within(page, {ANNA: "available", BEN: "on_break", CARL: "available"})


def live_since(page: Page) -> float | None:
    """Since when the line to the switch stands; None while it does not."""
    code, found = fetch(page, "GET", f"/board?queue={SUPPORT}")
    return float(found["link"]["since"]) if code == 200 and found["link"]["state"] == "live" else None


@pytest.mark.parametrize("part", ["valkey", "controller", "panel"])
def test_a_part_that_is_killed_during_a_call_leaves_call_and_listener_alone_and_the_board_true(
    floor: Center, browsers: Browsers, part: str
) -> None:
    floor.talk(ANNA)
    page = supervisors(floor, browsers)
    expect(status(page, ANNA)).to_contain_text(t("status.queue_call"))
    floor.phone("9003").behave(answers(0))
    body = {"agent": ANNA, "mode": "monitor", "extension": "9003", "queue": SUPPORT}
    code, begun = fetch(page, "POST", "/supervisions", body)
    assert code == 201, begun
    bar = page.locator("section.supervision-bar")
    expect(bar).to_contain_text(t("supervision.listening"))
    killed = floor.product.part(part)
    before = run_of(page)
    floor.product.signal(part, signal.SIGKILL)
    floor.set_status(BEN, "On Break")
    until(lambda: set(floor.product.part(part)) - set(killed), f"{part} does not come back")
    if part == "controller":
        until(lambda: run_of(page) not in ("", before), "no other controller takes over")
    until_shown(page)
    true_within(page, {ANNA: "queue_call", BEN: "on_break", CARL: "logged_out"})
    expect(bar).to_contain_text(t("supervision.listening"))
    assert floor.driver.hears("9003") == {CUSTOMER, "1001"}
    assert floor.driver.hears(CUSTOMER) == {"1001"}
    # Nothing was lost with it: the next change is carried out once.
    code, _ = fetch(page, "PUT", f"/agents/{BEN}/status", {"status": "available", "queue": SUPPORT})
    assert code == 200
    expect(status(page, BEN)).to_contain_text(t("status.available"))


def run_of(page: Page) -> str:
    """Which run of the controller the board is of; empty while nobody says it."""
    return str(
        page.evaluate("fetch('/api/v1/board').then(sent => sent.json()).then(told => told.epoch ?? '').catch(() => '')")
    )


def until_shown(page: Page) -> None:
    """The part is back for this page: its own questions are answered, and the badge says «live»."""
    until(lambda: answered(page), "the API does not come back", limit_s=30)
    live(page)


def answered(page: Page) -> bool:
    """Does the API say what is so now?"""
    found: Any = page.evaluate("fetch('/api/v1/board').then(sent => sent.ok ? sent.json() : null).catch(() => null)")
    return bool(found and found["link"]["state"] == "live")

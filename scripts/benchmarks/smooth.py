"""How smooth the monitor is with 1,000 agents and 100 changes a second, in a real Chromium, beside the same page at rest.

What a person feels as stutter are frames that come late and tasks that hold the page up: whoever scrolls or types waits for
their end. Both are what the browser itself says (requestAnimationFrame, Long Tasks API, which tells tasks of 50 ms and more).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fs_app.floor.actor import ADMINISTRATOR, Actor
from scripts.benchmarks import mix
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import ROOT, WORKPLACE, scripted_switch
from scripts.benchmarks.report import Table, percentile, wanted
from scripts.benchmarks.scripted_switch import PASSWORD
from scripts.benchmarks.service import PASSWORD as LOG_IN
from scripts.benchmarks.service import Service, service

PLAN = FloorPlan(agents=1_000, queues=20)
RATE = 100
SECONDS = 10
BOSS = Actor("boss", ADMINISTRATOR, "Boss")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_NOTE = """() => {
  const noted = { frames: [], tasks: [] };
  let last = performance.now();
  const frame = (now) => { noted.frames.push(now - last); last = now; noted.next = requestAnimationFrame(frame); };
  noted.next = requestAnimationFrame(frame);
  const watcher = new PerformanceObserver((list) => list.getEntries().forEach((task) => noted.tasks.push(task.duration)));
  watcher.observe({ type: "longtask" });
  window.benchmark = noted;
}"""
_TELL = "() => { cancelAnimationFrame(window.benchmark.next); return window.benchmark; }"


@dataclass(frozen=True)
class Result:
    """Times between frames, and tasks of 50 ms and more (ms)."""

    frames: list[float]
    tasks: list[float]


def run(rounds: int) -> list[Table]:
    """One page, first at rest, then while changes come; ``rounds`` are not needed for some hundred frames."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    missing = "" if program else "no Chromium on PATH"
    if not (ROOT / "web/static/app/manifest.json").exists():
        missing = "the panel's pages are not built (scripts/run builds them)"
    if missing:
        return [Table("smooth", [], verdicts=[f"the monitor in a browser: not measured, {missing}"])]
    with ExitStack() as stack:
        switch, port = stack.enter_context(scripted_switch(PLAN))
        center = stack.enter_context(service(f"esl://:{PASSWORD}@127.0.0.1:{port}", [BOSS]))
        file = Path(stack.enter_context(tempfile.NamedTemporaryFile(dir=WORKPLACE, prefix="stream-")).name)
        with file.open("wb") as out:
            out.writelines(mix.status_changes(PLAN, 0, RATE * SECONDS))
        page = stack.enter_context(_monitor(str(program), center))
        at_rest = _measure(page)
        switch.say(f"send {file} {RATE}")
        switch.told()
        busy = _measure(page)
    return [_table(at_rest, busy)]


@contextmanager
def _monitor(program: str, center: Service) -> Iterator[Any]:
    """The real-time monitor with all agents, logged in."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this benchmark needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1360, "height": 860})
        page.goto(f"http://127.0.0.1:{center.port}")
        page.locator("input[autocomplete=username], input[name=login]").first.fill(BOSS.login)
        page.locator("input[type=password]").first.fill(LOG_IN)
        page.keyboard.press("Enter")
        page.locator("[data-row]").first.wait_for()
        yield page
        browser.close()


def _measure(page: Any) -> Result:
    page.evaluate(_NOTE)
    page.wait_for_timeout(SECONDS * 1000)
    noted = page.evaluate(_TELL)
    return Result(noted["frames"], noted["tasks"])


def _table(at_rest: Result, busy: Result) -> Table:
    columns = [
        "the monitor",
        "ms between frames: p50",
        "p95",
        "p99",
        "tasks of 50 ms and more",
        "the longest (ms)",
        "held up (%)",
    ]
    table = Table("smooth", columns)
    for words, one in (("at rest", at_rest), (f"{RATE} changes a second", busy)):
        times = [f"{percentile(one.frames, share):.0f}" for share in (0.5, 0.95, 0.99)]
        tasks = [str(len(one.tasks)), f"{max(one.tasks, default=0.0):.0f}", f"{_held_up(one):.1f}"]
        table.rows.append([words, *times, *tasks])
    for share, limit in ((0.95, 50), (0.99, 100)):
        late = percentile(busy.frames, share)
        told_as = f"ms between frames at p{share * 100:.0f} while changes come"
        table.verdicts.append(wanted(told_as, late, limit, most=True, form="{:.0f}"))
    told_as = "% of the time that the page is held up by tasks while changes come"
    table.verdicts.append(wanted(told_as, _held_up(busy), 5, most=True))
    return table


def _held_up(result: Result) -> float:
    """Per cent of the time in which whoever types or scrolls would wait: of each long task, what is over 50 ms."""
    return sum(task - 50 for task in result.tasks) / (SECONDS * 10)

"""From the event at the socket to the change in the browser, 200 viewers of 20 different rights: row 3.

Beside it FusionPBX's way, a poll every 1.5 s, of the same board by the same viewers while the same changes come. The poll is
our own: FusionPBX would render a page in PHP for each. The server is the panel; controller and Valkey do the same either way.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from fs_app.floor.actor import SUPERVISOR, Actor
from scripts.benchmarks import mix
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import WORKPLACE, Process, module, running, scripted_switch
from scripts.benchmarks.report import Table, middle, percentile, wanted
from scripts.benchmarks.scripted_switch import PASSWORD
from scripts.benchmarks.service import Service, service

PLAN = FloorPlan(agents=500, queues=20)
RATE = 200
SECONDS = 10
MOST_ROUNDS = 2
VIEWERS, RIGHTS = 200, 20
QUEUES_OF_ONE = 3
"""Each right is another handful of queues, as supervisors have them."""
WAYS = {"stream": "server-sent events", "poll": "a poll every 1.5 s"}


@dataclass(frozen=True)
class Result:
    """One run of one way: delays of every change at every viewer (ms, sorted), and CPU s of each part."""

    delays_ms: list[float]
    cpu_s: dict[str, float]


def rights() -> list[Actor]:
    """Supervisors of different queues."""
    queues = [PLAN.queue(index) for index in range(PLAN.queues)]
    names = [f"supervisor{number:02d}" for number in range(RIGHTS)]
    held = [[queues[(number + step) % len(queues)] for step in range(QUEUES_OF_ONE)] for number in range(RIGHTS)]
    return [Actor(n, SUPERVISOR, n, grants=dict.fromkeys(h, "edit")) for n, h in zip(names, held, strict=True)]


def run(rounds: int) -> list[Table]:
    """Stream and poll in turn."""
    results: dict[str, list[Result]] = {way: [] for way in WAYS}
    with ExitStack() as stack:
        switch, port = stack.enter_context(scripted_switch(PLAN))
        center = stack.enter_context(service(f"esl://:{PASSWORD}@127.0.0.1:{port}", rights()))
        cookies = [center.log_in(actor.login).cookie for actor in rights()] * (VIEWERS // RIGHTS)
        file = Path(stack.enter_context(tempfile.NamedTemporaryFile(dir=WORKPLACE, prefix="stream-")).name)
        first = 0
        for _ in range(min(rounds, MOST_ROUNDS)):
            for way in WAYS:
                count = RATE * SECONDS
                with file.open("wb") as out:
                    out.writelines(mix.status_changes(PLAN, first, count))
                first += count
                results[way].append(measure(way, switch, center, cookies, file))
    return [_table(results)]


def measure(way: str, switch: Process, center: Service, cookies: list[str], file: Path) -> Result:
    """One way, from all viewers being there to the last change."""
    with running(module("clients.viewers", way, center.port, SECONDS)) as viewers:
        viewers.say(json.dumps(cookies))
        viewers.expect("ready")
        before = center.cpu_s()
        viewers.say("go")
        switch.say(f"send {file} {RATE}")
        switch.told()
        delays = viewers.told()["delays_ms"]
        used = {name: after - before[name] for name, after in center.cpu_s().items()}
    return Result(delays, used)


def _table(results: dict[str, list[Result]]) -> Table:
    columns = [
        "way",
        "event to viewer (ms): p50",
        "p99",
        "CPU s a minute: panel",
        "controller and Valkey",
        "changes seen",
    ]
    table = Table("viewers", columns)
    for way, runs in results.items():
        delays = [middle(percentile(run.delays_ms, share) for run in runs) for share in (0.5, 0.99)]
        panel = middle(run.cpu_s["panel"] for run in runs) * 60 / SECONDS
        others = middle(sum(run.cpu_s.values()) - run.cpu_s["panel"] for run in runs) * 60 / SECONDS
        seen = sum(len(run.delays_ms) for run in runs)
        times = [*(f"{value:,.0f}" for value in delays), f"{panel:.1f}", f"{others:.1f}"]
        table.rows.append([WAYS[way], *times, f"{seen:,}"])
    p99 = middle(percentile(run.delays_ms, 0.99) for run in results["stream"])
    pairs = zip(results["stream"], results["poll"], strict=True)
    share = middle(stream.cpu_s["panel"] / poll.cpu_s["panel"] for stream, poll in pairs)
    table.verdicts.append(wanted("ms from the event to the viewer at p99", p99, 60, most=True, form="{:.0f}"))
    table.verdicts.append(
        wanted("the panel's CPU time, as a part of the poll's", share, 0.25, most=True, form="{:.2f}")
    )
    return table

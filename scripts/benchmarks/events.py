"""Events per second, the first change while all others wait behind it, and memory: rows 1 and 2.

Sasayaki makes changes of the events; the peers only parse. All read the same bytes from a loopback socket that a process of its
own fills as fast as it is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks import peers
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import Process, cooperative, running, scripted_switch, valkey
from scripts.benchmarks.report import Table, middle, wanted
from scripts.benchmarks.streams import stream

EVENTS = 100_000
FEWER = 20_000
"""For Genesis, whose pace does not depend on their number; all of them would take it more than a minute a round."""
PLAN = FloorPlan(agents=500, queues=20)
OURS, OURS_TO_VALKEY = "Sasayaki, to changes", "Sasayaki, to changes in Valkey"
_WANTED = {"greenswitch": 3.0, "genesis": 10.0, "python-ESL": 2.0}


@dataclass(frozen=True)
class Contender:
    """Somebody who reads the stream: ourselves (``peer`` None, ``redis`` perhaps where to write) or a peer."""

    name: str
    events: int
    peer: peers.Peer | None = None
    redis: str = ""

    def command(self, port: int) -> list[str]:
        """How to start it."""
        if self.peer is not None:
            return self.peer.command(port, self.events)
        return cooperative("clients.ours", port, self.events, *filter(None, [self.redis]))

    @property
    def environ(self) -> dict[str, str]:
        """What it needs around it."""
        return self.peer.environ if self.peer is not None else {}


@dataclass(frozen=True)
class Result:
    """One run: events/s, CPU s per 100,000 events, ms until the first event was handled (ours: its change published), MB."""

    rate: float
    cpu_s: float
    first_ms: float
    peak_mb: float


def measure(switch: Process, port: int, contender: Contender, file: Path) -> Result:
    """One contender reads the stream once."""
    with running(contender.command(port), contender.environ) as client:
        client.expect("ready")
        switch.say(f"send {file}")
        began = float(switch.told())
        told = client.told()
    scale = 100_000 / contender.events
    took = told["at"] - began
    return Result(contender.events / took, told["cpu_s"] * scale, (told["first"] - began) * 1000, told["peak_mb"])


@contextmanager
def contenders() -> Iterator[list[Contender]]:
    """Ourselves, with and without the writing, and every peer that can be had."""
    with valkey() as redis:
        found = [Contender(OURS, EVENTS), Contender(OURS_TO_VALKEY, EVENTS, redis=redis)]
        for peer in (peers.greenswitch(), peers.python_esl(), peers.freeswitch_esl()):
            if peer is not None:
                found.append(Contender(peer.name, EVENTS, peer))
        if (genesis := peers.genesis()) is not None:
            found.append(Contender(genesis.name, FEWER, genesis))
        yield found


def run(rounds: int) -> list[Table]:
    """Both tables."""
    results: dict[str, list[Result]] = defaultdict(list)
    with ExitStack() as stack:
        files = {count: stack.enter_context(stream(PLAN, count)) for count in (EVENTS, FEWER)}
        switch, port = stack.enter_context(scripted_switch(PLAN))
        everybody = stack.enter_context(contenders())
        for _ in range(rounds):
            for one in everybody:
                results[one.name].append(measure(switch, port, one, files[one.events]))
    return [_throughput(results), _burst(results)]


def _rate(results: list[Result]) -> float:
    return middle(result.rate for result in results)


def _throughput(results: dict[str, list[Result]]) -> Table:
    table = Table("events", ["client", "does", "events/s", "CPU s per 100,000", "Sasayaki is faster by"])
    ours = _rate(results[OURS])
    for name, runs in results.items():
        mine = name in (OURS, OURS_TO_VALKEY)
        factor = "" if mine else f"{ours / _rate(runs):.1f}"
        does = "frame, fact, fold, documents" + (", transaction" if name == OURS_TO_VALKEY else "")
        cells = [name, does if mine else "parsing", f"{_rate(runs):,.0f}", f"{middle(r.cpu_s for r in runs):.1f}"]
        table.rows.append([*cells, factor])
    for peer, least in _WANTED.items():
        found = next((name for name in results if name.startswith(peer)), "")
        verdict = f"{peer}: missing, it could not be installed here"
        if found:
            verdict = wanted(f"times as fast as {peer}", ours / _rate(results[found]), least, most=False)
        table.verdicts.append(verdict)
    return table


def _burst(results: dict[str, list[Result]]) -> Table:
    table = Table("burst", ["client", "first of 100,000 events handled after (ms)", "peak memory (MB)"])
    for name, runs in results.items():
        if not name.startswith("genesis"):
            first, peak = middle(r.first_ms for r in runs), middle(r.peak_mb for r in runs)
            table.rows.append([name, f"{first:,.1f}", f"{peak:,.0f}"])
    ours = results[OURS_TO_VALKEY]
    first, peak = middle(r.first_ms for r in ours), max(r.peak_mb for r in ours)
    table.verdicts.append(wanted("ms until the first changes are in Valkey", first, 50, most=True, form="{:.0f}"))
    table.verdicts.append(wanted("MB at most in any round", peak, 150, most=True, form="{:.0f}"))
    return table

"""What an event costs on a floor of 100, 1,000 and 10,000 agents, with as many calls under way: row 7."""

from __future__ import annotations

from contextlib import ExitStack

from scripts.benchmarks.events import Contender, measure
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import scripted_switch
from scripts.benchmarks.report import Table, middle, wanted
from scripts.benchmarks.streams import stream

EVENTS = 60_000
SIZES = (100, 1_000, 10_000)


def run(rounds: int) -> list[Table]:
    """CPU time of the controller's way in, whose share of noise is smaller than the clock's."""
    costs: dict[int, list[float]] = {size: [] for size in SIZES}
    with ExitStack() as stack:
        places = {}
        for size in SIZES:
            plan = FloorPlan(agents=size, queues=20)
            places[size] = (*stack.enter_context(scripted_switch(plan)), stack.enter_context(stream(plan, EVENTS)))
        for _ in range(rounds):
            for size, (switch, port, file) in places.items():
                result = measure(switch, port, Contender("ours", EVENTS), file)
                costs[size].append(result.cpu_s * 10)
    table = Table("growth", ["agents", "CPU µs per event", "to the smallest"])
    least = middle(costs[SIZES[0]])
    for size, runs in costs.items():
        table.rows.append([f"{size:,}", f"{middle(runs):.1f}", f"{middle(runs) / least:.2f}"])
    most = max(middle(runs) for runs in costs.values()) / min(middle(runs) for runs in costs.values())
    table.verdicts.append(wanted("dearest to cheapest", most, 1.2, most=True, form="{:.2f}"))
    return [table]

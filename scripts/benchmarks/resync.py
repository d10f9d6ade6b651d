"""A whole resync of a large switch beside asking it the same without making anything of the replies: row 5."""

from __future__ import annotations

from typing import Any

from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import cooperative, running, scripted_switch
from scripts.benchmarks.report import Table, middle, wanted

PLAN = FloorPlan(agents=5_000, queues=100, channels=2_000)
_WORDS = {"first": "first, every channel dumped", "later": "every 30 s, each channel asked whether it lives"}


def run(rounds: int) -> list[Table]:
    """Reading, fold and documents, beside reading."""
    with scripted_switch(PLAN) as (_, port), running(cooperative("clients.resync", port, rounds)) as client:
        told: list[dict[str, Any]] = [client.told() for _ in range(rounds)]
    columns = ["reading", "questions", "replies only (s)", "made into rows (s)", "folded and documents made (s)"]
    table = Table("resync", [*columns, "to the rows", "to the replies"])
    for name, words in _WORDS.items():
        runs = [one[name] for one in told]
        to_rows, to_replies = (middle(one["whole"] / one[what] for one in runs) for what in ("rows", "replies"))
        times = [f"{middle(one[what] for one in runs):.2f}" for what in ("replies", "rows", "whole")]
        table.rows.append([words, f"{runs[0]['questions']:,}", *times, f"{to_rows:.2f}", f"{to_replies:.2f}"])
        told_as = f"{name} reading, times as long as without folding"
        table.verdicts.append(wanted(told_as, to_rows, 2, most=True, form="{:.2f}"))
    return [table]

"""The command line of ``scripts/bench``."""

from __future__ import annotations

import argparse
import importlib
import sys

from scripts.benchmarks import report
from scripts.benchmarks.processes import Failed

BENCHMARKS = {
    "events": "events per second, the first change of a burst, peak memory, beside other clients",
    "viewers": "from the event to 200 viewers of 20 rights, beside a poll of the same board",
    "click": "from a click to the command on the event socket, beside a bare bgapi",
    "invite": "from a click to the INVITE at the supervisor's phone, beside a bare bgapi originate",
    "smooth": "the monitor with 1,000 agents and 100 changes a second in a real browser",
    "resync": "reading a whole switch, beside asking the same without making anything of it",
    "memory": "the controller's memory on a large floor",
    "growth": "the cost of an event on floors of 100 to 10,000 agents",
}


def main() -> int:
    """Run what is named, or all."""
    about = "Measures Sasayaki beside others; every number is a median, and ratios come from one run."
    parser = argparse.ArgumentParser(prog="scripts/bench", description=about)
    known = "; ".join(f"{name}: {what}" for name, what in BENCHMARKS.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=known)
    parser.add_argument("--rounds", type=int, default=3, help="how often everybody is measured, in turn (3)")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/benchmarks.md")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown or options.rounds < 1:
        parser.error(f"choose among {', '.join(BENCHMARKS)}, and at least one round")
    tables, broken = [], []
    for name in options.names or BENCHMARKS:
        try:
            found = importlib.import_module(f"scripts.benchmarks.{name}").run(options.rounds)
        except (Failed, OSError, AssertionError, RuntimeError) as error:
            broken.append(f"{name}: not measured ({type(error).__name__}: {error})")
            print(f"\n{broken[-1]}", flush=True)
            continue
        for table in found:
            print(f"\n{table.name}\n\n{table.text()}", flush=True)
        if options.write:
            report.write(found, options.rounds)
        tables += found
    return _sum_up(tables, broken)


def _sum_up(tables: list[report.Table], broken: list[str]) -> int:
    """Every verdict in one place; 0 only when all was measured and all bounds are kept."""
    verdicts = [verdict for table in tables for verdict in table.verdicts]
    missed = [verdict for verdict in verdicts if not report.is_met(verdict)]
    print(f"\n{len(verdicts) - len(missed)} of {len(verdicts)} bounds are kept.")
    for line in [*missed, *broken]:
        print(f"- {line}")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main())

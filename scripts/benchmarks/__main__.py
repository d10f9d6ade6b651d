"""The command line of ``scripts/bench``."""

from __future__ import annotations

import argparse
import importlib
import sys

from scripts.benchmarks import report

BENCHMARKS = {
    "events": "events per second, the first change of a burst, peak memory, beside other clients",
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
    for name in options.names or BENCHMARKS:
        tables = importlib.import_module(f"scripts.benchmarks.{name}").run(options.rounds)
        for table in tables:
            print(f"\n{table.name}\n\n{table.text()}", flush=True)
        if options.write:
            report.write(tables, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

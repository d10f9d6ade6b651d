"""Results as tables: on the screen, and in ``docs/benchmarks.md`` between the marks of each benchmark."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_MET = "met"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Table:
    """One benchmark's result. ``name`` is that of its place on the page; without rows, ``verdicts`` say why."""

    name: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    """One line for each thing wanted: what it is, what came out, whether that is enough."""

    def text(self) -> str:
        """As Markdown."""
        lines = [_row(self.columns), _row(["---"] * len(self.columns)), *map(_row, self.rows), ""] if self.rows else []
        return "\n".join([*lines, *(f"- {verdict}" for verdict in self.verdicts)])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def wanted(what: str, got: float, limit: float, *, most: bool, form: str = "{:.1f}") -> str:
    """A verdict: ``got`` must be at most (``most``) or at least ``limit``."""
    kept = got <= limit if most else got >= limit
    bound = ("at most " if most else "at least ") + form.format(limit)
    return f"{what}: **{form.format(got)}**, wanted {bound} – {_MET if kept else '**missed**'}"


def is_met(verdict: str) -> bool:
    """Whether a verdict says that its bound is kept. What could not be measured has none."""
    return verdict.endswith(_MET)


def middle(values: Iterable[float]) -> float:
    """The median."""
    return median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0-1) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> str:
    """What it was measured on, without a name."""
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    model = found[1].strip() if found else platform.machine()
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release().split('-')[0]}, {python}"


def write(tables: Iterable[Table], rounds: int, path: Path = PAGE) -> None:
    """Put the tables into the page, each between its marks. Raises ValueError for a table that has no place."""
    page = path.read_text(encoding="utf-8")
    for table in tables:
        measured = f"\n\nMeasured in {rounds} rounds on {machine()}." if table.rows else ""
        page = _between(page, table.name, table.text() + measured)
    path.write_text(page, encoding="utf-8")


def _between(page: str, name: str, text: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in page or end not in page:
        raise ValueError(f"docs/benchmarks.md has no place for «{name}»")
    head, _, rest = page.partition(begin)
    return f"{head}{begin}\n{text}\n{end}{rest.partition(end)[2]}"

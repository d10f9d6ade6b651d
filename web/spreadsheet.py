"""Lists as files for spreadsheets. What a spreadsheet would take for a formula reaches it as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

# Spreadsheets take it as the sign of UTF-8.
MARK = "\ufeff"
# Also the full-width forms, which Japanese spreadsheets take for the same.
_FORMULA = tuple("=+-@|%\t\r\n＝＋－＠｜")


def defused(value: Any) -> str:
    """``value`` as a cell that is shown and never run."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return "'" + text if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def written(rows: Iterable[Iterable[Any]]) -> str:
    """Rows of cells as CSV; every cell is defused."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue()


def moment(at: float | None) -> str:
    """Epoch seconds as ISO 8601 in UTC with milliseconds; empty for None."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")

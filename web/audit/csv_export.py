"""The audit as a file for spreadsheets. What a spreadsheet would take for a formula reaches it as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import LARGEST_PAGE, Filters

COLUMNS = (
    "id",
    "at",
    "outcome",
    "refers_to",
    "who",
    "login",
    "role",
    "token",
    "address",
    "source",
    "command",
    "agent",
    "queue",
    "args",
    "cause",
    "request_id",
    "hash",
)
# Also the full-width forms, which Japanese spreadsheets take for the same.
_FORMULA = tuple("=+-@|%\t\r\n＝＋－＠｜")


def defused(value: Any) -> str:
    """``value`` as a cell that is shown and never run."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return "'" + text if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def lines(audit: AuditLog, filters: Filters) -> Iterator[str]:
    """The file in pieces, read page by page, so that a year of rows takes no more memory than one page."""
    yield "\ufeff" + _written([COLUMNS])  # the mark tells spreadsheets that it is UTF-8
    cursor: int | None = None
    while True:
        page = audit.page(filters, cursor, LARGEST_PAGE)
        if page.rows:
            yield _written([_cells(row) for row in page.rows])
        if page.next is None:
            return
        cursor = page.next


def _cells(row: dict[str, Any]) -> list[str]:
    shown = row | {
        "at": datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="milliseconds"),
        "args": orjson.dumps(row["args"]).decode(),
    }
    return [defused(shown[name]) for name in COLUMNS]


def _written(rows: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()

"""The audit as a file for spreadsheets, read page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import LARGEST_PAGE, Filters
from web.spreadsheet import MARK, moment, written

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


def lines(audit: AuditLog, filters: Filters, look: Callable[[], None]) -> Iterator[str]:
    """The file in pieces, read page by page, so that a year of rows takes no more memory than one page.

    ``look`` raises where it may not go on.
    """
    yield MARK + written([COLUMNS])
    cursor: int | None = None
    while True:
        look()
        page = audit.page(filters, cursor, LARGEST_PAGE)
        if page.rows:
            yield written(_cells(row) for row in page.rows)
        if page.next is None:
            return
        cursor = page.next


def _cells(row: dict[str, Any]) -> list[Any]:
    shown = row | {"at": moment(row["at"]), "args": orjson.dumps(row["args"]).decode()}
    return [shown[name] for name in COLUMNS]

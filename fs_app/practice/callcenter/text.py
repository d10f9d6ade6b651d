"""How mod_callcenter prints rows: as ``|`` tables, and as cJSON does.

Owns the two notations. Values are never escaped in the tables (mod_callcenter.c:3455).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fs_app.practice.callcenter.rows import Row


def table(rows: Sequence[Row]) -> str:
    """A header line and a line per row; nothing at all without rows. NULL reads as nothing (seen on 1.10.12)."""
    if not rows:
        return ""
    lines = ["|".join(rows[0])]
    lines += ["|".join(value or "" for value in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def compact(value: Any) -> str:
    """JSON without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pretty(value: Any, depth: int = 0) -> str:
    """JSON as cJSON_Print writes it: tabs, a tab after each name, arrays in one line."""
    if isinstance(value, dict):
        if not value:
            return "{\n" + "\t" * depth + "}"
        inner = "\t" * (depth + 1)
        items = [f"{inner}{compact(str(name))}:\t{pretty(item, depth + 1)}" for name, item in value.items()]
        return "{\n" + ",\n".join(items) + "\n" + "\t" * depth + "}"
    if isinstance(value, list):
        return "[" + ", ".join(pretty(item, depth + 1) for item in value) + "]"
    return compact(value)

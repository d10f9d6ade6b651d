"""Outside numbers for those without the right to see them: enough to tell two apart, too little to ring one."""

from __future__ import annotations

import re

_OUTSIDE = re.compile(r"\+?[0-9]{7,}")
"""Longer than any extension (``entities.LONGEST_EXTENSION``): those are no secret."""


def masked(text: str) -> str:
    """``text`` with every outside number in it masked: ``09012345678`` becomes ``090-****-5678``, ``1001`` stays."""
    return _OUTSIDE.sub(lambda found: _mask(found.group()), text)


def has_outside_number(text: str) -> bool:
    """Whether ``masked`` would hide anything of it."""
    return _OUTSIDE.search(text) is not None


def _mask(number: str) -> str:
    """Always four stars, so that not even the length is told; a short number keeps its last two digits only."""
    return f"{number[:3]}-****-{number[-4:]}" if len(number) >= 10 else f"****-{number[-2:]}"

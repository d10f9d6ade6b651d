"""Supervisions as everybody sees them."""

from __future__ import annotations

from tests.contract.center import Center


def told(center: Center, ident: str) -> dict[str, object]:
    """A supervision as the board tells it."""
    return center.documents("supervision")[ident]

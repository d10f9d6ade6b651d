"""Assertions about the order in which events arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.contract.esl import Event

Wanted = str | tuple[str, dict[str, Any]]


def assert_in_order(events: Iterable[Event], *wanted: Wanted) -> None:
    """Each wanted event is there, after the one before it; others may lie between.

    A wanted event is a name, or a name and the headers it must have.
    """
    rest = list(events)
    seen = [_shown(event) for event in rest]
    for item in wanted:
        name, headers = (item, {}) if isinstance(item, str) else item
        for index, event in enumerate(rest):
            if event.name == name and all(event.get(key) == value for key, value in headers.items()):
                rest = rest[index + 1 :]
                break
        else:
            raise AssertionError(f"{item} did not come (in this order); seen:\n" + "\n".join(seen))


def of(events: Iterable[Event], *names: str) -> list[Event]:
    """Those with one of these names."""
    return [event for event in events if event.name in names]


def _shown(event: Event) -> str:
    told = (
        "Unique-ID",
        "CC-Agent",
        "CC-Agent-State",
        "CC-Agent-Status",
        "Hangup-Cause",
        "CC-Hangup-Cause",
        "Application",
    )
    return " ".join([event.name, *(f"{key}={event[key]}" for key in told if key in event)])

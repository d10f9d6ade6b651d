"""What a connection has subscribed to: event names, subclasses, format, filters.

Owns ``event``, ``nixevent``, ``noevents`` and ``filter`` (mod_event_socket.c:319, 1975, 2470-2615) and their replies.
"""

from __future__ import annotations

import re

from fs_app.practice.events import NAMES, Event, Value

_FORMATS = ("plain", "json", "xml")


class Subscription:
    """One connection's wishes."""

    def __init__(self) -> None:
        self.form = "plain"
        self.names: set[str] = set()
        self.subclasses: set[str] = set()
        self.everything = False
        self._filters: list[tuple[str, str]] = []

    def wants(self, name: str, subclass: str) -> bool:
        """Whether the kind was asked for; filters are looked at later."""
        if self.everything:
            return True
        if name == "CUSTOM":
            return subclass in self.subclasses
        return name in self.names

    def event(self, words: list[str]) -> str:
        """``event [plain|json] NAME … [CUSTOM subclass …]``: all after CUSTOM is a subclass."""
        if words and words[0].lower() in _FORMATS:
            self.form = "json" if words.pop(0).lower() == "json" else "plain"
        names, subclasses = _wanted(words)
        if not names and not subclasses:
            return "-ERR no keywords supplied"
        if "ALL" in names:
            self.everything = True
        self.names |= names
        self.subclasses |= subclasses
        return f"+OK event listener enabled {self.form}"

    def nixevent(self, words: list[str]) -> str:
        """Take some back."""
        names, subclasses = _wanted(words)
        if not names and not subclasses:
            return "-ERR no keywords supplied"
        if "ALL" in names:
            self.clear()
        elif self.everything:
            self.everything = False
            self.names = set(NAMES)
        self.names -= names
        self.subclasses -= subclasses
        return "+OK events nixed"

    def clear(self) -> str:
        """``noevents``."""
        had = self.everything or self.names or self.subclasses
        self.everything = False
        self.names, self.subclasses = set(), set()
        return "+OK no longer listening for events" if had else "-ERR not listening for events"

    def filter(self, text: str) -> str:
        """``filter <header> <value>``, ``filter delete <header>|all [value]``."""
        name, _, value = text.strip().partition(" ")
        if name.lower() == "delete" and value:
            name, _, value = value.partition(" ")
            if name.lower() == "all":
                self._filters = []
            else:
                self._filters = [
                    item for item in self._filters if item[0].lower() != name.lower() or value not in ("", item[1])
                ]
            return f"+OK filter deleted. [{name}][{value}]"
        if name.lower() == "add" and value:
            name, _, value = value.partition(" ")
        if not value:
            return "-ERR invalid syntax"
        self._filters.append((name, value))
        return f"+OK filter added. [{name}]=[{value}]"

    def passes(self, event: Event) -> bool:
        """Whether the filters let the event through: one positive must match, no negative may."""
        if not self._filters:
            return True
        passed = False
        for name, wanted in self._filters:
            negative = wanted.startswith("-")
            if _matches(event.get(name), wanted.removeprefix("-")):
                if negative:
                    return False
                passed = True
        return passed


def _wanted(words: list[str]) -> tuple[set[str], set[str]]:
    names: set[str] = set()
    subclasses: set[str] = set()
    for index, word in enumerate(words):
        if word.upper() == "CUSTOM":
            subclasses = set(words[index + 1 :])
            break
        if word.upper() in NAMES:
            names.add(word.upper())
    return names, subclasses


def _matches(value: Value | None, wanted: str) -> bool:
    if value is None:
        return False
    text = value if isinstance(value, str) else "|:".join(value)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return re.search(wanted[1:-1], text) is not None
    return text.lower() == wanted.lower()

"""Whose phone a leg is: agents' contacts read as the phones and numbers they ring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# user/1001@default, sofia/internal/1001@192.0.2.9:5060, sofia/internal/1001%example.net, loopback/1001/default.
# A contact is any dial string; what is not understood here only costs the ownership of calls outside the queue.
_PHONE = re.compile(r"(?:user|sofia/(?!gateway/)[^/,|]+|verto\.rtc|loopback)/([^@%/,|:\]\s]+)(?:[@%]([^,|:;\]\s]*))?")
_GATEWAY = re.compile(r"sofia/gateway/[^/,|]+/(\+?[0-9]+)")
_OURS = re.compile(r"\[\^\^~sasayaki_outside=(\+?[0-9]+)~")
_OUR_LEG = re.compile(r"\[\^\^~sasayaki_outside=[^\]]*\][^,|]*")
_DELAY = re.compile(r"leg_delay_start=([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where an agent is rung. ``kind`` is ``extension``, ``external``, ``both`` or ``other`` (a contact nobody here can read).

    ``outside`` is the outside number and ``delay_s`` how long after the extension it rings; ``confirmed``: it asks for a key.
    """

    kind: str
    extension: str = ""
    outside: str = ""
    delay_s: int = 0
    confirmed: bool = False

    @property
    def text(self) -> str:
        """As the board names it: ``1001``, ``09012345678`` or ``1001 + 09012345678``."""
        return " + ".join(part for part in (self.extension, self.outside) if part)


def extensions_of(contact: str) -> list[str]:
    """Extensions that a contact rings, as ``user@domain`` (``user@`` where it names no domain or an address)."""
    found = []
    for user, domain in _PHONE.findall(_OUR_LEG.sub("", contact)):
        is_address = bool(re.fullmatch(r"[0-9.]+", domain))
        found.append(f"{user}@{'' if is_address else domain}")
    return found


@lru_cache(maxsize=16_384)
def terminal_of(contact: str) -> Terminal:
    """A contact read as the phones it rings: the first extension and the first outside number."""
    ours = _OURS.search(contact)
    found = ours or _GATEWAY.search(contact)
    # What our outside leg dials may look like an extension (sofia/trunk/0312345678): the rest of the contact is read.
    phones = _PHONE.findall(_OUR_LEG.sub("", contact) if ours else contact)
    extension = phones[0][0] if phones else ""
    if found is None:
        return Terminal("extension", extension) if extension else Terminal("other")
    delay = _DELAY.search(contact)
    kind = "both" if extension else "external"
    return Terminal(kind, extension, found[1], int(delay[1]) if delay else 0, "group_confirm_key=" in contact)


def rings_by_us(contact: str) -> bool:
    """Whether a contact holds an outside phone as only we write one (``switch.dial``)."""
    return _OURS.search(contact) is not None


class PhoneBook:
    """Extension -> agent, from all contacts; an agent named like an extension owns it unless a contact says otherwise.

    Where several contacts ring the same extension it is the last agent's by name, in whatever order they were read.
    """

    def __init__(self) -> None:
        self._ringers: dict[str, set[str]] = {}
        self._rung: dict[str, list[str]] = {}
        self._at: dict[str, set[str]] = {}
        """The same by extension alone, whatever the domain."""

    def rebuild(self, contacts: Iterable[tuple[str, str]]) -> None:
        """Read every ``(agent, contact)`` anew."""
        self._ringers.clear()
        self._rung.clear()
        self._at.clear()
        for agent, contact in contacts:
            self.read(agent, contact)

    def read(self, agent: str, contact: str) -> None:
        """An agent is new, or is rung elsewhere. Costs the same on a floor of any size."""
        for extension in self._rung.get(agent, ()):
            self._ringers[extension].discard(agent)
            self._at[extension.partition("@")[0]].discard(agent)
        self._rung[agent] = extensions_of(contact)
        for extension in self._rung[agent]:
            self._ringers.setdefault(extension, set()).add(agent)
            self._at.setdefault(extension.partition("@")[0], set()).add(agent)

    def beside(self, agent: str) -> Iterator[str]:
        """The others who are rung at a phone of this agent's. Without a domain an extension is that of every domain."""
        for extension in self._rung.get(agent, ()):
            user, _, domain = extension.partition("@")
            for other in self._at.get(user, set()) - {agent}:
                rung = [one.partition("@") for one in self._rung[other]]
                if any(name == user and (not domain or not place or place == domain) for name, _, place in rung):
                    yield other

    def owner(self, extension: str) -> str:
        """The agent who answers at ``user@domain``, or empty."""
        if not extension:
            return ""
        return self._answers(extension) or self._answers(extension.partition("@")[0] + "@")

    def _answers(self, extension: str) -> str:
        ringers = self._ringers.get(extension)
        if ringers:
            return max(ringers)
        return extension if extension in self._rung and "@" in extension else ""

"""Whose phone a leg is: agents' contacts read as the phones and numbers they ring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# user/1001@default, sofia/internal/1001@192.0.2.9:5060, sofia/internal/1001%example.net, loopback/1001/default.
# A contact is any dial string; what is not understood here only costs the ownership of calls outside the queue.
_PHONE = re.compile(r"(?:user|sofia/(?!gateway/)[^/,|]+|verto\.rtc|loopback)/([^@%/,|:\]\s]+)(?:[@%]([^,|:;\]\s]*))?")
_GATEWAY = re.compile(r"sofia/gateway/[^/,|]+/(\+?[0-9]+)")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where an agent is rung. ``kind`` is ``extension``, ``external`` or ``other`` (a contact nobody here can read)."""

    kind: str
    number: str


def extensions_of(contact: str) -> list[str]:
    """Extensions that a contact rings, as ``user@domain`` (``user@`` where it names no domain or an address)."""
    found = []
    for user, domain in _PHONE.findall(contact):
        is_address = bool(re.fullmatch(r"[0-9.]+", domain))
        found.append(f"{user}@{'' if is_address else domain}")
    return found


def terminal_of(contact: str) -> Terminal:
    """The terminal as the board names it: the outside number when there is one, else the first extension."""
    gateway = _GATEWAY.search(contact)
    if gateway:
        return Terminal("external", gateway.group(1))
    phones = _PHONE.findall(contact)
    if phones:
        return Terminal("extension", phones[0][0])
    return Terminal("other", "")


class PhoneBook:
    """Extension -> agent, from all contacts; an agent named like an extension owns it unless a contact says otherwise."""

    def __init__(self) -> None:
        self._owner: dict[str, str] = {}

    def rebuild(self, contacts: Iterable[tuple[str, str]]) -> None:
        """Read every ``(agent, contact)`` anew."""
        pairs = list(contacts)
        self._owner = {agent: agent for agent, _ in pairs if "@" in agent}
        for agent, contact in pairs:
            for extension in extensions_of(contact):
                self._owner[extension] = agent

    def owner(self, extension: str) -> str:
        """The agent who answers at ``user@domain``, or empty."""
        if not extension:
            return ""
        found = self._owner.get(extension)
        return found if found is not None else self._owner.get(extension.partition("@")[0] + "@", "")

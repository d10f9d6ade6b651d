"""People's numbers and names in recorded events, replaced by others of the same shape.

Owns what counts as somebody's number or name. Within one recording the same number or name always becomes the same
pseudonym, wherever it stands, so that legs and events still belong together; between recordings it does not. What FreeSWITCH
counts and measures (times, sequence numbers, uuids) and extensions of up to five digits stay.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from urllib.parse import quote

Value = str | list[str]

# Headers whose digits are FreeSWITCH's own; any other run of 6-15 digits may be somebody's number (E.164 ends at 15).
_OWN_DIGITS = re.compile(
    r"(?:^(?:Event-|Core-|FreeSWITCH-|Session-|Content-Length|Up-?[Tt]ime)"
    r"|(?:Time|Hold|Hold-Accum|UUID|Unique-ID|_uuid|epoch|stamp|sec|_ssrc|_port|_bytes|_count)$)"
)
_NAMES = re.compile(r"(?:ID-Name|id_name|_display|Username|_user|_user_stripped|user_name|auth_username|_username)$")
_KEYED_IN = re.compile(r"(?:digits_dialed|DTMF-Digit)$")
_DIGITS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<!\d)\d{6,15}(?!\d)", re.IGNORECASE | re.ASCII)
_DISPLAY = re.compile(r'"([^"]+)"\s*<')
_NUMBER = re.compile(r"\+?\d+", re.ASCII)
# What FreeSWITCH itself puts where a name could stand.
_NOBODY = frozenset(
    {
        "Outbound Call",
        "Inbound Call",
        "FreeSWITCH",
        "mod_sofia",
        "Anonymous",
        "anonymous",
        "Unknown",
        "unknown",
        "_undef_",
    }
    | {"true", "false", "default", "public", "internal", "external"}
)


class Pseudonyms:
    """Replaces what stands for a person. ``seed`` (bytes) makes the pseudonyms repeatable; without it nobody can undo them."""

    def __init__(self, seed: bytes | None = None) -> None:
        self._seed = seed if seed is not None else os.urandom(32)
        self._numbers: dict[str, str] = {}
        self._taken: set[str] = set()
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def replaced(self, headers: Mapping[str, Value]) -> dict[str, Value]:
        """The same headers with every number and name replaced."""
        for name, value in headers.items():
            for text in value if isinstance(value, list) else [value]:
                self._learn(name, text)
        return {
            name: [self._text(name, text) for text in value] if isinstance(value, list) else self._text(name, value)
            for name, value in headers.items()
        }

    def _learn(self, header: str, text: str) -> None:
        for found in _DISPLAY.findall(text):
            self._add(found)
        if _NAMES.search(header):
            self._add(text)

    def _add(self, name: str) -> None:
        name = name.strip()
        if not name or name in self._names or name in _NOBODY or _NUMBER.fullmatch(name):
            return
        self._names[name] = self._names[quote(name)] = f"Name{len(set(self._names.values())) + 1}"
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(_bounded(known) for known in longest_first))

    def _text(self, header: str, text: str) -> str:
        if _KEYED_IN.search(header):
            return re.sub(r"\d", "0", text)
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._names[found[0]], text)
        if _OWN_DIGITS.search(header):
            return text
        return _DIGITS.sub(lambda found: found[0] if "-" in found[0] else self._number(found[0]), text)

    def _number(self, number: str) -> str:
        """Another number of as many digits; the first stays, because it often tells inside from outside."""
        known = self._numbers.get(number)
        attempt = 0
        while known is None:
            digest = hashlib.blake2b(f"{attempt} {number}".encode(), key=self._seed[:64]).digest()
            rest = str(int.from_bytes(digest)).zfill(len(number))[-(len(number) - 1) :]
            if number[0] + rest not in self._taken or attempt > 1000:
                known = self._numbers[number] = number[0] + rest
                self._taken.add(known)
            attempt += 1
        return known


def _bounded(name: str) -> str:
    """Short Latin names must not be found inside other words; Japanese has no such boundaries."""
    return rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name)

"""What logins, names, agents, queues, extensions and passwords may look like. Pure; used by the panel and the command line."""

from __future__ import annotations

import re
import unicodedata

from fs_app.store.passwords import LONGEST

# What FreeSWITCH can name and a log line or an address can carry: no blanks, no control characters, no quotes.
_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f/'\"`\\$|<>]{1,128}")
_EXTENSION = re.compile(r"[0-9]{1,20}")
SHORTEST_PASSWORD = 12


def login(text: str) -> str:
    """A login: 1-64 visible characters without blanks. Raises ValueError."""
    if not _NAME.fullmatch(text) or len(text) > 64:
        raise ValueError("a login has 1 to 64 characters, without blanks, quotes or slashes")
    return text


def agent(text: str) -> str:
    """mod_callcenter's name of an agent, e.g. ``1001@default``. Raises ValueError."""
    if not _NAME.fullmatch(text):
        raise ValueError("an agent is named as in FreeSWITCH, e.g. 1001@default")
    return text


def queue(text: str) -> str:
    """mod_callcenter's name of a queue, e.g. ``support@default``. Raises ValueError."""
    if not _NAME.fullmatch(text):
        raise ValueError("a queue is named as in FreeSWITCH, e.g. support@default")
    return text


def extension(text: str) -> str:
    """An internal extension: 1-20 digits. Raises ValueError."""
    if not _EXTENSION.fullmatch(text):
        raise ValueError("an extension has 1 to 20 digits")
    return text


def person(text: str) -> str:
    """A person's name: 1-200 visible characters, blanks around it removed. Raises ValueError."""
    name = text.strip()
    if not 1 <= len(name) <= 200 or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        raise ValueError("a name has 1 to 200 visible characters")
    return name


def remark(text: str) -> str:
    """A short remark: at most 200 visible characters, or none. Raises ValueError."""
    said = text.strip()
    if len(said) > 200 or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in said):
        raise ValueError("a remark has at most 200 visible characters")
    return said


def typed_password(text: str) -> str:
    """Any password that can be typed: 1-1024 characters. Raises ValueError."""
    if not 1 <= len(text) <= LONGEST or "\x00" in text:
        raise ValueError(f"a password has 1 to {LONGEST} characters")
    return text

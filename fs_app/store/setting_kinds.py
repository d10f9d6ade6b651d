"""Kinds of values that a setting of the site may have. Each judges what a person sent or the database kept, and gives it
back in the one form that is used; it raises ``ValueError`` for anything else. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

Kind = Callable[[Any], Any]


def switch(value: Any) -> bool:
    """On or off; nothing is taken for it."""
    if not isinstance(value, bool):
        raise ValueError("neither on nor off")
    return value


def whole(least: int, most: int) -> Kind:
    """A whole number from ``least`` to ``most``."""

    def judge(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"no whole number from {least} to {most}")
        return value

    return judge


def words(rule: Callable[[str], str]) -> Kind:
    """A text that ``rule`` lets through, as ``rule`` gives it back."""

    def judge(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError("no text")
        return rule(value)

    return judge


def one_of(*choices: str) -> Kind:
    """One of a few words."""

    def judge(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"none of {', '.join(choices)}")
        return str(value)

    return judge


def several(kind: Kind, most: int) -> Kind:
    """A list of at most ``most`` values of a kind, each once, in the order given; used as a tuple."""

    def judge(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise ValueError(f"no list of at most {most}")
        return tuple(dict.fromkeys(kind(one) for one in value))

    return judge


def outside_number(text: str) -> str:
    """A telephone number as people write it, given back as digits with at most a + in front; empty for none."""
    plain = re.sub(r"[\s()./-]", "", unicodedata.normalize("NFKC", text))
    if plain and not re.fullmatch(r"\+?[0-9]{3,20}", plain):
        raise ValueError("no telephone number")
    return plain


def beginnings(text: str) -> str:
    """``national`` or beginnings of numbers such as ``+8190``, separated by commas or blanks; empty for no list."""
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if len(parts) > 200 or not all(re.fullmatch(r"national|\+[1-9][0-9]{0,14}", part) for part in parts):
        raise ValueError("no list of beginnings")
    return ",".join(dict.fromkeys(parts))

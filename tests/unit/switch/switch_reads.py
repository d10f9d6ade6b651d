"""How FreeSWITCH 1.10.12 reads a line (switch_separate_string, the originate parser, the inline dialplan).

Written from its rules and not from the builder, so that what is built can be read back.
"""

from __future__ import annotations

import re
from typing import Any


def tokens(text: str, limit: int) -> list[str]:
    """switch_separate_string by spaces: a pair of ' groups, a backslash escapes, ^^X changes the delimiter."""
    delimiter = " "
    if text.startswith("^^"):
        delimiter, text = text[2], text[3:]
    out, word, at, quoted = [], "", 0, False
    while at < len(text):
        sign = text[at]
        if sign == "\\" and at + 1 < len(text):
            word += {"s": " ", "n": "\n", "r": "\r", "t": "\t"}.get(text[at + 1], text[at + 1])
            at += 1
        elif sign == "'" and (quoted or "'" in text[at + 1 :]):
            quoted = not quoted
        elif sign == delimiter and not quoted and len(out) < limit - 1:
            out, word = [*out, word], ""
        else:
            word += sign
        at += 1
    return [*out, word]


def dial_string(text: str) -> tuple[dict[str, str], str]:
    """The variables of a leading {} block, and the target behind it."""
    assert not re.search(r"\$\{|\$\$\{", text)
    if not text.startswith("{"):
        return {}, text
    inside, _, rest = text[1:].partition("}")
    assert not inside.startswith("^^")
    return dict(pair.split("=", 1) for pair in inside.split(",")), rest


def inline_steps(text: str) -> list[tuple[str, str]]:
    """The applications of an inline dialplan; ``m:X:`` in front names the separator."""
    separator = ","
    if text.startswith("m:"):
        separator, text = text[2], text[4:]
    steps = [step.partition(":") for step in text.split(separator)]
    return [(name, data) for name, _, data in steps]


def meaning(line: str) -> list[Any]:
    """What FreeSWITCH understands: the API's name and its arguments, with dial string and inline steps taken apart."""
    assert "\n" not in line and "\r" not in line and "\0" not in line
    name, _, rest = line.partition(" ")
    words: list[Any] = tokens(rest, 8)
    if name == "originate":
        target, app, dialplan = words
        assert dialplan == "inline"
        return [name, *dial_string(target), inline_steps(app)]
    if name == "uuid_transfer":
        assert words[2] == "inline"
        return [name, words[0], inline_steps(words[1])]
    return [name, *words]

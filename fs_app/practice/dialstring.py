"""Reading a dial string: ``{all}[leg]endpoint,[leg]endpoint|next``.

Owns the syntax only (switch_ivr_originate.c). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_PAIRS = {"{": "}", "[": "]", "<": ">"}


@dataclass(frozen=True, slots=True)
class Target:
    """One leg to dial: the endpoint's text and the variables of its ``[]``."""

    endpoint: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DialString:
    """Groups tried one after the other (``|``), each a set of targets dialled together (``,``)."""

    variables: dict[str, str]
    groups: list[list[Target]]


def parse(text: str) -> DialString:
    """Read a dial string. ``ValueError`` when a bracket is not closed or there is nothing to dial."""
    text = text.strip()
    variables: dict[str, str] = {}
    while text[:1] in ("{", "<"):
        block, text = _block(text)
        variables |= pairs(block)
    groups = [[_target(leg) for leg in _split(group, ",")] for group in _split(text, "|")]
    if not text or any(not target.endpoint for group in groups for target in group):
        raise ValueError("nothing to dial")
    return DialString(variables, groups)


def _target(text: str) -> Target:
    text = text.strip()
    variables: dict[str, str] = {}
    while text[:1] in ("[", "{"):
        block, text = _block(text)
        variables |= pairs(block)
    return Target(text, variables)


def _block(text: str) -> tuple[str, str]:
    closing = _PAIRS[text[0]]
    depth = 0
    for position, char in enumerate(text):
        if char == text[0]:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return text[1:position], text[position + 1 :].lstrip()
    raise ValueError(f"{text[0]} is not closed")


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        if char in "{[<":
            depth += 1
        elif char in "}]>":
            depth -= 1
        elif char == separator and depth <= 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def pairs(block: str) -> dict[str, str]:
    """``a=b,c=d`` with quotes and ``\\,``; ``^^X`` in front makes X the separator."""
    separator = ","
    if block.startswith("^^") and len(block) > 2:
        separator, block = block[2], block[3:]
    found: dict[str, str] = {}
    for item in _fields(block, separator):
        name, equals, value = item.partition("=")
        if equals and name.strip():
            found[name.strip()] = value
    return found


def _fields(block: str, separator: str) -> list[str]:
    fields, field_, quoted, position = [], [], False, 0
    while position < len(block):
        char = block[position]
        if char == "\\" and block[position + 1 : position + 2] in ("'", "\\", separator):
            field_.append(block[position + 1])
            position += 2
            continue
        if char == "'" and (quoted or "'" in block[position + 1 :]):
            quoted = not quoted
        elif char == separator and not quoted:
            fields.append("".join(field_))
            field_ = []
        else:
            field_.append(char)
        position += 1
    return [*fields, "".join(field_)]

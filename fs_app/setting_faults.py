"""Words for wrong settings: one sentence each, naming the setting and the remedy, never a secret's value."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

EXIT_CODE = 78  # EX_CONFIG of sysexits.h: a supervisor that knows it does not try again


class FaultySettings(Exception):
    """Settings that cannot be used. ``faults`` holds a sentence for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"{len(faults)} faulty settings")
        self.faults = list(faults)

    def report(self) -> str:
        """All faults as text for a terminal, one a line."""
        count = "1 setting is" if len(self.faults) == 1 else f"{len(self.faults)} settings are"
        lines = [f"Sasayaki cannot start: {count} wrong.", *(f"  {fault}" for fault in self.faults)]
        return "\n".join([*lines, "Every setting is described in docs/settings.md."])


def unknown(name: str, known: Sequence[str]) -> str:
    """The sentence for a setting that does not exist, with the nearest that does."""
    near = difflib.get_close_matches(name.split(maxsplit=1)[0], known, n=1)
    remedy = f"Did you mean {near[0]}?" if near else "Remove it."
    return f"{name}: there is no such setting. {remedy}"


def sentences(error: ValidationError, names: Mapping[str, str]) -> list[str]:
    """A sentence for each fault in ``error``; ``names`` says how each setting was given."""
    return [f"{names.get(str(fault['loc'][0]), fault['loc'][0])}: {_words(fault)}" for fault in error.errors()]


def _words(fault: Any) -> str:
    limits = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return str(limits["error"])
        case "greater_than_equal":
            return f"is too small. Write {limits['ge']} or more."
        case "less_than_equal":
            return f"is too large. Write {limits['le']} or less."
        case "literal_error":
            return f"is not known. Write one of {limits['expected'].replace(chr(39), '')}."
        case "int_parsing" | "int_type" | "int_from_float":
            return "is not a whole number. Write digits only."
        case "bool_parsing" | "bool_type":
            return "is neither true nor false. Write true or false."
        case _:
            return "has the wrong kind of value. Write it as one text in quotation marks."

"""The panel's words, as a person who reads one of its languages looks for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parents[2] / "web/locales"
Words = Callable[..., str]


@cache
def words(language: str) -> Words:
    """``words("ja")("mode.monitor")``; values fill the ``{name}`` in a text."""
    catalogue: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))["ui"]

    def text(key: str, **values: object) -> str:
        found = catalogue[key]
        for name, value in values.items():
            found = found.replace("{" + name + "}", str(value))
        return found

    return text

"""The texts of refusals and reasons in the reader's language, from the catalogues that the front end reads as well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCALES = ("ja", "en")
DEFAULT_LOCALE = "ja"


def _load(locale: str, section: str) -> dict[str, str]:
    path = Path(__file__).parent / "locales" / f"{locale}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))[section]
    return texts


ERRORS = {locale: _load(locale, "errors") for locale in LOCALES}
REASONS = {locale: _load(locale, "reasons") for locale in LOCALES}


def error_text(error: str, locale: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Title and detail of an error id. Raises KeyError for one without texts; ``values`` fill the detail's places.

    A cause may have a detail of its own (``no_media.proxy``).
    """
    texts = ERRORS[locale]
    detail = texts.get(f"{error}.{values.get('cause')}", texts[f"{error}.detail"])
    return texts[f"{error}.title"], detail.format_map(values)


def reason_text(reason: str, locale: str) -> str:
    """Why an agent is not rung next. Raises KeyError for a reason without a text."""
    return REASONS[locale][reason]

"""The texts of refusals in the reader's language, from the catalogues that the front end reads as well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCALES = ("ja", "en")
DEFAULT_LOCALE = "ja"


def _load(locale: str) -> dict[str, str]:
    path = Path(__file__).parent / "locales" / f"{locale}.json"
    errors: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["errors"]
    return errors


ERRORS = {locale: _load(locale) for locale in LOCALES}


def error_text(error: str, locale: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Title and detail of an error id. Raises KeyError for one without texts; ``values`` fill the detail's places."""
    texts = ERRORS[locale]
    return texts[f"{error}.title"], texts[f"{error}.detail"].format_map(values)

"""What is said: the built-in prompts and a site's own statuses. Owns reading and judging them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("ja", "en")
LONGEST = 400  # characters; a minute of speech
OWN_STATUS = "own_status_"
"""Before the code of a site's own status. No prompt of fs_conf is called so; fs_app/floor/statuses.py asks for the same."""
_ID = re.compile(r"[a-z][a-z0-9_]{0,50}")


class Unusable(Exception):
    """A catalogue cannot be used, or an engine is missing; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. ``texts`` by language."""

    id: str
    texts: Mapping[str, str]


def read(path: Path) -> list[Prompt]:
    """The prompts of a TOML file: a table for each, with a text for each language. Raises ``Unusable``."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{path}: is no TOML ({error}).") from None
    return [prompt(name, texts, str(path)) for name, texts in tables.items()]


def prompt(name: str, texts: object, where: str) -> Prompt:
    """A judged prompt; the name becomes a file's name, the texts are read aloud. Raises ``Unusable``."""
    if not _ID.fullmatch(name):
        raise Unusable(f"{where}: «{name}» is no name for a prompt. Use small letters, digits and _.")
    if not isinstance(texts, dict):
        raise Unusable(f"{where}: {name} has no texts. Write ja = … and en = ….")
    kept: dict[str, str] = {}
    for language in LANGUAGES:
        text = texts.get(language)
        if text is None:
            continue
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise Unusable(f"{where}: {name} has no text in «{language}», or one of more than {LONGEST} characters.")
        kept[language] = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not kept or set(texts) - set(LANGUAGES):
        raise Unusable(f"{where}: {name} needs texts in {' and '.join(LANGUAGES)}, and nothing else.")
    return Prompt(name, kept)


def statuses(path: Path) -> list[Prompt]:
    """A site's own statuses from a TOML file, by code; each becomes the prompt ``own_status_CODE``. Raises ``Unusable``."""
    return [Prompt(f"{OWN_STATUS}{one.id}", one.texts) for one in read(path)]


def status(code: str, labels: Mapping[str, str]) -> Prompt:
    """A site's own status, from its labels by language; one that is missing is said in another's. Raises ``Unusable``."""
    known = {language: labels[language] for language in LANGUAGES if labels.get(language, "").strip()}
    any_label = next(iter(known.values()), code)
    named = prompt(code, {language: known.get(language, any_label) for language in LANGUAGES}, "own statuses")
    return Prompt(f"{OWN_STATUS}{named.id}", named.texts)

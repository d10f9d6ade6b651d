"""What statuses, queues and agents' accounts are called: the built-in statuses by the catalogues, the rest by the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fs_app.floor.statuses import Status, StatusBook
from fs_app.store.account_rows import logins_of_agents
from fs_app.store.durable import Database
from fs_app.store.queue_settings import QueueSettings
from fs_app.store.statuses import CustomStatuses
from web.texts import DEFAULT_LOCALE, LOCALES

PREFIX = "status."


def _built_in(locale: str) -> dict[str, str]:
    path = Path(__file__).parents[1] / "locales" / f"{locale}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["ui"]
    return {key.removeprefix(PREFIX): text for key, text in texts.items() if key.startswith(PREFIX)}


BUILT_IN = {locale: _built_in(locale) for locale in LOCALES}


@dataclass(frozen=True)
class Words:
    """Names as of one reading of the tables."""

    statuses: tuple[Status, ...]
    own: Mapping[str, Mapping[str, str]]
    queues: Mapping[str, str]
    retired: tuple[Status, ...] = ()
    logins: Mapping[str, str] = field(default_factory=dict)
    """Agent -> the login of the account that is linked to him."""

    @cached_property
    def book(self) -> StatusBook:
        """The statuses that may be chosen, as the floor's rules want them."""
        return StatusBook(self.statuses, self.retired)

    def label(self, locale: str) -> Callable[[str], str]:
        """A function from a status code to its name in ``locale``; a code that nobody named is its own name."""
        words = BUILT_IN.get(locale, BUILT_IN[DEFAULT_LOCALE])
        own = {code: names[locale] for code, names in self.own.items() if locale in names}
        return lambda code: words.get(code) or own.get(code) or code

    def choices(self, locale: str) -> list[dict[str, Any]]:
        """The statuses that may be chosen, in their order. ``own``: agents may choose it themselves."""
        label = self.label(locale)
        return [
            {
                "code": status.code,
                "label": label(status.code),
                "shape": status.shape,
                "color": status.color,
                "selectable": True,
                "own": status.agents_may_choose,
                "limit_min": status.limit_min,
            }
            for status in self.book.chosen.values()
        ]


def read_words(database: Database) -> Words:
    """The names as they are in the tables now."""
    listed = CustomStatuses(database).all()
    own = tuple(one.status for one in listed if not one.retired)
    retired = tuple(one.status for one in listed if one.retired)
    names = {one.status.code: dict(one.status.labels) for one in listed}
    settings = QueueSettings(database).all()
    queues = {name: setting.label for name, setting in settings.items() if setting.label}
    return Words(own, names, queues, retired, database.read(logins_of_agents))

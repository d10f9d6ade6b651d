"""What the panel is given to work with. Owns no behaviour; ``fs_app.wiring`` fills it in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from redis import Redis

from fs_app.store.accounts import Accounts
from fs_app.store.announce import SettingsChannel
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.audit import AuditLog
from fs_app.store.durable import Database
from fs_app.store.second_factors import SecondFactors
from fs_app.store.sessions import Sessions
from fs_app.store.site_settings import SiteSettings
from web.board.feed import Feed

KEY = "sasayaki"
FEED_KEY = "sasayaki_feed"


@dataclass(frozen=True, slots=True)
class Services:
    """The stores of one panel worker. ``practice``: the floor behind it is the practice floor.

    ``region``: the country in whose form numbers are written.
    """

    database: Database
    accounts: Accounts
    sessions: Sessions
    tokens: ApiTokens
    audit: AuditLog
    redis: Redis
    practice: bool = False
    region: str = "JP"
    clock: Callable[[], float] = time.time

    @property
    def second_factors(self) -> SecondFactors:
        """The second factors of all accounts."""
        return SecondFactors(self.database, self.audit, self.clock)

    @property
    def site(self) -> SiteSettings:
        """What administrators set for the whole site."""
        return SiteSettings(self.database, self.audit, self.clock)

    def settings_changed(self, what: str) -> None:
        """Tell the controller and every panel to read statuses or queue settings anew."""
        SettingsChannel(self.redis).announce(what)


def services() -> Services:
    """The services of the application that handles the present request."""
    found: Services = current_app.extensions[KEY]
    return found


def feed() -> Feed:
    """The board of this worker."""
    found: Feed = current_app.extensions[FEED_KEY]
    return found

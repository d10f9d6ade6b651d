"""The panel's application, built anew in each worker after the fork."""

from __future__ import annotations

from flask import Flask

import web
from fs_app.settings import Settings
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.sessions import Sessions
from fs_app.wiring.stores import open_accounts
from web.services import Services


def build_panel(settings: Settings) -> Flask:
    """The Flask application with the stores of one worker."""
    opened = open_accounts(settings)
    sessions = Sessions(opened.database, idle_s=settings.session_idle_s, longest_s=settings.session_max_s)
    return web.create_app(
        Services(
            database=opened.database,
            accounts=opened.accounts,
            sessions=sessions,
            tokens=ApiTokens(opened.database),
            audit=opened.audit,
            redis=opened.redis,
            practice=settings.practice,
            region=settings.region,
        )
    )

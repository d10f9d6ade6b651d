"""What an administrator sets of the dial codes, as in the panel."""

from __future__ import annotations

from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.store.announce import DIAL_CODES, SITE, SettingsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.dial_codes import DialCodes
from fs_app.store.site_settings import SiteSettings
from tests.contract.center import Center

ROOT = Actor("root", ADMINISTRATOR, "Root")


def waive(center: Center) -> None:
    """An administrator lets phones of one's own stand for a password."""
    with center.database() as database:
        SiteSettings(database, AuditLog(database)).change({"dial_waive_inside": True}, ROOT)
    SettingsChannel(center.redis).announce(SITE)


def numbers(center: Center, **functions: str) -> None:
    """An administrator gives numbers of one's own (``n5021``) a function."""
    with center.database() as database:
        DialCodes(database).change_outside([(name[1:], f) for name, f in functions.items()], lambda _: None)
    SettingsChannel(center.redis).announce(DIAL_CODES)

"""A panel that runs as it does in production, with some hours of activity behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fs_app.store.activity import Activity, Period
from tests.unit.valkey import running_valkey
from tests.unit.web.floor_documents import META, SALES, SUPPORT, agent, call, queue
from tests.unit.web.running_panel import ADMIN, Browser, Site

PERIODS = [
    Period("1001@d", "available", 100.0, "sv", terminal="1001"),
    Period("1001@d", "queue_call", 200.0, "call", SALES, terminal="1001"),
    Period("1001@d", "wrap_up", 250.5, "call", SALES, terminal="1001"),
    Period("1001@d", "wrap_up", 260.0, "ippan", terminal="1001"),
    Period("1001@d", "queue_call", 300.0, "call", SUPPORT, terminal="09012345678"),
    Period("1001@d", "away", 400.0, "=cmd()", terminal="1001"),
    Period("1002@d", "available", 150.0, "admin", terminal="1002"),
    Period("gone@d", "on_break", 50.0, "admin"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", agent="1009@d")
        site.account("nobody", "supervisor")
        site.account("ippan", "user", agent="1001@d")
        site.account("guest", "user")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        agents = [agent("1001@d", {SALES: 2, SUPPORT: 3}), agent("1002@d", {SUPPORT: 1}, call=call(SUPPORT))]
        site.publish_all(META, queue=[queue(SALES), queue(SUPPORT)], agent=agents)
        activity = Activity(site.database)
        activity.begin(PERIODS)
        activity.end("gone@d", 90.0)
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def admin(running: Site) -> Browser:
    return running.log_in("admin")


@pytest.fixture
def sv(running: Site) -> Browser:
    return running.log_in("sv")


@pytest.fixture
def user(running: Site) -> Browser:
    return running.log_in("ippan")

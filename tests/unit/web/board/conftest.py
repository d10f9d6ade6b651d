"""A panel that runs as it does in production, on a floor with calls of two queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.valkey import running_valkey
from tests.unit.web.floor_documents import META, SALES, SUPPORT, agent, call, member, queue, supervision
from tests.unit.web.running_panel import ADMIN, Browser, Site, until

FLOOR: dict[str, list[dict[str, Any]]] = {
    "agent": [
        agent("1001@d", {SALES: 3}),
        agent("1002@d", {SUPPORT: 1}, code="queue_call", call=call(SUPPORT, number="0311112222")),
        agent("1003@d", {SALES: 1, SUPPORT: 2}, code="queue_call", call=call(SUPPORT, number="0333334444")),
    ],
    "queue": [queue(SALES), queue(SUPPORT)],
    "member": [member("m1", SALES, number="0355556666"), member("m2", SUPPORT, number="0377778888")],
    "supervision": [supervision("s1", "1002@d", [SUPPORT], "other")],
}


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", extensions=("9001",))
        site.account("ippan", "user", agent="1001@d")
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def site(running: Site) -> Site:
    """The same panel with the floor and the rights of the beginning."""
    site = running
    for key in site.redis.scan_iter("sasayaki:attempts:address:*"):
        site.redis.delete(key)
    site.accounts.grant("sv", SALES, "view", ADMIN)
    site.accounts.grant("sv", SUPPORT, "none", ADMIN)
    site.redis.set("sasayaki:alive", b"{}")
    seq = site.publish_all(META, **FLOOR)
    admin = site.log_in("admin")
    until(lambda: admin.get("/api/v1/board")["seq"] == seq, "the panel has read the floor")
    until(lambda: admin.get("/api/v1/board")["link"]["state"] == "live", "the link is live")
    return site


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.log_in("admin")


@pytest.fixture
def sv(site: Site) -> Browser:
    return site.log_in("sv")

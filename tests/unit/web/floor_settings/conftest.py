"""A panel that runs as it does in production, with a floor for which administrators set something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.valkey import running_valkey
from tests.unit.web.floor_documents import META, SALES, SUPPORT, agent, queue
from tests.unit.web.running_panel import ADMIN, Browser, Site


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor")
        site.account("ippan", "user", agent="1001@d")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.accounts.grant("sv", SUPPORT, "view", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        site.publish_all(
            META, queue=[queue(SALES), queue(SUPPORT), queue("hidden@d")], agent=[agent("1001@d", {SALES: 1})]
        )
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def admin(running: Site) -> Browser:
    return running.log_in("admin")


@pytest.fixture
def sv(running: Site) -> Browser:
    return running.log_in("sv")

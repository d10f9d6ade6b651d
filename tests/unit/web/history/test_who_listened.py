"""Who listened: for whom, and what of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fs_app.floor.actor import Actor
from fs_app.store.site_settings import SiteSettings
from tests.unit.web.floor_documents import SALES, SUPPORT, agent, call
from tests.unit.web.running_panel import ADMIN, Browser, Site, until


@pytest.fixture
def listened(running: Site) -> Iterator[SiteSettings]:
    site = SiteSettings(running.database, running.audit)
    yield site
    site.change({"agents_see_listening": False}, ADMIN)


def listen(running: Site, agent: str, mode: str, *, confirmed: bool = True) -> None:
    sv = Actor("sv", "supervisor", "name of sv")
    row = running.audit.asked(sv, "supervision.start", agent, SALES, {"mode": mode, "extension": "9001", "id": "s1"})
    running.audit.outcome(row, "confirmed" if confirmed else "failed", None if confirmed else "USER_BUSY")


def test_listening_is_shown_to_the_agent_only_where_the_site_says_so(
    running: Site, listened: SiteSettings, user: Browser, admin: Browser, sv: Browser
):
    path = "/api/v1/agents/1001@d/listened"
    for mode in ("monitor", "whisper"):
        listen(running, "1001@d", mode)
    listen(running, "1001@d", "barge", confirmed=False)
    listen(running, "1002@d", "monitor")
    refused = user.request("GET", path)
    assert (refused[0], refused[1]["id"]) == (403, "permission_denied")
    assert user.get("/api/v1/session/agent")["listened"] is False
    listened.change({"agents_see_listening": True}, ADMIN)
    assert user.get("/api/v1/session/agent")["listened"] is True
    shown = user.get(path)
    rows: list[dict[str, Any]] = shown["listened"]
    assert [(row["name"], row["mode"], row["began"]) for row in rows] == [
        ("name of sv", "whisper", True),
        ("name of sv", "monitor", True),
    ], "only what took place, and only his own"
    assert "9001" not in str(shown), "nobody's telephone is shown"
    page = user.get(path + "?limit=1")
    assert user.get(f"{path}?limit=1&cursor={page['next']}")["listened"][0]["mode"] == "monitor"
    assert user.request("GET", "/api/v1/agents/1002@d/listened")[0] == 403
    assert sv.request("GET", path)[0] == 403
    assert len(admin.get(path)["listened"]) == 2


def test_own_call_of_a_queue_without_a_right_is_shown_whole_but_who_listens_only_where_the_site_says_so(
    running: Site, listened: SiteSettings, user: Browser
):
    who = [{"id": "s1", "login": "sv", "name": "name of sv", "mode": "whisper", "state": "listening"}]
    running.publish(agent=[agent("1001@d", {SALES: 2, SUPPORT: 3}, call=call(SALES) | {"supervised": who})])

    def own() -> dict[str, Any] | None:
        row: dict[str, Any] = user.get("/api/v1/session/agent")["agent"]
        return row["call"]

    talking = until(own, "the call is on the page")
    assert (talking["with"]["number"], talking["supervised"]) == ("0312345678", [])
    listened.change({"agents_see_listening": True}, ADMIN)
    shown = own()
    assert shown is not None
    assert shown["supervised"] == who
    running.publish(agent=[agent("1001@d", {SALES: 2, SUPPORT: 3})])


def test_audit_of_a_site_is_whole_after_all_that(running: Site):
    assert running.audit.verify() is None

"""Commands from a request to the controller's inbox and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from fs_app.controller.run_command import KINDS, action_of
from fs_app.store.audit_pages import Filters
from fs_app.store.inbox import COMMANDS, CommandInbox, Request
from fs_app.store.site_settings import SiteSettings
from tests.unit.valkey import running_valkey
from web.actions import ACTIONS

from .every_address import addresses
from .floor_documents import META, queue, supervision
from .running_panel import ADMIN, Browser, Site, until

SALES = "sales@d"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", extensions=("9001",), agent="1009@d")
        site.account("ippan", "user", agent="1001@d")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.publish_all(META, queue=[queue(SALES)])
        site.redis.set("sasayaki:alive", b"{}")
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def sv(site: Site) -> Browser:
    return site.log_in("sv")


STATUS = {"agent": "1001@d", "status": "away", "since": 5.0, "after_call": None}
HAND = {"agent": "1001@d", "since": 5.0}
PRIORITY = {"agent": "1001@d", "queue": SALES, "priority": 7, "before": 3, "until": None}
PRIORITY |= {"before_until": None, "before_then": None}
STARTED = {"id": "s1", "state": "ringing"}
CHANGED = {"id": "s1", "agent": "1001@d", "mode": "whisper", "state": "listening", "cause": None, "since": 3.0}
FORESEEN: dict[str, Any] = {"queue": SALES, "waiting": 0, "tier_rules": False, "now": {}, "after": None}
CALLS = [
    ("PUT", "/agents/1001@d/status", {"status": "away", "queue": SALES, "reason": "会議"}, "status.set", STATUS, 200),
    ("DELETE", f"/agents/1001@d/after-call?queue={SALES}", None, "after_call.cancel", STATUS, 200),
    ("DELETE", f"/agents/1001@d/wrap-up?queue={SALES}", None, "wrap_up.end", STATUS, 200),
    ("PUT", "/agents/1001@d/hand", None, "hand.raise", HAND, 200),
    ("DELETE", f"/agents/1001@d/hand?queue={SALES}", None, "hand.lower", HAND | {"since": None}, 200),
    (
        "PUT",
        "/agents/1001@d/terminal",
        {"kind": "extension", "number": "1001"},
        "terminal.set",
        {
            "agent": "1001@d",
            "kind": "extension",
            "number": "1001",
            "extension": "1001",
            "delay_s": None,
            "confirm": True,
        },
        200,
    ),
    ("PUT", f"/queues/{SALES}/agents/1001@d/priority", {"priority": 7}, "priority.set", PRIORITY, 200),
    ("GET", f"/queues/{SALES}/forecast?agent=1001@d&priority=3", None, "queue.foresee", FORESEEN, 200),
    (
        "POST",
        "/supervisions",
        {"agent": "1001@d", "mode": "monitor", "extension": "9001", "queue": SALES},
        "supervision.start",
        STARTED,
        201,
    ),
    ("PATCH", "/supervisions/s1", {"mode": "whisper"}, "supervision.mode", CHANGED, 200),
    ("POST", "/supervisions/s1/take-over", None, "supervision.take_over", CHANGED, 200),
    ("DELETE", "/supervisions/s1", None, "supervision.stop", CHANGED, 204),
    ("POST", "/call-backs", {"number": "03-1234-5678"}, "call_back.start", {"id": "c1", "state": "ringing_you"}, 201),
    ("DELETE", "/call-backs/c1", None, "call_back.cancel", {"id": "c1", "state": "ended"}, 204),
]


@pytest.mark.parametrize(("method", "path", "body", "kind", "result", "status"), CALLS)
def test_command_reaches_the_controller_with_its_actor_and_brings_the_answer_back(
    site: Site, sv: Browser, method, path, body, kind, result, status
):
    taken: list[Request] = []

    def answer(request: Request, inbox: CommandInbox) -> None:
        taken.append(request)
        inbox.confirm(request, result)

    with site.controller(answer):
        told = sv.request(method, "/api/v1" + path, body)
    assert told[0] == status, told
    assert told[1] == (result if status != 204 else b"")
    request = taken[0]
    assert request.kind == kind
    assert (request.actor.login, request.actor.role, request.actor.agent) == ("sv", "supervisor", "1009@d")
    assert (request.actor.grants, request.actor.extensions) == ({SALES: "edit"}, ("9001",))
    assert (request.actor.source, request.actor.address) == ("panel", "127.0.0.1")
    assert request.request_id == told[2]["X-Request-Id"]
    assert 0 < request.deadline - time.time() <= 6


@pytest.mark.parametrize(
    ("error", "cause", "status"),
    [
        ("permission_denied", None, 403),
        ("queue_not_selected", None, 403),
        ("unknown_agent", None, 404),
        ("agent_in_call", None, 409),
        ("status_not_selectable", None, 422),
        ("switch_refused", "USER_BUSY", 502),
        ("switch_unavailable", None, 503),
        ("unconfirmed", None, 504),
    ],
)
def test_refusal_of_the_controller_is_passed_on(site: Site, sv: Browser, error: str, cause: str | None, status: int):
    with site.controller(lambda request, inbox: inbox.refuse(request, error, cause)):
        told = sv.request("PUT", "/api/v1/agents/1001@d/status", {"status": "away"})
    assert (told[0], told[1]["id"], told[1]["cause"]) == (status, error, cause)
    assert told[2]["Content-Type"] == "application/problem+json"


def test_command_when_no_controller_runs_is_refused_at_once(site: Site, sv: Browser):
    site.redis.delete("sasayaki:alive")
    began = time.monotonic()
    told = sv.request("PUT", "/api/v1/agents/1001@d/status", {"status": "away"})
    site.redis.set("sasayaki:alive", b"{}")
    assert (told[0], told[1]["id"]) == (503, "switch_unavailable")
    assert time.monotonic() - began < 2
    assert site.redis.llen(COMMANDS) == 0


def test_command_when_nobody_answers_is_unconfirmed(site: Site, sv: Browser):
    told = sv.request("PUT", "/api/v1/agents/1001@d/status", {"status": "away"})
    site.redis.delete(COMMANDS)
    assert (told[0], told[1]["id"]) == (504, "unconfirmed")


@pytest.mark.parametrize("value", [0, 16, -1, "3", 3.5, None, True, "", "三", [], 10**30])
def test_c5_priority_that_is_none_is_refused_before_anybody_is_asked(site: Site, sv: Browser, value: object):
    told = sv.request("PUT", f"/api/v1/queues/{SALES}/agents/1001@d/priority", {"priority": value})
    assert (told[0], told[1]["id"]) == (422, "priority_out_of_range")
    assert site.redis.llen(COMMANDS) == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("PUT", "/agents/1001@d/status", {}, "invalid_request"),
        ("PUT", "/agents/1001@d/status", {"status": 5}, "status_not_selectable"),
        ("PUT", "/agents/1001@d/status", {"status": "away", "force": True}, "invalid_request"),
        ("PUT", "/agents/1001@d/status", {"status": "away", "reason": "a\nb"}, "invalid_request"),
        ("PUT", "/agents/1001@d/status", {"status": "away", "queue": "a b"}, "invalid_request"),
        ("PUT", "/agents/1001@d/status", {"status": "away", "after_call": 1}, "invalid_request"),
        ("PUT", f"/queues/{SALES}/agents/1001@d/priority", {}, "invalid_request"),
        ("PUT", f"/queues/{SALES}/agents/1001@d/priority", {"priority": 3, "until": "x"}, "invalid_request"),
        ("PUT", "/agents/1001@d/terminal", {"kind": "extension", "number": ""}, "invalid_number"),
        ("PUT", "/agents/1001@d/terminal", {"kind": "fax", "number": "1"}, "invalid_request"),
        ("POST", "/supervisions", {"agent": "1001@d", "mode": "spy", "extension": "9001"}, "invalid_request"),
        ("POST", "/supervisions", {"agent": "1001@d", "mode": "monitor", "extension": "9001;x"}, "invalid_number"),
        ("POST", "/supervisions", {"agent": "1001@d", "mode": "monitor", "extension": 9001}, "invalid_number"),
        ("POST", "/supervisions", {"agent": "1001@d", "mode": "monitor"}, "invalid_request"),
        ("PATCH", "/supervisions/s1", {"mode": None}, "invalid_request"),
        ("POST", "/call-backs", {"number": ""}, "invalid_number"),
        ("POST", "/call-backs", {"number": 312345678}, "invalid_number"),
        ("POST", "/call-backs", {"number": "0312345678", "agent": "1002@d"}, "invalid_request"),
        ("POST", "/call-backs", {}, "invalid_request"),
    ],
)
def test_command_that_is_not_well_formed_is_refused_before_anybody_is_asked(
    site: Site, sv: Browser, method, path, body, error
):
    told = sv.request(method, "/api/v1" + path, body)
    assert (told[0], told[1]["id"]) == (422, error)
    assert site.redis.llen(COMMANDS) == 0


def test_user_may_ask_for_his_own_status_and_for_nothing_of_management(site: Site):
    user = site.log_in("ippan")
    with site.controller(lambda request, inbox: inbox.confirm(request, STATUS)):
        assert user.request("PUT", "/api/v1/agents/1001@d/status", {"status": "away"})[0] == 200
        for method, path, body in (
            ("PUT", f"/api/v1/queues/{SALES}/agents/1001@d/priority", {"priority": 3}),
            ("POST", "/api/v1/supervisions", {"agent": "1001@d", "mode": "monitor", "extension": "9001"}),
            ("GET", "/api/v1/supervisions", None),
            ("GET", "/api/v1/board", None),
        ):
            told = user.request(method, path, body)
            assert (told[0], told[1]["id"]) == (403, "permission_denied")
    rows = site.audit.page(Filters(login="ippan", outcome="failed")).rows
    assert {row["command"] for row in rows} >= {"agent.set_priority", "supervision.start", "board.read"}


def test_supervisions_are_listed_and_read_as_far_as_one_may_see_them(site: Site, sv: Browser):
    rows = [supervision("s1", "1001@d", [SALES], "sv"), supervision("s2", "1001@d", ["other@d"], "other")]
    site.publish(supervision=rows)
    until(lambda: sv.get("/api/v1/supervisions")["supervisions"], "the panel has read them")
    listed = sv.get("/api/v1/supervisions")
    assert ([(s["id"], s["mine"]) for s in listed["supervisions"]], listed["next"]) == ([("s1", True)], None)
    assert sv.get("/api/v1/supervisions/s1")["state"] == "listening"
    assert sv.request("GET", "/api/v1/supervisions/s2")[1]["id"] == "unknown_supervision"
    assert {s["id"] for s in site.log_in("admin").get("/api/v1/supervisions")["supervisions"]} == {"s1", "s2"}


def test_supervision_when_read_right_after_it_was_made_is_waited_for(site: Site, sv: Browser):
    """The answer of the controller overtakes its change in the stream."""
    import threading

    late = threading.Timer(0.05, lambda: site.publish(supervision=[supervision("s7", "1001@d", [SALES], "sv")]))
    late.start()
    assert sv.get("/api/v1/supervisions/s7")["id"] == "s7"
    late.join()


@pytest.mark.parametrize("login", ["admin", "sv", "ippan"])
def test_each_role_opens_exactly_its_own_routes(site: Site, app: Flask, login: str):
    role = {"admin": "administrator", "sv": "supervisor", "ippan": "user"}[login]
    site.redis.delete("sasayaki:alive")
    SiteSettings(site.database, site.audit).change({"agents_see_listening": True}, ADMIN)
    own = site.accounts.get(login).agent or "1001@d"
    browser = site.log_in(login)
    for method, address, action in addresses(app):
        path = address.replace("/agents/x", f"/agents/{own}").replace("/queues/x", f"/queues/{SALES}")
        if ACTIONS[action].public or path.endswith("/stream") or action in ("session.end", "own.end_session"):
            continue
        status, body, _ = browser.request(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
        if role in ACTIONS[action].roles:
            assert status not in (401, 403, 500), (method, path, body)
        else:
            assert status == 403, (method, path, body)
    site.redis.set("sasayaki:alive", b"{}")


def test_audit_of_a_site_is_whole_after_all_that(site: Site):
    assert site.audit.verify() is None


def test_each_command_has_one_name_in_the_audit_that_of_its_action():
    assert {action_of(kind) for kind in KINDS} <= set(ACTIONS)

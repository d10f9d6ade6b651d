"""Queues' settings: who may change them, and that everybody is told."""

from __future__ import annotations

from typing import Any

import pytest

from fs_app.store.audit_pages import Filters
from tests.unit.web.floor_documents import SALES, SUPPORT
from tests.unit.web.floor_settings.announced import heard
from tests.unit.web.running_panel import Browser, Site


def test_queues_are_those_that_one_may_see(admin: Browser, sv: Browser, running: Site):
    listed = sv.get("/api/v1/queues")["queues"]
    assert [(q["queue"], q["right"], q["may_change"]) for q in listed] == [
        (SALES, "edit", True),
        (SUPPORT, "view", False),
    ]
    assert [q["queue"] for q in admin.get("/api/v1/queues")["queues"]] == ["hidden@d", SALES, SUPPORT]
    assert running.log_in("ippan").request("GET", "/api/v1/queues")[0] == 403


SETTINGS = {"label": "営業", "wrap_up_s": 30, "monitor_notice": True, "whisper_notice": False}


def test_queue_settings_when_changed_hold_and_are_told_to_everybody(running: Site, sv: Browser, admin: Browser):
    path = f"/api/v1/queues/{SALES}/settings"
    first = sv.get(path)
    assert (first["label"], first["wrap_up_s"], first["set_at"], first["may_change"]) == (None, None, None, True)
    stream = sv.stream()
    stream.next()
    told: list[Any] = []
    assert heard(running, lambda: told.append(sv.request("PUT", path, SETTINGS))) == ["queues"]
    status, body, _ = told[0]
    assert status == 200
    assert {name: body[name] for name in SETTINGS} == SETTINGS
    assert body["set_by"] == "sv"
    assert sv.get(path) == body
    labels = {q["queue"]: q["label"] for q in stream.next("snapshot").data["queues"]}
    assert labels[SALES] == "営業"
    stream.close()
    assert heard(running, lambda: sv.request("PUT", path, SETTINGS)) == [], "already so"
    rows = running.audit.page(Filters(command="queue.change_settings", outcome="confirmed")).rows
    assert [(row["login"], row["queue"], row["args"]) for row in rows] == [("sv", SALES, SETTINGS)]
    other = {"label": None, "wrap_up_s": None, "monitor_notice": False, "whisper_notice": False}
    assert admin.request("PUT", path, other)[1]["label"] is None


def test_queue_settings_for_outside_phones_hold_and_stay_where_they_are_left_out(admin: Browser):
    path = f"/api/v1/queues/{SALES}/settings"
    outside = {"number": "0312340000", "missed_after": 5, "missed_status": "on_break"}
    first = admin.get(path)
    assert (first["number"], first["missed_after"], first["missed_status"]) == (None, 3, "away")
    assert admin.request("PUT", path, SETTINGS | outside)[0] == 200
    told = admin.request("PUT", path, SETTINGS | {"label": "Sales"})[1]
    assert {name: told[name] for name in outside} == outside
    assert admin.request("PUT", path, SETTINGS | {"missed_status": None})[1]["missed_status"] is None
    for wrong in ({"number": "03-1234"}, {"missed_after": 0}, {"missed_status": "ringing"}, {"missed_status": "${x}"}):
        assert admin.request("PUT", path, SETTINGS | wrong)[1]["id"] == "invalid_request"


@pytest.mark.parametrize(
    ("who", "target", "method", "status", "error"),
    [
        ("sv", SUPPORT, "GET", 200, None),
        ("sv", SUPPORT, "PUT", 403, "permission_denied"),
        ("sv", "hidden@d", "GET", 403, "permission_denied"),
        ("sv", "hidden@d", "PUT", 403, "permission_denied"),
        ("sv", "nonsense@d", "PUT", 403, "permission_denied"),
        ("admin", "nonsense@d", "GET", 404, "unknown_queue"),
        ("admin", "nonsense@d", "PUT", 404, "unknown_queue"),
        ("admin", "a%20b", "PUT", 422, "invalid_request"),
        ("ippan", SALES, "GET", 403, "permission_denied"),
        ("ippan", SALES, "PUT", 403, "permission_denied"),
    ],
)
def test_queue_settings_are_refused_without_the_right(running: Site, who, target, method, status, error):
    body = SETTINGS if method == "PUT" else None
    told = running.log_in(who).request(method, f"/api/v1/queues/{target}/settings", body)
    assert (told[0], told[1].get("id")) == (status, error)
    if error == "permission_denied" and method == "PUT":
        assert running.audit.page(Filters(outcome="failed")).rows[0]["command"] == "queue.change_settings"


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"label": "a\nb"},
        {"wrap_up_s": -1},
        {"wrap_up_s": 3601},
        {"wrap_up_s": "30"},
        {"wrap_up_s": 1.5},
        {"monitor_notice": None},
        {"monitor_notice": 1},
        {"other": 1},
    ],
    ids=str,
)
def test_queue_settings_that_cannot_be_are_refused(sv: Browser, wrong: dict[str, Any]):
    before = sv.get(f"/api/v1/queues/{SALES}/settings")
    told = sv.request("PUT", f"/api/v1/queues/{SALES}/settings", SETTINGS | wrong)
    assert (told[0], told[1]["id"]) == (422, "invalid_request")
    missing = {name: value for name, value in SETTINGS.items() if name not in wrong}
    assert sv.request("PUT", f"/api/v1/queues/{SALES}/settings", missing)[0] == (422 if len(missing) < 4 else 200)
    assert len(missing) == 4 or sv.get(f"/api/v1/queues/{SALES}/settings") == before

"""Own statuses: defined, changed and retired by administrators. They reach open boards at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from fs_app.store.audit_pages import Filters
from tests.unit.web.floor_documents import SALES, agent, call
from tests.unit.web.running_panel import Browser, Site, until
from web.statuses.schemas import COLORS, SHAPES

LUNCH = {
    "code": "lunch",
    "name_ja": "昼食",
    "name_en": "Lunch",
    "color": "amber",
    "shape": "star",
    "switch_status": "On Break",
    "agents_may_choose": False,
    "limit_min": 60,
}


def test_status_when_defined_changed_and_retired_is_on_every_board_within_a_second_or_two(
    running: Site, admin: Browser, sv: Browser
):
    stream = sv.stream()
    stream.next()
    made = admin.request("POST", "/api/v1/statuses", LUNCH)
    assert (made[0], made[1]) == (201, LUNCH | {"retired": False, "built_in": False})
    assert stream.next().data == {"reason": "new_names"}
    choice = stream.next("snapshot").data["statuses"][-1]
    assert (choice["code"], choice["label"], choice["shape"], choice["color"]) == ("lunch", "昼食", "star", "amber")
    assert (choice["own"], choice["limit_min"], choice["selectable"]) == (False, 60, True)
    user = running.log_in("ippan")
    assert "lunch" not in {one["code"] for one in user.get("/api/v1/session/agent")["statuses"]}

    lunch = agent("1001@d", {SALES: 1}, code="lunch") | {"chosen": "lunch"}
    running.publish(agent=[lunch])
    row = stream.next().data["agents"][0]
    assert (row["status"]["label"], row["status"]["over_at"]) == ("昼食", row["status"]["since"] + 3600)

    changed = admin.request("PATCH", "/api/v1/statuses/lunch", {"limit_min": None, "name_ja": "昼休み", "color": "red"})
    assert changed[1] == made[1] | {"limit_min": None, "name_ja": "昼休み", "color": "red"}
    row = stream.next("snapshot").data["agents"][0]
    assert (row["status"]["label"], row["status"]["color"], row["status"]["over_at"]) == ("昼休み", "red", None)

    assert admin.request("DELETE", "/api/v1/statuses/lunch")[0] == 204
    snapshot = stream.next("snapshot").data
    assert "lunch" not in {one["code"] for one in snapshot["statuses"]}
    shown = snapshot["agents"][0]["status"]
    assert (shown["label"], shown["shape"]) == ("昼休み", "star"), "whoever is in it keeps it"
    assert admin.request("PATCH", "/api/v1/statuses/lunch", {"retired": False})[1]["retired"] is False
    assert "lunch" in {one["code"] for one in stream.next("snapshot").data["statuses"]}
    stream.close()
    commands = [row["command"] for row in running.audit.page(Filters(login="admin")).rows[:4]]
    assert commands == ["status.change", "status.retire", "status.change", "status.add"]


def test_limit_of_a_status_is_no_limit_of_calls_and_of_the_automatic_wrap_up(running: Site, admin: Browser):
    admin.request("POST", "/api/v1/statuses", LUNCH | {"code": "short", "switch_status": "Available", "limit_min": 1})
    until(lambda: "short" in {s["code"] for s in admin.get("/api/v1/board")["statuses"]}, "the panel knows it")
    own = {"chosen": "short"}
    documents = [
        agent("1001@d", {SALES: 1}, code="short") | own,
        agent("1002@d", {SALES: 1}, code="queue_call", call=call(SALES)) | own,
        agent("1003@d", {SALES: 1}, code="wrap_up") | own | {"until": 200.0},
        agent("1004@d", {SALES: 1}, code="available"),
    ]
    seq = running.publish(agent=documents)
    until(lambda: admin.get("/api/v1/board")["seq"] == seq, "the panel has read them")
    rows = {row["agent"]: row["status"]["over_at"] for row in admin.get("/api/v1/board")["agents"]}
    assert rows == {"1001@d": 160.0, "1002@d": None, "1003@d": None, "1004@d": None}
    running.publish(gone={"agent": ["1002@d", "1003@d", "1004@d"]}, agent=[agent("1001@d", {SALES: 1})])


def test_statuses_are_listed_with_the_built_in_ones_which_cannot_be_changed(admin: Browser):
    listed = admin.get("/api/v1/statuses")["statuses"]
    built_in = [one["code"] for one in listed if one["built_in"]]
    assert built_in == ["available", "wrap_up", "on_break", "away", "logged_out"]
    for code in ("available", "ringing", "nonsense"):
        for method, body in (("PATCH", {"color": "red"}), ("DELETE", None)):
            told = admin.request(method, f"/api/v1/statuses/{code}", body)
            assert (told[0], told[1]["id"]) == (404, "unknown_status_code")


@pytest.mark.parametrize("code", ["available", "ringing", "queue_call", "twice"])
def test_status_whose_code_is_taken_is_refused(admin: Browser, code: str):
    admin.request("POST", "/api/v1/statuses", LUNCH | {"code": "twice"})
    told = admin.request("POST", "/api/v1/statuses", LUNCH | {"code": code})
    assert (told[0], told[1]["id"]) == (409, "status_code_taken")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Lunch"},
        {"code": "x\n"},
        {"code": ""},
        {"code": "a" * 41},
        {"name_ja": ""},
        {"name_en": "x" * 61},
        {"name_en": "a\x00b"},
        {"color": "#fff"},
        {"shape": "<svg>"},
        {"switch_status": "on break"},
        {"switch_status": "Available'; drop"},
        {"limit_min": 0},
        {"limit_min": "60"},
        {"limit_min": True},
        {"agents_may_choose": 1},
        {"position": 3},
    ],
    ids=str,
)
def test_status_that_cannot_be_is_refused_and_nothing_is_written(running: Site, admin: Browser, wrong: dict[str, Any]):
    before = admin.get("/api/v1/statuses")
    told = admin.request("POST", "/api/v1/statuses", LUNCH | {"code": "fresh"} | wrong)
    assert (told[0], told[1]["id"]) == (422, "invalid_request")
    if "code" not in wrong and "position" not in wrong:
        told = admin.request("PATCH", "/api/v1/statuses/twice", wrong)
        assert (told[0], told[1]["id"]) == (422, "invalid_request")
    assert admin.get("/api/v1/statuses") == before


def test_status_changes_at_once_are_all_kept(running: Site, admin: Browser):
    admin.request("POST", "/api/v1/statuses", LUNCH | {"code": "busy"})
    fields = {"name_ja": "新", "name_en": "New", "color": "blue", "shape": "plus", "limit_min": 5}
    threads = [
        threading.Thread(target=admin.request, args=("PATCH", "/api/v1/statuses/busy", {name: value}))
        for name, value in fields.items()
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    row = next(one for one in admin.get("/api/v1/statuses")["statuses"] if one["code"] == "busy")
    assert {name: row[name] for name in fields} == fields
    assert running.audit.verify() is None


def test_every_look_that_a_status_may_have_is_one_that_the_pages_know():
    from pathlib import Path

    front = Path(__file__).parents[4] / "web" / "frontend" / "src"
    shapes = (front / "view" / "shapes.ts").read_text(encoding="utf-8")
    colors = (front / "styles" / "tokens.css").read_text(encoding="utf-8")
    for name in SHAPES:
        assert f"  {name}:" in shapes or f'  "{name}":' in shapes, name
    for name in COLORS:
        assert f'[data-color="{name}"]' in colors, name

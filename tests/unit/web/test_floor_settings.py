"""What administrators set for the floor: own statuses, queues' settings, the site. It reaches open boards at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from fs_app.store.audit_pages import Filters
from tests.unit.valkey import running_valkey
from web.statuses.schemas import COLORS, SHAPES

from .floor_documents import META, agent, call, queue
from .running_panel import ADMIN, Browser, Site, until

SALES, SUPPORT = "sales@d", "support@d"
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


def heard(site: Site, act: Any) -> list[str]:
    """What is announced on the channel of settings while ``act`` runs."""
    channel = site.redis.pubsub(ignore_subscribe_messages=True)
    channel.subscribe("sasayaki:settings")
    channel.get_message(timeout=1)
    act()
    found = []
    while message := channel.get_message(timeout=0.3):
        found.append(message["data"].decode())
    channel.close()
    return found


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

    front = Path(__file__).parents[3] / "web" / "frontend" / "src"
    shapes = (front / "view" / "shapes.ts").read_text(encoding="utf-8")
    colors = (front / "styles" / "tokens.css").read_text(encoding="utf-8")
    for name in SHAPES:
        assert f"  {name}:" in shapes or f'  "{name}":' in shapes, name
    for name in COLORS:
        assert f'[data-color="{name}"]' in colors, name


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


def test_site_is_for_administrators_and_a_change_is_audited(running: Site, admin: Browser, sv: Browser):
    told_first = admin.get("/api/v1/site")
    assert (told_first["agents_see_listening"], told_first["dial_waive_inside"]) == (False, False)
    told: list[Any] = []
    assert heard(
        running, lambda: told.append(admin.request("PUT", "/api/v1/site", {"agents_see_listening": True}))
    ) == ["site"]
    assert told[0][1] == told_first | {"agents_see_listening": True}, "what is left out stays"
    assert running.log_in("ippan").get("/api/v1/session/agent")["listened"] is True
    assert admin.request("PUT", "/api/v1/site", {"agents_see_listening": "yes"})[1]["id"] == "invalid_request"
    assert sv.request("GET", "/api/v1/site")[0] == 403
    assert sv.request("PUT", "/api/v1/site", {"agents_see_listening": False})[0] == 403
    rows = running.audit.page(Filters(command="site.change", outcome="confirmed")).rows
    assert [(row["login"], row["args"]) for row in rows] == [("admin", {"agents_see_listening": True})]
    assert json.dumps(running.audit.page(Filters(command="site.change", outcome="failed")).rows[0]["login"]) == '"sv"'


def test_outside_numbers_are_written_in_one_form_and_a_change_is_audited(running: Site, admin: Browser, sv: Browser):
    wish = {
        "centre_number": "０３－9876－5432",
        "own_numbers": ["03-5555-6666", "+81 3 5555 7777"],
        "outside_allow": "+8190, +8180",
    }
    kept = {
        "centre_number": "0398765432",
        "own_numbers": ["0355556666", "+81355557777"],
        "outside_allow": "+8190,+8180",
    }
    status, told, _ = admin.request("PUT", "/api/v1/site", wish)
    assert (status, {name: told[name] for name in kept}) == (200, kept)
    rows = running.audit.page(Filters(command="site.change", outcome="confirmed")).rows
    assert (rows[0]["login"], rows[0]["args"]) == ("admin", kept)
    assert sv.request("PUT", "/api/v1/site", wish)[0] == 403
    for wrong in (
        {"centre_number": "Tanaka"},
        {"own_numbers": ["0312345678", "x"]},
        {"own_numbers": "0312345678"},
        {"outside_allow": "0312"},
        {"outside_allow": "all"},
        {"outside_allow": "+8190;+1"},
    ):
        assert admin.request("PUT", "/api/v1/site", wrong)[1]["id"] == "invalid_request", wrong
    assert admin.request("PUT", "/api/v1/site", {"centre_number": "", "own_numbers": [], "outside_allow": ""})[0] == 200


def test_site_when_it_says_which_number_outside_phones_show_then_one_of_three(admin: Browser):
    first = admin.get("/api/v1/site")
    assert (first["outside_caller_id"], first["outside_rounds"], first["outside_pause_s"]) == ("caller", 3, 2)
    wish = {"outside_caller_id": "queue", "outside_rounds": 5, "outside_pause_s": 1}
    assert admin.request("PUT", "/api/v1/site", wish)[1] == first | wish
    for wrong in ({"outside_caller_id": "0312345678"}, {"outside_rounds": 6}, {"outside_pause_s": 0}):
        assert admin.request("PUT", "/api/v1/site", wrong)[1]["id"] == "invalid_request"

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from redis import Redis

from fs_app.store.audit_pages import Filters
from fs_app.store.dial_logins import DialLogins
from web.services import Services

NEW = {
    "login": "sato",
    "name": "佐藤 花子",
    "role": "supervisor",
    "locale": "ja",
    "agent": "1001@default",
    "extensions": ["9001", "9002"],
    "password": "given by admin",
}


def test_account_when_made_is_shown_and_must_change_its_password(admin: FlaskClient, log_in, services: Services):
    answer = admin.post("/api/v1/accounts", json=NEW)
    assert answer.status_code == 201
    shown = answer.json
    assert {k: shown[k] for k in NEW if k != "password"} == {k: v for k, v in NEW.items() if k != "password"}
    assert (shown["must_change_password"], shown["disabled"], shown["grants"]) == (True, False, {})
    assert "given by admin" not in answer.text
    dialled = shown.pop("dial_password")
    assert DialLogins(services.database).check(shown["dial_id"], dialled) == "sato"
    assert admin.get("/api/v1/accounts/sato").json == shown
    assert log_in("sato", "given by admin").get("/api/v1/session/tokens").json["id"] == "password_change_needed"
    assert services.audit.page(Filters(command="account.add")).rows[0]["login"] == "admin"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"login": "SV"}, 409, "login_taken"),
        ({"login": "two words"}, 422, "invalid_request"),
        ({"login": ""}, 422, "invalid_request"),
        ({"login": "a/b"}, 422, "invalid_request"),
        ({"name": "line\nbreak"}, 422, "invalid_request"),
        ({"name": "   "}, 422, "invalid_request"),
        ({"role": "root"}, 422, "invalid_request"),
        ({"extensions": ["90a1"]}, 422, "invalid_request"),
        ({"extensions": "9001"}, 422, "invalid_request"),
        ({"extensions": ["９００１"]}, 422, "invalid_request"),
        ({"extensions": ["9001;api"]}, 422, "invalid_request"),
        ({"agent": "a b"}, 422, "invalid_request"),
        ({"agent": "${api(x)}"}, 422, "invalid_request"),
        ({"password": "short"}, 422, "invalid_request"),
        ({"disabled": True}, 422, "invalid_request"),
    ],
)
def test_account_when_it_cannot_be_is_refused(admin: FlaskClient, changes, status: int, error: str):
    answer = admin.post("/api/v1/accounts", json=NEW | changes)
    assert (answer.status_code, answer.json["id"]) == (status, error)
    assert admin.get("/api/v1/accounts/sato").status_code == 404


def test_agent_of_another_account_cannot_be_taken(admin: FlaskClient):
    admin.post("/api/v1/accounts", json=NEW)
    assert admin.patch("/api/v1/accounts/sv", json={"agent": "1001@default"}).json["id"] == "agent_taken"
    assert admin.patch("/api/v1/accounts/sato", json={"agent": None}).json["agent"] is None
    assert admin.patch("/api/v1/accounts/sv", json={"agent": "1001@default"}).status_code == 200


def test_accounts_are_listed_in_pages(admin: FlaskClient):
    first = admin.get("/api/v1/accounts?limit=2").json
    assert [a["login"] for a in first["accounts"]] == ["admin", "ippan"]
    second = admin.get(f"/api/v1/accounts?limit=2&cursor={first['next']}").json
    assert ([a["login"] for a in second["accounts"]], second["next"]) == (["sv"], None)


def test_account_when_changed_keeps_what_was_left_out(admin: FlaskClient, services: Services):
    admin.post("/api/v1/accounts", json=NEW)
    answer = admin.patch("/api/v1/accounts/sato", json={"name": "佐藤", "extensions": []})
    assert (answer.json["name"], answer.json["extensions"], answer.json["role"]) == ("佐藤", [], "supervisor")
    args = services.audit.page(Filters(command="account.change")).rows[0]["args"]
    assert args == {"login": "sato", "name": "佐藤", "extensions": []}


@pytest.mark.parametrize("change", [{"name": None}, {"role": None}, {"login": "x"}, {"disabled": 1}, {"grants": {}}])
def test_account_when_the_change_is_wrong_stays(admin: FlaskClient, change):
    before = admin.get("/api/v1/accounts/sv").json
    assert admin.patch("/api/v1/accounts/sv", json=change).json["id"] == "invalid_request"
    assert admin.get("/api/v1/accounts/sv").json == before


def test_account_when_given_a_new_password_is_logged_out_and_must_change_it(admin: FlaskClient, log_in):
    sv = log_in("sv")
    assert admin.patch("/api/v1/accounts/sv", json={"password": "given by admin"}).json["must_change_password"] is True
    assert sv.get("/api/v1/session").status_code == 401


def test_account_when_disabled_is_logged_out_at_once(admin: FlaskClient, log_in):
    sv = log_in("sv")
    assert admin.patch("/api/v1/accounts/sv", json={"disabled": True}).json["disabled"] is True
    assert sv.get("/api/v1/session").status_code == 401


def test_account_when_demoted_loses_its_pages_in_the_running_session(admin: FlaskClient, log_in):
    sv = log_in("sv")
    assert sv.get("/monitor").status_code != 403
    admin.patch("/api/v1/accounts/sv", json={"role": "user"})
    assert sv.get("/monitor").status_code == 403


def test_account_when_removed_is_gone_with_its_sessions(admin: FlaskClient, log_in):
    sv = log_in("sv")
    assert admin.delete("/api/v1/accounts/sv").status_code == 204
    assert sv.get("/api/v1/session").status_code == 401
    assert admin.delete("/api/v1/accounts/sv").json["id"] == "unknown_account"
    assert admin.delete("/api/v1/accounts/admin").json["id"] == "last_administrator"


def test_grant_when_given_is_held_at_once_and_told_to_all_processes(admin: FlaskClient, log_in, redis: Redis):
    heard = redis.pubsub(ignore_subscribe_messages=True)
    heard.subscribe("sasayaki:accounts")
    heard.get_message(timeout=2)
    sv = log_in("sv")
    answer = admin.put("/api/v1/accounts/sv/grants/support@default", json={"right": "edit"})
    assert (answer.status_code, answer.json["grants"]) == (200, {"support@default": "edit"})
    assert sv.get("/api/v1/session").json["grants"] == {"support@default": "edit"}
    assert heard.get_message(timeout=2)["data"] == b"sv"
    admin.put("/api/v1/accounts/sv/grants/support@default", json={"right": "none"})
    assert sv.get("/api/v1/session").json["grants"] == {}


@pytest.mark.parametrize(
    ("path", "right", "error"),
    [
        ("nobody/grants/support@default", "edit", "unknown_account"),
        ("sv/grants/support@default", "delete", "invalid_request"),
        ("sv/grants/a%20b", "edit", "invalid_request"),
        ("sv/grants/%0Aa", "edit", "invalid_request"),
    ],
)
def test_grant_when_wrong_is_refused(admin: FlaskClient, path: str, right: str, error: str):
    assert admin.put(f"/api/v1/accounts/{path}", json={"right": right}).json["id"] == error
    assert admin.get("/api/v1/accounts/sv").json["grants"] == {}


def test_sessions_of_an_account_are_listed_and_ended_by_administrators(admin: FlaskClient, log_in):
    sv = log_in("sv")
    rows = admin.get("/api/v1/accounts/sv/sessions").json["sessions"]
    assert [row["present"] for row in rows] == [False]
    assert admin.delete(f"/api/v1/accounts/sv/sessions/{rows[0]['id']}").status_code == 204
    assert sv.get("/api/v1/session").status_code == 401
    assert admin.delete("/api/v1/accounts/sv/sessions/1").json["id"] == "unknown_session"


def test_log_in_of_an_account_named_in_japanese_works_whatever_its_width(admin: FlaskClient, log_in):
    admin.post("/api/v1/accounts", json=NEW | {"login": "ｻﾄｳ", "agent": None})
    assert log_in("サトウ", "given by admin").get("/api/v1/session").json["login"] == "ｻﾄｳ"

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.http import parse_cookie

from fs_app.floor.actor import Actor
from fs_app.panel import BehindProxy
from fs_app.store.account_rows import NewAccount
from fs_app.store.audit_pages import Filters
from web.services import Services

from .conftest import PASSWORD, Clock

ADMIN = Actor("admin", "administrator", "Admin")
CREDENTIALS = {"login": "sv", "password": PASSWORD}


def try_in(client: FlaskClient, login: str, password: str, **environ):
    return client.post("/api/v1/session", json={"login": login, "password": password}, **environ)


def secret_of(client: FlaskClient) -> str:
    return client.get_cookie("sasayaki_session").value


def test_log_in_when_right_tells_who_one_is_and_is_written_down(nobody: FlaskClient, services: Services):
    services.accounts.change("sv", {"extensions": ("9001", "9002"), "agent": "1001@default"}, ADMIN)
    services.accounts.grant("sv", "support@default", "edit", ADMIN)
    answer = nobody.post("/api/v1/session", json=CREDENTIALS)
    assert answer.status_code == 200
    told = answer.json
    assert (told["login"], told["name"], told["role"], told["locale"]) == ("sv", "name of sv", "supervisor", "ja")
    assert (told["extensions"], told["agent"]) == (["9001", "9002"], "1001@default")
    assert (told["grants"], told["practice"], told["must_change_password"]) == (
        {"support@default": "edit"},
        True,
        False,
    )
    assert nobody.get("/api/v1/session").json == told
    row = services.audit.page(Filters(command="session.start")).rows[0]
    assert (row["login"], row["outcome"], row["address"]) == ("sv", "confirmed", "127.0.0.1")


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(nobody: FlaskClient):
    header = nobody.post("/api/v1/session", json=CREDENTIALS).headers["Set-Cookie"]
    parts = {part.strip().lower() for part in header.split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert "secure" not in parts
    assert "domain" not in header.lower()


def test_cookie_over_tls_is_never_sent_without(nobody: FlaskClient):
    answer = nobody.post("/api/v1/session", json=CREDENTIALS, base_url="https://localhost")
    assert "; Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("login", "password"), [("sv", "not it"), ("nobody", PASSWORD), ("nobody", "secret"), ("sv", PASSWORD + " ")]
)
def test_log_in_when_wrong_says_not_what_was_wrong(nobody: FlaskClient, services: Services, login: str, password: str):
    answer = try_in(nobody, login, password)
    assert (answer.status_code, answer.json["id"]) == (401, "wrong_credentials")
    assert "Set-Cookie" not in answer.headers
    row = services.audit.page(Filters(command="session.start")).rows[0]
    assert (row["outcome"], row["cause"], row["login"]) == (
        "failed",
        "wrong_credentials",
        "sv" if login == "sv" else "",
    )
    assert password not in str(row)


def test_log_in_of_a_disabled_account_looks_like_a_wrong_password(nobody: FlaskClient, services: Services):
    services.accounts.change("sv", {"disabled": True}, ADMIN)
    assert try_in(nobody, "sv", PASSWORD).json["id"] == "wrong_credentials"


def test_log_in_whoever_it_is_looks_at_a_password_hash(nobody: FlaskClient, services: Services, monkeypatch):
    """Unknown logins must take as long as known ones: the same work, counted."""
    looked = []
    check = services.accounts._passwords._check
    monkeypatch.setattr(services.accounts._passwords, "_check", lambda *given: looked.append(given) or check(*given))
    for login in ("sv", "nobody"):
        try_in(nobody, login, "wrong")
    assert len(looked) == 2


def test_log_in_begins_a_new_session_and_ends_the_one_before(app: Flask, log_in):
    client = log_in("sv")
    before = secret_of(client)
    try_in(client, "sv", PASSWORD)
    assert secret_of(client) != before
    stale = app.test_client()
    stale.set_cookie("sasayaki_session", before)
    assert stale.get("/api/v1/session").status_code == 401


def test_log_in_with_a_planted_cookie_does_not_take_it(nobody: FlaskClient):
    nobody.set_cookie("sasayaki_session", "planted")
    try_in(nobody, "sv", PASSWORD)
    assert secret_of(nobody) != "planted"


def test_log_out_ends_the_session_on_the_server(app: Flask, log_in, services: Services):
    client = log_in("sv")
    secret = secret_of(client)
    answer = client.delete("/api/v1/session")
    assert answer.status_code == 204
    assert parse_cookie(answer.headers["Set-Cookie"])["sasayaki_session"] == ""
    stale = app.test_client()
    stale.set_cookie("sasayaki_session", secret)
    assert stale.get("/api/v1/session").status_code == 401
    assert client.delete("/api/v1/session").status_code == 401
    assert services.audit.page(Filters(command="session.end")).rows[0]["login"] == "sv"


def test_too_many_tries_on_an_account_close_it_for_a_while_also_for_the_right_password(
    nobody: FlaskClient, redis: Redis
):
    for _ in range(5):
        assert try_in(nobody, "sv", "wrong").status_code == 401
    answer = try_in(nobody, "SV", PASSWORD)
    assert (answer.status_code, answer.json["id"]) == (429, "too_many_attempts")
    assert 1 <= int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["Retry-After"] in answer.json["detail"]
    assert try_in(nobody, "admin", PASSWORD).status_code == 200, "other accounts are not touched"
    for key in redis.scan_iter("sasayaki:attempts:account:*"):
        redis.delete(key)  # the time is over
    assert try_in(nobody, "sv", PASSWORD).status_code == 200


def test_unknown_accounts_are_limited_like_known_ones(nobody: FlaskClient):
    statuses = [try_in(nobody, "no-such-person", "wrong").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_too_many_tries_from_an_address_close_it_for_a_while(nobody: FlaskClient):
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
    statuses = [try_in(nobody, f"login{n}", "wrong", **elsewhere).status_code for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2
    assert try_in(nobody, "sv", PASSWORD).status_code == 200, "another address is not touched"


def test_tries_from_one_ipv6_network_count_together(nobody: FlaskClient):
    def statuses(prefix: str) -> list[int]:
        return [
            try_in(nobody, f"login{prefix}{n}", "wrong", environ_base={"REMOTE_ADDR": f"{prefix}::{n:x}"}).status_code
            for n in range(21)
        ]

    assert statuses("2001:db8:1:1")[-1] == 429
    assert try_in(nobody, "sv", PASSWORD, environ_base={"REMOTE_ADDR": "2001:db8:1:2::1"}).status_code == 200


def test_tries_from_one_ipv4_address_close_no_other_where_one_socket_takes_both_kinds(app: Flask):
    app.wsgi_app = BehindProxy(app.wsgi_app, "127.0.0.1")  # type: ignore[method-assign]
    client = app.test_client()

    def status(login: str, password: str, address: str) -> int:
        return try_in(client, login, password, environ_base={"REMOTE_ADDR": f"::ffff:{address}"}).status_code

    assert [status(f"login{n}", "wrong", "192.0.2.9") for n in range(21)][-1] == 429
    assert status("sv", PASSWORD, "192.0.2.10") == 200


def test_right_passwords_are_no_tries(nobody: FlaskClient):
    for _ in range(25):
        assert try_in(nobody, "sv", PASSWORD).status_code == 200


def test_limit_holds_for_all_workers_together(services: Services):
    from web import create_app

    workers = [create_app(services).test_client() for _ in range(3)]
    statuses = [try_in(workers[n % 3], "sv", "wrong").status_code for n in range(6)]
    assert statuses == [401] * 5 + [429]


def test_log_in_when_redis_is_away_lets_nobody_in(without_redis: FlaskClient):
    answer = try_in(without_redis, "sv", PASSWORD)
    assert (answer.status_code, answer.json["id"]) == (503, "service_unavailable")


def test_session_when_idle_ends(supervisor: FlaskClient, clock: Clock):
    clock.now += 3599
    assert supervisor.get("/api/v1/session").status_code == 200
    clock.now += 3600
    assert supervisor.get("/api/v1/session").status_code == 401


def test_password_when_it_must_be_changed_opens_nothing_else(app: Flask, services: Services, log_in):
    services.accounts.add(NewAccount("new", "New", "administrator"), PASSWORD, ADMIN, must_change=True)
    client = log_in("new")
    assert client.get("/api/v1/session").json["must_change_password"] is True
    answer = client.get("/api/v1/accounts")
    assert (answer.status_code, answer.json["id"]) == (403, "password_change_needed")
    same = client.put("/api/v1/session/password", json={"current": PASSWORD, "password": PASSWORD})
    assert (same.status_code, same.json["id"]) == (422, "same_password"), "whoever made the account knows it"
    assert client.get("/api/v1/session").json["must_change_password"] is True
    changed = client.put("/api/v1/session/password", json={"current": PASSWORD, "password": "another long one"})
    assert (changed.status_code, changed.json["must_change_password"]) == (200, False)
    assert client.get("/api/v1/accounts").status_code == 200


def test_own_password_when_changed_ends_every_other_session_and_tells_all_processes(
    app: Flask, log_in, redis: Redis, services: Services
):
    heard = redis.pubsub(ignore_subscribe_messages=True)
    heard.subscribe("sasayaki:accounts")
    heard.get_message(timeout=2)
    here, elsewhere = log_in("sv"), log_in("sv")
    before = secret_of(here)
    answer = here.put("/api/v1/session/password", json={"current": PASSWORD, "password": "another long one"})
    assert answer.status_code == 200
    assert secret_of(here) != before
    assert here.get("/api/v1/session").status_code == 200
    assert elsewhere.get("/api/v1/session").status_code == 401
    assert heard.get_message(timeout=2)["data"] == b"sv"
    assert log_in("sv", "another long one").get("/api/v1/session").status_code == 200
    assert "another long one" not in str(services.audit.page(Filters()).rows)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"current": "wrong", "password": "another long one"}, "wrong_password"),
        ({"current": PASSWORD, "password": "elevenchars"}, "password_too_short"),
        ({"current": PASSWORD, "password": "x" * 2000}, "password_too_short"),
        ({"current": PASSWORD, "password": PASSWORD}, "same_password"),
        ({"current": "wrong again and again", "password": "wrong again and again"}, "wrong_password"),
        ({"current": PASSWORD}, "invalid_request"),
        ({"password": "another long one"}, "invalid_request"),
    ],
)
def test_own_password_when_the_change_is_wrong_stays(supervisor: FlaskClient, log_in, body: dict[str, str], error: str):
    answer = supervisor.put("/api/v1/session/password", json=body)
    assert (answer.status_code, answer.json["id"]) == (422, error)
    log_in("sv")


def test_own_password_cannot_be_guessed_in_a_stolen_session(supervisor: FlaskClient):
    body = {"current": "wrong", "password": "another long one"}
    statuses = [supervisor.put("/api/v1/session/password", json=body).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_own_sessions_are_listed_and_ended(log_in):
    here, elsewhere = log_in("sv"), log_in("sv")
    log_in("admin")
    listed = here.get("/api/v1/session/sessions").json
    assert [row["present"] for row in listed["sessions"]] == [False, True]
    assert listed["next"] is None
    other = listed["sessions"][0]["id"]
    assert here.delete(f"/api/v1/session/sessions/{other}").status_code == 204
    assert elsewhere.get("/api/v1/session").status_code == 401
    assert here.delete(f"/api/v1/session/sessions/{other}").json["id"] == "unknown_session"


def test_session_of_somebody_else_cannot_be_ended(log_in):
    admin, sv = log_in("admin"), log_in("sv")
    ident = admin.get("/api/v1/session/sessions").json["sessions"][0]["id"]
    assert sv.delete(f"/api/v1/session/sessions/{ident}").status_code == 404
    assert admin.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x", "days": 0},
        {"name": "x", "days": 400},
        {"name": "x", "role": "x"},
        {"name": "x", "actions": ["x"]},
    ],
)
def test_token_when_it_cannot_be_is_refused(supervisor: FlaskClient, body):
    assert supervisor.post("/api/v1/session/tokens", json=body).json["id"] == "invalid_request"
    assert supervisor.get("/api/v1/session/tokens").json == {"tokens": [], "next": None}


def test_token_is_shown_once_and_ends_by_itself(supervisor: FlaskClient, nobody: FlaskClient, clock: Clock):
    made = supervisor.post("/api/v1/session/tokens", json={"name": "nightly", "days": 1})
    assert made.status_code == 201
    listed = supervisor.get("/api/v1/session/tokens").json["tokens"]
    assert [row["name"] for row in listed] == ["nightly"]
    assert "token" not in listed[0]
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    clock.now += 86_399
    assert nobody.get("/api/v1/session", headers=bearer).status_code == 200
    clock.now += 1
    assert nobody.get("/api/v1/session", headers=bearer).status_code == 401
    assert supervisor.post("/api/v1/session/tokens", json={"name": "nightly"}).status_code == 401

"""The gate: closed unless opened."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from fs_app.store.audit_pages import Filters
from web import create_app
from web.access import RouteWithoutAction, require_actions, route
from web.actions import ACTIONS
from web.services import Services

from .every_address import addresses


def test_every_route_names_a_listed_action(app: Flask):
    assert len(addresses(app)) > 25
    assert {action for _, _, action in addresses(app)} <= set(ACTIONS)


def test_every_action_is_asked_for_by_a_route(app: Flask):
    assert set(ACTIONS) - {action for _, _, action in addresses(app)} == set()


def test_app_when_a_route_names_no_action_does_not_start(services: Services):
    app = create_app(services)
    app.add_url_rule("/open", "open", lambda: "hello")
    with pytest.raises(RouteWithoutAction):
        require_actions(app)


def test_route_when_its_action_is_not_listed_cannot_be_declared():
    with pytest.raises(RouteWithoutAction):
        route(Blueprint("x", __name__), "GET", "/x", action="x.read", summary="X")


def test_route_when_added_behind_the_gates_back_is_answered_by_nobody(services: Services):
    app = create_app(services)
    app.add_url_rule("/open", "open", lambda: "hello")
    assert app.test_client().get("/open").status_code == 500


def test_without_a_session_only_public_routes_open(app: Flask, nobody: FlaskClient):
    for method, path, action in addresses(app):
        status = nobody.open(path, method=method, json={} if method in ("POST", "PUT", "PATCH") else None).status_code
        if ACTIONS[action].public:
            assert status not in (401, 403), (method, path)
        else:
            assert status == 401, (method, path)


def test_a1_user_may_not_open_the_monitor(user: FlaskClient, supervisor: FlaskClient):
    answer = user.get("/monitor")
    assert answer.status_code == 403
    assert supervisor.get("/monitor").status_code != 403


def test_refused_try_is_written_down(user: FlaskClient, services: Services):
    answer = user.put("/api/v1/accounts/sv/grants/support@default", json={"right": "edit"})
    assert (answer.status_code, answer.json["id"]) == (403, "permission_denied")
    row = services.audit.page(Filters(command="account.grant")).rows[0]
    assert (row["login"], row["outcome"], row["cause"]) == ("ippan", "failed", "permission_denied")
    assert (row["queue"], row["args"]) == ("support@default", {"login": "sv"})
    assert row["request_id"] == answer.headers["X-Request-Id"] == answer.json["request_id"]
    assert services.accounts.get("sv").grants == {}


@pytest.mark.parametrize(
    ("body", "agent", "queue"),
    [
        ('{"agent": "1001@default", "extension": "9001", "queue": "s@d", "more": 1}', "1001@default", "s@d"),
        ('{"agent": "1001@default"}', "1001@default", ""),
        ('{"agent": ["1001@default"], "queue": {"of": "support@default"}}', "", ""),
        (f'{{"agent": "{"1" * 129}", "queue": "=cmd()|x"}}', "", ""),
        ('{"agent": "two words", "queue": "line\\nbreak"}', "", ""),
        ('["agent", "queue"]', "", ""),
        ("no json", "", ""),
        ("x" * 3_000_000, "", ""),
    ],
    ids=lambda given: str(given)[:30],
)
def test_d18_refused_try_upon_an_agent_of_the_body_names_agent_and_queue_and_nothing_else_of_it(
    user: FlaskClient, services: Services, body: str, agent: str, queue: str
):
    answer = user.post("/api/v1/supervisions", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["id"]) == (403, "permission_denied")
    row = services.audit.page(Filters(command="supervision.start")).rows[0]
    assert (row["agent"], row["queue"], row["args"]) == (agent, queue, {})


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://localhost:9"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_unsafe_request_of_another_site_is_refused(admin: FlaskClient, services, headers, allowed: bool):
    answer = admin.patch("/api/v1/session", json={"locale": "en"}, headers=headers)
    if allowed:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json["id"]) == (403, "cross_site")
    assert services.accounts.get("admin").locale == ("en" if allowed else "ja")


def test_every_unsafe_route_refuses_other_sites(app: Flask, log_in):
    client = log_in("admin")
    for method, path, _ in addresses(app):
        if method != "GET":
            answer = client.open(path, method=method, json={}, headers={"Sec-Fetch-Site": "cross-site"})
            assert (answer.status_code, answer.json["id"]) == (403, "cross_site"), (method, path)


def test_safe_request_from_a_link_on_another_site_is_answered(admin: FlaskClient):
    assert admin.get("/api/v1/session", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_token_when_sent_opens_what_its_owner_may(services: Services, nobody: FlaskClient, admin: FlaskClient):
    secret = admin.post("/api/v1/session/tokens", json={"name": "nightly"}).json["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    assert nobody.get("/api/v1/session", headers=bearer).json["login"] == "admin"
    assert nobody.get("/api/v1/accounts", headers=bearer).status_code == 200
    row = services.audit.page(Filters()).rows[0]
    assert nobody.put("/api/v1/accounts/sv/grants/q@d", json={"right": "view"}, headers=bearer).status_code == 200
    row = services.audit.page(Filters(command="account.grant")).rows[0]
    assert (row["who"], row["token"], row["login"]) == ("token", "nightly", "admin")


@pytest.mark.parametrize(
    ("narrowed", "status"),
    [
        ({}, 200),
        ({"role": "supervisor"}, 403),
        ({"queues": {"support@default": "edit"}}, 403),
        ({"actions": ["audit.read"]}, 403),
        ({"actions": ["account.read"]}, 200),
    ],
)
def test_token_when_narrowed_opens_less(nobody: FlaskClient, admin: FlaskClient, narrowed, status: int):
    secret = admin.post("/api/v1/session/tokens", json={"name": "nightly", **narrowed}).json["token"]
    answer = nobody.get("/api/v1/accounts", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == status


def test_token_cannot_change_passwords_or_make_tokens(nobody: FlaskClient, admin: FlaskClient):
    secret = admin.post("/api/v1/session/tokens", json={"name": "nightly"}).json["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    for method, path in (("POST", "/session/tokens"), ("PUT", "/session/password"), ("GET", "/session/sessions")):
        assert nobody.open("/api/v1" + path, method=method, json={}, headers=bearer).status_code == 403


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YWRtaW46eA==", "Bearer sasayaki_\u00e9", "x"])
def test_wrong_authorization_is_nobody_even_with_a_good_cookie(admin: FlaskClient, header: str):
    answer = admin.get("/api/v1/session", headers={"Authorization": header})
    assert (answer.status_code, answer.json["id"]) == (401, "not_logged_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_token_when_taken_back_opens_nothing(nobody: FlaskClient, admin: FlaskClient):
    made = admin.post("/api/v1/session/tokens", json={"name": "nightly"}).json
    assert admin.delete(f"/api/v1/session/tokens/{made['id']}").status_code == 204
    answer = nobody.get("/api/v1/session", headers={"Authorization": f"Bearer {made['token']}"})
    assert answer.status_code == 401
    assert admin.delete(f"/api/v1/session/tokens/{made['id']}").json["id"] == "unknown_token"

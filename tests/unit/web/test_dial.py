"""Dial passwords, dial codes and numbers with a function, as administrators and everybody for himself meet them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis

from fs_app.store.audit_pages import Filters
from fs_app.store.dial_codes import DialCodes
from fs_app.store.dial_logins import DialLogins
from web.services import Services

from .conftest import PASSWORD

SIGN_IN = {"number": "0312345678", "function": "sign_in"}


@pytest.fixture
def dial(services: Services) -> DialLogins:
    return DialLogins(services.database)


def codes_of(client: FlaskClient) -> list[dict[str, Any]]:
    return client.get("/api/v1/dial-codes").json["codes"]


def with_code(client: FlaskClient, which: str, **changes: object) -> list[dict[str, Any]]:
    """All dial codes as they are, one of them changed."""
    return [code | changes if code["number"] == which else code for code in codes_of(client)]


# ---- dial passwords


def test_e5_administrator_sees_the_dial_id_and_renews_the_password(
    admin: FlaskClient, dial: DialLogins, services: Services
):
    account = admin.get("/api/v1/accounts/ippan").json
    made = admin.post("/api/v1/accounts/ippan/dial-password")
    assert (made.status_code, made.json["dial_id"]) == (200, account["dial_id"])
    assert dial.check(account["dial_id"], made.json["dial_password"]) == "ippan"
    assert "dial_password" not in admin.get("/api/v1/accounts/ippan").json
    row = services.audit.page(Filters(command="account.renew_dial")).rows[0]
    assert (row["login"], row["args"], row["outcome"]) == ("admin", {"login": "ippan"}, "confirmed")
    assert admin.post("/api/v1/accounts/nobody/dial-password").json["id"] == "unknown_account"


@pytest.mark.parametrize("login", ["ippan", "sv", "admin"])
def test_everybody_renews_his_own_dial_password_with_his_own_password(log_in, dial: DialLogins, login: str):
    client = log_in(login)
    mine = client.get("/api/v1/session").json
    made = client.post("/api/v1/session/dial-password", json={"password": PASSWORD}).json
    assert made["dial_id"] == mine["dial_id"]
    assert dial.check(made["dial_id"], made["dial_password"]) == login


def test_own_dial_password_without_the_right_password_stays(user: FlaskClient, dial: DialLogins, services: Services):
    made = user.post("/api/v1/session/dial-password", json={"password": PASSWORD}).json
    refused = user.post("/api/v1/session/dial-password", json={"password": "not it"})
    assert (refused.status_code, refused.json["id"]) == (422, "wrong_password")
    assert dial.check(made["dial_id"], made["dial_password"]) == "ippan"
    row = services.audit.page(Filters(command="account.renew_dial", outcome="failed")).rows[0]
    assert (row["login"], row["cause"]) == ("ippan", "wrong_password")


def test_token_renews_no_dial_password_of_its_owner(user: FlaskClient, nobody: FlaskClient):
    secret = user.post("/api/v1/session/tokens", json={"name": "nightly"}).json["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = nobody.post("/api/v1/session/dial-password", json={"password": PASSWORD}, headers=bearer)
    assert answer.json["id"] == "permission_denied"


def test_log_in_password_that_is_the_dial_password_is_refused(admin: FlaskClient, services: Services):
    made = admin.post("/api/v1/accounts/sv/dial-password").json
    before = services.accounts.get("sv")
    answer = admin.patch("/api/v1/accounts/sv", json={"role": "administrator", "password": made["dial_password"]})
    assert (answer.status_code, answer.json["id"]) == (422, "same_as_dial_password")
    assert services.accounts.get("sv") == before, "nothing else of the request was done either"
    assert not services.audit.page(Filters(command="account.change")).rows
    assert services.accounts.with_password("sv", PASSWORD) is not None


def test_no_dial_password_is_logged_or_audited(admin: FlaskClient, services: Services, logged: io.StringIO):
    made = admin.post("/api/v1/accounts/sv/dial-password").json
    assert made["dial_password"] not in logged.getvalue()
    assert made["dial_password"] not in str(services.audit.page(Filters()).rows)


# ---- who may

ADMINISTRATORS, EVERYBODY = ("admin",), ("admin", "ippan", "sv")
ROUTES = [
    ("POST", "/accounts/admin/dial-password", None, ADMINISTRATORS),
    ("POST", "/accounts/ippan/dial-password", None, ADMINISTRATORS),
    ("POST", "/session/dial-password", {"password": PASSWORD}, EVERYBODY),
    ("GET", "/dial-codes", None, ADMINISTRATORS),
    ("PUT", "/dial-codes", {"codes": []}, ADMINISTRATORS),
    ("GET", "/dial-numbers", None, ADMINISTRATORS),
    ("PUT", "/dial-numbers", {"numbers": [SIGN_IN]}, ADMINISTRATORS),
    ("PUT", "/site", {"dial_waive_inside": True}, ADMINISTRATORS),
]


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES, ids=lambda value: str(value)[:30])
def test_e8_what_belongs_to_dial_codes_is_for_whom_it_is_for(
    log_in,
    services: Services,
    method: str,
    path: str,
    body: dict[str, Any] | None,
    allowed: tuple[str, ...],
    login: str,
):
    answer = log_in(login).open(f"/api/v1{path}", method=method, json=body)
    if login in allowed:
        assert answer.status_code not in (401, 403)
        return
    assert (answer.status_code, answer.json["id"]) == (403, "permission_denied")
    row = services.audit.page(Filters(outcome="failed")).rows[0]
    assert (row["login"], row["cause"]) == (login, "permission_denied")
    assert (DialCodes(services.database).outside(), services.site.read().dial_waive_inside) == ({}, False)


# ---- dial codes


def test_dial_codes_when_changed_hold_are_told_and_audited_once(admin: FlaskClient, services: Services, redis: Redis):
    assert [code["number"] for code in codes_of(admin)][:3] == ["0010", "0011", "0012"]
    heard = redis.pubsub(ignore_subscribe_messages=True)
    heard.subscribe("sasayaki:settings")
    heard.get_message(timeout=2)
    direct = {"number": "0026", "function": "set_status", "status": "away", "in_use": True}
    wanted = [*with_code(admin, "0010", number="0050"), direct]
    wanted = [code for code in wanted if code["number"] != "0024"]
    answer = admin.put("/api/v1/dial-codes", json={"codes": wanted})
    assert answer.status_code == 200, answer.text
    assert sorted(wanted, key=lambda code: code["number"]) == answer.json["codes"] == codes_of(admin)
    assert heard.get_message(timeout=2)["data"] == b"dial_codes"
    admin.put("/api/v1/dial-codes", json={"codes": wanted})
    rows = services.audit.page(Filters(command="dial_codes.change")).rows
    assert [(row["login"], row["args"]) for row in rows] == [
        ("admin", {"0010": None, "0024": None, "0026": "set_status:away", "0050": "sign_in"})
    ]


@pytest.mark.parametrize(
    ("which", "changes", "status", "error"),
    [
        ("0010", {"number": "0011"}, 409, "dial_number_taken"),
        ("0010", {"number": "0090"}, 409, "dial_number_taken"),
        ("0010", {"number": "123"}, 422, "dial_number_wrong"),
        ("0024", {"status": "wrap_up"}, 409, "dial_function_twice"),
        ("0024", {"status": "nonsense"}, 422, "dial_status_unknown"),
        ("0024", {"status": None}, 422, "invalid_request"),
        ("0010", {"status": "away"}, 422, "invalid_request"),
        ("0010", {"function": "system"}, 422, "invalid_request"),
        ("0010", {"function": "listen"}, 409, "dial_function_twice"),
        ("0010", {"in_use": None}, 422, "invalid_request"),
        ("0010", {"other": 1}, 422, "invalid_request"),
    ],
)
def test_dial_codes_that_cannot_be_are_refused_in_words(admin: FlaskClient, which, changes, status: int, error: str):
    before = codes_of(admin)
    answer = admin.put("/api/v1/dial-codes", json={"codes": with_code(admin, which, **changes)})
    assert (answer.status_code, answer.json["id"]) == (status, error)
    assert "{" not in answer.json["detail"]
    if "number" in changes:
        assert changes["number"] in answer.json["detail"]
    assert codes_of(admin) == before


def test_dial_codes_without_one_for_every_function_are_refused(admin: FlaskClient):
    assert admin.put("/api/v1/dial-codes", json={"codes": []}).json["id"] == "invalid_request"
    assert admin.put("/api/v1/dial-codes", json={"codes": codes_of(admin)[1:]}).json["id"] == "invalid_request"


# ---- numbers with a function


def test_numbers_with_a_function_are_kept_as_digits_and_audited(admin: FlaskClient, services: Services):
    sent = [{"number": "03-1234-5678", "function": "sign_in"}, {"number": "+81 3 1234 5679", "function": "sign_out"}]
    answer = admin.put("/api/v1/dial-numbers", json={"numbers": sent})
    assert answer.json["numbers"] == [SIGN_IN, {"number": "81312345679", "function": "sign_out"}]
    assert admin.put("/api/v1/dial-numbers", json={"numbers": [SIGN_IN]}).json["numbers"] == [SIGN_IN]
    rows = services.audit.page(Filters(command="dial_numbers.change")).rows
    assert [row["args"] for row in rows] == [
        {"81312345679": None},
        {"0312345678": "sign_in", "81312345679": "sign_out"},
    ]
    assert admin.get("/api/v1/dial-numbers").json["numbers"] == [SIGN_IN]


@pytest.mark.parametrize(
    ("numbers", "status", "error"),
    [
        ([SIGN_IN, SIGN_IN | {"number": "03 1234 5678"}], 409, "dial_number_taken"),
        ([SIGN_IN | {"number": "119"}], 422, "dial_number_wrong"),
        ([SIGN_IN | {"number": "0010"}], 422, "dial_number_wrong"),
        ([SIGN_IN | {"number": "<b>"}], 422, "dial_number_wrong"),
        ([SIGN_IN | {"function": "set_status"}], 422, "invalid_request"),
        ([SIGN_IN | {"function": "listen"}], 422, "invalid_request"),
        ("0312345678", 422, "invalid_request"),
    ],
)
def test_numbers_that_cannot_be_are_refused(admin: FlaskClient, numbers, status: int, error: str):
    answer = admin.put("/api/v1/dial-numbers", json={"numbers": numbers})
    assert (answer.status_code, answer.json["id"]) == (status, error)
    assert admin.get("/api/v1/dial-numbers").json["numbers"] == []

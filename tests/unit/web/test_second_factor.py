"""Log-in with a second factor, from its beginning to its removal."""

from __future__ import annotations

import io

import pyotp
import pytest
from flask.testing import FlaskClient
from redis import Redis

from fs_app.store.audit_pages import Filters
from web.services import Services

from .conftest import PASSWORD, Clock

FACTOR = "/api/v1/session/second-factor"


def code_of(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(int(clock.now))


def try_in(client: FlaskClient, code: str | None = None, *, login: str = "sv", password: str = PASSWORD):
    body = {"login": login, "password": password} | ({} if code is None else {"code": code})
    return client.post("/api/v1/session", json=body)


@pytest.fixture
def protected(supervisor: FlaskClient, clock: Clock) -> tuple[str, list[str]]:
    """The supervisor's key and recovery codes; the code of the confirmation is a step ago."""
    secret = supervisor.post(FACTOR, json={"password": PASSWORD}).json["secret"]
    confirmed = supervisor.put(FACTOR, json={"code": code_of(secret, clock)})
    assert confirmed.status_code == 200
    clock.now += 30
    return secret, confirmed.json["recovery_codes"]


def test_second_factor_when_begun_and_confirmed_is_asked_for_at_log_in(
    supervisor: FlaskClient, nobody: FlaskClient, clock: Clock
):
    assert supervisor.get(FACTOR).json == {"on": False, "since": None, "recovery_codes_left": 0}
    begun = supervisor.post(FACTOR, json={"password": PASSWORD})
    assert begun.status_code == 201
    assert begun.json["uri"].startswith("otpauth://totp/Sasayaki:sv?")
    assert try_in(nobody).status_code == 200, "not before it is confirmed"
    secret = begun.json["secret"]
    assert supervisor.put(FACTOR, json={"code": "000000"}).json["id"] == "wrong_code"
    codes = supervisor.put(FACTOR, json={"code": code_of(secret, clock)}).json["recovery_codes"]
    assert len(codes) == 10
    assert supervisor.get(FACTOR).json == {"on": True, "since": clock.now, "recovery_codes_left": 10}
    assert supervisor.get("/api/v1/session").json["second_factor"] is True
    clock.now += 30
    asked = try_in(nobody)
    assert (asked.status_code, asked.json["id"]) == (401, "second_factor_required")
    assert "Set-Cookie" not in asked.headers
    assert try_in(nobody, code_of(secret, clock)).status_code == 200


def test_code_when_sent_again_is_refused_like_a_wrong_password(protected, nobody: FlaskClient, clock: Clock):
    code = code_of(protected[0], clock)
    assert try_in(nobody, code).status_code == 200
    again = try_in(nobody, code)
    assert (again.status_code, again.json["id"]) == (401, "wrong_credentials")


def test_recovery_code_lets_in_once(protected, supervisor: FlaskClient, nobody: FlaskClient, services: Services):
    code = protected[1][3]
    assert try_in(nobody, code).status_code == 200
    assert try_in(nobody, code).json["id"] == "wrong_credentials"
    assert supervisor.get(FACTOR).json["recovery_codes_left"] == 9
    row = services.audit.page(Filters(command="own.use_recovery_code")).rows[0]
    assert (row["login"], row["address"]) == ("sv", "127.0.0.1")
    assert row["request_id"]


def test_refusals_tell_nobody_without_the_password_anything(protected, nobody: FlaskClient, clock: Clock):
    good = code_of(protected[0], clock)
    told = [
        try_in(nobody, None, password="wrong"),
        try_in(nobody, good, password="wrong"),
        try_in(nobody, "000000", password="wrong"),
        try_in(nobody, "000000"),
        try_in(nobody, "000000", login="nobody-at-all"),
    ]
    bodies = [{k: v for k, v in answer.json.items() if k != "request_id"} for answer in told]
    assert [answer.status_code for answer in told] == [401] * 5
    assert bodies.count(bodies[0]) == 5
    assert bodies[0]["id"] == "wrong_credentials"


def test_wrong_codes_count_like_wrong_passwords_and_knowing_the_password_is_no_way_round(
    protected, nobody: FlaskClient, clock: Clock
):
    for _ in range(5):
        assert try_in(nobody).json["id"] == "second_factor_required", "neither counts nor forgets"
        assert try_in(nobody, "000000").status_code == 401
    refused = try_in(nobody, code_of(protected[0], clock))
    assert (refused.status_code, refused.json["id"]) == (429, "too_many_attempts")
    assert int(refused.headers["Retry-After"]) > 0


def test_confirmation_cannot_be_guessed(supervisor: FlaskClient):
    supervisor.post(FACTOR, json={"password": PASSWORD})
    told = [supervisor.put(FACTOR, json={"code": f"{n:06}"}).status_code for n in range(6)]
    assert told == [422] * 5 + [429]


@pytest.mark.parametrize("path", ["", "/recovery-codes", "/remove"])
def test_changes_need_the_password_so_that_a_stolen_session_cannot_make_them(
    protected, supervisor: FlaskClient, services: Services, path: str
):
    answer = supervisor.post(FACTOR + path, json={"password": "wrong"})
    assert (answer.status_code, answer.json["id"]) == (422, "wrong_password")
    assert supervisor.get(FACTOR).json["on"] is True
    assert services.audit.page(Filters(outcome="failed", login="sv")).rows[0]["cause"] == "wrong_password"


def test_second_factor_that_is_on_cannot_be_begun_again(protected, supervisor: FlaskClient, nobody, clock: Clock):
    answer = supervisor.post(FACTOR, json={"password": PASSWORD})
    assert (answer.status_code, answer.json["id"]) == (409, "second_factor_on")
    assert try_in(nobody, code_of(protected[0], clock)).status_code == 200


def test_steps_in_the_wrong_order_are_refused(supervisor: FlaskClient):
    told = supervisor.put(FACTOR, json={"code": "123456"})
    assert (told.status_code, told.json["id"]) == (409, "second_factor_not_begun")
    told = supervisor.post(FACTOR + "/recovery-codes", json={"password": PASSWORD})
    assert (told.status_code, told.json["id"]) == (409, "second_factor_off")
    assert supervisor.post(FACTOR + "/remove", json={"password": PASSWORD}).status_code == 204


def test_recovery_codes_when_made_anew_void_the_old(protected, supervisor: FlaskClient, nobody: FlaskClient):
    new = supervisor.post(FACTOR + "/recovery-codes", json={"password": PASSWORD}).json["recovery_codes"]
    assert try_in(nobody, protected[1][0]).status_code == 401
    assert try_in(nobody, new[0]).status_code == 200


def test_second_factor_when_removed_is_asked_for_no_more(protected, supervisor: FlaskClient, nobody: FlaskClient):
    assert supervisor.post(FACTOR + "/remove", json={"password": PASSWORD}).status_code == 204
    assert try_in(nobody).status_code == 200


def test_administrator_may_remove_anothers_second_factor_and_it_is_written_down(
    protected, admin: FlaskClient, nobody: FlaskClient, services: Services
):
    assert admin.get("/api/v1/accounts/sv").json["second_factor"] is True
    assert admin.delete("/api/v1/accounts/sv/second-factor").status_code == 204
    assert admin.delete("/api/v1/accounts/sv/second-factor").status_code == 204, "already so"
    assert try_in(nobody).status_code == 200
    rows = services.audit.page(Filters(command="account.remove_second_factor")).rows
    assert [(row["login"], row["args"]) for row in rows] == [("admin", {"login": "sv"})]
    assert admin.delete("/api/v1/accounts/nobody/second-factor").json["id"] == "unknown_account"


def test_token_can_do_nothing_to_the_second_factor(supervisor: FlaskClient, nobody: FlaskClient):
    secret = supervisor.post("/api/v1/session/tokens", json={"name": "x"}).json["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    assert nobody.get(FACTOR, headers=bearer).status_code == 403
    assert nobody.post(FACTOR, json={"password": PASSWORD}, headers=bearer).status_code == 403


def test_key_and_codes_are_shown_once_and_never_logged(
    protected,
    supervisor: FlaskClient,
    admin: FlaskClient,
    nobody,
    services: Services,
    logged: io.StringIO,
    redis: Redis,
):
    try_in(nobody, protected[1][0])
    told = supervisor.get(FACTOR).text + admin.get("/api/v1/accounts/sv").text + admin.get("/api/v1/audit").text
    for secret in (protected[0], protected[1][0], protected[1][0].replace("-", "")):
        assert secret not in told
        assert secret not in logged.getvalue()


@pytest.mark.parametrize("code", ["", 123456, None, ["1"], "x" * 65])
def test_code_that_is_not_well_formed_is_refused(supervisor: FlaskClient, nobody: FlaskClient, code: object):
    assert supervisor.put(FACTOR, json={"code": code}).status_code == 422
    answer = nobody.post("/api/v1/session", json={"login": "sv", "password": PASSWORD, "code": code})
    assert answer.status_code == (200 if code is None else 422)

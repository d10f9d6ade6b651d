from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_app.floor.errors import Rejected
from web.errors import HTTP_STATUS
from web.services import Services
from web.texts import LOCALES, error_text

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("error", sorted(HTTP_STATUS))
def test_every_error_has_title_and_detail_in_every_language(error: str, locale: str):
    values = {"seconds": 7, "cause": "USER_BUSY", "fields": "x", "number": "0010"}
    title, detail = error_text(error, locale, values)
    assert title and detail and "{" not in detail


def test_catalogues_hold_the_same_texts_in_order_and_none_that_nobody_uses():
    for locale in LOCALES:
        path = Path(__file__).parents[3] / "web" / "locales" / f"{locale}.json"
        keys = list(json.loads(path.read_text(encoding="utf-8"))["errors"])
        assert keys == sorted(keys)
        assert {key.rpartition(".")[0] for key in keys} == set(HTTP_STATUS)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ja", "ログインしていません"),
        ("en-GB,en;q=0.9", "Not logged in"),
        ("fr", "ログインしていません"),
        ("", "ログインしていません"),
    ],
)
def test_problem_when_nobody_is_logged_in_is_in_the_browsers_language(nobody: FlaskClient, language: str, title: str):
    answer = nobody.get("/api/v1/session", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.json["title"] == title
    assert answer.json["id"] == "not_logged_in"
    assert answer.json["status"] == 401
    assert answer.headers["X-Request-Id"] == answer.json["request_id"]


def test_problem_when_logged_in_is_in_the_accounts_language(admin: FlaskClient):
    admin.patch("/api/v1/session", json={"locale": "en"})
    answer = admin.get("/api/v1/accounts/nobody", headers={"Accept-Language": "ja"})
    assert (answer.status_code, answer.json["title"], answer.headers["Content-Language"]) == (
        404,
        "Unknown account",
        "en",
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/nothing.html", 404, "not_found"),
        ("POST", "/api/v1/audit", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/session", 405, "method_not_allowed"),
        ("TRACE", "/api/v1/session", 405, "method_not_allowed"),
        ("GET", "/static/../web/access.py", 404, "not_found"),
        ("GET", "/static/app/../../access.py", 404, "not_found"),
        ("DELETE", f"/api/v1/session/sessions/{10**25}", 404, "not_found"),
        ("DELETE", f"/api/v1/session/sessions/{2**63 - 1}", 404, "unknown_session"),
        ("DELETE", f"/api/v1/session/tokens/{2**63}", 404, "not_found"),
        ("DELETE", f"/api/v1/accounts/admin/sessions/{2**63}", 404, "not_found"),
    ],
)
def test_address_when_wrong_is_a_problem_too(admin: FlaskClient, method: str, path: str, status: int, error: str):
    answer = admin.open(path, method=method)
    assert (answer.status_code, answer.mimetype, answer.json["id"]) == (status, PROBLEM, error)
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize("language", LOCALES)
def test_part_of_a_file_that_is_not_there_is_a_refusal_and_no_fault(nobody: FlaskClient, logged, language: str):
    headers = {"Range": "bytes=99999999-", "Accept-Language": language}
    answer = nobody.get("/static/icon.svg", headers=headers)
    assert (answer.status_code, answer.mimetype, answer.json["id"]) == (422, PROBLEM, "invalid_request")
    assert "Range" in answer.json["detail"]
    assert "request_failed" not in logged.getvalue()


def test_unforeseen_exception_is_told_without_its_text_and_logged_with_the_requests_id(
    nobody: FlaskClient, logged, monkeypatch
):
    monkeypatch.setattr("web.health.Health", lambda: 1 / 0)
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.json["id"], answer.mimetype) == (500, "internal_error", PROBLEM)
    assert "zero" not in answer.text
    printed = logged.getvalue()
    assert "ZeroDivisionError" in printed
    assert answer.json["request_id"] in printed


def test_rejection_of_the_controller_keeps_its_id_status_and_cause(nobody: FlaskClient, monkeypatch):
    def refuse() -> None:
        raise Rejected("switch_refused", "USER_BUSY")

    monkeypatch.setattr("web.health.Health", refuse)
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.json["id"], answer.json["cause"]) == (502, "switch_refused", "USER_BUSY")
    assert "USER_BUSY" in answer.json["detail"]


def test_store_when_away_is_told_as_unavailable(nobody: FlaskClient, services: Services):
    services.database.close()
    nobody.set_cookie("sasayaki_session", "x")
    answer = nobody.get("/api/v1/session")
    assert (answer.status_code, answer.json["id"], answer.mimetype) == (503, "service_unavailable", PROBLEM)
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error"),
    [
        (b"{", "application/json", 422, "invalid_request"),
        (b"", "application/json", 422, "invalid_request"),
        (b"[]", "application/json", 422, "invalid_request"),
        (b"null", "application/json", 422, "invalid_request"),
        (b'{"locale": "fr"}', "application/json", 422, "invalid_request"),
        (b'{"locale": "en", "role": "administrator"}', "application/json", 422, "invalid_request"),
        (b'{"locale": ["en"]}', "application/json", 422, "invalid_request"),
        (b"\xff\xfe", "application/json", 422, "invalid_request"),
        (b'{"locale": "en"}', "text/plain", 415, "unsupported_media_type"),
        (b"locale=en", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"x" * 70_000, "application/json", 413, "too_large"),
        (b"[" * 60_000, "application/json", 422, "invalid_request"),
    ],
)
def test_body_when_wrong_is_refused_and_changes_nothing(
    admin: FlaskClient, services: Services, body: bytes, content_type: str, status: int, error: str
):
    answer = admin.patch("/api/v1/session", data=body, content_type=content_type)
    assert (answer.status_code, answer.json["id"], answer.mimetype) == (status, error, PROBLEM)
    assert services.accounts.get("admin").locale == "ja"


def test_body_when_wrong_names_the_fields(admin: FlaskClient):
    answer = admin.post(
        "/api/v1/accounts", json={"login": "a b", "role": "boss", "surplus": 1, "password": "long enough"}
    )
    told = {(f["field"], f["problem"]) for f in answer.json["fields"]}
    assert told == {("login", "wrong"), ("name", "missing"), ("role", "wrong"), ("surplus", "unknown")}
    assert "surplus" in answer.json["detail"]


def test_query_when_wrong_is_refused(admin: FlaskClient):
    for query in (
        "limit=0",
        "limit=x",
        "limit=1&limit=2",
        "nonsense=1",
        "since=nan",
        "since=inf",
        "cursor=-1",
        "outcome=x",
    ):
        answer = admin.get(f"/api/v1/audit?{query}")
        assert (answer.status_code, answer.json["id"]) == (422, "invalid_request"), query


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(body=JSON)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_body_whatever_it_is_never_breaks_the_server(admin: FlaskClient, body):
    if isinstance(body, dict):
        body.pop("locale", None)
    for method, path in (("PATCH", "/session"), ("POST", "/accounts"), ("PUT", "/session/password")):
        answer = admin.open("/api/v1" + path, method=method, data=json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer.json["id"]) == (422, "invalid_request")


def test_every_response_carries_the_headers_that_keep_browsers_in_bounds(admin: FlaskClient):
    for path in ("/", "/api/v1/session", "/api/v1/nothing", "/static/plain.css", "/healthz", "/api/docs"):
        headers = admin.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "'unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert admin.get("/api/v1/session").headers["Cache-Control"] == "no-store"
    assert admin.get("/api/v1/nothing").headers["Cache-Control"] == "no-store"

"""Every refusal leaves as one shape: RFC 9457 with a stable id, in the reader's language, never an exception's text.

Owns the ids that only the panel knows (those of the floor are in ``fs_app.floor.errors``) and their HTTP status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from redis import RedisError
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException

from fs_app.floor import errors as floor
from fs_app.store import dial_codes
from fs_app.store.accounts import SAME_AS_DIAL_PASSWORD, AccountRefused
from fs_app.store.dial_codes import DialCodesRefused
from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.statuses import StatusRefused
from web.texts import DEFAULT_LOCALE, LOCALES, error_text

NOT_LOGGED_IN = "not_logged_in"
WRONG_CREDENTIALS = "wrong_credentials"
SECOND_FACTOR_REQUIRED = "second_factor_required"
WRONG_PASSWORD = "wrong_password"  # noqa: S105 - an error's id
PASSWORD_CHANGE_NEEDED = "password_change_needed"  # noqa: S105 - an error's id
PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - an error's id
SAME_PASSWORD = "same_password"  # noqa: S105 - an error's id
CROSS_SITE = "cross_site"
NOT_FOUND = "not_found"
NO_AGENT_ACCOUNT = "no_agent_account"
SERVICE_UNAVAILABLE = "service_unavailable"
INTERNAL_ERROR = "internal_error"

HTTP_STATUS: dict[str, int] = floor.HTTP_STATUS | {
    NOT_LOGGED_IN: 401,
    WRONG_CREDENTIALS: 401,
    SECOND_FACTOR_REQUIRED: 401,
    CROSS_SITE: 403,
    PASSWORD_CHANGE_NEEDED: 403,
    NOT_FOUND: 404,
    "unknown_account": 404,
    "unknown_session": 404,
    "unknown_status_code": 404,
    "unknown_token": 404,
    "method_not_allowed": 405,
    "agent_taken": 409,
    dial_codes.FUNCTION_TWICE: 409,
    dial_codes.NUMBER_TAKEN: 409,
    "last_administrator": 409,
    "login_taken": 409,
    NO_AGENT_ACCOUNT: 409,
    "second_factor_not_begun": 409,
    "second_factor_off": 409,
    "second_factor_on": 409,
    "status_code_taken": 409,
    "token_name_taken": 409,
    "too_many_tokens": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    PASSWORD_TOO_SHORT: 422,
    SAME_AS_DIAL_PASSWORD: 422,
    SAME_PASSWORD: 422,
    dial_codes.UNKNOWN_STATUS: 422,
    dial_codes.WRONG_NUMBER: 422,
    "wrong_code": 422,
    WRONG_PASSWORD: 422,
    INTERNAL_ERROR: 500,
    SERVICE_UNAVAILABLE: 503,
}
# What werkzeug raises by itself, in our words.
_HTTP = {404: NOT_FOUND, 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
_AWAY = (DatabaseUnavailable, DBAPIError, TimeoutError, RedisError)

log = structlog.get_logger()


class Problem(Exception):
    """A refusal on its way out. ``values`` fill the text's places, ``members`` are added to the JSON."""

    def __init__(
        self,
        error: str,
        values: Mapping[str, Any] | None = None,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.values = values or {}
        self.members = members or {}
        self.headers = headers or {}


def reader_locale() -> str:
    """The language of whoever asks: the account's, else what the browser prefers."""
    identity = g.get("identity")
    if identity is not None:
        return str(identity.account.locale)
    return request.accept_languages.best_match(LOCALES) or DEFAULT_LOCALE


def problem_response(problem: Problem) -> Response:
    """The refusal as a response."""
    status = HTTP_STATUS[problem.error]
    title, detail = error_text(problem.error, reader_locale(), problem.values)
    body = {
        "type": f"/api/docs#{problem.error}",
        "id": problem.error,
        "title": title,
        "detail": detail,
        "status": status,
        "request_id": g.get("request_id", ""),
        **problem.members,
    }
    response = Response(orjson.dumps(body), status, mimetype="application/problem+json")
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = reader_locale()
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="sasayaki"'
    return response


def as_problem(error: Exception) -> Problem:
    """Any exception as a refusal; what nobody foresaw is ``internal_error`` and logged with the request's id."""
    match error:
        case Problem():
            return error
        case floor.Rejected():
            return Problem(error.error, {"cause": error.cause or "-"}, members={"cause": error.cause})
        case DialCodesRefused():
            return Problem(error.error, {"number": error.number}, members={"number": error.number})
        case AccountRefused() | StatusRefused():
            return Problem(error.error)
        case HTTPException() if error.code in _HTTP:
            return Problem(_HTTP[error.code], headers=_allow(error))
        case HTTPException() if error.code is not None and error.code < 500:
            wrong = "Range" if error.code == 416 else "-"
            return Problem(floor.INVALID_REQUEST, {"fields": wrong}, members={"fields": []})
        case _ if isinstance(error, _AWAY):
            log.warning("part_away", error=type(error).__name__)
            return Problem(SERVICE_UNAVAILABLE, headers={"Retry-After": "2"})
    log.error("request_failed", error=type(error).__name__, exc_info=error)
    return Problem(INTERNAL_ERROR)


def _allow(error: HTTPException) -> dict[str, str]:
    methods = getattr(error, "valid_methods", None)
    return {"Allow": ", ".join(sorted(methods))} if methods else {}


def install(app: Flask, page: Callable[[int], Response]) -> None:
    """Let every exception of ``app`` leave in the one shape; who may not open a page gets ``page`` with 401 or 403."""

    def answer(error: Exception) -> Response:
        problem = as_problem(error)
        status, spec = HTTP_STATUS[problem.error], g.get("spec")
        if spec is not None and spec.page and status in (401, 403):
            return page(status)
        return problem_response(problem)

    app.register_error_handler(Exception, answer)

"""Who may ask for what, written from the product's rules and not from the code: a route without its entry here fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.access import spec_of

LOGIN_OF = {"administrator": "admin", "supervisor": "sv", "user": "ippan"}

TABLE: dict[str, str] = {
    # Without a session: pages that show nothing of the floor, health, documentation, the log-in itself.
    "public": """
        GET /  GET /login  GET /me  GET /static/<name>  GET /api/docs  GET /api/v1/openapi.json
        GET /healthz  GET /readyz  GET /metrics  POST /api/v1/session
    """,
    # Everybody for himself; what is asked of another agent is decided by the rules of the floor.
    "everybody": """
        GET /activity  GET /api/v1/activity  GET /api/v1/activity.csv
        GET /api/v1/agents/<agent>  GET /api/v1/agents/<agent>/listened
        PUT /api/v1/agents/<agent>/status  DELETE /api/v1/agents/<agent>/wrap-up  PUT /api/v1/agents/<agent>/terminal
        DELETE /api/v1/agents/<agent>/after-call
        PUT /api/v1/agents/<agent>/hand  DELETE /api/v1/agents/<agent>/hand
        GET /api/v1/call-backs  POST /api/v1/call-backs  GET /api/v1/call-backs/<ident>  DELETE /api/v1/call-backs/<ident>
        GET /api/v1/session  PATCH /api/v1/session  DELETE /api/v1/session  GET /api/v1/session/agent
        PUT /api/v1/session/password  POST /api/v1/session/dial-password
        GET /api/v1/session/sessions  DELETE /api/v1/session/sessions/<ident>
        GET /api/v1/session/tokens  POST /api/v1/session/tokens  DELETE /api/v1/session/tokens/<ident>
        GET /api/v1/session/second-factor  POST /api/v1/session/second-factor  PUT /api/v1/session/second-factor
        POST /api/v1/session/second-factor/recovery-codes  POST /api/v1/session/second-factor/remove
    """,
    # The monitor and what is done on it (A1, B2, C3, D1): never a user.
    "management": """
        GET /monitor  GET /queues  GET /queues/<queue>  GET /api/v1/board  GET /api/v1/board/stream
        GET /api/v1/queues  GET /api/v1/queues/<queue>/settings  PUT /api/v1/queues/<queue>/settings
        GET /api/v1/queues/<queue>/forecast  PUT /api/v1/queues/<queue>/agents/<agent>/priority
        GET /api/v1/supervisions  POST /api/v1/supervisions  GET /api/v1/supervisions/<ident>
        PATCH /api/v1/supervisions/<ident>  DELETE /api/v1/supervisions/<ident>
        POST /api/v1/supervisions/<ident>/take-over
    """,
    # Accounts and rights, membership (C11), definitions of statuses, dial codes, the site, the audit.
    "administrators": """
        GET /accounts  GET /accounts/<login>  GET /audit  GET /settings  GET /api/v1/audit  GET /api/v1/audit.csv
        GET /api/v1/accounts  POST /api/v1/accounts  GET /api/v1/accounts/<login>  PATCH /api/v1/accounts/<login>
        DELETE /api/v1/accounts/<login>  PUT /api/v1/accounts/<login>/grants/<queue>
        GET /api/v1/accounts/<login>/sessions  DELETE /api/v1/accounts/<login>/sessions/<ident>
        DELETE /api/v1/accounts/<login>/second-factor  POST /api/v1/accounts/<login>/dial-password
        GET /api/v1/queues/<queue>/candidates  PUT /api/v1/queues/<queue>/members/<agent>
        DELETE /api/v1/queues/<queue>/members/<agent>
        GET /api/v1/statuses  POST /api/v1/statuses  PATCH /api/v1/statuses/<code>  DELETE /api/v1/statuses/<code>
        GET /api/v1/dial-codes  PUT /api/v1/dial-codes  GET /api/v1/dial-numbers  PUT /api/v1/dial-numbers
        GET /api/v1/site  PUT /api/v1/site
    """,
}
ROLES_OF = {
    "public": {"administrator", "supervisor", "user"},
    "everybody": {"administrator", "supervisor", "user"},
    "management": {"administrator", "supervisor"},
    "administrators": {"administrator"},
}


def table() -> dict[tuple[str, str], str]:
    """Method and address -> group."""
    found = {}
    for group, text in TABLE.items():
        words = text.split()
        found |= dict.fromkeys(zip(words[::2], words[1::2], strict=True), group)
    return found


def routes(app: Flask) -> set[tuple[str, str]]:
    plain = [(spec_of(app, rule.endpoint).method, rule.rule) for rule in app.url_map.iter_rules()]
    return {(method, re.sub(r"<\w+:", "<", path)) for method, path in plain}


def test_every_route_has_its_entry_and_every_entry_its_route(app: Flask):
    assert routes(app) - set(table()) == set(), "say in TABLE who may ask for it"
    assert set(table()) - routes(app) == set()


@pytest.mark.parametrize("role", sorted(LOGIN_OF))
def test_a_role_is_refused_exactly_what_the_table_does_not_give_it(
    app: Flask, log_in: Callable[[str], FlaskClient], role: str
):
    client = log_in(LOGIN_OF[role])
    for (method, path), group in table().items():
        if role in ROLES_OF[group] or "/session" in path:
            continue
        address = re.sub(r"<ident>", "1", path)
        answer = client.open(re.sub(r"<[^>]+>", "x", address), method=method, json={} if method != "GET" else None)
        assert answer.status_code == 403, (role, method, path)
    given = {(method, path) for (method, path), group in table().items() if role in ROLES_OF[group]}
    for rule in app.url_map.iter_rules():
        spec = spec_of(app, rule.endpoint)
        place = spec.method, re.sub(r"<\w+:", "<", rule.rule)
        assert (spec.action.public or role in spec.action.roles) == (place in given), place

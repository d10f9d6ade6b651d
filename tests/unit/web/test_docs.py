from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from web.access import spec_of
from web.errors import HTTP_STATUS


@pytest.fixture
def told(nobody: FlaskClient):
    return nobody.get("/api/v1/openapi.json").json


def test_openapi_document_is_valid(told):
    validate(told)


def test_openapi_describes_every_route_that_is_no_page(app: Flask, told):
    described = {(method.upper(), path) for path, operations in told["paths"].items() for method in operations}
    for rule in app.url_map.iter_rules():
        spec = spec_of(app, rule.endpoint)
        if not spec.page and not rule.rule.startswith(("/static", "/api/docs", "/api/v1/openapi")):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            assert (spec.method, path) in described


def test_openapi_says_of_each_operation_who_may_and_what_is_refused(told):
    operation = told["paths"]["/api/v1/accounts/{login}"]["patch"]
    assert operation["x-action"] == "account.change"
    assert operation["x-roles"] == ["administrator"]
    assert "last_administrator" in operation["responses"]["409"]["description"]
    assert {"401", "403", "404", "409", "422"} <= set(operation["responses"])
    assert "default" not in told["components"]["schemas"]["AccountChange"]["properties"]["role"]
    assert told["paths"]["/api/v1/session"]["post"]["security"] == []


def test_openapi_names_no_server_and_every_error(told):
    assert "servers" not in told
    assert told["components"]["schemas"]["Problem"]["properties"]["id"]["enum"] == sorted(HTTP_STATUS)


def test_docs_page_is_readable_without_any_other_server(nobody: FlaskClient):
    page = nobody.get("/api/docs")
    assert page.status_code == 200
    assert "PUT /api/v1/accounts/{login}/grants/{queue}" in page.text
    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
    assert "<script" not in page.text
    for error in HTTP_STATUS:
        assert f'id="{error}"' in page.text


def test_docs_page_links_lead_somewhere(nobody: FlaskClient):
    text = nobody.get("/api/docs").text
    targets = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= targets
    for path in re.findall(r'href="(/[^"]+)"', text):
        assert nobody.get(path).status_code == 200, path

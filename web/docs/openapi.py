"""The API's description, made of what the routes declare: there is no second place to forget."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import IntegerConverter, Rule

from fs_app.floor.errors import INVALID_REQUEST, PERMISSION_DENIED
from web import errors
from web.access import COOKIE, RouteSpec, spec_of

REFERENCE = "#/components/schemas/{model}"
ABOUT = """\
Live supervision of a call centre on FreeSWITCH.

Log in with `POST /api/v1/session` (the answer sets a session cookie) or send a personal token as
`Authorization: Bearer …`. Requests that another site's page had a browser send are refused by `Sec-Fetch-Site` and
`Origin`; a client that sends neither needs nothing else. Every refusal is `application/problem+json` with a stable
`id`; nothing has changed then. Times are epoch seconds with milliseconds."""
_PART = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
Key = tuple[type[BaseModel], JsonSchemaMode]
Schemas = dict[Any, dict[str, Any]]


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of every route that is no page."""
    routes = _routes(app)
    schemas, definitions = models_json_schema(sorted(_models(routes), key=str), ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for rule, spec in routes:
        operation = _operation(rule, spec, schemas)
        paths.setdefault(_PART.sub(r"{\1}", rule.rule), {})[spec.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sasayaki", "version": "1", "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}) | {"Problem": _problem()},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _routes(app: Flask) -> list[tuple[Rule, RouteSpec]]:
    found = [(rule, spec_of(app, rule.endpoint)) for rule in app.url_map.iter_rules()]
    described = [
        (rule, spec)
        for rule, spec in found
        if not spec.page and not rule.rule.startswith(("/static/", "/api/docs", "/api/v1/openapi"))
    ]
    return sorted(described, key=lambda pair: (not pair[0].rule.startswith("/api"), pair[0].rule, pair[1].method))


def _models(routes: list[tuple[Rule, RouteSpec]]) -> set[Key]:
    found: set[Key] = set()
    for _, spec in routes:
        found |= {(model, "validation") for model in (spec.body, spec.query) if model is not None}
        if spec.reply is not None:
            found.add((spec.reply, "serialization"))
    return found


def _operation(rule: Rule, spec: RouteSpec, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": spec.summary,
        "x-action": spec.action.name,
        "x-roles": sorted(spec.action.roles),
        "security": [] if spec.action.public else [{"session": []}, {"token": []}],
        "parameters": [*_path_parameters(rule), *_query_parameters(spec)],
        "responses": _responses(spec, schemas),
    }
    if spec.body is not None:
        body = schemas[spec.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    def kind(name: str) -> str:
        return "integer" if isinstance(rule._converters[name], IntegerConverter) else "string"

    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": kind(name)}}
        for name in _PART.findall(rule.rule)
    ]


def _query_parameters(spec: RouteSpec) -> list[dict[str, Any]]:
    if spec.query is None:
        return []
    schema = spec.query.model_json_schema(ref_template=REFERENCE)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _untitled(part)}
        for name, part in schema["properties"].items()
    ]


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "title"}


def _responses(spec: RouteSpec, schemas: Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if spec.reply is not None:
        good["content"] = {spec.media: {"schema": schemas[spec.reply, "serialization"]}}
    elif spec.status != 204:
        good["content"] = {spec.media: {"schema": {"type": "string"}}}
    responses = {str(spec.status): good}
    for error in _refusals(spec):
        refused = responses.setdefault(str(errors.HTTP_STATUS[error]), _refused())
        content = refused["content"]["application/problem+json"]
        content["examples"][error] = {"value": {"id": error, "status": errors.HTTP_STATUS[error]}}
        refused["description"] = ", ".join(content["examples"])
    return responses


def _refusals(spec: RouteSpec) -> list[str]:
    found = list(spec.errors)
    if not spec.action.public:
        found += [errors.NOT_LOGGED_IN, PERMISSION_DENIED]
    if spec.method != "GET":
        found.append(errors.CROSS_SITE)
    if spec.body is not None or spec.query is not None:
        found.append(INVALID_REQUEST)
    return list(dict.fromkeys(found))


def _refused() -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model="Problem")}
    return {"description": "", "content": {"application/problem+json": {"schema": schema, "examples": {}}}}


def _problem() -> dict[str, Any]:
    """RFC 9457, with the members that are always there."""
    return {
        "type": "object",
        "description": "A refusal. Nothing has changed. Title and detail are in the reader's language.",
        "required": ["id", "status"],
        "properties": {
            "type": {"type": "string", "description": "where the id is explained"},
            "id": {"type": "string", "enum": sorted(errors.HTTP_STATUS)},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "status": {"type": "integer"},
            "request_id": {"type": "string"},
            "cause": {"type": ["string", "null"], "description": "FreeSWITCH's own word, where there is one"},
            "fields": {
                "type": "array",
                "description": "what is wrong with the request",
                "items": {
                    "type": "object",
                    "required": ["field", "problem"],
                    "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
                },
            },
        },
    }

"""The API's description as JSON, and as a page that needs no network but this server's own."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, current_app, render_template

from web.access import route
from web.docs.openapi import document
from web.errors import HTTP_STATUS, reader_locale
from web.texts import error_text

api = Blueprint("description", __name__)
pages = Blueprint("docs", __name__, template_folder="templates")


@route(api, "GET", "/openapi.json", action="docs.read", summary="This API as an OpenAPI 3.1 document")
def openapi() -> Response:
    """Made anew each time: it is small, and asked for seldom."""
    return Response(orjson.dumps(document(current_app)), mimetype="application/json")


@pages.app_template_filter("as_json")
def _as_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


@route(pages, "GET", "/api/docs", action="docs.read", summary="This API for people", media="text/html")
def docs() -> Response:
    """Without scripts, so that it is readable everywhere and printable."""
    told = document(current_app)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            entry = {"path": path, "method": method.upper(), **operation}
            groups.setdefault(operation["tags"][0], []).append(entry)
    locale = reader_locale()
    refusals = [
        (status, error, *error_text(error, locale, _Blank()))
        for error, status in sorted(HTTP_STATUS.items(), key=_order)
    ]
    html = render_template("docs.html", about=told["info"]["description"], groups=groups, told=told, refusals=refusals)
    return Response(html)


def _order(item: tuple[str, int]) -> tuple[int, str]:
    return item[1], item[0]


class _Blank(dict[str, str]):
    """Fills every place of a text with dots."""

    def __missing__(self, key: str) -> str:
        return "…"

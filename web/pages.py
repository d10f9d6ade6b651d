"""The pages: one shell that loads the built front end, and the files that it is made of.

The shell holds no data. At an address that needs a right it is served with the refusal's status (401, 403), so that
the front end can show its log-in, or its first page, there.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, render_template, send_from_directory

from web.access import route
from web.errors import reader_locale
from web.services import services

blueprint = Blueprint("pages", __name__, template_folder="templates")
STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "app" / "manifest.json"
ENTRY = "src/main.ts"
YEAR_S = 31_536_000


def shell(status: int = 200) -> Response:
    """The page that loads the front end; 503 with a sentence while it has not been built."""
    if not MANIFEST.exists():
        return Response(render_template("unbuilt.html"), 503)
    identity = g.get("identity")
    html = render_template(
        "shell.html",
        lang=reader_locale(),
        locale=identity.account.locale if identity else None,
        practice=services().practice,
        assets=_assets(MANIFEST.stat().st_mtime_ns),
    )
    return Response(html, status)


@lru_cache(maxsize=1)
def _assets(_changed_at: int) -> dict[str, list[str]]:
    """The built files by kind, in the order in which the page names them."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    entry = manifest[ENTRY]
    needed = [manifest[name] for name in entry.get("imports", [])]
    return {
        "scripts": [entry["file"]],
        "preloads": [chunk["file"] for chunk in needed],
        "styles": [css for chunk in (*needed, entry) for css in chunk.get("css", [])],
    }


@route(blueprint, "GET", "/", action="page.open", summary="The panel", media="text/html", page=True)
def home() -> Response:
    """The front end shows the first page that the role has."""
    return shell()


@route(blueprint, "GET", "/me", action="page.open", summary="My account", media="text/html", page=True)
def me() -> Response:
    """Or the log-in."""
    return shell()


@route(blueprint, "GET", "/login", action="page.open", summary="Log-in", media="text/html", page=True)
def login() -> Response:
    """The front end's own."""
    return shell()


@route(blueprint, "GET", "/monitor", action="monitor.open", summary="Real-time monitor", media="text/html", page=True)
def monitor() -> Response:
    """Management only."""
    return shell()


@route(blueprint, "GET", "/queues", action="queues.open", summary="Queues", media="text/html", page=True)
def queues() -> Response:
    """Management only."""
    return shell()


@route(blueprint, "GET", "/queues/<queue>", action="queues.open", summary="Queue", media="text/html", page=True)
def queue(queue: str) -> Response:
    """Management only; the front end reads which one from the address."""
    return shell()


@route(blueprint, "GET", "/activity", action="activity.open", summary="Activity", media="text/html", page=True)
def activity() -> Response:
    """Everybody; users find their own there."""
    return shell()


@route(blueprint, "GET", "/settings", action="settings.open", summary="Settings", media="text/html", page=True)
def settings() -> Response:
    """Administrators only."""
    return shell()


@route(blueprint, "GET", "/accounts", action="accounts.open", summary="Accounts", media="text/html", page=True)
def accounts() -> Response:
    """Administrators only."""
    return shell()


@route(blueprint, "GET", "/accounts/<login>", action="accounts.open", summary="Account", media="text/html", page=True)
def account(login: str) -> Response:
    """Administrators only; the front end reads who it is from the address."""
    return shell()


@route(blueprint, "GET", "/audit", action="audit.open", summary="Audit", media="text/html", page=True)
def audit() -> Response:
    """Administrators only."""
    return shell()


@route(
    blueprint,
    "GET",
    "/static/<path:name>",
    action="static.read",
    summary="A file of the front end",
    media="application/octet-stream",
)
def static(name: str) -> Response:
    """Built files carry their content's hash in the name, so they may be kept for good."""
    hashed = name.startswith("app/assets/")
    response = send_from_directory(STATIC, name, max_age=YEAR_S if hashed else None)
    if hashed:
        response.cache_control.immutable = True
    return response

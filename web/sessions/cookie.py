"""The session's cookie: not readable by scripts, not sent by other sites, gone with the browser."""

from __future__ import annotations

from flask import Response, request

from web.access import COOKIE


def put(response: Response, secret: str) -> None:
    """Hand the session's secret to the browser; over TLS it never leaves it without."""
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def remove(response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path="/")

"""Every route of the panel, with an address that fits it."""

from __future__ import annotations

import re

from flask import Flask

from web.access import spec_of


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Method, address, action."""
    found = []
    for rule in app.url_map.iter_rules():
        spec = spec_of(app, rule.endpoint)
        path = re.sub(r"<int:[^>]+>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "x", path)
        found.append((spec.method, path, spec.action.name))
    return found

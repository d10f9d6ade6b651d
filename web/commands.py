"""Wishes to the controller. The panel changes nothing by itself: it asks, and passes the answer on."""

from __future__ import annotations

from typing import Any

from flask import g

from fs_app.store.inbox import CommandClient
from web.access import who
from web.services import services

# The controller gives up after this long (s).
LIMIT_S = 5.0


def ask(kind: str, /, **args: Any) -> dict[str, Any]:
    """Ask the controller for ``kind`` as whoever sends the present request; its result.

    Raises ``Rejected``: refused by a rule, by the switch, unavailable, or unconfirmed.
    """
    client = CommandClient(services().redis)
    result: dict[str, Any] = client.ask(kind, who().actor, args, timeout_s=LIMIT_S, request_id=g.request_id)
    return result

"""What a run of the controller takes over from the run before: supervisions that go on on the switch."""

from __future__ import annotations

from typing import Any

from fs_app.floor import entities, listening
from fs_app.floor.entities import Supervision
from fs_app.floor.state import Floor

_KEPT = ("id", "login", "name", "agent", "mode", "extension", "queue", "leg", "target", "follow", "state", "asked_at")


def adopt(floor: Floor, documents: list[dict[str, Any]]) -> None:
    """Taken over as they were; the next reading of the switch tells which legs still live and which of them listen."""
    for doc in documents:
        if doc["state"] not in entities.LIVE_STATES or doc["id"] in floor.supervisions:
            continue
        supervision = Supervision(**{name: doc[name] for name in _KEPT}, since=doc["since"] or 0.0)
        supervision.on_member, supervision.session = doc["on_member"], doc.get("session", "")
        supervision.hears = supervision.target if supervision.state == entities.LISTENING else ""
        # What was sent in the last moment of that run was perhaps never told: the mode is sent again.
        supervision.settles = doc.get("settles") or doc["mode"]
        supervision.noticed, supervision.audit_row = doc.get("noticed", ""), doc.get("audit_row", 0)
        listening.begin(floor, supervision)

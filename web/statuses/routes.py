"""A site's own statuses for administrators: list, define, change, retire. Each change reaches every board at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, g
from sqlalchemy import Connection

from fs_app.store.announce import STATUSES
from fs_app.store.audit import CONFIRMED, Deed
from fs_app.store.statuses import STATUS_CODE_TAKEN, UNKNOWN_STATUS_CODE, CustomStatuses, OwnStatus
from web.access import route, who
from web.services import services
from web.statuses.schemas import NewStatus, StatusChange, StatusesReply, StatusRow, built_in_rows, status_row

blueprint = Blueprint("statuses", __name__)


@route(
    blueprint,
    "GET",
    "/statuses",
    action="status.read",
    summary="All statuses that people choose: the built-in ones and the site's own",
    reply=StatusesReply,
)
def list_statuses() -> StatusesReply:
    """Retired ones too."""
    own = CustomStatuses(services().database).all()
    return StatusesReply(statuses=[*built_in_rows(), *(status_row(one) for one in own)])


@route(
    blueprint,
    "POST",
    "/statuses",
    action="status.add",
    summary="Define a status",
    body=NewStatus,
    reply=StatusRow,
    status=201,
    errors=(STATUS_CODE_TAKEN,),
)
def add_status(body: NewStatus) -> StatusRow:
    """At the end of the order; it can be chosen at once."""
    made = CustomStatuses(services().database).add(body.status(), _audited("status.add", body.model_dump()))
    services().settings_changed(STATUSES)
    return status_row(made)


@route(
    blueprint,
    "PATCH",
    "/statuses/<code>",
    action="status.change",
    summary="Change a status that the site defined; what is left out stays",
    body=StatusChange,
    reply=StatusRow,
    errors=(UNKNOWN_STATUS_CODE,),
)
def change_status(code: str, body: StatusChange) -> StatusRow:
    """Whoever is in it and stands for another status of mod_callcenter now, reads as the built-in one of his own."""
    changes = body.model_dump(exclude_unset=True)
    return _changed(code, lambda own: _with(own, changes), "status.change", changes)


@route(
    blueprint,
    "DELETE",
    "/statuses/<code>",
    action="status.retire",
    summary="Let nobody choose a status any more",
    status=204,
    errors=(UNKNOWN_STATUS_CODE,),
)
def retire_status(code: str) -> None:
    """Whoever is in it stays in it until he gets another; past periods keep its name."""
    _changed(code, lambda own: replace(own, retired=True), "status.retire", {})


def _changed(code: str, changed: Callable[[OwnStatus], OwnStatus], command: str, args: dict[str, Any]) -> StatusRow:
    after = CustomStatuses(services().database).change(code, changed, _audited(command, {"code": code} | args))
    services().settings_changed(STATUSES)
    return status_row(after)


def _with(own: OwnStatus, changes: dict[str, Any]) -> OwnStatus:
    plain = {name: value for name, value in changes.items() if name not in ("name_ja", "name_en", "retired")}
    names = dict(own.status.labels)
    names |= {name.removeprefix("name_"): changes[name] for name in ("name_ja", "name_en") if name in changes}
    status = replace(own.status, labels=(("ja", names["ja"]), ("en", names["en"])), **plain)
    return OwnStatus(status, changes.get("retired", own.retired))


def _audited(command: str, args: dict[str, Any]) -> Callable[[Connection], object]:
    deed = Deed(who().actor, command, args=args, request_id=g.request_id)
    # Written on the database's thread, which has no application of Flask's to ask.
    audit = services().audit
    return lambda connection: audit.append(connection, CONFIRMED, deed)

"""The audit for administrators: pages and a file."""

from __future__ import annotations

from flask import Blueprint, Response, g

from fs_app.store.audit import CONFIRMED, Deed
from web.access import route, still_allowed, who
from web.audit.csv_export import lines
from web.audit.schemas import AuditFilters, AuditQuery, AuditReply
from web.services import services

blueprint = Blueprint("audit", __name__)


@route(
    blueprint,
    "GET",
    "/audit",
    action="audit.read",
    summary="Who asked for what, and what came of it; the newest first",
    query=AuditQuery,
    reply=AuditReply,
)
def read_audit(query: AuditQuery) -> AuditReply:
    """One page."""
    page = services().audit.page(query.filters(), query.cursor, query.limit)
    return AuditReply.model_validate({"audit": page.rows, "next": None if page.next is None else str(page.next)})


@route(
    blueprint,
    "GET",
    "/audit.csv",
    action="audit.export",
    summary="The audit as CSV (UTF-8), with the same filters",
    query=AuditFilters,
    media="text/csv",
)
def export_audit(query: AuditFilters) -> Response:
    """Also taking the audit along is audited."""
    audit, filters = services().audit, query.filters()
    wanted = query.model_dump(exclude_none=True)
    audit.record(Deed(who().actor, "audit.export", args=wanted, request_id=g.request_id), CONFIRMED)
    response = Response(lines(audit, filters, still_allowed()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="sasayaki-audit.csv"'
    return response

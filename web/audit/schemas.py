"""Queries and answers of the audit."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from fs_app.store.audit_pages import Filters
from web.bodies import Query

Outcome = Literal["asked", "confirmed", "failed", "unconfirmed"]


class AuditFilters(Query):
    """What rows to show; what is left out is «any». Times in epoch seconds, a half-open span."""

    since: float | None = Field(None, ge=0, le=1e11, allow_inf_nan=False)
    before: float | None = Field(None, ge=0, le=1e11, allow_inf_nan=False)
    login: str | None = Field(None, max_length=128)
    command: str | None = Field(None, max_length=64)
    agent: str | None = Field(None, max_length=128)
    queue: str | None = Field(None, max_length=128)
    outcome: Outcome | None = None
    request_id: str | None = Field(None, max_length=64)

    def filters(self) -> Filters:
        """As the store wants them."""
        return Filters(**self.model_dump(include=set(AuditFilters.model_fields)))


class AuditQuery(AuditFilters):
    """A page of rows: ``cursor`` is the answer's ``next``."""

    cursor: int | None = Field(None, ge=1, le=2**53)
    limit: int = Field(100, ge=1, le=500)


class AuditRow(BaseModel):
    """One row. An outcome is a row of its own: ``refers_to`` is the row «asked». ``at`` in epoch seconds."""

    id: int
    at: float
    outcome: Outcome
    refers_to: int | None
    who: Literal["account", "token", "dial", "system"]
    login: str
    role: str
    token: str
    address: str
    source: str
    command: str
    agent: str
    queue: str
    args: dict[str, Any]
    cause: str
    request_id: str
    hash: str


class AuditReply(BaseModel):
    """A page of the audit, the newest row first."""

    audit: list[AuditRow]
    next: str | None

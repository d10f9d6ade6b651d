"""Queries and answers of agents' activity."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from fs_app.store.activity_pages import Place
from web.accounts.schemas import Agent, Queue
from web.bodies import Query

_CURSOR = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)-([0-9]{1,18})")


def _cursor(text: str) -> str:
    if not _CURSOR.fullmatch(text):
        raise ValueError("a cursor is what the answer before called next")
    return text


class ActivityFilters(Query):
    """What periods to show: those that touch the half-open span from ``since`` to ``before`` (epoch seconds)."""

    since: float | None = Field(None, ge=0, le=1e11, allow_inf_nan=False)
    before: float | None = Field(None, ge=0, le=1e11, allow_inf_nan=False)
    agent: Agent | None = None
    queue: Queue | None = None
    code: str | None = Field(None, max_length=40)
    terminal: str | None = Field(
        None, max_length=40, description="an outside number finds only agents whose number one may see"
    )


class ActivityQuery(ActivityFilters):
    """A page of periods: ``cursor`` is the answer's ``next``."""

    cursor: Annotated[str, AfterValidator(_cursor)] | None = None
    limit: int = Field(100, ge=1, le=500)

    def place(self) -> Place | None:
        """Where the page begins."""
        found = _CURSOR.fullmatch(self.cursor or "")
        return Place(float(found[1]), int(found[2])) if found else None


class PeriodRow(BaseModel):
    """A status period. ``linked``: it belongs to a queue's call, also where ``queue`` is null because one may not see it."""

    id: int
    agent: str
    code: str
    label: str
    since: float
    until: float | None = Field(description="null: it lasts")
    seconds: float | None
    queue: str | None
    linked: bool
    set_by: str = Field(description="a login, or call, switch or system")
    set_by_kind: str = Field(description="self, supervisor, dial, token, system, call, switch; empty in old rows")
    outcome: str = Field(
        description="what became of a ringing: answered, no_answer, not_confirmed (picked up and no key pressed: a voicemail), "
        "busy, rejected, unreachable, no_line, taken, cancelled or failed; else empty"
    )
    terminal_shown: str = Field(description="terminal with its outside number as the site's region writes it")
    terminal: str = Field(description="an outside number is masked for those without edit on one of the agent's queues")


class ActivityReply(BaseModel):
    """A page of periods, the newest first."""

    activity: list[PeriodRow]
    next: str | None

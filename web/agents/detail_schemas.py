"""Queries and answers of one agent in detail."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from web.board.schemas import AgentRow, Shape
from web.bodies import Query


class Reason(Shape):
    """Why an agent is not rung next. ``text`` in the reader's language; ``until`` where it ends by the clock."""

    id: str
    text: str
    until: float | None


class AgentQueue(Shape):
    """An agent in one of his queues."""

    queue: str
    label: str
    priority: int
    priority_until: float | None = Field(description="when a priority for a time ends")
    next: bool = Field(description="he is rung for the next call, or is one of those who are")
    reason: Reason | None
    problem: str | None = Field(description="the error id of why the switch could not be asked now")


class AgentReply(Shape):
    """An agent's row, no queue being selected, and those of his queues that the reader may see."""

    agent: AgentRow
    queues: list[AgentQueue]
    own: bool = Field(description="it is the agent that one is oneself")


class ListenedQuery(Query):
    """A page: ``cursor`` is the answer's ``next``."""

    cursor: int | None = Field(None, ge=1, le=2**53)
    limit: int = Field(100, ge=1, le=500)


class ListenedRow(BaseModel):
    """Somebody began to listen (``began``), changed the mode, followed the agent into his next call, or took the call over."""

    id: int
    at: float
    login: str
    name: str
    mode: str
    began: bool
    what: Literal["began", "changed", "next_call", "took_over"]


class ListenedReply(BaseModel):
    """A page of it, the newest first."""

    listened: list[ListenedRow]
    next: str | None

"""Bodies and answers of call priorities."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from web.accounts.schemas import Agent
from web.bodies import Body, Query

Level = Annotated[int, Field(ge=1, le=15)]


class PriorityBody(Body):
    """The call priority: 1 rings first, 15 last. ``until`` (epoch seconds): then the one before holds again."""

    refusals: ClassVar[dict[str, str]] = {"priority": "priority_out_of_range", "then": "priority_out_of_range"}
    priority: Level
    until: float | None = Field(None, gt=0, le=1e11, allow_inf_nan=False)
    then: Level | None = Field(None, description="with until: what holds after it; null: the one before")


class PriorityReply(BaseModel):
    """The priority as read back from FreeSWITCH."""

    agent: str
    queue: str
    priority: int
    before: int | None = Field(description="the one that held until now: set it again to undo")
    until: float | None
    before_until: float | None = Field(None, description="where that held for a time: the until to undo with")
    before_then: int | None = Field(None, description="and the then to undo with")


class ForecastQuery(Query):
    """Which change to try, if any: ``agent`` with ``priority``."""

    refusals: ClassVar[dict[str, str]] = {"priority": "priority_out_of_range"}
    agent: Agent | None = None
    priority: Level | None = None


class ForecastReply(BaseModel):
    """Who would be rung for the next call, now and after the change, and why the others would not."""

    queue: str
    waiting: int
    tier_rules: bool
    now: dict[str, Any]
    after: dict[str, Any] | None

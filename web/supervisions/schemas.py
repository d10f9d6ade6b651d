"""Bodies and answers of supervisions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from web.accounts.schemas import Agent, Queue
from web.board.schemas import SupervisionRow
from web.bodies import Body, Query

Mode = Literal["monitor", "whisper", "barge"]


class SupervisionBody(Body):
    """Whom to listen to, how, and which of one's own extensions shall ring."""

    refusals: ClassVar[dict[str, str]] = {"extension": "invalid_number"}
    agent: Agent
    mode: Mode
    extension: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    queue: Queue | None = Field(None, description="the selected queue, which a supervisor needs")
    follow: bool = Field(False, description="go on with the agent's next calls")
    restore_media: bool = Field(False, description="bring the call's sound back first where it bypasses FreeSWITCH")


class ModeBody(Body):
    """The mode to switch to."""

    mode: Mode


class AllSupervisions(Query):
    """All that one may see."""


class SupervisionState(BaseModel):
    """What became of the wish."""

    id: str
    state: str


class SupervisionReply(BaseModel):
    """A supervision after a change."""

    id: str
    agent: str
    mode: Mode
    state: str
    cause: str | None
    since: float | None


class SupervisionsReply(BaseModel):
    """Supervisions that run, or ended a moment ago."""

    supervisions: list[SupervisionRow]
    next: None = None

"""Bodies and answers of what people do to agents."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from fs_app.store import account_rules as rules
from web.accounts.schemas import Queue
from web.bodies import Body, Query

Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Reason = Annotated[str, AfterValidator(rules.remark), Field(max_length=200)]


class StatusBody(Body):
    """The status to give. ``queue`` is the selected one, which a supervisor needs."""

    refusals: ClassVar[dict[str, str]] = {"status": "status_not_selectable"}
    status: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    queue: Queue | None = None
    reason: Reason = ""
    after_call: bool = Field(False, description="not now, but when the present call has ended")


class TerminalBody(Body):
    """Where the agent is rung. ``original``: as the switch had it before anything was set here."""

    refusals: ClassVar[dict[str, str]] = {"number": "invalid_number", "extension": "invalid_number"}
    kind: Literal["extension", "external", "both", "original"]
    number: Number | None = Field(None, description="the extension for extension, else the outside number")
    extension: Number | None = Field(None, description="both: the extension, which rings first")
    delay_s: int | None = Field(None, ge=1, le=30, description="both: so many seconds later the outside number rings")
    confirm: bool | None = Field(
        None, description="whether the outside phone must press a key; changed by administrators only. null: as it is"
    )
    queue: Queue | None = None


class SelectedQueue(Query):
    """The selected queue, which a supervisor needs."""

    queue: Queue | None = None


class StatusReply(BaseModel):
    """The agent's chosen status now. ``after_call``: what follows the present call."""

    agent: str
    status: str
    since: float
    after_call: str | None


class TerminalReply(BaseModel):
    """The agent's terminal now."""

    agent: str
    kind: Literal["extension", "external", "both", "original"]
    number: str
    extension: str | None
    delay_s: int | None
    confirm: bool


class HandReply(BaseModel):
    """Since when the agent asks for help; null: not."""

    agent: str
    since: float | None

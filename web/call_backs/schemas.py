"""Bodies and answers of call-backs."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from web.bodies import Body

State = Literal["ringing_you", "calling_customer", "talking", "ended", "failed"]


class CallBackBody(Body):
    """Whom to call. Who asks, and which phone rings, is known from the session alone."""

    refusals: ClassVar[dict[str, str]] = {"number": "invalid_number"}
    number: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CallBackState(BaseModel):
    """What became of the wish."""

    id: str
    state: State


class CallBackReply(BaseModel):
    """One's own call-back. ``since``: when agent and customer began to talk."""

    id: str
    number: str
    state: State
    party: str = Field(description="where it failed, who did not come: agent or customer")
    cause: str | None = Field(description="FreeSWITCH's word, or cancelled, or lines_full")
    asked_at: float
    since: float | None
    ended_at: float | None


class CallBacksReply(BaseModel):
    """One's own call-back, until a minute after its end; none, or one."""

    call_backs: list[CallBackReply]
    next: None = None

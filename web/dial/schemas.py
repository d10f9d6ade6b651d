"""Bodies and answers of dial codes and of numbers with a function."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fs_app.store.dial_codes import FUNCTIONS, MOST_NUMBERS, OUTSIDE_FUNCTIONS
from web.bodies import Body

Function = Literal[FUNCTIONS]  # type: ignore[valid-type]
OutsideFunction = Literal[OUTSIDE_FUNCTIONS]  # type: ignore[valid-type]
Number = Annotated[str, Field(max_length=40)]


class CodeRow(Body):
    """A dial code. ``status``: what a direct code sets. One that is not ``in_use`` keeps its number and does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Number = Field(examples=["0010"], description="00 and two digits")
    function: Function
    status: Annotated[str, Field(max_length=40)] | None = None
    in_use: bool = True


class CodesBody(Body):
    """All dial codes: one for each function, and a direct code for each status that is to have one."""

    codes: Annotated[tuple[CodeRow, ...], Field(max_length=100, strict=False)]


class CodesReply(BaseModel):
    """The dial codes in the order of their numbers."""

    codes: list[CodeRow]
    next: None = None


class NumberRow(Body):
    """A number of one's own and what it does when it is called."""

    number: Number = Field(
        examples=["0312345678"], description="as the carrier sends it; signs between digits fall away"
    )
    function: OutsideFunction


class NumbersBody(Body):
    """All numbers that have a function."""

    numbers: Annotated[tuple[NumberRow, ...], Field(max_length=MOST_NUMBERS, strict=False)]


class NumbersReply(BaseModel):
    """The numbers in the order of their digits."""

    numbers: list[NumberRow]
    next: None = None

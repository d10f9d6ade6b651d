"""Bodies and answers of a site's own statuses."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from fs_app.floor.statuses import BUILT_IN, Status
from fs_app.store import account_rules as rules
from fs_app.store.statuses import OwnStatus
from web.bodies import Body, without_defaults

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, AfterValidator(rules.person), Field(max_length=60)]
Color = Literal["red", "amber", "orange", "green", "teal", "cyan", "blue", "indigo", "violet", "rose", "brown", "grey"]
Shape = Literal[
    "circle",
    "ring",
    "half",
    "square",
    "square-ring",
    "triangle",
    "diamond",
    "diamond-ring",
    "hexagon",
    "star",
    "bell",
    "arrow-up",
    "arrow-down",
    "arrows",
    "pause",
    "bars",
    "plus",
    "cross",
]
SwitchStatus = Literal["Available", "Available (On Demand)", "On Break", "Logged Out"]
Limit = Annotated[int, Field(ge=1, le=1440, description="minutes after which the board marks the agent")]


class NewStatus(Body):
    """A status to be defined. ``switch_status``: what mod_callcenter is told."""

    code: Code
    name_ja: Name
    name_en: Name
    color: Color
    shape: Shape
    switch_status: SwitchStatus
    agents_may_choose: bool = True
    limit_min: Limit | None = None

    def status(self) -> Status:
        """As the floor's rules want it."""
        names = (("ja", self.name_ja), ("en", self.name_en))
        return Status(
            self.code, self.switch_status, self.shape, self.color, names, self.agents_may_choose, self.limit_min
        )


class StatusChange(Body):
    """What is to be changed; what is left out stays. ``retired`` false: it may be chosen again."""

    # The values below only say that a field may be left out; none of them is ever taken.
    model_config = ConfigDict(json_schema_extra=without_defaults)

    name_ja: Name = ""
    name_en: Name = ""
    color: Color = "grey"
    shape: Shape = "ring"
    switch_status: SwitchStatus = "On Break"
    agents_may_choose: bool = True
    limit_min: Limit | None = None
    retired: bool = False


class StatusRow(BaseModel):
    """A status that people choose. A built-in one has no names here: the catalogues have them."""

    code: str
    name_ja: str | None
    name_en: str | None
    color: str
    shape: str
    switch_status: SwitchStatus
    agents_may_choose: bool
    limit_min: int | None
    retired: bool
    built_in: bool


class StatusesReply(BaseModel):
    """The built-in statuses, then the site's own in their order, retired ones too."""

    statuses: list[StatusRow]
    next: None = None


def status_row(own: OwnStatus, *, built_in: bool = False) -> StatusRow:
    """A status as administrators see it."""
    status, names = own.status, dict(own.status.labels)
    return StatusRow.model_validate(
        {
            "code": status.code,
            "name_ja": names.get("ja"),
            "name_en": names.get("en"),
            "color": status.color,
            "shape": status.shape,
            "switch_status": status.switch_status,
            "agents_may_choose": status.agents_may_choose,
            "limit_min": status.limit_min,
            "retired": own.retired,
            "built_in": built_in,
        }
    )


def built_in_rows() -> list[StatusRow]:
    """The statuses that every site has."""
    return [status_row(OwnStatus(status), built_in=True) for status in BUILT_IN]


SHAPES: tuple[str, ...] = get_args(Shape)
COLORS: tuple[str, ...] = get_args(Color)

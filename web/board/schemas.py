"""The board's shape, for the description of the API. The rows themselves are made by ``fs_app.floor.board``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from web.accounts.schemas import Queue
from web.bodies import Query


class BoardQuery(Query):
    """Which queue is selected; none: all agents that one may see."""

    queue: Queue | None = None


class Shape(BaseModel):
    """Nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class Verdict(Shape):
    """Whether an action is allowed, and the error id of why not."""

    ok: bool
    reason: str | None


class May(Shape):
    """What the viewer may do to an agent, with the selected queue."""

    change_status: Verdict
    change_priority: Verdict
    change_confirmation: Verdict
    monitor: Verdict
    whisper: Verdict
    barge: Verdict
    take_over: Verdict


class StatusShown(Shape):
    """A status. ``until``: the end of an automatic wrap-up. ``over_at``: from then on it lasts longer than its limit."""

    code: str
    label: str
    shape: str
    color: str
    since: float
    until: float | None
    over_at: float | None = Field(description="to be marked by the reader's clock; nothing is sent at that moment")


class Chosen(Shape):
    """The status that somebody chose last."""

    code: str
    label: str
    since: float


class AgentRow(Shape):
    """An agent. ``priority`` only with a queue selected. Times in epoch seconds."""

    agent: str
    login: str | None = Field(description="the account that is this agent")
    name: str
    node: str
    terminal: str = Field(description="an outside number is masked for those without edit on one of the agent's queues")
    terminal_shown: str = Field(description="terminal with its outside number as the site's region writes it")
    terminal_kind: Literal["extension", "external", "both", "other"]
    terminal_extension: str | None
    terminal_number: str | None = Field(description="the outside number, masked like terminal")
    terminal_delay_s: int | None = Field(description="both: how long after the extension the outside number rings")
    terminal_confirm: bool = Field(description="an outside phone must press a key to get the call")
    terminal_restorable: bool = Field(description="the switch had another contact before, to go back to")
    status: StatusShown
    chosen: Chosen
    after_call: str | None = Field(
        description="the status that was asked for to follow the present call; null: none was"
    )
    hand_since: float | None = Field(description="since when the agent asks for help")
    priority: int | None
    priorities: dict[str, int] = Field(description="by queue, of those that the viewer may see")
    queues: list[str]
    call: dict[str, Any] | None
    talk_since: float | None
    hold_since: float | None
    alarms: list[str]
    no_answer: bool
    may: May


class QueueRow(Shape):
    """A queue. ``longest_wait_s`` is as of the answer; browsers count on from ``longest_wait_since``."""

    queue: str
    label: str
    notices: list[str] = Field(description="the modes at whose beginning the agent hears a tone")
    right: Literal["view", "edit", "all"]
    strategy: str
    tier_rules: bool
    waiting: int
    longest_wait_since: float | None
    longest_wait_s: float
    agents: dict[str, int]
    answered: int
    abandoned: int


class WaitingRow(Shape):
    """A waiting caller."""

    member: str
    queue: str
    name: str
    number: str
    since: float
    state: Literal["waiting", "offered"]
    agent: str | None


class SupervisionMay(Shape):
    """What a running supervision may go over to, decided on its own queue and its own call."""

    monitor: Verdict
    whisper: Verdict
    barge: Verdict
    take_over: Verdict


class SupervisionRow(Shape):
    """Who listens to whom and how. ``since``: when the listening began."""

    id: str
    agent: str
    mode: Literal["monitor", "whisper", "barge"]
    mode_unsure: bool = Field(description="FreeSWITCH's answer was lost; ``mode`` is the loudest that may be heard")
    state: str = Field(description="ringing, listening, ended or failed")
    cause: str | None
    extension: str = Field(description="an outside number is masked for all but the listener and administrators")
    queue: str | None = Field(description="the queue selected when it was asked for; null for whoever may not see it")
    follow: bool
    silent: bool = Field(description="whispers or barges into a call on hold: nobody hears it until the call goes on")
    no_media: bool = Field(description="the call's sound bypasses FreeSWITCH: nothing can be heard")
    login: str
    name: str
    asked_at: float
    since: float | None
    ended_at: float | None
    mine: bool
    may: SupervisionMay | None = Field(description="null for all but its listener and administrators")


class NodeLink(Shape):
    """The connection to one FreeSWITCH."""

    name: str
    state: Literal["live", "down"]
    since: float
    delay_ms: float | None


class Link(Shape):
    """The way from the switch to the panel. ``delay_ms``: median of the last minute, from the switch's event."""

    state: Literal["live", "down"]
    since: float
    delay_ms: float | None
    nodes: list[NodeLink]


class Choice(Shape):
    """A status that may be chosen. ``own``: agents may choose it themselves; ``limit_min``: marked after so long."""

    code: str
    label: str
    shape: str
    color: str
    selectable: bool
    own: bool
    limit_min: int | None


class BoardReply(Shape):
    """The floor as far as the viewer may see it, as of ``seq``; the stream goes on from there."""

    seq: int
    epoch: str
    login: str = Field(description="whose picture it is")
    queue: str | None
    practice: bool
    now: float
    link: Link
    alarms: list[str] = Field(description="what is wrong with no one agent, e.g. wrong_dial_entries")
    statuses: list[Choice]
    extensions: list[str]
    queues: list[QueueRow]
    agents: list[AgentRow]
    waiting: list[WaitingRow]
    supervisions: list[SupervisionRow]


class OwnAgentReply(Shape):
    """The agent that one is oneself; ``agent`` null: none, or the switch does not know it."""

    agent: AgentRow | None
    statuses: list[Choice]
    listened: bool = Field(description="the site lets agents read who listened to them")

"""What somebody wants. A wish is decided on the state at the moment of carrying out, never on what a page showed."""

from __future__ import annotations

from dataclasses import dataclass

MONITOR = "monitor"
WHISPER = "whisper"
BARGE = "barge"
MODES = (MONITOR, WHISPER, BARGE)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Give an agent one of the statuses that people may choose; ``after_call``: not now, but when his call has ended."""

    agent: str
    status: str
    queue: str | None = None
    reason: str = ""
    after_call: bool = False


@dataclass(frozen=True, slots=True)
class CancelAfterCall:
    """Take back the status that was asked for to follow the agent's call: he has again what he had before."""

    agent: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class EndWrapUp:
    """Let the automatic wrap-up of an agent end now."""

    agent: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class RaiseHand:
    """An agent asks for help: supervisors see it until somebody lowers the hand."""

    agent: str


@dataclass(frozen=True, slots=True)
class LowerHand:
    """The agent has been helped, or needs it no more."""

    agent: str
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Give an agent a call priority (1 rings first, 15 last) in one queue, until ``until`` (epoch s) if given.

    ``then``: what holds from ``until`` on; None: what holds now, or what was to hold after that.
    """

    agent: str
    queue: str
    priority: int
    until: float | None = None
    then: int | None = None


@dataclass(frozen=True, slots=True)
class AddMember:
    """Make an agent a member of a queue, with this call priority."""

    queue: str
    agent: str
    priority: int = 1


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Let an agent be no member of a queue any more."""

    queue: str
    agent: str


@dataclass(frozen=True, slots=True)
class Foresee:
    """Ask who would be rung next in a queue, now and (with agent and priority) after a change. Changes nothing."""

    queue: str
    agent: str | None = None
    priority: int | None = None


EXTENSION = "extension"
EXTERNAL = "external"
BOTH = "both"
ORIGINAL = "original"
TERMINALS = (EXTENSION, EXTERNAL, BOTH, ORIGINAL)


@dataclass(frozen=True, slots=True)
class SetTerminal:
    """Let an agent be rung at his extension, at an outside number, or at both, the number ``delay_s`` later.

    ``number`` is the extension for ``extension``, the outside number for ``external`` and ``both``. ``original`` gives him
    back the contact that the switch had before ours. ``confirm`` None: as it is.
    """

    agent: str
    kind: str
    number: str | None = None
    extension: str | None = None
    delay_s: int | None = None
    confirm: bool | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class StartSupervision:
    """Ring one of the actor's own extensions and let it hear the agent's call.

    ``restore_media``: where the call's sound bypasses FreeSWITCH, bring it back first instead of refusing.
    """

    agent: str
    mode: str
    extension: str
    queue: str | None = None
    follow: bool = False
    restore_media: bool = False


@dataclass(frozen=True, slots=True)
class ChangeMode:
    """Switch a running supervision between monitor, whisper and barge."""

    supervision: str
    mode: str


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The supervisor goes on with the caller, the agent's leg ends."""

    supervision: str


@dataclass(frozen=True, slots=True)
class StopSupervision:
    """Hang up the supervisor's leg."""

    supervision: str


@dataclass(frozen=True, slots=True)
class StartCallBack:
    """Ring the actor's own outside phone, then call ``number``; both see ``shown``, the centre's number."""

    number: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class CancelCallBack:
    """Hang up the agent's leg of a call-back, and with it the customer's."""

    call_back: str


Command = (
    SetStatus
    | CancelAfterCall
    | EndWrapUp
    | RaiseHand
    | LowerHand
    | SetPriority
    | AddMember
    | RemoveMember
    | Foresee
    | SetTerminal
    | StartSupervision
    | ChangeMode
    | TakeOver
    | StopSupervision
    | StartCallBack
    | CancelCallBack
)

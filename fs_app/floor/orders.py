"""What the switch shall do, as typed values. ``switch.orders`` alone turns them into command text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType


@dataclass(frozen=True, slots=True)
class SetAgentStatus:
    """``callcenter_config agent set status``; ``status`` is one of mod_callcenter's four exact spellings.

    ``unless_offered``: taken out of the dispatcher's sight first, by the only compare-and-set that mod_callcenter has
    (``state_if_waiting``, mod_callcenter.c:1148), so that the change cannot cancel an offer that begins at this moment.
    """

    agent: str
    status: str
    unless_offered: bool = False


@dataclass(frozen=True, slots=True)
class SetAgentState:
    """``callcenter_config agent set state``."""

    agent: str
    state: str


@dataclass(frozen=True, slots=True)
class SetReadyTime:
    """``callcenter_config agent set ready_time``: no offer begins before ``epoch`` (s); one that runs is left alone.

    The dispatcher reads it when it looks for an agent and never again (mod_callcenter.c:2335).
    """

    agent: str
    epoch: int


@dataclass(frozen=True, slots=True)
class SetWrapUp:
    """``callcenter_config agent set wrap_up_time`` (s): 0 is the only way to end a wrap-up (mod_callcenter.c:2332)."""

    agent: str
    seconds: int


CALLERS_NUMBER = "caller"
QUEUES_NUMBER = "queue"


@dataclass(frozen=True, slots=True)
class OutsidePhone:
    """An outside phone that rings for an agent, ``delay_s`` after his extension.

    ``confirm``: key 1 takes the call; asked for ``rounds`` times with ``pause_s`` between. ``caller_id`` is what it shows:
    :data:`CALLERS_NUMBER`, :data:`QUEUES_NUMBER`, or a number.
    """

    number: str
    delay_s: int = 0
    confirm: bool = True
    rounds: int = 3
    pause_s: int = 2
    caller_id: str = CALLERS_NUMBER


@dataclass(frozen=True, slots=True)
class SetAgentContact:
    """``callcenter_config agent set contact``: his extension (digits), his outside phone, or both."""

    agent: str
    extension: str | None = None
    outside: OutsidePhone | None = None


OldContact = NewType("OldContact", str)
"""A contact as the switch had it before ours. Nobody types one."""


@dataclass(frozen=True, slots=True)
class RestoreAgentContact:
    """``agent set contact`` with what the switch had before: a joined site gets back what it wrote itself."""

    agent: str
    contact: OldContact


@dataclass(frozen=True, slots=True)
class SetQueueNumber:
    """The number that outside phones show for a queue's calls (None: the caller's), as a global variable of the switch."""

    queue: str
    number: str | None


@dataclass(frozen=True, slots=True)
class SetTierLevel:
    """``callcenter_config tier set level`` and position 1."""

    queue: str
    agent: str
    level: int


@dataclass(frozen=True, slots=True)
class AddTier:
    """``callcenter_config tier add``, position 1: the agent is a member of the queue from now on."""

    queue: str
    agent: str
    level: int


@dataclass(frozen=True, slots=True)
class RemoveTier:
    """``callcenter_config tier del``: no further call of the queue; one that rings or runs is left alone."""

    queue: str
    agent: str


@dataclass(frozen=True, slots=True)
class SetTierState:
    """``callcenter_config tier set state``."""

    queue: str
    agent: str
    state: str


@dataclass(frozen=True, slots=True)
class RingSupervisor:
    """``originate`` of the supervisor's leg with our own uuid; on answer it eavesdrops on ``target``.

    ``mode`` is the FreeSWITCH digit (0, 2 or 3), already right for the leg that is watched. ``outside``: ``extension``
    is an outside number, where a key must be pressed before anything is heard, so that no voicemail ever listens.
    """

    leg: str
    supervision: str
    extension: str
    target: str
    mode: int
    follow: bool
    timeout_s: int = 30
    outside: bool = False


@dataclass(frozen=True, slots=True)
class RingForCallBack:
    """``originate`` of the agent's own outside phone; once he has pressed the key it calls the customer and joins both.

    ``shown`` is the number that both see. The queues leave the agent alone from the first ringing on.
    """

    leg: str
    customer_leg: str
    call_back: str
    agent: str
    number: str
    customer: str
    shown: str
    timeout_s: int = 60


@dataclass(frozen=True, slots=True)
class JoinSupervisor:
    """``uuid_transfer`` of a leg that is up already (somebody dialled a code): it listens as if it had been rung."""

    leg: str
    supervision: str
    target: str
    mode: int
    follow: bool


@dataclass(frozen=True, slots=True)
class RingParty:
    """A party of the self-test: a loopback call with our own uuid whose far end stays on the line. It ends by itself."""

    leg: str


@dataclass(frozen=True, slots=True)
class SayTone:
    """A tone spoken into a leg: the far end of a party's, so that the switch hears it from that party."""

    leg: str
    pitch_hz: int
    lasts_ms: int


@dataclass(frozen=True, slots=True)
class DetectTone:
    """Fire DETECTED_TONE with ``key`` once when this tone, and nothing louder, comes from the leg."""

    leg: str
    key: str
    pitch_hz: int


@dataclass(frozen=True, slots=True)
class SwitchMode:
    """``sendevent`` with ``eavesdrop-command`` to the supervisor's leg."""

    leg: str
    mode: int


@dataclass(frozen=True, slots=True)
class MoveSupervisor:
    """``uuid_transfer`` of the supervisor's leg to another watched leg, starting in ``mode`` (0, 2 or 3).

    ``unread``: how many commands of ``SwitchMode`` the leg may not have read yet. A transfer leaves them in the leg's
    queue (switch_core_session.c:1200; seen on 1.10.12), and the next eavesdrop would obey them on the new leg.
    """

    leg: str
    target: str
    mode: int
    follow: bool
    unread: int = 0


@dataclass(frozen=True, slots=True)
class LetWait:
    """``uuid_transfer`` of a following supervisor's leg to silence, until the agent's next call."""

    leg: str


@dataclass(frozen=True, slots=True)
class BridgeLegs:
    """``uuid_bridge``: member and supervisor go on together, the agent's leg ends (seen on 1.10.12)."""

    a: str
    b: str


@dataclass(frozen=True, slots=True)
class PlayNotice:
    """A short tone that only the phone of ``leg`` hears (``uuid_displace … mux``; heard and measured on 1.10.12)."""

    leg: str


@dataclass(frozen=True, slots=True)
class RestoreMedia:
    """``uuid_media``: a call whose sound bypasses FreeSWITCH comes back through it."""

    leg: str


@dataclass(frozen=True, slots=True)
class StopPlaying:
    """``uuid_break … all``: what is played to a leg ends, and what was to be played is dropped."""

    leg: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """``uuid_kill``."""

    leg: str
    cause: str = "NORMAL_CLEARING"


Order = (
    SetAgentStatus
    | SetAgentState
    | SetReadyTime
    | SetWrapUp
    | SetAgentContact
    | RestoreAgentContact
    | SetQueueNumber
    | SetTierLevel
    | AddTier
    | RemoveTier
    | SetTierState
    | RingSupervisor
    | JoinSupervisor
    | RingForCallBack
    | RingParty
    | SayTone
    | DetectTone
    | SwitchMode
    | MoveSupervisor
    | LetWait
    | BridgeLegs
    | PlayNotice
    | RestoreMedia
    | StopPlaying
    | HangUp
)

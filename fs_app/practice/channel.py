"""One channel (leg) of a call: its state and variables, and the headers its events carry.

Owns data only. What happens to a channel is done by ``channels`` (life), ``execute`` (applications) and ``bridges``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fs_app.practice.events import Headers, Value

if TYPE_CHECKING:
    from fs_app.practice.bridges import Bridge
    from fs_app.practice.eavesdrop import Eavesdrop
    from fs_app.practice.phones import Phone

# CS_* as FreeSWITCH numbers them; CREATE is fired with number 2 while the name still reads CS_INIT (seen on 1.10.12).
_STATE_NUMBERS = {
    "CS_NEW": "0",
    "CS_INIT": "2",
    "CS_ROUTING": "2",
    "CS_SOFT_EXECUTE": "3",
    "CS_EXECUTE": "4",
    "CS_EXCHANGE_MEDIA": "5",
    "CS_PARK": "6",
    "CS_CONSUME_MEDIA": "7",
    "CS_HIBERNATE": "8",
    "CS_HANGUP": "10",
    "CS_REPORTING": "11",
}
CALLSTATE_NUMBERS = {
    "DOWN": "0",
    "DIALING": "1",
    "RINGING": "2",
    "EARLY": "3",
    "ACTIVE": "4",
    "HELD": "5",
    "RING_WAIT": "6",
    "HANGUP": "7",
    "UNHELD": "8",
}
_CODEC: Headers = [
    (f"Channel-{way}-Codec-{what}", value)
    for way in ("Read", "Write")
    for what, value in (("Name", "PCMU"), ("Rate", "8000"), ("Bit-Rate", "64000"))
]
_TIMES = ("Created", "Answered", "Progress", "Progress-Media", "Hangup", "Transfer", "Resurrect", "Bridged")


class RunningApp(Protocol):
    """A dialplan application that holds its channel until something ends it."""

    def stop(self) -> None:
        """The channel leaves the application (hang-up, transfer, bridge); fire what the application fires then."""
        ...


@dataclass(slots=True)
class Profile:
    """The caller profile: who calls whom (switch_caller.c:322)."""

    cid_name: str = ""
    cid_number: str = ""
    destination: str = ""
    context: str = "default"
    source: str = "mod_sofia"
    username: str = ""
    dialplan: str = ""
    orig_cid_name: str = ""
    orig_cid_number: str = ""
    callee_name: str = ""
    callee_number: str = ""
    network_addr: str = ""
    transfer_source: str = ""
    rdnis: str = ""
    index: int = 1
    created_us: int = 0


@dataclass(eq=False, slots=True)
class Channel:
    """A leg between the switch and one phone. Times are microseconds since the epoch, 0 for «not yet»."""

    uuid: str
    direction: str
    name: str
    profile: Profile
    session_id: int
    presence_id: str = ""
    state: str = "CS_INIT"
    callstate: str = "DOWN"
    answer_state: str = "ringing"
    hangup_cause: str = ""
    hangup_disposition: str = ""
    call_uuid: str = ""
    variables: dict[str, Value] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    last_hold_us: int = 0
    hold_accum_us: int = 0
    has_codec: bool = False
    other_type: str = ""
    other: Channel | None = None
    bridge: Bridge | None = None
    phone: Phone | None = None
    steps: deque[tuple[str, str]] = field(default_factory=deque)
    app: RunningApp | None = None
    app_name: str = ""
    app_data: str = ""
    row_app: tuple[str, str] = ("", "")
    row_callstate: str = "DOWN"
    playing: str = ""
    held_music: str = ""
    listeners: list[Eavesdrop] = field(default_factory=list)
    key_binds: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    key_realm: str = ""
    key_typed: str = ""
    displaced: list[str] = field(default_factory=list)
    detectors: dict[str, str] = field(default_factory=dict)
    bypassed: bool = False
    holding: bool = False
    announced: bool = False
    routing: bool = False
    down: bool = False
    ended: bool = False
    locks: int = 0
    told: deque[str] = field(default_factory=deque)
    being_told: bool = False
    on_answer: list[Callable[[Channel], None]] = field(default_factory=list)
    on_hangup: list[Callable[[Channel], None]] = field(default_factory=list)
    on_dtmf: list[Callable[[Channel, str], None]] = field(default_factory=list)

    @property
    def up(self) -> bool:
        """Neither hung up nor about to be."""
        return not self.down

    @property
    def answered(self) -> bool:
        """Answered and still up."""
        return self.answer_state == "answered"

    @property
    def peer(self) -> Channel | None:
        """The other side of the bridge, when bridged."""
        return self.bridge.peer_of(self) if self.bridge is not None else None

    def variable(self, name: str) -> str:
        """A variable's text, empty when unset."""
        value = self.variables.get(name, "")
        return value if isinstance(value, str) else "|:".join(value)

    def true(self, name: str) -> bool:
        """Whether a variable reads as true, as switch_true does."""
        return self.variable(name).lower() in ("true", "yes", "on", "enable", "enabled", "active", "allow", "t", "1")

    def set(self, name: str, value: str | None) -> None:
        """Set a variable; ``None`` or empty removes it."""
        if value:
            self.variables[name] = value
        else:
            self.variables.pop(name, None)

    def headers(self, *, variables: bool) -> Headers:
        """What every event of this channel carries (switch_channel.c:2657), then ``variable_*`` if wanted."""
        rows = self._basic()
        rows += _profile_headers("Caller", self, self.direction)
        if self.other is not None:
            rows.append(("Other-Type", self.other_type))
            rows += _profile_headers("Other-Leg", self.other, "inbound")
        if variables:
            rows += [(f"variable_{name}", value) for name, value in self.variables.items()]
        return rows

    def _state_number(self) -> str:
        """The number runs ahead of the name: it is the state that the leg goes to, the name the one it is in."""
        if self.ended:
            return "12"
        return _STATE_NUMBERS["CS_HANGUP"] if self.down and self.state != "CS_REPORTING" else _STATE_NUMBERS[self.state]

    def _basic(self) -> Headers:
        rows: Headers = [
            ("Channel-State", self.state),
            ("Channel-Call-State", self.callstate),
            ("Channel-State-Number", self._state_number()),
            ("Channel-Name", self.name),
            ("Unique-ID", self.uuid),
            ("Call-Direction", self.direction),
            ("Presence-Call-Direction", self.direction),
            ("Channel-HIT-Dialplan", "true" if self.direction == "inbound" else "false"),
        ]
        if self.presence_id:
            rows.append(("Channel-Presence-ID", self.presence_id))
        rows += [("Channel-Call-UUID", self.call_uuid or self.uuid), ("Answer-State", self.answer_state)]
        if self.hangup_cause:
            rows.append(("Hangup-Cause", self.hangup_cause))
        return rows + _CODEC if self.has_codec else rows


def _profile_headers(prefix: str, channel: Channel, logical: str) -> Headers:
    profile = channel.profile
    optional: Headers = [("Username", profile.username), ("Dialplan", profile.dialplan)]
    callee: Headers = [
        ("Callee-ID-Name", profile.callee_name),
        ("Callee-ID-Number", profile.callee_number),
        ("Network-Addr", profile.network_addr),
    ]
    rows: Headers = [
        ("Direction", channel.direction),
        ("Logical-Direction", logical),
        *(row for row in optional if row[1]),
        ("Caller-ID-Name", profile.cid_name),
        ("Caller-ID-Number", profile.cid_number),
        ("Orig-Caller-ID-Name", profile.orig_cid_name or profile.cid_name),
        ("Orig-Caller-ID-Number", profile.orig_cid_number or profile.cid_number),
        *(row for row in callee if row[1] and (prefix == "Caller" or channel.direction == "outbound")),
        ("ANI", profile.orig_cid_number or profile.cid_number),
        ("Destination-Number", profile.destination),
        ("Unique-ID", channel.uuid),
        ("Source", profile.source),
    ]
    if profile.rdnis:
        rows.append(("RDNIS", profile.rdnis))
    if profile.transfer_source and prefix == "Caller":
        rows.append(("Transfer-Source", profile.transfer_source))
    rows += [("Context", profile.context), ("Channel-Name", channel.name)]
    if prefix == "Caller":
        rows.append(("Profile-Index", str(profile.index)))
    rows.append(("Profile-Created-Time", str(profile.created_us)))
    times = channel.times
    rows += [(f"Channel-{what}-Time", str(times.get(what, 0))) for what in _TIMES]
    rows += [
        ("Channel-Last-Hold", str(channel.last_hold_us)),
        ("Channel-Hold-Accum", str(channel.hold_accum_us)),
        ("Screen-Bit", "true"),
        ("Privacy-Hide-Name", "false"),
        ("Privacy-Hide-Number", "false"),
    ]
    return [(f"{prefix}-{name}", value) for name, value in rows if value != ""]

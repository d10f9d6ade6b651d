"""The floor's nouns: legs, agents, queues, tiers, members, supervisions. Plain records; ``fold`` alone changes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from fs_app.floor import statuses

CREATED_S = 1.0
"""A leg of ours is there that soon after it was ordered, or not at all; while the order is under way, its answer tells."""


@dataclass(slots=True)
class Leg:
    """One channel of FreeSWITCH. ``*_seq`` is the Event-Sequence of the newest word on that field."""

    uuid: str
    known: bool = False
    """False until CHANNEL_CREATE or a resync has told what this leg is."""
    inbound: bool = False
    extension: str = ""
    owner: str = ""
    """The agent whose phone or mobile this leg is."""
    side: str = ""
    queue: str = ""
    member: str = ""
    member_channel: str = ""
    supervision: str = ""
    call_back: str = ""
    """The call-back for which this leg, the agent's, was rung."""
    caller_name: str = ""
    caller_number: str = ""
    destination: str = ""
    callstate: str = "DOWN"
    callstate_seq: int = 0
    created_at: float = 0.0
    answered_at: float = 0.0
    peer: str = ""
    peer_seq: int = 0
    bridged_at: float = 0.0
    held_at: float = 0.0
    held_seq: int = 0
    won: bool = False
    """bridge-agent-start named this leg as the winner of its offer."""
    serial: int = 0
    dials_code: bool = False
    """It dialled one of the site's codes: the agent handles a telephone and is in no call."""


@dataclass(slots=True)
class Tier:
    """An agent in a queue; smaller levels ring first."""

    level: int
    position: int = 1
    state: str = "Ready"


@dataclass(slots=True)
class Offer:
    """Phones of an agent ring for a member."""

    queue: str
    member: str
    member_channel: str
    since: float
    seq: int


@dataclass(slots=True)
class Agent:
    """An agent of mod_callcenter, with what a person chose and what calls made of him."""

    id: str
    name: str = ""
    status: str = statuses.LOGGED_OUT
    status_seq: int = 0
    status_serial: int = 0
    state: str = statuses.WAITING
    state_seq: int = 0
    state_serial: int = 0
    state_at: float = 0.0
    contact: str = ""
    contact_serial: int = 0
    chosen: str = "logged_out"
    chosen_since: float = 0.0
    chosen_before: str = ""
    """What he had chosen before another status was set during a call (see ``display.wished_in_call``)."""
    idle_since: float = 0.0
    wrap_up_s: int = 0
    wrap_up_serial: int = 0
    wrap_up_until: float = 0.0
    wrap_up_queue: str = ""
    last_bridge_end: float = 0.0
    ready_at: float = 0.0
    external_calls: int = 0
    external_stuck: int = 0
    """Resyncs in a row that found external calls counted and no leg: the count never falls again (mod_callcenter.c:3348)."""
    no_answer: bool = False
    tiers: dict[str, Tier] = field(default_factory=dict)
    tier_serials: dict[str, int] = field(default_factory=dict)
    """Queue -> when its tier was last read by itself: a reading of everything that began earlier knows less."""
    legs: set[str] = field(default_factory=set)
    offers: dict[str, Offer] = field(default_factory=dict)
    closed_offers: dict[str, int] = field(default_factory=dict)
    """Member -> sequence of the newest word that ended an offer for him: a late agent-offering opens nothing."""
    hand_raised_at: float = 0.0
    """Since when he asks for help (epoch s); 0: he does not. Nothing of the switch: ours alone."""
    wrong_entries: bool = False
    """Too many wrong passwords were dialled for him (an alarm)."""
    picked_up: set[str] = field(default_factory=set)
    """Members for whom one of his outside phones was answered, whether or not its key is pressed."""
    ring_outcome: str = ""
    """What became of his last ringing (see ``outcomes``); empty while it goes on."""
    missed: int = 0
    """Offers in a row that an outside phone of his missed."""
    unreachable: bool = False
    """So many were missed that somebody should look (an alarm)."""
    barred: bool = False
    """The outside number that rang may not be rung any more: he is rung elsewhere now, or takes no calls (an alarm)."""
    prompt_missing: bool = False
    """What asks for the key could not be played (an alarm)."""
    confirm: bool = True
    """Whether his outside phone asks for a key before it gets a call."""
    restorable: bool = False
    """Whether the switch had another contact before ours, to which he can go back."""
    wrap_up_native: int = -1
    """The agent's own wrap-up time while ours stands in its place (a queue's, or 0 to end one); -1 when none does."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A status asked for «after this call» while the phone still rings: ordered as soon as the ringing is over."""

    code: str
    login: str
    kind: str = ""
    """As what he asked: see ``Actor.kind_towards``."""
    reason: str = ""
    audit_row: int = 0
    queue: str | None = None
    """The queue that was selected: rights count on it."""
    token: str = ""
    """The token by which it was asked (``Actor.session``); a browser's session may be over by then."""


@dataclass(slots=True)
class Queue:
    """A waiting line. Counters are since the day began, and outlive the controller."""

    id: str
    strategy: str = ""
    tier_rules: bool = False
    skip_external: bool = True
    members: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    label: str = ""
    notices: tuple[str, ...] = ()
    """Modes at whose beginning the agent hears a tone."""
    missed_after: int = 3
    missed_status: str = "away"
    """What an agent gets whose outside phone missed so many offers; empty: he keeps what he has."""
    answered: int = 0
    abandoned: int = 0


@dataclass(slots=True)
class Member:
    """A caller in a queue, until he is bridged, leaves or hangs up."""

    uuid: str
    channel: str
    queue: str
    name: str
    number: str
    joined_at: float
    serial: int = 0
    seq: int = 0
    """The number of the last event before which no word concerns this stay."""


RINGING = "ringing"
LISTENING = "listening"
FOLLOWING = "following"
ENDED = "ended"
FAILED = "failed"
LIVE_STATES = (RINGING, LISTENING, FOLLOWING)


LONGEST_EXTENSION = 6


@dataclass(slots=True)
class Supervision:
    """A supervisor's leg on an agent's call. ``mode`` is one value for panel, keypad and audit."""

    id: str
    login: str
    name: str
    agent: str
    mode: str
    extension: str
    queue: str | None
    leg: str
    target: str
    follow: bool = False
    state: str = RINGING
    cause: str = ""
    asked_at: float = 0.0
    ordered: bool = False
    """The order to ring is under way, and its answer will come."""
    since: float = 0.0
    hears: str = ""
    """The leg on which its own leg has set about eavesdropping; empty: on none that is known."""
    hears_seq: int = 0
    settles: str = ""
    """While it is not known what the leg was last told: the mode that it shall have. ``mode`` is then the loudest that may be
    heard. Empty: ``mode`` is certain."""
    on_member: bool = False
    """The member's leg is watched (during a hold); FreeSWITCH's mode numbers are swapped there."""
    ended_at: float = 0.0
    session: str = ""
    """The log-in or token that began it: it ends with that."""
    noticed: str = ""
    """The mode whose tone the agent has been given in this call."""
    why: str = ""
    """Why it is about to end, known before the supervisor's leg is gone."""
    adrift_at: float = 0.0
    """Since when the agent is not in the supervised call (any more)."""
    joined: bool = False
    """A follower was sent to the agent's next call, and the audit is to be told when he hears it."""
    no_media: str = ""
    """``bypass`` or ``proxy`` while the call's sound passes FreeSWITCH by, so that he hears nothing."""
    media_asked_at: float = 0.0
    audit_row: int = 0
    """The audit's «asked» without an outcome so far; 0 when there is none."""
    closed: bool = False
    """The audit has been told how it ended."""

    @property
    def outside(self) -> bool:
        """Whether an outside phone is rung, where a key must be pressed."""
        return len(self.extension) > LONGEST_EXTENSION

    @property
    def arrived(self) -> bool:
        """Whether the supervisor is at his phone: picked up, and on an outside phone with its key pressed."""
        return self.state in (LISTENING, FOLLOWING) or bool(self.hears)

    @property
    def in_doubt(self) -> bool:
        """Whether he may be heard by fewer than ``mode`` says; on the caller's leg nobody hears him whatever it is."""
        return bool(self.settles) and self.state == LISTENING and not self.on_member

    @property
    def live(self) -> bool:
        """Whether the supervisor's leg is, or may come, up."""
        return self.state in LIVE_STATES


RINGING_YOU = "ringing_you"
CALLING_CUSTOMER = "calling_customer"
TALKING = "talking"
AGENT, CUSTOMER = "agent", "customer"


@dataclass(slots=True)
class CallBack:
    """A call to a customer for which the agent's own outside phone is rung first. Both legs carry ids that we gave them."""

    id: str
    login: str
    agent: str
    number: str
    """The customer's, as it is dialled."""
    leg: str
    customer_leg: str
    session: str = ""
    state: str = RINGING_YOU
    party: str = ""
    """Who did not come, where it failed: ``agent`` or ``customer``."""
    cause: str = ""
    asked_at: float = 0.0
    ordered: bool = False
    """The order to ring is under way, and its answer will come."""
    since: float = 0.0
    ended_at: float = 0.0
    cancelled: bool = False
    audit_row: int = 0
    """The audit's «asked» without an outcome so far; 0 when there is none."""

    @property
    def live(self) -> bool:
        """Whether a leg of it is, or may come, up."""
        return self.state not in (ENDED, FAILED)

"""What a practice switch is made of before anybody calls: queues, extensions, gateways.

Owns the static configuration (what would stand in XML on a FreeSWITCH). Agents and tiers are not here: they are made
through the API, as on a real switch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOLD_MUSIC = "tone_stream://%(1000,0,620);loops=-1"
QUEUE_MUSIC = "tone_stream://%(200,800,440);loops=-1"


@dataclass(frozen=True, slots=True)
class QueueConfig:
    """One ``<queue>`` of callcenter.conf.xml, with mod_callcenter's defaults (mod_callcenter.c:553), and its number."""

    name: str
    number: str
    strategy: str = "longest-idle-agent"
    moh_sound: str = QUEUE_MUSIC
    time_base_score: str = "system"
    tier_rules_apply: bool = False
    tier_rule_wait_second: int = 0
    tier_rule_wait_multiply_level: bool = False
    tier_rule_no_agent_no_wait: bool = True
    discard_abandoned_after: int = 60
    abandoned_resume_allowed: bool = False
    max_wait_time: int = 0
    max_wait_time_with_no_agent: int = 0
    max_wait_time_with_no_agent_time_reached: int = 5
    ring_progressively_delay: int = 10
    skip_agents_with_external_calls: bool = True
    agent_no_answer_status: str = "On Break"
    label: str = ""
    """What people call it; for the simulated callers, never on the wire."""


@dataclass(frozen=True, slots=True)
class SwitchConfig:
    """A whole switch. ``extensions`` and ``supervisors`` are registered phones, ``unregistered`` users without one."""

    queues: tuple[QueueConfig, ...]
    extensions: tuple[str, ...]
    supervisors: tuple[str, ...] = ("9001", "9002", "9003")
    unregistered: tuple[str, ...] = ("1099",)
    gateways: tuple[str, ...] = ("carrier",)
    domain: str = "default"
    hostname: str = "practice"
    password: str = "ClueCon"  # noqa: S105 - FreeSWITCH's own published default, replaced by every caller that serves
    main_number: str = "0312340000"
    dial_numbers: tuple[str, ...] = ()
    """Numbers of one's own that are answered by a dialogue instead of a queue."""
    inbound_limit: int = 50
    """``limit hash inbound company1 N`` on every incoming call; over it the caller is refused."""
    track_internal: bool = True
    """Whether calls between extensions count as external calls of the dialling agent (``callcenter_track``)."""
    heartbeat_s: float = 20.0
    max_sessions: int = 5000
    user_variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Variables of the directory's entries by user: set on a leg to that user after those of the dial string."""
    missing_sounds: tuple[str, ...] = ()
    """group_confirm_file values that cannot be played (the leg is then hung up with DESTINATION_OUT_OF_ORDER)."""


def contract_floor(password: str = "practice") -> SwitchConfig:  # noqa: S107 - loopback only, a test's switch
    """The floor that the contract tests expect: a queue for each strategy, ten phones, one gateway."""
    return SwitchConfig(
        queues=(
            QueueConfig("support@default", "5010"),
            QueueConfig("ringall@default", "5011", strategy="ring-all"),
            QueueConfig("rr@default", "5012", strategy="round-robin"),
            QueueConfig("progressive@default", "5013", strategy="ring-progressively", abandoned_resume_allowed=True),
            QueueConfig("topdown@default", "5014", strategy="top-down"),
            QueueConfig("talk@default", "5015", strategy="agent-with-least-talk-time"),
            QueueConfig("fewest@default", "5016", strategy="agent-with-fewest-calls"),
            QueueConfig("order@default", "5017", strategy="sequentially-by-agent-order"),
            QueueConfig("random@default", "5018", strategy="random"),
        ),
        extensions=("1001", "1002", "1003", "1004", "1005"),
        dial_numbers=("5021", "5022", "5023"),
        track_internal=False,
        password=password,
        user_variables={"9003": {"eavesdrop_whisper_aleg": "true", "eavesdrop_enable_dtmf": "true"}},
    )

"""A whole floor of people: who works where, and who calls.

Owns the casting. Agents and tiers are made by the same commands that a site's own script would send.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fs_app.practice.callcenter.command import callcenter_config
from fs_app.practice.config import QueueConfig, SwitchConfig
from fs_app.practice.people import names
from fs_app.practice.people.agents import AtDesk, Mobile, Supervisor
from fs_app.practice.people.callers import Caller
from fs_app.practice.people.rhythms import WRAP_UP_S, Rhythms
from fs_app.practice.people.shifts import Shift
from fs_app.practice.switch import PracticeSwitch

_QUEUES = (
    ("support", "サポート", "longest-idle-agent"),
    ("sales", "営業", "round-robin"),
    ("billing", "請求", "longest-idle-agent"),
    ("orders", "受注", "agent-with-fewest-calls"),
    ("returns", "返品", "sequentially-by-agent-order"),
    ("vip", "特別窓口", "ring-all"),
)
_MOBILE_SHARE = 0.1
_AWAY_SHARE = 0.3
MAX_AGENTS = 20_000
_RUSH_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class CrowdConfig:
    """How large and how busy a floor is. ``speed`` shortens what people do; the switch's own timers stay true."""

    agents: int = 12
    queues: int = 3
    calls_per_minute: float = 6.0
    seed: int = 1
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.agents <= MAX_AGENTS:
            raise ValueError(f"agents must be 1 to {MAX_AGENTS}")
        if not 1 <= self.queues <= 100:
            raise ValueError("queues must be 1 to 100")
        if not 0 <= self.calls_per_minute <= 6000:
            raise ValueError("calls per minute must be 0 to 6000")
        if not 0.1 <= self.speed <= 100:
            raise ValueError("speed must be 0.1 to 100")


def crowd_floor(crowd: CrowdConfig, password: str, domain: str = "default") -> SwitchConfig:
    """The switch for such a crowd."""
    # Four digits as long as they stay clear of the queues' numbers, five for larger floors.
    first = 1001 if crowd.agents <= 4000 else 10_001
    queues = []
    for index in range(crowd.queues):
        name, label, strategy = (
            _QUEUES[index] if index < len(_QUEUES) else (f"queue{index + 1}", "", "longest-idle-agent")
        )
        queues.append(QueueConfig(f"{name}@{domain}", str(5010 + index), strategy=strategy, label=label))
    return SwitchConfig(
        queues=tuple(queues),
        extensions=tuple(str(first + index) for index in range(crowd.agents)),
        supervisors=tuple(str(9001 + index) for index in range(20)),
        domain=domain,
        password=password,
        inbound_limit=10_000,
        max_sessions=50_000,
    )


class Crowd:
    """Brings a switch to life."""

    def __init__(self, switch: PracticeSwitch, config: CrowdConfig) -> None:
        self._switch = switch
        self._core = switch.core
        self._config = config
        self._rhythms = Rhythms(config.seed, config.speed, config.agents, config.calls_per_minute)
        # Of their own, so that who calls when does not depend on what happens on the floor.
        self._arrivals = Rhythms(config.seed + 1, config.speed, config.agents, config.calls_per_minute)
        self._started = 0.0

    def start(self) -> None:
        """Everybody comes in; the first caller follows."""
        core, rhythms = self._core, self._rhythms
        self._started = core.clock.now()
        desks = [core.phones.inside(number) for number in core.config.extensions]
        for phone in desks:
            phone.name = names.person(rhythms.rng)
        for index, phone in enumerate(desks):
            desk = AtDesk(core, rhythms, phone, desks)
            self._hire(index, desk)
        for number in core.config.supervisors:
            phone = core.phones.inside(number)
            phone.name = names.person(rhythms.rng)
            Supervisor(core, rhythms, phone)
        if self._config.calls_per_minute > 0:
            core.clock.later(self._arrivals.until_caller(self._config.calls_per_minute, 1.0), self._next_caller)

    def _hire(self, index: int, desk: AtDesk) -> None:
        core, rng = self._core, self._rhythms.rng
        name = f"{desk.phone.number}@{core.config.domain}"
        contact = f"[leg_timeout=18]user/{name}"
        if rng.random() < _MOBILE_SHARE:
            mobile = names.mobile(rng)
            desk.away = rng.random() < _AWAY_SHARE
            Mobile(core, self._rhythms, core.phones.outside(mobile), desk)
            confirm = "group_confirm_key=1,group_confirm_file=ivr/confirm.wav,group_confirm_timeout=10"
            contact += f",[leg_delay_start=4,leg_timeout=25,{confirm}]sofia/gateway/{core.config.gateways[0]}/{mobile}"
        wrap_up = max(2, round(WRAP_UP_S / self._config.speed))
        self._command(f"agent add {name} Callback")
        for key, value in (
            ("contact", contact),
            ("wrap_up_time", wrap_up),
            ("no_answer_delay_time", 5),
            ("busy_delay_time", 5),
            ("reject_delay_time", 5),
            ("max_no_answer", 4),
        ):
            self._command(f"agent set {key} {name} {value}")
        queues = core.config.queues
        for queue in dict.fromkeys((queues[index % len(queues)].name, rng.choice(queues).name)):
            self._command(f"tier add {queue} {name} {rng.choice((1, 1, 2, 3))} 1")
        Shift(core, self._rhythms, core.callcenter.agents[name], desk).begin()

    def _command(self, text: str) -> None:
        reply = callcenter_config(self._core.callcenter, text)
        if reply != "+OK\n":
            raise RuntimeError(f"{text}: {reply.strip()}")

    def _next_caller(self) -> None:
        rate = self._config.calls_per_minute
        self._core.clock.later(self._arrivals.until_caller(rate, self._rush()), self._next_caller)
        rng = self._arrivals.rng
        phone = self._core.phones.outside(names.number(rng), names.caller_name(rng))
        weights = [1.0 / (index + 1) for index in range(len(self._core.config.queues))]
        queue = rng.choices(self._core.config.queues, weights)[0]
        if not phone.calls and phone.owner is None:
            Caller(self._core, self._rhythms, phone, queue.number)

    def _rush(self) -> float:
        """Callers come in waves: between 0.5 and 1.5 times the usual, a wave every ten minutes."""
        passed = (self._core.clock.now() - self._started) * self._config.speed
        return 1.0 + 0.5 * math.sin(2 * math.pi * passed / _RUSH_EVERY_S)

"""When agents work, take breaks and go home.

Owns the agents' own status changes. A status that somebody else has set stands: the agent leaves it alone for half an
hour of real time, whatever the speed.
"""

from __future__ import annotations

from fs_app.practice.callcenter.rows import AVAILABLE, LOGGED_OUT, ON_BREAK, Agent
from fs_app.practice.core import Core
from fs_app.practice.people.agents import AtDesk
from fs_app.practice.people.rhythms import Rhythms

RESPECT_S = 30 * 60.0
_BUSY_RETRY_S = 15.0


class Shift:
    """One agent's day."""

    def __init__(self, core: Core, rhythms: Rhythms, agent: Agent, desk: AtDesk) -> None:
        self._core = core
        self._rhythms = rhythms
        self._agent = agent
        self._desk = desk
        self._mine: tuple[str, int] = ("", 0)

    def begin(self) -> None:
        """Come to work: most are there already, some on a break, some not in yet. At any point of their rhythm."""
        draw = self._rhythms.rng.random()
        status = AVAILABLE if draw < 0.78 else ON_BREAK if draw < 0.88 else LOGGED_OUT
        self._set(status)
        self._core.clock.later(self._lasts(status) * self._rhythms.rng.random(), self._change)
        self._core.clock.later(self._rhythms.until_own_call() * self._rhythms.rng.random(), self._own_call)

    def _lasts(self, status: str) -> float:
        if status == AVAILABLE:
            return self._rhythms.work()
        return self._rhythms.pause() if status == ON_BREAK else self._rhythms.off()

    def _set(self, status: str) -> None:
        if self._agent.name in self._core.callcenter.agents:
            self._core.callcenter.set_status(self._agent, status)
        self._mine = (self._agent.status, self._agent.last_status_change)

    def _change(self) -> None:
        if (self._agent.status, self._agent.last_status_change) != self._mine:
            self._mine = (self._agent.status, self._agent.last_status_change)
            self._core.clock.later(RESPECT_S + self._lasts(self._agent.status), self._change)
            return
        if self._desk.phone.calls or self._agent.state not in ("Waiting", "Idle"):
            self._core.clock.later(_BUSY_RETRY_S / self._rhythms.speed, self._change)
            return
        status = AVAILABLE
        if self._agent.status == AVAILABLE:
            status = ON_BREAK if self._rhythms.chance(0.85) else LOGGED_OUT
        self._set(status)
        self._core.clock.later(self._lasts(status), self._change)

    def _own_call(self) -> None:
        if self._agent.status == AVAILABLE and (self._agent.state != "Waiting" or self._desk.phone.calls):
            self._core.clock.later(self._rhythms.short(20, 90), self._own_call)  # after this call, then
            return
        if self._agent.status == AVAILABLE:
            self._desk.call_somebody()
        self._core.clock.later(self._rhythms.until_own_call(), self._own_call)

"""People outside: those who call a queue, and those whom agents call.

Owns their patience. How long a conversation lasts is the agent's.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel
from fs_app.practice.clock import Timer
from fs_app.practice.core import Core
from fs_app.practice.people.rhythms import Rhythms
from fs_app.practice.phones import Phone

_NO_ANSWER_SHARE = 0.15


class Caller:
    """Calls a number once, waits as long as he can bear, and is gone afterwards."""

    def __init__(self, core: Core, rhythms: Rhythms, phone: Phone, number: str) -> None:
        self._core = core
        self._rhythms = rhythms
        phone.owner = self
        call = phone.dial(number)
        self._patience: Timer = core.clock.later(rhythms.patience(), self._give_up, phone, call)

    def rung(self, phone: Phone, channel: Channel) -> None:
        """Nobody calls back; it would ring in vain."""

    def connected(self, phone: Phone, channel: Channel) -> None:
        """The queue has taken the call; that is not yet a person."""

    def ended(self, phone: Phone, channel: Channel) -> None:
        """The call is over."""
        self._patience.cancel()
        phone.owner = None
        self._core.phones.forget(phone)

    def _give_up(self, phone: Phone, call: Channel) -> None:
        if call.down:
            return
        if call.bridge is not None or call.true("cc_agent_found"):
            return  # somebody is there
        phone.hang_up_call(call)


class Callee:
    """Is called by an agent: picks up after a while, or does not."""

    def __init__(self, core: Core, rhythms: Rhythms, phone: Phone) -> None:
        self._core = core
        self._rhythms = rhythms
        phone.owner = self

    def rung(self, phone: Phone, channel: Channel) -> None:
        """Mostly there."""
        if not self._rhythms.chance(_NO_ANSWER_SHARE):
            self._core.clock.later(self._rhythms.reach_phone() * 2, self._core.channels.answer, channel)

    def connected(self, phone: Phone, channel: Channel) -> None:
        """The agent decides how long."""

    def ended(self, phone: Phone, channel: Channel) -> None:
        """Gone."""
        phone.owner = None
        self._core.phones.forget(phone)

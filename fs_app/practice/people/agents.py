"""People inside: agents at their phones, their mobiles, and supervisors.

Owns what they do with a call. When they work is ``shifts``'.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.people import names
from fs_app.practice.people.callers import Callee
from fs_app.practice.people.rhythms import Rhythms
from fs_app.practice.phones import Phone

_MISSED_SHARE = 0.04
_HOLD_SHARE = 0.18
_AGENT_ENDS_SHARE = 0.3
_GIVES_UP_AFTER_S = 28.0


class AtDesk:
    """An agent at the desk phone: answers, talks, holds, ends; sometimes calls somebody."""

    def __init__(self, core: Core, rhythms: Rhythms, phone: Phone, colleagues: list[Phone]) -> None:
        self._core = core
        self._rhythms = rhythms
        self.phone = phone
        self._colleagues = colleagues
        self.away = False
        """Not at the desk: the phone rings in vain (a mobile may be answered)."""
        phone.owner = self

    def rung(self, phone: Phone, channel: Channel) -> None:
        """Pick up after a moment; refuse while talking; now and then miss it."""
        if any(call.answered for call in phone.calls if call is not channel):
            self._core.channels.hangup(channel, "USER_BUSY", "recv_refuse")
        elif not self.away and not self._rhythms.chance(_MISSED_SHARE):
            self._core.clock.later(self._rhythms.reach_phone(), self._pick_up, channel)

    def _pick_up(self, channel: Channel) -> None:
        if channel.up and not any(call.answered for call in self.phone.calls):
            self._core.channels.answer(channel)

    def connected(self, phone: Phone, channel: Channel) -> None:
        """Talk for a while, perhaps with a hold, then one of the two hangs up."""
        incoming = channel.direction == "outbound"
        talk = self._rhythms.talk() if incoming else self._rhythms.own_talk()
        if incoming and self._rhythms.chance(_HOLD_SHARE):
            hold = self._rhythms.hold()
            self._core.clock.later(self._rhythms.until_hold(talk), self._hold, channel, hold)
            talk += hold
        self._core.clock.later(talk, self._finish, channel)

    def ended(self, phone: Phone, channel: Channel) -> None:
        """The own leg is over. Whoever the other party talks with now, it will not be for ever."""
        other = channel.other
        if other is not None and other.up and other.phone is not None and other.phone.outside:
            self._core.clock.later(self._rhythms.talk(), other.phone.hang_up_call, other)

    def _hold(self, channel: Channel, hold_s: float) -> None:
        if channel.answered and channel.bridge is not None and self.phone.calls[-1:] == [channel]:
            self.phone.hold()
            self._core.clock.later(hold_s, self._resume, channel)

    def _resume(self, channel: Channel) -> None:
        if channel.answered and channel.holding:
            self.phone.resume()

    def _finish(self, channel: Channel) -> None:
        if channel.down:
            return
        peer = channel.peer
        if peer is not None and peer.phone is not None and not self._rhythms.chance(_AGENT_ENDS_SHARE):
            peer.phone.hang_up_call(peer)
        else:
            self.phone.hang_up_call(channel)

    def call_somebody(self) -> None:
        """Call an outside number, or a colleague."""
        if self.phone.calls or self.away:
            return
        free = [phone for phone in self._colleagues if phone is not self.phone and not phone.calls]
        if free and self._rhythms.chance(0.3):
            number = self._rhythms.rng.choice(free).number
        else:
            number = names.number(self._rhythms.rng)
            Callee(self._core, self._rhythms, self._core.phones.outside(number))
        call = self.phone.dial(number)
        self._core.clock.later(_GIVES_UP_AFTER_S / self._rhythms.speed, self._give_up, call)

    def _give_up(self, call: Channel) -> None:
        if call.up and not call.answered:
            self.phone.hang_up_call(call)


class Mobile:
    """The agent's own mobile: answered and confirmed with 1 when away from the desk, else its voicemail may take it."""

    def __init__(self, core: Core, rhythms: Rhythms, phone: Phone, desk: AtDesk) -> None:
        self._core = core
        self._rhythms = rhythms
        self._desk = desk
        self._phone = phone
        phone.owner = self

    def rung(self, phone: Phone, channel: Channel) -> None:
        """Away from the desk: pick up. At the desk: let it ring, the voicemail comes on after ten seconds."""
        delay = self._rhythms.reach_phone() if self._desk.away else self._rhythms.short(10, 12)
        self._core.clock.later(delay, self._core.channels.answer, channel)

    def connected(self, phone: Phone, channel: Channel) -> None:
        """Listen to the prompt, press 1, and talk as long as at the desk."""
        if self._desk.away:
            self._core.clock.later(self._rhythms.short(1.5, 3.0), self._confirm, channel)
            self._core.clock.later(self._rhythms.talk(), self._finish, channel)

    def ended(self, phone: Phone, channel: Channel) -> None:
        """Nothing to tidy up."""

    def _confirm(self, channel: Channel) -> None:
        if channel.answered:
            self._phone.press("1")

    def _finish(self, channel: Channel) -> None:
        if channel.up:
            self._phone.hang_up_call(channel)


class Supervisor:
    """Answers whatever is put through to the supervisor's phone, and stays until it ends."""

    def __init__(self, core: Core, rhythms: Rhythms, phone: Phone) -> None:
        self._core = core
        self._rhythms = rhythms
        phone.owner = self

    def rung(self, phone: Phone, channel: Channel) -> None:
        """A monitoring call that was just asked for."""
        self._core.clock.later(self._rhythms.supervisor_pick_up(), self._core.channels.answer, channel)

    def connected(self, phone: Phone, channel: Channel) -> None:
        """Listening."""

    def ended(self, phone: Phone, channel: Channel) -> None:
        """Nothing to tidy up."""

"""One leg of a dialling: delay, ringing time, key confirmation.

Owns what is particular to a leg (``leg_*`` and ``group_confirm_*`` variables); who wins is ``originate``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_app.practice.channel import Channel
from fs_app.practice.clock import TICK, Timer
from fs_app.practice.dialstring import Target

if TYPE_CHECKING:
    from fs_app.practice.originate import Originate

# A leg whose confirmation ran out ends half a second later than asked (seen on 1.10.12: 8.5 s for 8).
_CONFIRM_GRACE_S = 0.5


class Leg:
    """From dial string target to answered channel, or to its end."""

    def __init__(self, call: Originate, target: Target, *, alone: bool) -> None:
        self.target = target
        self.channel: Channel | None = None
        self.dead = False
        self.waiting = False
        self._call = call
        self._alone = alone
        self._limit: Timer | None = None
        self._confirmed = ""

    def start(self) -> None:
        """Make the channel; it shows itself after ``leg_delay_start`` seconds."""
        made = self._call.make_channel(self)
        if isinstance(made, str):
            self._call.core.clock.later(TICK / 2, self._died, made)
            return
        self.channel = made
        made.on_hangup.append(lambda channel: self._died(channel.hangup_cause))
        made.on_answer.append(self._answered)
        # Before the INVITE, and before a delay begins (seen on 1.10.12).
        self._call.core.executor.execute_on(made, "execute_on_originate")
        if made.down:
            return
        delay = _number(made.variable("leg_delay_start"))
        ring = _number(made.variable("leg_timeout") or made.variable("call_timeout"))
        if ring:
            self._set_limit(delay + ring)
        self.waiting = bool(delay)
        self._call.core.clock.later(delay or TICK / 2, self.begin)

    def begin(self) -> None:
        """CHANNEL_CREATE, then the phone rings. At once when the legs before it have failed."""
        self.waiting = False
        channel = self.channel
        if channel is None or channel.down or channel.announced:
            return
        self._call.core.limits.transferred(channel)  # the new leg passes CS_ROUTING (switch_limit.c:76)
        self._call.core.channels.announce(channel)
        if channel.phone is not None:
            channel.phone.invite(channel)
        self._call.core.clock.later(TICK, self._watch_progress, channel)

    def _watch_progress(self, channel: Channel) -> None:
        if channel.times.get("Progress") and self._call.on_progress is not None:
            self._call.on_progress()

    def end(self, cause: str) -> None:
        """Hang the leg up, unless it is over."""
        if self.channel is not None:
            self._call.core.channels.hangup(self.channel, cause, "send_cancel")

    def settle(self) -> None:
        """The leg has won: nothing limits it any more, the confirmation's variables are gone."""
        self._stop_limit()
        if self.channel is not None:
            for name in ("group_confirm_key", "group_confirm_file"):
                self.channel.variables.pop(name, None)

    def _answered(self, channel: Channel) -> None:
        key = channel.variable("group_confirm_key")
        if not key:
            self._stop_limit()
            self._call.core.clock.later(TICK / 2, self._ready)
            return
        if self._is_missing(channel.variable("group_confirm_file")):
            # A prompt that cannot be played ends the leg (switch_ivr_originate.c:262).
            self._call.core.clock.later(TICK, self.end, "DESTINATION_OUT_OF_ORDER")
            return
        limit = _number(channel.variable("group_confirm_timeout"))
        if limit:
            self._stop_limit()
            self._set_limit(limit + _CONFIRM_GRACE_S)
        channel.on_dtmf.append(self._key)

    def _is_missing(self, file: str) -> bool:
        """Of a ``file_string`` one part that can be played is enough; the others are left out (mod_dptools.c:5018)."""
        files = file.removeprefix("file_string://").split("!") if file.startswith("file_string://") else [file]
        return all(one in self._call.core.config.missing_sounds for one in files)

    def _key(self, channel: Channel, digit: str) -> None:
        wanted = channel.variable("group_confirm_key")
        if self._confirmed == wanted:
            return
        self._confirmed = (self._confirmed + digit)[-len(wanted) :]
        if self._confirmed == wanted:
            self._call.core.clock.later(TICK, self._ready)

    def _ready(self) -> None:
        if self.channel is not None and self.channel.up:
            self._call.leg_ready(self)

    def _set_limit(self, seconds: float) -> None:
        self._limit = self._call.core.clock.later(seconds, self._too_long)

    def _stop_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()

    def _too_long(self) -> None:
        # A single user/ target runs its own originate inside, whose time-out reads NO_ANSWER (seen on 1.10.12).
        single_user = self._alone and self.target.endpoint.startswith("user/")
        self.end("NO_ANSWER" if single_user else "ALLOTTED_TIMEOUT")

    def _died(self, cause: str) -> None:
        if self.dead:
            return
        self.dead = True
        self._stop_limit()
        self._call.leg_failed(cause)


def _number(text: str) -> float:
    try:
        return max(0.0, float(text)) if text else 0.0
    except ValueError:
        return 0.0

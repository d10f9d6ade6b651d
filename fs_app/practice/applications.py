"""The dialplan applications of the practice floor, but for ``eavesdrop`` and ``callcenter`` which have files of their own."""

from __future__ import annotations

import re

from fs_app.practice import keys
from fs_app.practice.callcenter.member import Visit
from fs_app.practice.channel import Channel, RunningApp
from fs_app.practice.clock import TICK
from fs_app.practice.core import Core
from fs_app.practice.eavesdrop import eavesdrop, three_way
from fs_app.practice.execute import Application
from fs_app.practice.originate import Originate
from fs_app.practice.scripts import python
from fs_app.practice.tokens import c_int, split_arguments


def _set(_core: Core, channel: Channel, data: str) -> None:
    name, _, value = data.partition("=")
    channel.set(name.strip(), value.strip())


def _unset(_core: Core, channel: Channel, data: str) -> None:
    channel.set(data.strip(), None)


def _export(_core: Core, channel: Channel, data: str) -> None:
    name, _, value = data.removeprefix("nolocal:").partition("=")
    channel.set(name.strip(), value.strip())
    exported = [item for item in channel.variable("export_vars").split(",") if item]
    if name not in exported:
        channel.set("export_vars", ",".join([*exported, name]))


def _limit(core: Core, channel: Channel, data: str) -> None:
    args = split_arguments(data, 6)
    if len(args) < 3:
        return
    maximum = c_int(args[3].partition("/")[0]) if len(args) > 3 else -1
    if not core.limits.take(channel, args[1], args[2], maximum):
        where = args[4] if len(args) > 4 else "limit_exceeded"
        if where.startswith("!"):
            core.channels.hangup(channel, where[1:])
        else:
            core.executor.transfer(channel, where)


def _answer(core: Core, channel: Channel, _data: str) -> None:
    core.channels.answer(channel)


def _pre_answer(core: Core, channel: Channel, _data: str) -> None:
    core.channels.pre_answer(channel)


def _hangup(core: Core, channel: Channel, data: str) -> None:
    core.channels.hangup(channel, data or "NORMAL_CLEARING")


def _sched_hangup(core: Core, channel: Channel, data: str) -> None:
    """``+SECONDS [cause]``."""
    when, _, cause = data.partition(" ")
    core.clock.later(c_int(when.removeprefix("+")), core.channels.hangup, channel, cause or "ALLOTTED_TIMEOUT")


class _Waiting:
    """Holds the channel until something else ends it (park) or for a time (sleep)."""

    def stop(self) -> None:
        """Nothing to undo."""


def _park(_core: Core, _channel: Channel, _data: str) -> RunningApp:
    return _Waiting()


def _sleep(core: Core, channel: Channel, data: str) -> RunningApp:
    waiting = _Waiting()

    def over() -> None:
        if channel.app is waiting:
            core.executor.complete(channel)

    core.clock.later(c_int(data) / 1000, over)
    return waiting


class _Playback:
    """Plays a sound: files for five seconds, silence and tones for as long as they say; ``silence_stream://-1`` and tones
    without a number of loops for ever.
    """

    reads_events = True

    def __init__(self, core: Core, channel: Channel, sound: str) -> None:
        self._channel = channel
        silence, _, length = sound.partition("silence_stream://")
        channel.playing = "" if length and not silence else sound
        tone = re.fullmatch(r"tone_stream://%\((\d+),(\d+),[^)]*\);loops=(\d+)", sound)
        if tone:
            core.clock.later(int(tone[3]) * (int(tone[1]) + int(tone[2])) / 1000, self._over, core)
        elif length and not silence and c_int(length) > 0:
            core.clock.later(c_int(length) / 1000, self._over, core)
        elif not sound.startswith(("tone_stream", "silence_stream", "local_stream")):
            core.clock.later(5.0, self._over, core)

    def stop(self) -> None:
        """Silence again."""
        self._channel.playing = ""

    def _over(self, core: Core) -> None:
        if self._channel.app is self:
            self.stop()
            core.executor.complete(self._channel)


def _playback(core: Core, channel: Channel, data: str) -> RunningApp:
    core.channels.answer(channel)
    return _Playback(core, channel, data)


class _Bridge:
    """Dials somebody for the channel and joins the two."""

    def __init__(self, core: Core, channel: Channel, text: str) -> None:
        self._core = core
        self._a = channel
        self._b: Channel | None = None
        name = channel.variable("effective_caller_id_name") or channel.profile.cid_name
        number = channel.variable("effective_caller_id_number") or channel.profile.cid_number
        exports = [item for item in channel.variable("export_vars").split(",") if item]
        self._call = Originate(
            core,
            text,
            on_answer=self._answered,
            on_fail=self._failed,
            variables={item: channel.variable(item) for item in exports},
            cid=(name, number),
            timeout_s=float(c_int(channel.variable("call_timeout")) or 60),
            originator=channel,
            on_progress=self._progress,
        )
        self._call.start()
        if channel.answered:
            core.clock.soon(self._ring_wait)

    def stop(self) -> None:
        """The channel leaves: a call that still rings is taken back; a bridge is ended by ``bridges``."""
        if self._b is None:
            self._call.cancel()
        elif self._b.bridge is None and self._b.other is self._a:  # else it was taken elsewhere
            self._core.channels.hangup(self._b, "NORMAL_CLEARING")

    def _ring_wait(self) -> None:
        if self._a.up and self._a.app is self and self._b is None:
            self._core.channels.callstate(self._a, "RING_WAIT")

    def _progress(self) -> None:
        if self._a.up and not self._a.answered:
            self._core.channels.progress(self._a)

    def _answered(self, leg: Channel) -> None:
        self._b = leg
        self._core.clock.later(TICK / 2, self._join, leg)

    def _join(self, leg: Channel) -> None:
        if self._a.down or self._a.app is not self:
            self._core.channels.hangup(leg, "ORIGINATOR_CANCEL")
            return
        if leg.down:
            self._failed(leg.hangup_cause)
            return
        if self._a.answered:
            self._core.bridges.relate(self._a, leg)
            self._core.channels.callstate(self._a, "ACTIVE")
        self._core.channels.answer(self._a)
        self._a.profile.callee_name, self._a.profile.callee_number = leg.profile.callee_name, leg.profile.callee_number
        self._core.bridges.join(self._a, leg)

    def _failed(self, cause: str) -> None:
        if self._a.down or self._a.app is not self:
            return
        self._a.variables["originate_disposition"] = cause
        if not self._a.true("continue_on_fail"):
            self._core.channels.hangup(self._a, cause, "send_refuse")
        else:
            self._core.executor.complete(self._a)


def _bridge(core: Core, channel: Channel, data: str) -> RunningApp:
    return _Bridge(core, channel, data)


def _callcenter_track(core: Core, channel: Channel, data: str) -> None:
    core.callcenter.track(channel, data.strip())


def _callcenter(core: Core, channel: Channel, data: str) -> RunningApp | None:
    queue = core.callcenter.queue(data.strip())
    if queue is None:
        return None
    visit = Visit(core.callcenter, queue, channel)
    visit.start()
    return visit


APPLICATIONS: dict[str, Application] = {
    "set": _set,
    "unset": _unset,
    "export": _export,
    "limit": _limit,
    "answer": _answer,
    "pre_answer": _pre_answer,
    "hangup": _hangup,
    "sched_hangup": _sched_hangup,
    "park": _park,
    "sleep": _sleep,
    "playback": _playback,
    "endless_playback": _playback,
    "bridge": _bridge,
    "callcenter": _callcenter,
    "callcenter_track": _callcenter_track,
    "bind_digit_action": keys.bind,
    "clear_digit_action": keys.clear,
    "digit_action_set_realm": keys.set_realm,
    "eavesdrop": eavesdrop,
    "three_way": three_way,
    "python": python,
    "echo": _park,
}

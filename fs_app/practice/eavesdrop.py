"""The ``eavesdrop`` application: listening to a leg, and speaking into it.

Owns the media bug of one listener and its mode. Modes: 0 listen, 1 into what the target sends (its partner hears it),
2 into what the target receives (the target hears it), 3 both (switch_ivr_async.c:2603). Who hears whom then is ``media``.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel, RunningApp
from fs_app.practice.clock import TICK
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

MEDIA_WAIT_S = 6.0
"""How long the application waits for a target without sound (switch_ivr_async.c:2305)."""


class Eavesdrop:
    """One listener on one target, from EXECUTE to EXECUTE_COMPLETE."""

    reads_events = True

    def __init__(self, core: Core, listener: Channel, target: Channel, mode: int | None = None) -> None:
        self._core = core
        self.listener = listener
        self.target = target
        only_own, only_peer = listener.true("eavesdrop_bridge_aleg"), listener.true("eavesdrop_bridge_bleg")
        self.hears_own = only_own or not only_peer
        self.hears_peer = only_peer or not only_own
        self.mode = _first_mode(listener) if mode is None else mode
        self.attached = False
        self._keys = listener.variable("eavesdrop_enable_dtmf") == "" or listener.true("eavesdrop_enable_dtmf")

    def start(self) -> None:
        """Attach now, or as soon as the target has sound."""
        self._core.channels.lock(self.target)
        self.target.on_hangup.append(self._target_ended)
        self.listener.on_dtmf.append(self._key)
        if self.target.has_codec:
            self._attach()
        else:
            self.target.on_answer.append(self._answered)
            self._core.clock.later(MEDIA_WAIT_S, self._no_media)

    def stop(self) -> None:
        """The listener leaves."""
        if self._target_ended in self.target.on_hangup:
            self.target.on_hangup.remove(self._target_ended)
        if self._answered in self.target.on_answer:
            self.target.on_answer.remove(self._answered)
        if self._key in self.listener.on_dtmf:
            self.listener.on_dtmf.remove(self._key)
        if self.attached:
            self.attached = False
            self.target.listeners.remove(self)
            self._core.channels.fire(self.target, "MEDIA_BUG_STOP", self._bug())
        self._core.channels.unlock(self.target)

    def command(self, keys: str) -> None:
        """``eavesdrop-command``: each character as a key; other characters do nothing. No event (switch_ivr_async.c:2574)."""
        for key in keys:
            if key in "0123":
                self.mode = int(key)
            elif key == "*":
                self._finish()
                return

    @property
    def speaks_to_partner(self) -> bool:
        """Heard by whom the target talks with; needs the target's own side tapped."""
        return self.attached and self.mode in (1, 3) and self.hears_own

    @property
    def speaks_to_target(self) -> bool:
        """Heard by the target itself; needs the other side tapped (switch_ivr_async.c:2456)."""
        return self.attached and self.mode in (2, 3) and self.hears_peer

    def _attach(self) -> None:
        self.attached = True
        self.target.listeners.append(self)
        self._core.channels.fire(self.target, "MEDIA_BUG_START", self._bug())

    def _bug(self) -> Headers:
        return [("Media-Bug-Function", "eavesdrop"), ("Media-Bug-Target", self.target.uuid)]

    def _answered(self, _channel: Channel) -> None:
        if self.listener.app is self and not self.attached:
            self._attach()

    def _no_media(self) -> None:
        if not self.attached:
            self._finish()

    def _target_ended(self, _channel: Channel) -> None:
        self._core.clock.later(TICK, self._finish)

    def _key(self, _channel: Channel, digit: str) -> None:
        if self._keys:
            self.command(digit)

    def _finish(self) -> None:
        if self.listener.app is self:
            self.stop()
            self._core.executor.complete(self.listener)


def _first_mode(listener: Channel) -> int:
    return int(listener.true("eavesdrop_whisper_aleg")) + 2 * int(listener.true("eavesdrop_whisper_bleg"))


def eavesdrop(core: Core, channel: Channel, data: str) -> RunningApp | None:
    """``eavesdrop <uuid>``: over at once when the target is gone, is the listener itself, or is of another group."""
    return _listen(core, channel, data, None)


def three_way(core: Core, channel: Channel, data: str) -> RunningApp | None:
    """``three_way <uuid>``: eavesdrop that begins in mode 3 (mod_dptools.c:1030)."""
    return _listen(core, channel, data, 3)


def _listen(core: Core, channel: Channel, data: str, mode: int | None) -> RunningApp | None:
    target = core.channels.find(data.strip())
    if target is None or target.down or target is channel:
        return None
    group = channel.variable("eavesdrop_require_group")
    if group and group not in target.variable("eavesdrop_group").split(","):
        return None
    app = Eavesdrop(core, channel, target, mode)
    app.start()
    return app

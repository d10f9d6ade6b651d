"""The application ``python``: a script that runs for a call, as mod_python3 runs it.

Owns the thread of a script and the session that it is given. Which module it is stands in the dialplan, and is loaded by its
name as mod_python3 does: nothing here knows what a script is about.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

import gevent
import structlog
from gevent.monkey import get_original

from fs_app.practice.channel import Channel, RunningApp
from fs_app.practice.clock import Timer
from fs_app.practice.core import Core

# Real ones, also where the standard library is patched: a script blocks its own thread and nobody else.
_allocate_lock = get_original("_thread", "allocate_lock")
_start_new_thread = get_original("_thread", "start_new_thread")
_loading = _allocate_lock()
_TONE = re.compile(r"%\((\d+),(\d+)")
_FILE_S = 0.5
log = structlog.get_logger()
Told = Callable[[str], None]


class _Script:
    """One script on one channel."""

    def __init__(self, core: Core, channel: Channel, data: str) -> None:
        self.core, self.channel = core, channel
        self.told: Told | None = None
        """Who waits in the script's thread."""
        self._module, _, self._args = data.partition(" ")
        self.typed: list[str] = []
        """Keys that nobody has taken yet; FreeSWITCH keeps them as well."""
        self.listening: Callable[[], None] = lambda: None
        channel.on_dtmf.append(self._key)
        self._loop = gevent.get_hub().loop
        _start_new_thread(self._run, ())

    def stop(self) -> None:
        """The channel leaves; whatever the script waits for is over."""
        self.channel.on_dtmf.remove(self._key)
        self.tell("")

    def _key(self, _channel: Channel, digit: str) -> None:
        self.typed.append(digit)
        self.listening()

    @property
    def on(self) -> bool:
        """Whether the channel is still here."""
        return self.channel.up and self.channel.app is self

    def tell(self, value: str) -> None:
        """End what the script waits for."""
        told, self.told = self.told, None
        if told is not None:
            told(value)

    def wait(self, begin: Callable[[], None]) -> str:
        """From the script's thread: begin something on the switch's, and wait for what it tells."""
        done, values = _allocate_lock(), [""]
        done.acquire()

        def told(value: str) -> None:
            values[0] = value
            done.release()

        def start() -> None:
            self.told = told
            if self.on:
                begin()
            else:
                self.tell("")

        self._loop.run_callback_threadsafe(start)
        done.acquire()
        return values[0]

    def _run(self) -> None:
        try:
            with _loading:
                module = importlib.reload(importlib.import_module(self._module))
            module.handler(_Session(self), self._args)
        except Exception:
            log.exception("practice_script_failed", module=self._module)
        self._loop.run_callback_threadsafe(self._over)

    def _over(self) -> None:
        if self.on:
            self.channel.on_dtmf.remove(self._key)
            self.core.executor.complete(self.channel)


class _Session:
    """What a script is given. Names and arguments are mod_python3's."""

    def __init__(self, script: _Script) -> None:
        self._script = script

    def ready(self) -> bool:
        return self._script.on

    def getVariable(self, name: str) -> str | None:
        script = self._script
        return script.wait(lambda: script.tell(_variable(script.core, script.channel, name))) or None

    def streamFile(self, sound: str) -> None:
        script = self._script
        script.wait(lambda: _play(script, sound))

    def playAndGetDigits(self, *arguments: Any) -> str:
        least, most, _tries, wait_ms, ends, sound, _bad, _regex, _variable, digit_ms, _transfer = arguments
        typing = _Typing(self._script, (least, most), ends, (wait_ms / 1000, digit_ms / 1000))
        return self._script.wait(lambda: typing.begin(sound))


class _Typing:
    """Keys until there are enough, or one of ``ends``, or none for too long."""

    def __init__(self, script: _Script, many: tuple[int, int], ends: str, waits: tuple[float, float]) -> None:
        self._script, self._ends = script, ends
        self._least, self._most = many
        self._first_s, self._next_s = waits
        self._typed = ""
        self._limit: Timer | None = None

    def begin(self, sound: str) -> None:
        """Say something meanwhile; a key ends it."""
        _fire(self._script, "PLAYBACK_START", sound)
        self._wait(self._first_s + _lasts(sound))
        self._script.listening = self._take
        self._take()

    def _wait(self, seconds: float) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._limit = self._script.core.clock.later(seconds, self._end)

    def _take(self) -> None:
        while self._script.typed:
            digit = self._script.typed.pop(0)
            self._typed += digit if digit not in self._ends else ""
            if digit in self._ends or len(self._typed) >= self._most:
                self._end()
                return
            self._wait(self._next_s)

    def _end(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._script.listening = lambda: None
        self._script.tell(self._typed if len(self._typed) >= self._least else "")


def _play(script: _Script, sound: str) -> None:
    _fire(script, "PLAYBACK_START", sound)
    script.core.clock.later(_lasts(sound), script.tell, "")


def _fire(script: _Script, name: str, sound: str) -> None:
    script.core.channels.fire(script.channel, name, after=[("Playback-File-Path", sound)])


def _lasts(sound: str) -> float:
    """Seconds: a tone's beats; each file lasts half a second."""
    beats = sum(int(on) + int(off) for on, off in _TONE.findall(sound)) / 1000
    return beats + _FILE_S * sound.count(".wav")


def _variable(core: Core, channel: Channel, name: str) -> str:
    profile = channel.profile
    of_profile = {
        "uuid": channel.uuid,
        "destination_number": profile.destination,
        "caller_id_number": profile.cid_number,
    }
    return channel.variable(name) or of_profile.get(name, "") or core.globals.get(name, "")


def python(core: Core, channel: Channel, data: str) -> RunningApp:
    """``python <module> [arguments]``: its ``handler(session, arguments)``; an error is logged and the dialplan goes on."""
    return _Script(core, channel, data)

"""The contract tests' driver of the practice floor: in this process, on a thread with a hub of its own.

So a test may block on a plain socket or be a greenlet of the main hub, as it likes; every call is carried over to the
switch's thread and waited for.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import gevent
from gevent.event import Event
from gevent.monkey import get_original

from fs_app.practice import phones
from fs_app.practice.callcenter.command import callcenter_config
from fs_app.practice.channel import Channel
from fs_app.practice.config import SwitchConfig, contract_floor
from fs_app.practice.switch import PracticeSwitch
from tests.contract.driver import RING, Behaviour, Phone

_PASSWORD = "contract"
_WAIT_S = 30.0
Result = TypeVar("Result")

# The real ones, also in a test run whose standard library is patched: the two threads must not share a hub.
_allocate_lock = get_original("_thread", "allocate_lock")
_start_new_thread = get_original("_thread", "start_new_thread")


class _Call:
    """A function to run on the other thread, and what came of it."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.value: Any = None
        self.error: Exception | None = None
        self.done = _allocate_lock()
        self.done.acquire()

    def run(self) -> None:
        try:
            self.value = self.function()
        except Exception as error:
            self.error = error
        self.done.release()


class _HubThread:
    """A thread with a hub that runs what it is given, one call after the other."""

    def __init__(self) -> None:
        self._calls: deque[_Call] = deque()
        self._ready = _allocate_lock()
        self._ready.acquire()
        self._async: Any = None
        _start_new_thread(self._run, ())
        if not self._ready.acquire(timeout=_WAIT_S):
            raise TimeoutError("the practice switch's thread did not start")

    def _run(self) -> None:
        wake = Event()
        self._async = gevent.get_hub().loop.async_()
        self._async.start(wake.set)
        self._ready.release()
        while True:
            wake.wait()
            wake.clear()
            while self._calls:
                self._calls.popleft().run()

    def call(self, function: Callable[[], Result]) -> Result:
        """Run there, wait here; what it raises is raised here."""
        call = _Call(function)
        self._calls.append(call)
        self._async.send()
        if not call.done.acquire(timeout=_WAIT_S):
            raise TimeoutError("the practice switch did not answer")
        if call.error is not None:
            raise call.error
        result: Result = call.value
        return result


class PracticePhone:
    """A phone of the practice floor as the contract tests see it."""

    def __init__(self, thread: _HubThread, phone: phones.Phone) -> None:
        self._call = thread.call
        self._phone = phone

    @property
    def number(self) -> str:
        return self._phone.number

    @property
    def state(self) -> str:
        return self._call(lambda: self._phone.state)

    @property
    def shown(self) -> str:
        return self._call(lambda: self._phone.shown)

    def behave(self, behaviour: Behaviour) -> None:
        self._call(lambda: behave(self._phone, behaviour))

    def answer(self) -> None:
        self._call(self._phone.answer)

    def reject(self, cause: str = "USER_BUSY") -> None:
        self._call(lambda: self._phone.reject(cause))

    def hang_up(self) -> None:
        self._call(self._phone.hang_up)

    def hold(self) -> None:
        self._call(self._phone.hold)

    def resume(self) -> None:
        self._call(self._phone.resume)

    def press(self, digits: str) -> None:
        self._call(lambda: self._phone.press(digits))

    def dial(self, number: str) -> None:
        self._call(lambda: self._phone.dial(number))

    def transfer(self, number: str) -> None:
        self._call(lambda: self._phone.transfer(number))


def behave(phone: phones.Phone, behaviour: Behaviour) -> None:
    """Give a phone the contract's behaviour."""
    phone.registered = behaviour.kind != "unregistered"
    kind = "ring" if behaviour.kind == "unregistered" else behaviour.kind
    phone.behaviour = phones.Behaviour(kind, behaviour.after_s, behaviour.press, behaviour.press_after_s)


class _Bell:
    """Somebody at a phone who notes when it rang."""

    def __init__(self) -> None:
        self.rung_at = 0.0

    def rung(self, phone: phones.Phone, channel: Channel) -> None:
        self.rung_at = time.monotonic() - phones.RING_DELAY_S

    def connected(self, phone: phones.Phone, channel: Channel) -> None:
        """Of no matter."""

    def ended(self, phone: phones.Phone, channel: Channel) -> None:
        """Of no matter."""


class PracticeDriver:
    """Implements ``tests.contract.driver.Driver``."""

    name = "practice"

    def __init__(self, config: SwitchConfig | None = None) -> None:
        """Without ``config`` the floor that the contract tests expect."""
        self._thread = _HubThread()
        self._switch = self._thread.call(lambda: PracticeSwitch(config or contract_floor(_PASSWORD)))

    def start(self) -> None:
        self._thread.call(self._switch.start)

    def stop(self) -> None:
        self._thread.call(self._switch.stop)

    def reset(self) -> None:
        self._thread.call(self._reset)

    def config(self, command: str) -> str:
        """``callcenter_config`` …, as from the switch's own console; its reply."""
        return self._thread.call(lambda: callcenter_config(self._switch.core.callcenter, command))

    def hang_up_all(self) -> None:
        """Ends every call; agents, tiers and phones stay as they are. Returns when no channel is left."""
        self._thread.call(self._hang_up_all)

    def _hang_up_all(self) -> None:
        channels = self._switch.core.channels
        for channel in tuple(channels.by_uuid.values()):
            channels.hangup(channel, "MANAGER_REQUEST")
        self._until_no_channel()

    def _reset(self) -> None:
        self._switch.clear()
        for extension in (*self._switch.config.extensions, *self._switch.config.supervisors):
            behave(self._switch.phone(extension), RING)
        self._until_no_channel()

    def _until_no_channel(self) -> None:
        for _ in range(200):
            if not self._switch.core.channels.by_uuid:
                return
            gevent.sleep(0.01)
        raise TimeoutError("channels are left")

    def restart(self) -> None:
        self._thread.call(self._switch.restart)

    def cut(self) -> None:
        self._thread.call(self._switch.cut)

    limited = "inbound company1"

    def limit_calls(self, most: int | None) -> None:
        core = self._switch.core
        core.config = replace(core.config, inbound_limit=50 if most is None else most)

    @property
    def esl_url(self) -> str:
        return self._switch.esl_url

    def phone(self, extension: str) -> Phone:
        return PracticePhone(self._thread, self._switch.phone(extension))

    def bell(self, extension: str) -> Callable[[], float]:
        """When the last INVITE reached that phone, which only rings (``time.monotonic``; 0 for never)."""
        phone, bell = self._switch.phone(extension), _Bell()
        self._thread.call(lambda: setattr(phone, "owner", bell))
        return lambda: bell.rung_at

    def caller(self, number: str, name: str = "") -> Phone:
        return PracticePhone(self._thread, self._thread.call(lambda: self._switch.caller(number, name)))

    def hears(self, number: str) -> set[str]:
        return self._thread.call(lambda: self._switch.hears(number))

"""The process of all telephones, and the relay before the event socket.

Started by driver.py as ``python -m tests.live.rig.phones``. A process of its own, so that neither a busy test nor
gevent's patches make voices stutter. It takes one JSON line per request on the descriptor given (``[id, method,
arguments]``) and answers ``[id, result, error]``; requests run side by side. When the other end is closed it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import sys
import time
from typing import Any

from tests.contract.driver import EXTENSIONS, RING, SUPERVISORS, Behaviour
from tests.live.rig.call import Call
from tests.live.rig.relay import Relay
from tests.live.rig.sip import Address, Endpoint, Message, user_in
from tests.live.rig.sound import Pacer
from tests.live.rig.telephone import Telephone
from tests.live.rig.voices import MUSIC_PITCH, OUTSIDE_PITCHES, audible, extension_pitch, levels

LISTEN_S = 0.6
"""How long ``hears`` listens: three windows of 200 ms, so that the median of what they say is of the present."""
_OUTSIDE = re.compile(r"0\d{2,19}")


class Phones:
    """All telephones of a rig; each public coroutine is a request that the driver can make."""

    def __init__(self) -> None:
        self._pacer = Pacer()
        self._inside = Endpoint(self._on_request)
        self._carrier = Endpoint(self._on_request)
        self._phones: dict[str, Telephone] = {}
        self._outside: dict[str, Telephone] = {}
        self._calls: dict[str, Call] = {}
        self._external: Address = ("127.0.0.1", 0)
        self._relay = Relay()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self) -> int:
        """Bind; returns the carrier's UDP port."""
        await self._inside.open()
        await self._carrier.open()
        self._keep(asyncio.ensure_future(self._pacer.run()))
        return self._carrier.port

    async def connect(self, internal: int, external: int, esl: int, password: str) -> int:
        """Register every extension at the switch; returns the port of the relay before its event socket."""
        self._external = ("127.0.0.1", external)
        for number in (*EXTENSIONS, *SUPERVISORS):
            pitch = extension_pitch(number)
            self._phones[number] = Telephone(
                number, pitch, self._inside, self._pacer, ("127.0.0.1", internal), password
            )
        await asyncio.gather(*(phone.register(True) for phone in self._phones.values()))
        return await self._relay.open(esl)

    async def caller(self, number: str, name: str) -> None:
        """Make sure of an outside phone and give it a name."""
        if not re.fullmatch(r"[^\s@<>\"]{1,200}", number):
            raise LookupError(f"no phone has the number {number!r}")
        self._find(number, create=True).name = name

    async def behave(self, number: str, behaviour: dict[str, Any]) -> bool:
        return await self._find(number).behave(Behaviour(**behaviour))

    async def state(self, number: str) -> str:
        return self._find(number).state

    async def rung_at(self, number: str) -> float:
        return self._find(number).rung_at

    async def shown(self, number: str) -> str:
        return self._find(number).shown

    async def answer(self, number: str) -> None:
        self._find(number).answer()

    async def reject(self, number: str, cause: str) -> None:
        self._find(number).reject(cause)

    async def hang_up(self, number: str) -> None:
        self._find(number).hang_up()

    async def hold(self, number: str, on: bool) -> None:
        self._find(number).hold(on)

    async def press(self, number: str, digits: str) -> None:
        self._find(number).press(digits)

    async def dial(self, number: str, to: str, headers: list[list[str]], shown: str) -> None:
        await self._find(number).dial(to, [(name, value) for name, value in headers], shown)

    async def transfer(self, number: str, to: str) -> None:
        self._find(number).transfer(to)

    async def reset(self) -> None:
        """Hang up everything; every extension back to ringing and registered; outside phones forgotten once idle."""
        for phone in self._everybody():
            if phone.calls:
                phone.hang_up()
        await asyncio.gather(*(phone.behave(RING) for phone in self._everybody()))
        for _ in range(100):
            if all(not phone.calls for phone in self._everybody()):
                break
            await asyncio.sleep(0.01)
        await self.forget_calls()
        self._outside.clear()

    async def forget_calls(self) -> None:
        """The switch died: all calls are over without a word."""
        for phone in self._everybody():
            phone.hang_up(forget=True)
        self._calls.clear()

    async def cut(self) -> None:
        """Cut every event socket connection in the middle of a frame."""
        self._relay.cut()

    async def hears(self, numbers: list[str]) -> dict[str, list[str]]:
        """Listen for a moment at several phones at once; whom each of them hears."""
        start = time.monotonic()
        await asyncio.sleep(LISTEN_S)
        end, pitches = start + LISTEN_S, self._pitches()
        heard = {}
        for number in numbers:
            call = self._find(number).in_hand
            sound = call.stream.since(start, end) if call else b""
            heard[number] = sorted(audible(sound, {n: p for n, p in pitches.items() if n != number}))
        return heard

    async def levels(
        self, number: str, start: float, end: float, window: int, also: dict[str, int]
    ) -> dict[str, list[float]]:
        """Levels (dB) at the call in hand between two moments of ``time.monotonic``; see ``voices.levels``.

        ``also`` names further pitches (Hz) to listen for, such as those of a notice.
        """
        call = self._find(number).in_hand
        if call is None:
            raise LookupError(f"{number} is not talking")
        await asyncio.sleep(max(0.0, end - time.monotonic()))
        # No filling up: what is still on its way at the end is no silence. A pause in what is sent shows as fewer values.
        return levels(call.stream.since(start, end, fill=False), self._pitches() | also, window)

    async def packets(self, number: str, start: float, end: float) -> int:
        """How many sound packets arrived at the call in hand between two moments."""
        call = self._find(number).in_hand
        if call is None:
            raise LookupError(f"{number} is not talking")
        await asyncio.sleep(max(0.0, end - time.monotonic()))
        return len(call.stream.since(start, end, fill=False)) // 160

    def _pitches(self) -> dict[str, int]:
        return {phone.number: phone.pitch for phone in self._everybody() if phone.pitch} | {"music": MUSIC_PITCH}

    def _everybody(self) -> list[Telephone]:
        return [*self._phones.values(), *self._outside.values()]

    def _find(self, number: str, create: bool = False) -> Telephone:
        found = self._phones.get(number) or self._outside.get(number)
        if found is None:
            if not create:
                raise LookupError(f"no phone has the number {number}")
            used = {phone.pitch for phone in self._outside.values()}
            pitch = next((p for p in OUTSIDE_PITCHES if p not in used), 0)  # the fifteenth and later ones are mute
            found = self._outside[number] = Telephone(number, pitch, self._carrier, self._pacer, self._external)
        return found

    def _on_request(self, endpoint: Endpoint, request: Message, addr: Address) -> None:
        call = self._calls.get(request.call_id)
        if call is not None or (call := self._own(request.call_id)) is not None:
            call.on_request(request, addr)
        elif request.method == "INVITE":
            self._keep(asyncio.ensure_future(self._ring(endpoint, request, addr)))
        elif request.method == "OPTIONS":
            endpoint.respond(request, "200 OK", addr, [])
        elif request.method != "ACK":
            endpoint.respond(request, "481 Call Does Not Exist", addr, [])

    async def _ring(self, endpoint: Endpoint, request: Message, addr: Address) -> None:
        number = user_in(request.uri)
        outside = endpoint is self._carrier
        if (outside and not _OUTSIDE.fullmatch(number)) or (not outside and number not in self._phones):
            endpoint.respond(request, "404 Not Found", addr, [])
            return
        self._calls = {key: call for key, call in self._calls.items() if call.state != "ended"}
        phone = self._find(number, create=True)
        self._calls[request.call_id] = await phone.invited(request, addr)

    def _own(self, call_id: str) -> Call | None:
        return next((call for phone in self._everybody() for call in phone.calls if call.call_id == call_id), None)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def serve(control: socket.socket) -> None:
    """Answer requests until the other end is gone."""
    phones = Phones()
    reader, writer = await asyncio.open_connection(sock=control)
    running: set[asyncio.Task[None]] = set()

    async def run(ident: int, method: str, arguments: list[Any]) -> None:
        try:
            result, error = await getattr(phones, method)(*arguments), None
        except Exception as problem:  # all of it goes to the test that asked
            result, error = None, [type(problem).__name__, str(problem)]
        writer.write(json.dumps([ident, result, error]).encode() + b"\n")

    while line := await reader.readline():
        task = asyncio.ensure_future(run(*json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)


def take_precedence() -> None:
    """Before everything that computes, as the switch itself: a caller's voice does not stutter because tests run here."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


if __name__ == "__main__":
    take_precedence()
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1]))))

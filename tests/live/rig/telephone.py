"""A telephone: its registration, its behaviour, its calls. Runs inside the process of phones (see phones.py)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from tests.contract.driver import RING, Behaviour
from tests.live.rig.call import DIALLING, ENDED, IDLE, RINGING, TALKING, Call
from tests.live.rig.sip import Address, Endpoint, Message, credentials, token, uri_in, user_in
from tests.live.rig.sound import Pacer
from tests.live.rig.voices import SILENCE, voice

REFUSALS = {
    "busy": "486 Busy Here",
    "reject": "603 Decline",
    "not_found": "404 Not Found",
    "unregistered": "480 Temporarily Unavailable",
}
CAUSES = {"USER_BUSY": "486 Busy Here", "CALL_REJECTED": "603 Decline"}


class Telephone:
    """One phone. With a ``password`` it registers at ``switch``; without it is an outside phone behind the carrier."""

    def __init__(
        self, number: str, pitch: int, endpoint: Endpoint, pacer: Pacer, switch: Address, password: str = ""
    ) -> None:
        self.number, self.pitch, self.name = number, pitch, ""
        self.behaviour: Behaviour = RING
        self.calls: list[Call] = []
        self.rung_at = 0.0
        self.shown = ""
        self._endpoint, self._pacer, self._switch, self._password = endpoint, pacer, switch, password
        self._voice = voice(pitch) if pitch else SILENCE * 8000
        self._hand: Call | None = None
        self._registered = False
        self._register_call_id, self._register_sequence = token(), 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> str:
        """As the Driver protocol names it."""
        states = {call.state for call in self.calls}
        return next((state for state in (TALKING, DIALLING, RINGING) if state in states), IDLE)

    @property
    def in_hand(self) -> Call | None:
        """The answered call that actions and ears are about."""
        if self._hand is not None and self._hand.state == TALKING:
            return self._hand
        return next((call for call in reversed(self.calls) if call.state == TALKING), None)

    async def behave(self, behaviour: Behaviour) -> bool:
        """Take a behaviour; whether the registration was given up or taken back because that is what it says."""
        self.behaviour = behaviour
        changes = bool(self._password) and self._registered == (behaviour.kind == "unregistered")
        if changes:
            await self.register(behaviour.kind != "unregistered")
        return changes

    async def register(self, on: bool) -> None:
        """Log in at the switch, or out. ``RuntimeError`` when it refuses."""
        answer = await self._send_register(on, [])
        if answer.status == 401:
            key = credentials(answer, "REGISTER", "sip:default", self.number, self._password)
            answer = await self._send_register(on, [key])
        if answer.status != 200:
            raise RuntimeError(f"{self.number}: REGISTER answered {answer.start}")
        self._registered = on

    async def invited(self, invite: Message, addr: Address) -> Call:
        """The phone is rung."""
        self.rung_at = time.monotonic()
        self.shown = user_in(uri_in(invite.get("From")))
        behaviour = self.behaviour
        call = self._new_call()
        await call.take(invite, addr)
        if behaviour.kind in REFUSALS:
            call.refuse(REFUSALS[behaviour.kind])
        elif behaviour.kind == "answer":
            self._spawn(self._pick_up(call, behaviour))
        else:
            call.ring()
        return call

    async def dial(self, number: str, headers: list[tuple[str, str]], as_user: str = "") -> None:
        """Call a number; returns when the INVITE is out. ``as_user`` replaces the user@host in From."""
        host = f"{self._switch[0]}:{self._switch[1]}"
        shown = self.name.replace("\\", "\\\\").replace('"', '\\"')
        own = f"sip:{as_user or self.number + ('@default' if self._password else '@127.0.0.1')}"
        local = f'"{shown}" <{own}>' if shown else f"<{own}>"
        call = self._new_call()
        uri = f"sip:{number}@{host}"
        self._spawn(call.dial(uri, local, self._switch, self.number, self._password, headers))
        while call.state == IDLE:
            await asyncio.sleep(0)

    def answer(self) -> None:
        """Pick up the oldest ringing call."""
        self._ringing().answer()

    def reject(self, cause: str) -> None:
        """Refuse the oldest ringing call."""
        self._ringing().refuse(CAUSES[cause])

    def hang_up(self, forget: bool = False) -> None:
        """End all calls. ``forget``: the switch is gone, nobody is told."""
        if not self.calls and not forget:
            raise LookupError(f"{self.number} has no call")
        for task in tuple(self._tasks):
            if forget:
                task.cancel()
        for call in tuple(self.calls):
            if forget:
                call.drop()
            else:
                self._spawn(call.hang_up())

    def hold(self, on: bool) -> None:
        """Hold or resume the call in hand."""
        self._spawn(self._talking().hold(on))

    def press(self, digits: str) -> None:
        """Press keys."""
        self._talking().stream.press(digits)

    def transfer(self, number: str) -> None:
        """Blind transfer."""
        self._spawn(self._talking().refer(f"sip:{number}@{self._switch[0]}:{self._switch[1]}"))

    async def _pick_up(self, call: Call, behaviour: Behaviour) -> None:
        if behaviour.after_s > 0:
            call.ring()
            await asyncio.sleep(behaviour.after_s)
        if call.state == ENDED or call.state == TALKING:
            return
        call.answer()
        if behaviour.press:
            await asyncio.sleep(behaviour.press_after_s)
            if call.state == TALKING:
                call.stream.press(behaviour.press)

    async def _send_register(self, on: bool, extra: list[tuple[str, str]]) -> Message:
        self._register_sequence += 1
        own = f"<sip:{self.number}@default>"
        headers = [
            ("Via", f"SIP/2.0/UDP 127.0.0.1:{self._endpoint.port};rport;branch=z9hG4bK{token()}"),
            ("Max-Forwards", "70"),
            ("From", f"{own};tag={token()}"),
            ("To", own),
            ("Call-ID", self._register_call_id),
            ("CSeq", f"{self._register_sequence} REGISTER"),
            ("Contact", f"<sip:{self.number}@127.0.0.1:{self._endpoint.port}>"),
            ("Expires", "86400" if on else "0"),
        ]
        return await self._endpoint.request(Message("REGISTER sip:default SIP/2.0", [*headers, *extra]), self._switch)

    def _new_call(self) -> Call:
        call = Call(self._endpoint, self._pacer, self._voice, self._changed)
        self.calls.append(call)
        return call

    def _changed(self, call: Call) -> None:
        if call.state == ENDED and call in self.calls:
            self.calls.remove(call)
        elif call.state == TALKING:
            self._hand = call

    def _ringing(self) -> Call:
        found = next((call for call in self.calls if call.state == RINGING), None)
        if found is None:
            raise LookupError(f"{self.number} is not ringing")
        return found

    def _talking(self) -> Call:
        call = self.in_hand
        if call is None:
            raise LookupError(f"{self.number} is not talking")
        return call

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(
            error, TimeoutError
        ):  # nobody answered: the call has ended, that is all
            asyncio.get_running_loop().call_exception_handler({"message": f"phone {self.number}", "exception": error})

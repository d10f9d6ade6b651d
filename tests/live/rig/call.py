"""One call of a telephone: the SIP dialog and its sound. Decides nothing; the phone tells it what to do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from tests.live.rig.sip import Address, Endpoint, Message, credentials, token, uri_in
from tests.live.rig.sound import TELEPHONE_EVENT, Pacer, Stream

IDLE, RINGING, DIALLING, TALKING, ENDED = "idle", "ringing", "dialling", "talking", "ended"
_ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, UPDATE, INFO")


class Call:
    """A dialog as the caller or as the called one. ``on_change`` is told of each new ``state``."""

    def __init__(self, endpoint: Endpoint, pacer: Pacer, voice: bytes, on_change: Callable[[Call], None]) -> None:
        self.endpoint, self.pacer, self.on_change = endpoint, pacer, on_change
        self.stream = Stream(voice)
        self.state = IDLE
        self.holding = False
        self.call_id, self.tag = token(), token()
        self.local = self.remote = ""
        self.target = ""
        self.address: Address = ("", 0)
        self._sequence = 0
        self._version = 1
        self._invite: Message | None = None
        self._cancelled = False
        self._reinviting = asyncio.Lock()

    # As the called one.

    async def take(self, invite: Message, addr: Address) -> None:
        """An INVITE came: be ready to ring or answer."""
        await self.stream.open()
        self._invite, self.address, self.call_id = invite, addr, invite.call_id
        self.local, self.remote = f"{invite.get('To')};tag={self.tag}", invite.get("From")
        self.target = uri_in(invite.get("Contact"))
        self._listen_to(invite.body)

    def ring(self) -> None:
        """180."""
        self._respond("180 Ringing")
        self._become(RINGING)

    def refuse(self, status: str) -> None:
        """A final refusal, such as ``486 Busy Here``."""
        self._respond(status)
        self._end()

    def answer(self) -> None:
        """200 with our sound."""
        assert self._invite is not None
        offer = self._invite.body
        self._respond("200 OK", self._description(_mirror(offer)))
        self._talk(offer)

    # As the caller.

    async def dial(
        self, uri: str, local: str, addr: Address, user: str, password: str, extra: list[tuple[str, str]]
    ) -> None:
        """INVITE ``uri`` and follow it to its end: talking, or ended with the refusal."""
        await self.stream.open()
        self.target, self.address = uri, addr
        self.local, self.remote = f"{local};tag={self.tag}", f"<{uri}>"
        self._become(DIALLING)
        try:
            answer = await self._send_invite("sendrecv", extra)
            if answer.status in (401, 407) and not self._cancelled:
                answer = await self._send_invite(
                    "sendrecv", [*extra, credentials(answer, "INVITE", uri, user, password)]
                )
        except TimeoutError:
            self._end()
            return
        if answer.status >= 300:
            self._end()
            return
        self.remote, self.target = answer.get("To"), uri_in(answer.get("Contact"))
        self._acknowledge()
        if self._cancelled:
            await self.hang_up()
            return
        self._talk(answer.body)

    async def hang_up(self) -> None:
        """End it, by what its state asks for."""
        if self.state == RINGING:
            self.refuse("486 Busy Here")
        elif self.state == DIALLING and not self._cancelled:
            self._cancelled = True
            assert self._invite is not None
            via = [(n, v) for n, v in self._invite.headers if n in ("Via", "From", "To", "Call-ID", "Max-Forwards")]
            cancel = Message(f"CANCEL {self._invite.uri} SIP/2.0", [*via, ("CSeq", f"{self._sequence} CANCEL")])
            self.endpoint.send(cancel, self.address)
        elif self.state == TALKING or self._cancelled:
            bye = self._request("BYE")
            self._end()
            await self.endpoint.request(bye, self.address)

    # In the call.

    async def hold(self, on: bool) -> None:
        """Re-INVITE with ``sendonly`` or ``sendrecv``. A held party is not spoken to: the microphone is off meanwhile."""
        async with self._reinviting:  # one at a time (RFC 3261, 14.1); FreeSWITCH takes up to 0.3 s to answer the first
            self.holding = on
            self.stream.muted = on
            answer = await self._send_invite("sendonly" if on else "sendrecv", [])
            if answer.status < 300:
                self._acknowledge()

    async def refer(self, uri: str) -> None:
        """Blind transfer of the other party."""
        own = uri_in(self.local)
        refer = self._request("REFER", [("Refer-To", f"<{uri}>"), ("Referred-By", f"<{own}>")])
        await self.endpoint.request(refer, self.address)

    def on_request(self, request: Message, addr: Address) -> None:
        """A request of this dialog came."""
        reply = self.endpoint.respond
        if request.method == "CANCEL":
            reply(request, "200 OK", addr, [])
            if self.state == RINGING:
                self.refuse("487 Request Terminated")
        elif request.method == "BYE":
            reply(request, "200 OK", addr, [])
            self._end()
        elif request.method == "INVITE":
            direction = "sendonly" if self.holding else _mirror(request.body)
            headers = [("Contact", self._contact()), ("Content-Type", "application/sdp")]
            reply(request, "200 OK", addr, headers, self._description(direction))
            self._listen_to(request.body)
        elif request.method != "ACK":
            reply(request, "200 OK", addr, [])

    def drop(self) -> None:
        """The switch died: the call is over and nobody is told."""
        self._end()

    def _talk(self, description: str) -> None:
        self._listen_to(description)
        self.pacer.add(self.stream)
        self._become(TALKING)

    def _end(self) -> None:
        self.pacer.remove(self.stream)
        self._become(ENDED)

    def _become(self, state: str) -> None:
        if self.state != ENDED:
            self.state = state
            self.on_change(self)

    def _listen_to(self, description: str) -> None:
        host = re.search(r"^c=IN IP4 (\S+)", description, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", description, re.MULTILINE)
        if host and port and int(port.group(1)):
            self.stream.remote = (host.group(1), int(port.group(1)))

    def _respond(self, status: str, body: str = "") -> None:
        assert self._invite is not None
        headers = [("To", self.local), ("Contact", self._contact()), _ALLOW]
        if body:
            headers.append(("Content-Type", "application/sdp"))
        self.endpoint.respond(self._invite, status, self.address, headers, body)

    async def _send_invite(self, direction: str, extra: list[tuple[str, str]]) -> Message:
        headers = [("Contact", self._contact()), _ALLOW, ("Content-Type", "application/sdp"), *extra]
        self._invite = self._request("INVITE", headers, self._description(direction))
        answer = await self.endpoint.request(self._invite, self.address)
        if answer.status >= 300:  # the ACK of a refusal belongs to the INVITE's own transaction
            kept = [(n, v) for n, v in self._invite.headers if n in ("Via", "From", "Call-ID", "Max-Forwards")]
            ack = [*kept, ("To", answer.get("To")), ("CSeq", f"{self._sequence} ACK")]
            self.endpoint.send(Message(f"ACK {self._invite.uri} SIP/2.0", ack), self.address)
        return answer

    def _acknowledge(self) -> None:
        ack = self._request("ACK")
        self.endpoint.send(ack, self.address)

    def _request(self, method: str, extra: list[tuple[str, str]] | None = None, body: str = "") -> Message:
        if method != "ACK":
            self._sequence += 1
        headers = [
            ("Via", f"SIP/2.0/UDP 127.0.0.1:{self.endpoint.port};rport;branch=z9hG4bK{token()}"),
            ("Max-Forwards", "70"),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._sequence} {method}"),
        ]
        return Message(f"{method} {self.target} SIP/2.0", [*headers, *(extra or [])], body)

    def _contact(self) -> str:
        user = re.match(r"sip:([^@]*)@", uri_in(self.local))
        return f"<sip:{user.group(1) if user else 'phone'}@127.0.0.1:{self.endpoint.port}>"

    def _description(self, direction: str) -> str:
        self._version += 1
        lines = [
            "v=0", f"o=- 1 {self._version} IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            f"m=audio {self.stream.port} RTP/AVP 0 {TELEPHONE_EVENT}", "a=rtpmap:0 PCMU/8000",
            f"a=rtpmap:{TELEPHONE_EVENT} telephone-event/8000", f"a=fmtp:{TELEPHONE_EVENT} 0-15", "a=ptime:20", f"a={direction}",
        ]  # fmt: skip
        return "\r\n".join(lines) + "\r\n"


def _mirror(offer: str) -> str:
    """The direction that answers an offer."""
    if "a=sendonly" in offer:
        return "recvonly"
    return "inactive" if "a=inactive" in offer else "sendrecv"

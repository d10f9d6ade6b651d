"""SIP over UDP as far as telephones need it: messages, transactions, digest log-in. Knows no calls and no sound.

Loopback only: a request is repeated until it is answered, a repeated request gets the same answer again, and that is all
the reliability there is.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

Address = tuple[str, int]
_REPEAT_AFTER_S = (0.5, 1.0, 2.0, 4.0)
_REMEMBERED = 200


@dataclass(slots=True)
class Message:
    """A request or a response. Header names as they came; ``get`` ignores letter case."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def parse(cls, data: bytes) -> Message:
        """From a datagram; ``ValueError`` when it is no SIP."""
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        if "SIP/2.0" not in start:
            raise ValueError("no SIP")
        headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return cls(start, headers, body)

    def encode(self) -> bytes:
        """As a datagram, with its Content-Length."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join([*lines, f"Content-Length: {len(self.body.encode())}"]) + "\r\n\r\n" + self.body).encode()

    def get(self, name: str) -> str:
        """First value of a header, empty when it is not there."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def status(self) -> int:
        """Status code of a response, 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """Method of the request, or of the request that this answers."""
        return self.get("CSeq").split()[1] if self.status else self.start.split()[0]

    @property
    def uri(self) -> str:
        """Request-URI."""
        return self.start.split()[1]

    @property
    def transaction(self) -> str:
        """Identity of the transaction; a CANCEL has one of its own although it carries the INVITE's branch."""
        found = re.search(r"branch=([^;\s]+)", self.get("Via"))
        return f"{found.group(1) if found else ''} {self.method}"

    @property
    def call_id(self) -> str:
        """Identity of the call."""
        return self.get("Call-ID")


def uri_in(header: str) -> str:
    """The URI in a From, To or Contact header."""
    found = re.search(r"<([^>]+)>", header)
    return found.group(1) if found else header.split(";", maxsplit=1)[0]


def user_in(uri: str) -> str:
    """User part of a URI."""
    found = re.match(r"sips?:([^@;>]+)@", uri)
    return found.group(1) if found else ""


def tag_in(header: str) -> str:
    """Tag of a From or To header, empty before there is one."""
    found = re.search(r";tag=([^;>\s]+)", header)
    return found.group(1) if found else ""


def token() -> str:
    """A fresh identity for a branch, tag or call."""
    return secrets.token_hex(6)


def credentials(challenge: Message, method: str, uri: str, user: str, password: str) -> tuple[str, str]:
    """The header that answers a 401 or 407 (RFC 2617, MD5)."""
    proxy = challenge.status == 407
    asked = challenge.get("Proxy-Authenticate" if proxy else "WWW-Authenticate")
    part = {k: (q or p) for k, q, p in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', asked)}

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    cnonce = token()
    secret, target = md5(f"{user}:{part['realm']}:{password}"), md5(f"{method}:{uri}")
    answer = md5(f"{secret}:{part['nonce']}:00000001:{cnonce}:auth:{target}")
    value = (
        f'Digest username="{user}", realm="{part["realm"]}", nonce="{part["nonce"]}", uri="{uri}", '
        f'algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}", response="{answer}"'
    )
    return ("Proxy-Authorization" if proxy else "Authorization"), value


class Endpoint(asyncio.DatagramProtocol):
    """One UDP socket. Requests that come in go to ``on_request``; answers go to whoever asked."""

    def __init__(self, on_request: Callable[[Endpoint, Message, Address], None]) -> None:
        self._on_request = on_request
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: dict[str, asyncio.Queue[Message]] = {}
        self._answered: OrderedDict[str, bytes] = OrderedDict()
        self.port = 0

    async def open(self) -> None:
        """Bind to a free port of 127.0.0.1."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if len(data) < 20:
            return  # keep-alive
        message = Message.parse(data)
        if message.status:
            queue = self._waiting.get(message.transaction)
            if queue is not None:
                queue.put_nowait(message)
            return
        key = message.transaction
        if key in self._answered:
            self._send(self._answered[key], addr)
            return
        if message.method != "ACK":
            self._remember(key, b"")
        self._on_request(self, message, addr)

    def respond(
        self, request: Message, status: str, addr: Address, extra: list[tuple[str, str]], body: str = ""
    ) -> None:
        """Answer a request; ``status`` such as ``200 OK``. ``extra`` may replace the To header (for the tag)."""
        copied = [(n, v) for n, v in request.headers if n.lower() in ("via", "from", "call-id", "cseq", "record-route")]
        if not any(name == "To" for name, _ in extra):
            extra = [("To", request.get("To")), *extra]
        data = Message(f"SIP/2.0 {status}", [*copied, *extra], body).encode()
        self._remember(request.transaction, data)
        self._send(data, addr)

    def send(self, message: Message, addr: Address) -> None:
        """Send without waiting for anything (ACK)."""
        self._send(message.encode(), addr)

    async def request(
        self, message: Message, addr: Address, on_progress: Callable[[Message], Awaitable[None] | None] | None = None
    ) -> Message:
        """Send a request and wait for its final response; ``TimeoutError`` when nobody answers.

        ``on_progress`` sees every provisional response. Once one came, there is no time limit: a phone may ring for long.
        """
        queue: asyncio.Queue[Message] = asyncio.Queue()
        self._waiting[message.transaction] = queue
        data = message.encode()
        try:
            for wait in _REPEAT_AFTER_S:
                self._send(data, addr)
                try:
                    response = await asyncio.wait_for(queue.get(), wait)
                except TimeoutError:
                    continue
                while response.status < 200:
                    if on_progress is not None:
                        on_progress(response)
                    response = await queue.get()
                return response
            raise TimeoutError(f"{message.start}: no answer")
        finally:
            self._waiting.pop(message.transaction, None)

    def _remember(self, key: str, data: bytes) -> None:
        self._answered[key] = data
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)

    def _send(self, data: bytes, addr: Address) -> None:
        if data and self._transport is not None:
            self._transport.sendto(data, addr)

"""Packets that clients send: a command line, headers, an optional body.

Owns the framing of the incoming side (mod_event_socket.c:1255): a packet ends at an empty line; ``Content-Length`` adds a
body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

MAX_PACKET = 10 * 1024 * 1024
"""Bytes of header block that FreeSWITCH takes at most; more ends the connection."""


class Socket(Protocol):
    """What is read from."""

    def recv(self, size: int, /) -> bytes:
        """Up to ``size`` bytes, empty at the end."""
        ...


@dataclass(slots=True)
class Packet:
    """One command with its headers (names in lower case) and body."""

    command: str
    headers: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """The headers' names as sent, by lower case."""
    body: str = ""


class PacketReader:
    """Cuts packets out of a byte stream."""

    def __init__(self, sock: Socket) -> None:
        self._sock = sock
        self._buffer = b""

    def read(self) -> Packet | None:
        """The next packet, ``None`` when the peer is gone or sends too much."""
        while True:
            self._buffer = self._buffer.lstrip(b"\r\n")
            end, skip = _blank_line(self._buffer)
            if end >= 0:
                break
            if len(self._buffer) > MAX_PACKET or not self._more():
                return None
        block, self._buffer = self._buffer[:end], self._buffer[end + skip :]
        packet = _parse(block.decode("utf-8", "surrogateescape"))
        try:
            length = int(packet.headers.get("content-length", "0"))
        except ValueError:
            length = 0
        if length > MAX_PACKET:
            return None
        while len(self._buffer) < length:
            if not self._more():
                return None
        if length > 0:
            packet.body = self._buffer[:length].decode("utf-8", "surrogateescape")
            self._buffer = self._buffer[length:]
        return packet

    def _more(self) -> bool:
        data = self._sock.recv(65_536)
        self._buffer += data
        return bool(data)


def _blank_line(buffer: bytes) -> tuple[int, int]:
    plain, crlf = buffer.find(b"\n\n"), buffer.find(b"\r\n\r\n")
    if crlf >= 0 and (plain < 0 or crlf < plain):
        return crlf, 4
    return plain, 2


def _parse(text: str) -> Packet:
    first, *lines = text.split("\n")
    packet = Packet(first.partition("\r")[0])
    for line in lines:
        name, colon, value = line.rstrip("\r").partition(":")
        if colon:
            packet.headers.setdefault(name.strip().lower(), value.strip())
            packet.names.setdefault(name.strip().lower(), name.strip())
    return packet

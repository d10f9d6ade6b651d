"""Sound of a call: RTP sent every 20 ms, RTP received and kept with its time of arrival. Knows no SIP."""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections import deque
from typing import cast

from tests.live.rig.voices import SILENCE

FRAME = 160
"""Samples in 20 ms."""
KEPT_S = 60
TELEPHONE_EVENT = 101
_KEYS = "0123456789*#ABCD"


class Stream(asyncio.DatagramProtocol):
    """Both directions of one call's sound."""

    def __init__(self, voice: bytes) -> None:
        self._voice = voice
        self._transport: asyncio.DatagramTransport | None = None
        self.port = 0
        self.remote: tuple[str, int] | None = None
        self.muted = False
        self.heard: deque[tuple[float, bytes]] = deque(maxlen=KEPT_S * 50)
        self._sequence = random.randrange(30_000)
        self._stamp = random.randrange(1 << 30)
        self._source = random.randrange(1 << 32)
        self._position = 0
        self._keys: deque[tuple[int, bytes] | None] = deque()
        self._key_stamp = 0

    async def open(self) -> None:
        """Bind to a free port of 127.0.0.1."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Stop in both directions; what was heard is kept."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) > 12 and data[1] & 0x7F == 0:
            self.heard.append((time.monotonic(), data[12:]))

    def tick(self) -> None:
        """Send the next 20 ms: a key's tone packet when one is being pressed, otherwise the voice."""
        if self._transport is None or self.remote is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        key = self._keys.popleft() if self._keys else None
        if key is None:
            kind, stamp = 0, self._stamp
            payload = SILENCE * FRAME if self.muted else self._voice[self._position : self._position + FRAME]
        else:
            kind, payload = key
            if kind & 0x80:
                self._key_stamp = self._stamp  # every packet of one key carries the time of its first
            stamp = self._key_stamp
        self._position = (self._position + FRAME) % len(self._voice)
        self._stamp = (self._stamp + FRAME) & 0xFFFFFFFF
        packet = struct.pack("!BBHII", 0x80, kind, self._sequence, stamp, self._source) + payload
        self._transport.sendto(packet, self.remote)

    def press(self, digits: str) -> None:
        """Queue keys (RFC 4733): 160 ms each, 100 ms between."""
        for digit in digits.upper():
            code = _KEYS.index(digit)
            for step in range(1, 12):
                end = step >= 9
                duration = FRAME * min(step, 9)
                first = (TELEPHONE_EVENT | 0x80) if step == 1 else TELEPHONE_EVENT
                self._keys.append((first, struct.pack("!BBH", code, 0x8A if end else 0x0A, duration)))
            self._keys.extend([None] * 5)

    def since(self, start: float, end: float, fill: bool = True) -> bytes:
        """What arrived between two moments (``time.monotonic``), filled up with silence to the length of that time."""
        sound = b"".join(payload for at, payload in self.heard if start <= at < end)
        missing = round((end - start) * 8000) - len(sound)
        return sound + SILENCE * missing if fill and missing > 0 else sound


class Pacer:
    """Calls ``tick`` of every open stream each 20 ms, by the clock and not by the sum of its delays."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._wake = asyncio.Event()

    def add(self, stream: Stream) -> None:
        """Begin to send for a stream."""
        self.streams.add(stream)
        self._wake.set()

    def remove(self, stream: Stream) -> None:
        """Stop sending and listening for it."""
        self.streams.discard(stream)
        stream.close()

    async def run(self) -> None:
        """Until cancelled."""
        due = time.monotonic()
        while True:
            if not self.streams:
                self._wake.clear()
                await self._wake.wait()
                due = time.monotonic()
            for stream in tuple(self.streams):
                stream.tick()
            due += 0.02
            late = time.monotonic() - due
            if late > 0.2:
                due += late  # the machine stood still: go on from here rather than send a burst
            await asyncio.sleep(max(0.0, due - time.monotonic()))

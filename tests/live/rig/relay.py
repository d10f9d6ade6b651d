"""A TCP relay before the event socket, so that a test can cut connections in the middle of a frame. Looks at no content."""

from __future__ import annotations

import asyncio
import contextlib

HALF_A_FRAME = b"Content-Length: 512\nContent-Type: text/event-plain\n\nEvent-Name: HEARTBEAT\nCore-UU"
"""What a client last sees when it is cut: the switch was just saying something."""


class Relay:
    """Listens on a free port of 127.0.0.1 and passes every connection on to the switch."""

    def __init__(self) -> None:
        self._target = 0
        self._clients: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def open(self, target: int) -> int:
        """Begin; returns the port."""
        self._target = target
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Drop every connection after half a frame."""
        for client in tuple(self._clients):
            client.write(HALF_A_FRAME)
            client.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._clients.add(writer)
        try:
            _, pending = await asyncio.wait(
                [
                    asyncio.ensure_future(_pass_on(reader, up_writer)),
                    asyncio.ensure_future(_pass_on(up_reader, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in pending:
                task.cancel()
        finally:
            self._clients.discard(writer)
            writer.close()
            up_writer.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(1 << 16):
            target.write(data)
            await target.drain()

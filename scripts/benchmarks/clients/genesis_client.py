"""Genesis as released, parsing only: one handler, for the HEARTBEATs at both ends of the stream."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from genesis import Inbound  # type: ignore[import-not-found] # installed in the peers' environment only

from scripts.benchmarks.clients.clock import BEGINNING, END, PASSWORD, Clock


async def main(port: int, events: int) -> None:
    """Connect, subscribe, and wait for the end."""
    clock, finished = Clock(), asyncio.Event()

    async def heartbeat(event: Mapping[str, str]) -> None:
        if event.get("Event-Info") == BEGINNING:
            clock.handled()
        elif event.get("Event-Info") == END:
            finished.set()

    async with Inbound("127.0.0.1", port, PASSWORD) as client:
        client.on("HEARTBEAT", heartbeat)
        await client.send("event plain ALL")
        clock.ready()
        await finished.wait()
        clock.done(events)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))

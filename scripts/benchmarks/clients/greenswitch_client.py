"""greenswitch as released, parsing only: one handler, for the HEARTBEATs at both ends of the stream."""

from __future__ import annotations

import sys

from gevent.event import Event
from greenswitch import InboundESL

from scripts.benchmarks.clients.clock import BEGINNING, END, PASSWORD, Clock


def main(port: int, events: int) -> None:
    """Connect, subscribe, and wait for the end."""
    clock, finished = Clock(), Event()

    def heartbeat(event: InboundESL) -> None:
        if event.headers.get("Event-Info") == BEGINNING:
            clock.handled()
        elif event.headers.get("Event-Info") == END:
            finished.set()

    client = InboundESL("127.0.0.1", port, PASSWORD)
    client.connect()
    client.register_handle("HEARTBEAT", heartbeat)
    client.send("event plain ALL")
    clock.ready()
    finished.wait()
    clock.done(events)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

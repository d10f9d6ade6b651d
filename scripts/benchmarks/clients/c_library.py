"""FreeSWITCH's C library under its Python binding, parsing only: receive, count, and look at no header in between."""

from __future__ import annotations

import sys

import ESL  # type: ignore[import-not-found] # installed in the peers' environment, or built with FreeSWITCH

from scripts.benchmarks.clients.clock import PASSWORD, Clock


def main(port: int, events: int) -> None:
    """Connect, subscribe, and receive them all."""
    clock = Clock()
    connection = ESL.ESLconnection("127.0.0.1", str(port), PASSWORD)
    connection.events("plain", "ALL")
    clock.ready()
    for _ in range(events):
        if connection.recvEvent() is None:
            raise ConnectionError("the connection was lost")
        clock.handled()
    clock.done(events)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

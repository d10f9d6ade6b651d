"""Reading a whole switch in three ways, in turn on one connection: replies only, made into rows, and folded and published.

Each first when the floor knows nothing and dumps every channel, and again when it only asks whether each still lives. Runs
under ``gevent.monkey``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from gevent.event import Event
from redis import Redis

from fs_app import logs, memory
from fs_app.controller.publish import Publisher
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor
from fs_app.switch.node import NodeAddress
from fs_app.switch.session import SwitchSession
from fs_app.switch.snapshot import Ask, read_switch
from scripts.benchmarks.clients.clock import PASSWORD
from scripts.benchmarks.clients.ours import Nowhere


def connected(port: int) -> SwitchSession:
    """A session that is up."""
    up = Event()
    address = NodeAddress("fs", "127.0.0.1", port, password=PASSWORD)
    session = SwitchSession(address, on_event=lambda _: None, on_up=lambda *_: up.set(), on_down=sys.exit)
    session.start()
    if not up.wait(timeout=10):
        raise TimeoutError("not connected")
    return session


class Reader:
    """A floor, and what asks for it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._floor = Floor("fs")
        self._publisher = Publisher(Nowhere(Redis(), "bench"), [self._floor], lambda: {"epoch": "bench"})

    def questions(self) -> list[str]:
        """All lines that a reading asks now."""
        lines: list[str] = []

        def noting(line: str) -> str:
            lines.append(line)
            return self._ask(line)

        read_switch(noting, self._floor)
        return lines

    def replies(self, questions: list[str]) -> None:
        """Ask, and make nothing of it."""
        for line in questions:
            self._ask(line)

    def rows(self) -> None:
        """Read, and fold nothing."""
        read_switch(self._ask, self._floor)

    def whole(self) -> None:
        """Read, fold, and make the documents of what changed."""
        apply(self._floor, read_switch(self._ask, self._floor))
        self._publisher.flush()


def timed(run: Callable[[], None]) -> float:
    """Seconds that it takes."""
    began = time.monotonic()
    run()
    return time.monotonic() - began


def one_round(ask: Ask) -> dict[str, dict[str, float]]:
    """The first reading and a later one."""
    told: dict[str, dict[str, float]] = {}
    reader = Reader(ask)
    for name in ("first", "later"):
        questions = reader.questions()
        replies = timed(lambda lines=questions: reader.replies(lines))  # type: ignore[misc]
        rows, whole = timed(reader.rows), timed(reader.whole)
        told[name] = {"questions": len(questions), "replies": replies, "rows": rows, "whole": whole}
    return told


def main(port: int, rounds: int) -> None:
    """Each round on one line."""
    logs.set_up("bench", "error", [])
    session = connected(port)
    memory.settle()
    for _ in range(rounds):
        print(json.dumps(one_round(session.api)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

"""Sasayaki's whole way in: bytes, frames, facts, fold, documents of what changed, by the controller's own parts.

Runs under ``gevent.monkey``, as the controller does. With a third argument, the address of a Redis, changes are written there
as the controller writes them; else they are made and dropped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import gevent
from redis import Redis

from fs_app import greenlets, logs, memory
from fs_app.controller.node import Node
from fs_app.controller.publish import Publisher
from fs_app.floor.state import Floor
from fs_app.store.connect import connect
from fs_app.store.live import Batch, LiveWriter
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan
from scripts.benchmarks.clients.clock import PASSWORD, Clock

LIMIT_S = 300.0


class Nowhere(LiveWriter):
    """Takes changes and writes none: what is measured ends where they are made."""

    def write(self, batch: Batch) -> int:
        """Count."""
        self.seq += 1
        return self.seq

    def rewind(self) -> None:
        """There is nothing to go behind."""


class Ours:
    """One node and its publisher, from the connection to the last change."""

    def __init__(self, port: int, redis: str) -> None:
        self.clock = Clock()
        self.changes = 0
        self.floor = Floor("fs")
        writer = LiveWriter(connect(redis), "bench") if redis else Nowhere(Redis(), "bench")
        self.publisher = Publisher(writer, [self.floor], lambda: {"epoch": "bench"})
        address = NodeAddress("fs", "127.0.0.1", port, password=PASSWORD)
        self.node = Node(address, self.floor, DialPlan("default"), lambda _: self.publisher.poke())

    def start(self) -> None:
        """Connect, read the switch, publish the whole picture."""
        greenlets.spawn("publish", self.publisher.run)
        self.node.start()
        wait(lambda: self.node.live and not self.publisher.whole and not self.floor.touched)
        self.publisher.on_write = self._written
        self._events_before = self.node.events
        self.clock.ready()

    def _written(self, batch: Batch) -> None:
        self.clock.handled()
        self.changes += sum(map(len, batch.put.values())) + sum(map(len, batch.gone.values()))

    def finish(self, events: int) -> None:
        """Wait until all events have become changes."""
        wait(lambda: self.node.events - self._events_before >= events and not self.floor.touched)
        self.clock.done(events, changes=self.changes, batches=self.publisher.batches)


def wait(condition: Callable[[], bool]) -> None:
    """Until it holds; raises TimeoutError."""
    limit = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError
        gevent.sleep(0.005)


def main(port: int, events: int, redis: str = "") -> None:
    """Measure one stream."""
    logs.set_up("bench", "error", [])
    memory.settle()
    ours = Ours(port, redis)
    ours.start()
    ours.finish(events)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])

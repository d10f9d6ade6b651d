"""A client that is connected to a scripted switch, with what it told its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fs_app.switch.client import (
    ConnectionLost,
    EventSocket,
)
from fs_app.switch.event import Event
from tests.unit.switch.scripted import (
    PASSWORD,
    Answer,
    Answers,
    Peer,
    ScriptedSwitch,
    obliging,
    switch,
    until,
)


class Line:
    """A connected client with what it told its owner."""

    def __init__(self, scripted: ScriptedSwitch, **options: object) -> None:
        self.events: list[Event] = []
        self.lost: list[str] = []
        self.switch = scripted
        on_event = options.pop("on_event", self.events.append)
        self.client = EventSocket(
            "127.0.0.1",
            scripted.port,
            PASSWORD,
            on_event=on_event,
            on_lost=self.lost.append,
            **options,  # type: ignore[arg-type]
        )
        self.client.connect()

    @property
    def peer(self) -> Peer:
        return self.switch.peers[-1]

    def sequences(self) -> list[str]:
        return [event.get(b"Event-Sequence") for event in self.events]

    def until_lost(self) -> str:
        until(lambda: self.lost, "on_lost")
        workers = [self.client._receive_events_greenlet, self.client._process_events_greenlet]
        until(lambda: all(worker.dead for worker in workers), "both greenlets to end")
        assert len(self.lost) == 1
        assert not self.client.connected
        with pytest.raises(ConnectionLost):
            self.client.send("api status")
        until(lambda: self.peer.gone, "the socket to be closed")
        return self.lost[0]


@contextmanager
def line(answers: Answers | None = None, **options: object) -> Iterator[Line]:
    with switch(answers) as scripted:
        connected = Line(scripted, **options)
        try:
            yield connected
        finally:
            connected.client.close()


def silent(_peer: Peer, command: str) -> Answer:
    return None if command.startswith("api ") else obliging(_peer, command)

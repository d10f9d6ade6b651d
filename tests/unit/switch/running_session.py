"""A session against a scripted switch, and what it told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fs_app.switch.event import Event
from fs_app.switch.session import NodeAddress, SwitchSession, Timing
from tests.unit.switch.scripted import PASSWORD, Answers, ScriptedSwitch, switch

OTHER_CORE = "00000000-0000-4000-8000-000000000001"
QUICK = Timing(connect=2.0, silent=30.0, probe=0.2, first_retry=0.01, longest_retry=0.05, stable=30.0)


class Told:
    """A session and what it told, in the order in which it did."""

    def __init__(
        self, port: int, timing: Timing, on_up: Callable[[SwitchSession, str], None] | None, **options: object
    ) -> None:
        self.log: list[str] = []
        self.events: list[Event] = []
        self._then = on_up
        node = NodeAddress("main", "127.0.0.1", port, None, PASSWORD)
        given: dict[str, object] = {"node": node, **options}
        self.session = SwitchSession(
            given.pop("node"),  # type: ignore[arg-type]
            on_event=self._on_event,
            on_up=self._on_up,
            on_down=lambda reason: self.log.append(f"down {reason}"),
            timing=timing,
            **given,  # type: ignore[arg-type]
        )

    def _on_event(self, event: Event) -> None:
        self.events.append(event)
        self.log.append(f"event {event.get(b'Event-Sequence')}")

    def _on_up(self, session: SwitchSession, core: str) -> None:
        self.log.append(f"up {core}")
        if self._then is not None:
            self._then(session, core)

    @property
    def ups(self) -> list[str]:
        return [entry for entry in self.log if entry.startswith("up")]

    @property
    def downs(self) -> list[str]:
        return [entry for entry in self.log if entry.startswith("down")]


@contextmanager
def session(
    answers: Answers | None = None,
    timing: Timing = QUICK,
    on_up: Callable[[SwitchSession, str], None] | None = None,
    **options: object,
) -> Iterator[tuple[ScriptedSwitch, Told]]:
    with switch(answers) as scripted:
        told = Told(scripted.port, timing, on_up, **options)
        told.session.start()
        try:
            yield scripted, told
        finally:
            told.session.close()


def job_of(command: str) -> str:
    return command.partition("Job-UUID: ")[2]

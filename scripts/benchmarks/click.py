"""From a click to the command on the event socket, beside a bare ``bgapi`` from a script: row 4.

The click is a status set by a supervisor: the panel's HTTP call with its session, the gate, Valkey, the decision and the
audit's row lie in between. Both are told by the switch as they arrive, in turn in one run.
"""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

from fs_app.floor.actor import SUPERVISOR, Actor
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import Process, scripted_switch
from scripts.benchmarks.report import Table, percentile, wanted
from scripts.benchmarks.scripted_switch import PASSWORD
from scripts.benchmarks.service import service

PLAN = FloorPlan(agents=500, queues=20)
TRIES = 200
MOST_MS = (5, 15)
WARM_UP = 10
PAUSE_S = 0.01
"""Between two tries: a person clicks on a floor that is at rest."""


class Script:
    """A plain event socket connection that sends ``bgapi``, as a script of one's own would."""

    def __init__(self, port: int, password: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pending = b""
        self._reply()
        self._send(f"auth {password}")

    def bgapi(self, line: str) -> None:
        """Send it and wait for the reply that it was accepted."""
        self._send(f"bgapi {line}\nJob-UUID: {uuid4()}")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _send(self, command: str) -> None:
        self._socket.sendall(command.encode() + b"\n\n")
        self._reply()

    def _reply(self) -> None:
        while b"\n\n" not in self._pending:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the switch has hung up")
            self._pending += data
        self._pending = self._pending.partition(b"\n\n")[2]


@contextmanager
def script(port: int, password: str) -> Iterator[Script]:
    """A connection for the length of a block."""
    one = Script(port, password)
    try:
        yield one
    finally:
        one.close()


def run(rounds: int) -> list[Table]:
    """200 tries whatever the rounds, because they make one distribution."""
    queue, agent, another = PLAN.queue(0), PLAN.agent(0), PLAN.agent(1)
    editor = Actor("editor", SUPERVISOR, "Editor", grants={queue: "edit"})
    delays: dict[str, list[float]] = {"ours": [], "bare": []}
    with ExitStack() as stack:
        switch, port = stack.enter_context(scripted_switch(PLAN, "--tell"))
        bare = stack.enter_context(script(port, PASSWORD))
        center = stack.enter_context(service(f"esl://:{PASSWORD}@127.0.0.1:{port}", [editor]))
        client = center.log_in(editor.login)
        calls = itertools.cycle(
            client.written("PUT", f"/agents/{agent}/status", {"status": code, "queue": queue})
            for code in ("on_break", "available")
        )

        def click() -> None:
            client.send(next(calls))

        def command() -> None:
            bare.bgapi(f"callcenter_config agent set status {another} 'On Break'")

        for _ in range(WARM_UP):
            delay_ms(switch, click)
        for _ in range(TRIES):
            delays["ours"].append(delay_ms(switch, click))
            delays["bare"].append(delay_ms(switch, command))
    return [comparison("click", "command on the event socket", "a bare bgapi", delays, MOST_MS)]


def delay_ms(switch: Process, act: Callable[[], None]) -> float:
    """From now until the first command that ``act`` sends is at the switch."""
    time.sleep(PAUSE_S)
    began = time.monotonic()
    act()
    while (told := float(switch.told()["at"])) < began:
        pass  # the rest of what the try before had sent
    return (told - began) * 1000


def comparison(name: str, what: str, beside: str, delays: dict[str, list[float]], most: tuple[float, float]) -> Table:
    """Both distributions, and by how much ours is later at the median and at the 99th percentile (``most``, ms)."""
    result = Table(name, ["from", f"ms to the {what}: p50", "p99", "tries"])
    names = {"ours": "a click in the panel", "bare": beside}
    for one, label in names.items():
        values = [percentile(delays[one], share) for share in (0.5, 0.99)]
        result.rows.append([label, *(f"{value:.1f}" for value in values), str(len(delays[one]))])
    for share, limit in zip((0.5, 0.99), most, strict=True):
        more = percentile(delays["ours"], share) - percentile(delays["bare"], share)
        told_as = f"ms to the {what} more than {beside} at p{share * 100:.0f}"
        result.verdicts.append(wanted(told_as, more, limit, most=True))
    return result

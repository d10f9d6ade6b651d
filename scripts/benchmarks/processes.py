"""Starting and ending what a measurement needs: the scripted switch, a Valkey, and the process that is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis, RedisError

from fs_app.serve.valkey import arguments
from scripts.benchmarks.floor_plan import FloorPlan

ROOT = Path(__file__).resolve().parents[2]
WORKPLACE = ROOT / "var" / "bench"
_ENDING_S = 10.0


class Failed(Exception):
    """A process under measurement did not do its part; its words are on standard error."""


class Process:
    """A child that says one line of JSON, or one word, at a time."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        self.name = next((word for word in command if word.startswith("scripts.")), command[0])
        environ = {**os.environ, **(environ or {}), "PYTHONPATH": os.pathsep.join([str(ROOT), *_extra(environ)])}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.pid = self.process.pid

    def line(self) -> str:
        """Its next line; raises :class:`Failed` when it has ended instead."""
        assert self.process.stdout is not None  # noqa: S101 - opened above
        line = self.process.stdout.readline().strip()
        if not line:
            raise Failed(f"{self.name} has ended before its time")
        return line

    def told(self) -> Any:
        """Its next line, read as JSON."""
        return json.loads(self.line())

    def expect(self, word: str) -> None:
        """Wait for this line; raises :class:`Failed` for any other."""
        line = self.line()
        if line != word:
            raise Failed(f"{self.name} says «{line}» where «{word}» was expected")

    def say(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.process.stdin is not None  # noqa: S101 - opened above
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """End it, politely first."""
        self.process.terminate()
        try:
            self.process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_ENDING_S)


def _extra(environ: Mapping[str, str] | None) -> list[str]:
    return [environ["PYTHONPATH"]] if environ and environ.get("PYTHONPATH") else []


@contextmanager
def running(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Iterator[Process]:
    """A child for the length of a block."""
    process = Process(command, environ)
    try:
        yield process
    finally:
        process.end()


def module(name: str, *arguments: object, python: str = sys.executable) -> list[str]:
    """The command line of one of our modules."""
    return [python, "-m", f"scripts.benchmarks.{name}", *map(str, arguments)]


def cooperative(name: str, *arguments: object) -> list[str]:
    """The same with sockets, locks and threads made cooperative before anything else, as in our own processes."""
    return [sys.executable, "-m", "gevent.monkey", "--module", f"scripts.benchmarks.{name}", *map(str, arguments)]


@contextmanager
def product(command: str, folder: Path, **settings: str) -> Iterator[Process]:
    """A process of the product itself, ``python -m fs_app COMMAND``, with these settings and its data in ``folder``."""
    own = {name: "" for name in os.environ if name.startswith("SASAYAKI_")}
    own |= {f"SASAYAKI_{name.upper()}": value for name, value in settings.items()}
    own |= {"SASAYAKI_DATA_DIR": str(folder), "SASAYAKI_LOG_LEVEL": "error"}
    with running([sys.executable, "-m", "fs_app", command], own) as process:
        yield process


def until(condition: Callable[[], bool], what: str, limit_s: float = 60.0) -> None:
    """Wait for it; raises :class:`Failed` when it does not come."""
    limit = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > limit:
            raise Failed(f"within {limit_s:g} s there was no {what}")
        time.sleep(0.02)


@contextmanager
def scripted_switch(plan: FloorPlan, *options: str) -> Iterator[tuple[Process, int]]:
    """A switch with this floor, and its port."""
    sizes = ("--agents", plan.agents, "--queues", plan.queues, "--channels", plan.channels)
    with running(module("scripted_switch", *sizes, *options)) as switch:
        yield switch, switch.told()


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey of our own as the product starts it, in a folder of its own; its address."""
    WORKPLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        socket = Path(folder) / "valkey.sock"
        command = arguments(socket.name)
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
        client = Redis(unix_socket_path=str(socket))
        try:
            until(lambda: _answers(client), "Valkey")
            yield f"unix://{socket}"
        finally:
            client.close()
            process.terminate()
            process.wait(_ENDING_S)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False

"""A real Valkey, started as the process tree starts it; killed and started again where a test is about that."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from redis import Redis, RedisError

from fs_app.serve.valkey import arguments
from fs_app.store.activity import Activity
from fs_app.store.connect import connect
from fs_app.store.durable import Database
from tests.unit.databases import new_database


def until(check: Callable[[], Any], told: str, limit_s: float = 10.0) -> Any:
    """The first true value of ``check``; fails after ``limit_s``."""
    deadline = time.monotonic() + limit_s
    while not (value := check()):
        assert time.monotonic() < deadline, f"not within {limit_s} s: {told}"
        time.sleep(0.002)
    return value


def wait(check: Callable[[], object], told: str, limit_s: float = 10.0) -> None:
    """As ``until``, and the test's own greenlets go on meanwhile."""
    with gevent.Timeout(limit_s, AssertionError(f"not within {limit_s} s: {told}")):
        while not check():
            gevent.sleep(0.005)


class Valkey:
    """One server in a folder of its own; ``client`` gives connections to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def client(self) -> Redis:
        return connect(self.url)

    def start(self) -> None:
        self._process = subprocess.Popen(arguments(self.socket.name), cwd=self.folder, stdout=subprocess.DEVNULL)
        until(self._answers, "Valkey answers")

    def _answers(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """It hangs: connections are taken, nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def forget(self) -> None:
        """Delete what it has written, so that it starts with an empty memory. To be called while it is down."""
        for file in self.folder.glob("appendonlydir/*"):
            file.unlink()


@pytest.fixture(scope="session")
def shared_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis(shared_valkey: Valkey) -> Iterator[Redis]:
    client = shared_valkey.client()
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """One that a test may kill."""
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = new_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def activity(database: Database) -> Activity:
    return Activity(database)

"""A panel as it is run: gunicorn and gevent in a process of its own, Valkey and SQLite beside it.

What a controller does at Redis is done by the test: it publishes documents and answers commands.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fs_app.floor.actor import Actor
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.announce import AccountsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.connect import connect
from fs_app.store.inbox import CommandInbox, Request
from fs_app.store.live import Batch, LiveWriter
from fs_app.store.passwords import Passwords
from fs_app.store.sessions import Sessions
from tests.unit.databases import new_database
from web.sessions.cookie import COOKIE

ROOT = Path(__file__).resolve().parents[3]
ADMIN = Actor("admin", "administrator", "Admin")
PASSWORD = "correct horse battery"
LIMIT_S = 40.0


def until(condition: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> Any:
    """The first true answer of ``condition``; fails after ``limit_s``."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {limit_s} s: {what}")


class Browser:
    """Somebody's requests; ``stream`` opens the board's events."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port = port
        self.cookie = cookie

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=LIMIT_S)
        given = {"Cookie": self.cookie, **headers} if self.cookie else dict(headers)
        data = None
        if body is not None:
            data, given["Content-Type"] = json.dumps(body), "application/json"
        connection.request(method, path, data, given)
        answer = connection.getresponse()
        text = answer.read()
        told = dict(answer.getheaders())
        connection.close()
        return answer.status, json.loads(text) if text and "json" in told.get("Content-Type", "") else text, told

    def get(self, path: str, **headers: str) -> Any:
        status, body, _ = self.request("GET", path, **headers)
        assert status == 200, body
        return body

    def stream(self, query: str = "", **headers: str) -> EventStream:
        return EventStream(self._port, "/api/v1/board/stream" + query, {"Cookie": self.cookie, **headers})


@dataclass
class Event:
    name: str
    data: Any
    ident: str | None


class EventStream:
    """Server-sent events, read as they come."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.raw = b""

    def read(self) -> Event | None:
        """The next event; None when the stream has ended."""
        name, data, ident = "", "", None
        while True:
            line = self.answer.readline()
            self.raw += line
            if not line:
                return None
            text = line.decode().rstrip("\n")
            field, _, value = text.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                ident = value
            elif not text and name:
                return Event(name, json.loads(data), ident)

    def next(self, *names: str) -> Event:
        """The next event of one of these names (any but ping, when none is given)."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            event = self.read()
            assert event is not None, "the stream ended"
            if event.name in names or (not names and event.name != "ping"):
                return event
        raise AssertionError(f"no {names} came")

    def ended(self) -> bool:
        """Whether the server ends the stream; reads whatever comes before."""
        while self.read() is not None:
            pass
        return True

    def close(self) -> None:
        self.connection.close()


class Site:
    """The stores of a site and a panel that runs on them."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.redis = connect(redis_url)
        self.redis.flushall()
        self.database = new_database(folder)
        self.audit = AuditLog(self.database)
        announce = AccountsChannel(self.redis).announce
        self.accounts = Accounts(
            self.database, self.audit, Passwords(time_cost=1, memory_kib=8, parallelism=1), announce
        )
        self.writer = LiveWriter(self.redis, "run-1")
        self._environ = {n: v for n, v in os.environ.items() if not n.startswith("SASAYAKI_")} | {
            "SASAYAKI_DATA_DIR": str(folder),
            "SASAYAKI_REDIS_URL": redis_url,
            "SASAYAKI_PRACTICE": "true",
        }
        self.port = 0
        self.pid = 0

    @contextmanager
    def panel(self) -> Iterator[None]:
        """The panel's process, from its first answer to its end."""
        with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
            self.port = listener.getsockname()[1]
            command = [sys.executable, "-m", "fs_app", "panel", "--fd", str(listener.fileno())]
            process = subprocess.Popen(command, cwd=ROOT, env=self._environ, pass_fds=[listener.fileno()])
        self.pid = process.pid
        try:
            until(self._answers, "the panel answers", 60)
            yield
        finally:
            process.terminate()
            process.wait(LIMIT_S)

    def _answers(self) -> bool:
        try:
            return Browser(self.port).request("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def account(self, login: str, role: str, **more: Any) -> None:
        self.accounts.add(NewAccount(login, f"name of {login}", role, **more), PASSWORD, ADMIN, must_change=False)

    def log_in(self, login: str) -> Browser:
        """As after a log-in, whose password would take the panel half a second of a core to check."""
        secret = Sessions(self.database).begin(self.accounts.get(login), "127.0.0.1", "a browser")
        return Browser(self.port, f"{COOKIE}={secret}")

    def publish(self, *, gone: dict[str, list[str]] | None = None, **put: list[dict[str, Any]]) -> int:
        return self.writer.write(Batch(at=time.time(), put=put, gone=gone or {}))

    def publish_all(self, meta: dict[str, Any], **put: list[dict[str, Any]]) -> int:
        self.writer.rewind()
        return self.writer.write(Batch(at=time.time(), put=put, meta=meta, reset=True))

    @contextmanager
    def controller(self, answer: Callable[[Request, CommandInbox], None]) -> Iterator[None]:
        """Answers every command while it lasts, as a controller would."""
        inbox, ended = CommandInbox(self.redis), threading.Event()
        inbox.start()

        def work() -> None:
            while not ended.is_set():
                if (request := inbox.take(block_s=0.05)) is not None:
                    answer(request, inbox)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield
        finally:
            ended.set()
            worker.join(LIMIT_S)

    def close(self) -> None:
        self.redis.close()
        self.database.close()

"""The whole product in front of a switch: controller, panel and Valkey as they run at a site, with accounts, and a client.

For measurements from a click, or to a browser. Accounts are made by the product's own stores before it starts.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis, RedisError

from fs_app.floor.actor import Actor
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.audit import AuditLog, system
from fs_app.store.durable import database_url, open_database
from fs_app.store.live import FLOOR
from fs_app.store.passwords import Passwords
from scripts.benchmarks.processes import WORKPLACE, Failed, product, until, valkey

PASSWORD = "a password of the benchmarks"  # noqa: S105 - of a panel that lives for a minute on the loopback
_TICKS = os.sysconf("SC_CLK_TCK")
_CHILD = re.compile(r"\) \S (\d+)")


@dataclass(frozen=True)
class Service:
    """A running product: where its panel answers, and its processes by name."""

    port: int
    redis: str
    pids: dict[str, int]

    def cpu_s(self) -> dict[str, float]:
        """CPU time so far of each part, its children included."""
        return {name: sum(map(_cpu_s, _family(pid))) for name, pid in self.pids.items()}

    def log_in(self, login: str) -> Client:
        """A connection to the panel that is logged in."""
        client = Client(self.port)
        client.ask("POST", "/session", {"login": login, "password": PASSWORD})
        return client


class Client:
    """One kept connection to the panel, and its session's cookie."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.cookie = ""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One call of the API; its answer. Raises :class:`Failed` for any refusal."""
        return self.send(self.written(method, path, body))

    def written(self, method: str, path: str, body: object = None) -> bytes:
        """The call as it goes over the line, in one piece as browsers send it."""
        sent = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        return "\r\n".join([*lines, f"Content-Length: {len(sent)}", "", ""]).encode() + sent

    def send(self, call: bytes) -> Any:
        """Make a call that was written before. Raises as :meth:`ask` does."""
        self._socket.sendall(call)
        answer = http.client.HTTPResponse(self._socket)
        answer.begin()
        text = answer.read()
        if answer.status >= 300:
            raise Failed(f"{call.split(None, 2)[:2]!r} was answered {answer.status}: {text[:200]!r}")
        if (cookie := answer.headers.get("Set-Cookie")) is not None:
            self.cookie = cookie.partition(";")[0]
        return json.loads(text) if text else None


@contextmanager
def service(freeswitch: str, accounts: Sequence[Actor], **settings: str) -> Iterator[Service]:
    """The product in front of ``freeswitch`` (an address), once it is live. Each actor becomes an account."""
    with ExitStack() as stack:
        redis = stack.enter_context(valkey())
        client = stack.enter_context(Redis.from_url(redis))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORKPLACE, prefix="data-")))
        _make_accounts(folder, accounts)
        port = _free_port()
        common = {"freeswitch": freeswitch, "redis_url": redis, "listen": f"127.0.0.1:{port}"} | settings
        controller = stack.enter_context(product("controller", folder, **common))
        panel = stack.enter_context(product("panel", folder, **common))
        until(lambda: _is_live(client), "live switch")
        until(lambda: _listens(port), "panel")
        pids = {"controller": controller.pid, "panel": panel.pid, "Valkey": int(client.info()["process_id"])}
        yield Service(port, redis, pids)


def _make_accounts(folder: Path, accounts: Sequence[Actor]) -> None:
    database = open_database(database_url("", folder))
    store = Accounts(database, AuditLog(database), Passwords(), lambda _: None)
    for actor in accounts:
        new = NewAccount(login=actor.login, name=actor.name, role=actor.role, extensions=actor.extensions)
        store.add(new, PASSWORD, system("cli"), must_change=False)
        for queue, right in actor.grants.items():
            store.grant(actor.login, queue, right, system("cli"))
    database.close()


def _is_live(client: Redis) -> bool:
    try:
        meta: Any = client.hget(FLOOR, "meta")
    except RedisError:
        return False
    return meta is not None and json.loads(meta)["link"]["state"] == "live"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found = _CHILD.search(path.read_text())
        except OSError:
            continue  # it has ended meanwhile
        if found is not None:
            below.setdefault(int(found[1]), []).append(int(path.parent.name))
    family = [pid]
    for one in family:
        family += below.get(one, [])
    return family


def _cpu_s(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / _TICKS

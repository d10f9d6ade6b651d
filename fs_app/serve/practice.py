"""The practice floor as a process of the tree: where it listens, and with which password.

Owns its port and password. What happens on the floor is the business of ``fs_app.practice``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import gevent
import structlog
from gevent.event import AsyncResult

from fs_app.serve.child import Child
from fs_app.serve.faults import CannotStart
from fs_app.settings import ROOT

READY_LIMIT_S = 20.0
PASSWORD_VARIABLE = "SASAYAKI_PRACTICE_PASSWORD"  # noqa: S105 - the name of it

log = structlog.get_logger()


class PracticeFloor:
    """A practice floor on a port of its own on the loopback address. After a death it comes back on the same port."""

    def __init__(self, options: Sequence[str], password: str, environ: Mapping[str, str]) -> None:
        self._options = list(options)
        self._password = password
        self._port: AsyncResult[int] = AsyncResult()
        self.child = Child(
            "practice",
            self._command,
            environ={**environ, PASSWORD_VARIABLE: password},
            folder=str(ROOT),
            on_line=self._on_line,
        )

    @property
    def address(self) -> str:
        """What the controller needs to reach it, password included; never put it on a command line."""
        return f"practice=esl://:{quote(self._password, safe='')}@127.0.0.1:{self._port.get(block=False)}"

    def wait_until_ready(self) -> None:
        """Wait until it listens; raises :class:`CannotStart` when it does not."""
        gevent.wait([self._port, self.child.died], timeout=READY_LIMIT_S, count=1)
        if not self._port.ready():
            raise CannotStart("The practice floor does not start; the line above says why.")

    def _command(self) -> list[str]:
        port = self._port.get(block=False) if self._port.ready() else 0
        return [sys.executable, "-m", "fs_app.practice", "--port", str(port), *self._options]

    def _on_line(self, line: str) -> None:
        word, _, port = line.partition(" ")
        if word == "READY" and port.isascii() and port.isdigit():
            self._port.set(int(port))
        else:
            log.debug("practice_says", text=line)

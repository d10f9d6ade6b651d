"""The whole product as a process of the tests: ``serve``, and ways to hurt its parts."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSWORD = "a-password-for-tests-only"
LIMIT_S = 20.0
"""What a test waits for at most, if it says nothing else; a busy machine needs some seconds for what takes a moment."""


@dataclass(frozen=True, slots=True)
class Product:
    """A running ``serve``."""

    url: str
    process: subprocess.Popen[str]

    def part(self, name: str) -> list[int]:
        """Process ids of a part: ``panel``, ``controller``, ``valkey``."""
        found = []
        for pid in _descendants(self.process.pid):
            line = _of_process(pid, "cmdline").replace("\0", " ")
            if re.search(rf"fs_app {name}|{name}-server", line):
                found.append(pid)
        return found

    def signal(self, name: str, number: int) -> None:
        """Every process of a part: SIGSTOP and SIGCONT as a machine that hangs, SIGKILL as a crash."""
        for pid in self.part(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _of_process(pid: int, name: str) -> str:
    """What the kernel says of a process; nothing of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _descendants(pid: int) -> list[int]:
    children = _of_process(pid, f"task/{pid}/children").split()
    return [found for child in children for found in (int(child), *_descendants(int(child)))]


def until(check: Callable[[], object], told: str, limit_s: float = LIMIT_S) -> None:
    """Ask until it is so, or fail with what was told."""
    deadline = time.monotonic() + limit_s
    while not check():
        assert time.monotonic() < deadline, told
        time.sleep(0.02)


@contextmanager
def serve(folder: Path, *options: str, **settings: str) -> Iterator[Product]:
    """``serve`` with its files in ``folder``, ready and live."""
    if not (ROOT / "web/static/app/manifest.json").exists():
        pytest.skip("the panel's pages are not built (scripts/test builds them)")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SASAYAKI_")} | {
        "SASAYAKI_DATA_DIR": str(folder / "var"),
        "SASAYAKI_LISTEN": "127.0.0.1:0",
        "SASAYAKI_ADMIN_PASSWORD": PASSWORD,
        **settings,
    }
    command = [sys.executable, "-m", "fs_app", "serve", *options]
    log = folder / "serve.log"
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        url = next((line.split()[-1] for line in process.stdout if line.startswith("Sasayaki is ready")), None)
        assert url, log.read_text()[-2000:]
        until(lambda: is_ready(url), "the floor is not ready")
        yield Product(url, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(LIMIT_S)


def is_ready(url: str) -> bool:
    """Switch, Redis and database are all there."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


class Line:
    """The network between a browser and the panel: goes through, or is cut."""

    def __init__(self, url: str) -> None:
        self._to = int(url.rsplit(":", 1)[1])
        self._ends: list[socket.socket] = []
        self._up = True
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """What goes through breaks, and nothing new is let through."""
        self._up = False
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """New connections go through again."""
        self._up = True

    def close(self) -> None:
        """No line any more."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if not self._up:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                if not self._up:  # cut meanwhile
                    near.close()
                    far.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for end in (source, target):
            end.close()

"""One process of the tree: started on a leash, started again when it dies, ended by its own process id.

Knows nothing of what the process does. Its log goes to our standard error; what it prints on standard output is handed
line by line to ``on_line``, if that is given.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from subprocess import DEVNULL, PIPE, TimeoutExpired
from time import monotonic
from typing import IO

import structlog
from gevent import subprocess
from gevent.event import Event

from fs_app.greenlets import spawn
from fs_app.serve import leash
from fs_app.setting_faults import EXIT_CODE

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 30.0
LONGEST_LINE = 4096

log = structlog.get_logger()


class Child:
    """A process that is kept running until :meth:`end`.

    ``command`` gives the arguments anew at each start. ``on_faulty_settings`` is called when the process ends with
    exit code 78: starting it again would be of no use.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[], Sequence[str]],
        *,
        environ: Mapping[str, str] | None = None,
        folder: str | None = None,
        pass_fds: Sequence[int] = (),
        on_line: Callable[[str], None] | None = None,
        on_faulty_settings: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.died = Event()
        self.deaths = 0
        self._command = command
        self._environ = dict(environ) if environ is not None else None
        self._folder = folder
        self._pass_fds = tuple(pass_fds)
        self._on_line = on_line
        self._on_faulty_settings = on_faulty_settings
        self._ending = Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process and keep it running."""
        self._launch()
        spawn(f"watch-{self.name}", self._keep)

    def _launch(self) -> None:
        output = PIPE if self._on_line is not None else None
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *self._command()],
            env=self._environ,
            cwd=self._folder,
            pass_fds=self._pass_fds,
            stdin=DEVNULL,
            stdout=output,
            # Ctrl-C reaches the whole foreground group; only the head of the tree shall hear it and end us in order.
            start_new_session=True,
        )
        self._process = process
        self.died.clear()
        if process.stdout is not None and self._on_line is not None:
            spawn(f"read-{self.name}", self._read, process.stdout, self._on_line)
        log.debug("process_started", name=self.name, pid=process.pid)

    def _read(self, output: IO[bytes], on_line: Callable[[str], None]) -> None:
        while line := output.readline(LONGEST_LINE):
            on_line(line.decode(errors="replace").rstrip())

    def _keep(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            assert self._process is not None  # noqa: S101 - start() has launched it
            started = monotonic()
            code = self._process.wait()
            self.died.set()
            self.deaths += 1
            if self._ending.is_set():
                return
            if code == EXIT_CODE and self._on_faulty_settings is not None:
                self._on_faulty_settings()
                return
            if monotonic() - started > STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            log.error("process_died", name=self.name, ended=_ended(code), again_in_s=pause_s)
            if self._ending.wait(pause_s):
                return
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            self._launch()

    def ask_to_end(self) -> None:
        """Send SIGTERM and start the process no more."""
        self._ending.set()
        self._signal(signal.SIGTERM)

    def end(self, grace_s: float) -> None:
        """End the process: SIGTERM, and SIGKILL after ``grace_s`` seconds. Safe to call twice."""
        if not self._ending.is_set():
            self.ask_to_end()
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(grace_s, 0))
        except TimeoutExpired:
            log.warning("process_killed", name=self.name, after_s=round(grace_s, 1))
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


def _ended(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

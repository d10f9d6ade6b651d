"""The program started without loading it anew: a process that has loaded it, and forks for whoever wants one started.

Loading takes more than a second of one core, and hundreds of tests start a controller. What is forked runs the program's
own ``main`` with arguments, environment and log of its own, and is a process like any other: it can be killed and stopped.
A test about the command line itself starts the real one. Run as a module, this is the process that forks: it has no hub
of gevent and no thread, so that a fork of it is as good as new.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LARGEST = 1 << 17
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """For ``preexec_fn``: the child is killed when the thread that started it ends, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A running ``python -m fs_app …``. Ends with the test run, however that ends; as ``subprocess.Popen`` otherwise."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], log: int) -> None:
        """``log`` is the file (descriptor) for its standard output and standard error."""
        self._told, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = json.dumps([list(arguments), dict(environ)]).encode()
        socket.send_fds(_forking(), [request], [theirs.fileno(), log])
        theirs.close()
        self.pid = self._read()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, minus a signal's number when that ended it; None while it runs."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Until it ends; ``subprocess.TimeoutExpired`` after ``timeout`` (s)."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("fs_app", timeout or 0)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        self.returncode = self._read()
        self._told.close()

    def _read(self) -> int:
        told = self._told.recv(32)
        if not told:
            raise RuntimeError("the process that forks has ended; its last words are on standard error")
        return int(told)


_started: list[socket.socket] = []


def _forking() -> socket.socket:
    """The way to the process that forks, which is started once in a run."""
    if not _started:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.forks", str(theirs.fileno())]
        subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock that another thread could hold
        )
        theirs.close()
        _started.append(ours)
    return _started[0]


# -- in the process that forks ------------------------------------------------------------------------------------------


def _serve(requests: socket.socket) -> int:
    """Fork for every request. Returns in what was forked, with the program's exit code, and at the end of the test run."""
    fork, wait_for, set_signal = os.fork, os.waitpid, signal.signal
    set_signal(signal.SIGINT, signal.SIG_IGN)
    set_signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the program
    # This makes the standard library cooperative; what was taken before stays as it was.
    from fs_app import __main__ as program

    _load()
    while True:
        request, fds, _, _ = socket.recv_fds(requests, _LARGEST, 2)
        if not request:
            return 0
        told, log = fds
        if fork() == 0:
            requests.close()
            die_with_parent()
            set_signal(signal.SIGCHLD, signal.SIG_DFL)
            child = fork()
            if child == 0:
                set_signal(signal.SIGINT, signal.default_int_handler)
                os.close(told)
                arguments, environ = json.loads(request)
                _become(arguments, environ, log)
                return program.main()
            os.write(told, b"%d" % child)
            os.write(told, b"%d" % os.waitstatus_to_exitcode(wait_for(child, 0)[1]))
            os._exit(0)
        os.close(told)
        os.close(log)


def _load() -> None:
    """What the program loads when it knows what to run."""
    import gc

    import fs_app.accounts_cli
    import fs_app.wiring.controller  # noqa: F401

    gc.freeze()


def _become(arguments: list[str], environ: dict[str, str], log: int) -> None:
    """A process as if it had been started so."""
    die_with_parent()
    sys.argv[1:] = arguments
    os.environ.clear()
    os.environ.update(environ)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))

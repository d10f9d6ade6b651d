"""The head of the process tree: starts the parts in their order, says when they are ready, ends them in reverse.

Order: lock on the data folder, listening socket, practice floor, Valkey, panel, first administrator, controller. Each
part that dies is started again (:mod:`fs_app.serve.child`); only the first start can fail the whole. None is handed a
secret that it does not need.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import gevent
import structlog
from gevent.event import Event

from fs_app.serve import data_folder
from fs_app.serve.address import answers, listening_socket, web_address
from fs_app.serve.child import Child
from fs_app.serve.faults import CannotStart
from fs_app.serve.practice import PracticeFloor
from fs_app.serve.valkey import Valkey
from fs_app.setting_faults import EXIT_CODE
from fs_app.settings import PREFIX, ROOT, Settings

NOT_FOR_THE_PANEL = ("SASAYAKI_FREESWITCH", "SASAYAKI_ADMIN_PASSWORD")
PRACTICE_SUPERVISORS = ("9001", "9002", "9003")
"""Phones on the practice floor that the first administrator may listen on."""
PRACTICE_OUTSIDE = "sofia/gateway/carrier/{number}"
"""How the practice floor dials outside, so that personal phones and call-backs can be tried on it."""
READY_LIMIT_S = 60.0
JOINED_LIMIT_S = 5.0  # a switch that is away keeps nobody from the panel, which says so
DEATHS_LIMIT = 3  # of the panel before it was ever ready
GRACE_S = 1.9
VALKEY_GRACE_S = 0.9

log = structlog.get_logger()


class Tree:
    """Everything that one ``serve`` runs. ``practice`` holds the practice floor's own options."""

    def __init__(self, settings: Settings, config: Path | None, practice: Sequence[str] = ()) -> None:
        self._settings = settings
        self._config = config
        self._practice = practice
        self._children: list[Child] = []
        self._valkey: Child | None = None
        self._listener: socket.socket | None = None  # kept open, for the panel's restarts
        self._stop = Event()
        self._code = 0

    def run(self) -> int:
        """Start all, wait for a signal, end all. Returns the exit code. Raises :class:`CannotStart`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            gevent.signal_handler(number, self._asked_to_stop)
        try:
            self._start()
            self._stop.wait()
        finally:
            self._end()
        return self._code

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            log.warning("stopping_at_once")
            for child in self._children:
                child.end(0)
        self._stop.set()

    def _faulty_settings(self) -> None:
        # The child has told the faults on the standard error that it shares with us.
        self._code = EXIT_CODE
        self._stop.set()

    def _start(self) -> None:
        settings = self._settings
        lock = data_folder.lock(settings.data_dir)
        listener = self._listener = listening_socket(*settings.listen_address)
        address = web_address(listener)
        _say(f"Sasayaki is starting on {address} …")
        bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        floor = self._start_practice_floor(bare) if settings.practice_floor else None
        if settings.embedded_redis:
            self._start_valkey(lock, bare)
        # What follows takes seconds of loading in each process; they do it beside each other.
        environ = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_PANEL}
        if floor is not None:
            environ["SASAYAKI_PRACTICE"] = "true"
            environ.setdefault("SASAYAKI_EXTERNAL_DIAL", settings.external_dial or PRACTICE_OUTSIDE)
        panel = self._start_part("panel", ["panel", "--fd", str(listener.fileno())], environ, [listener.fileno()])
        if (password := self._first_administrator()) is not None:
            # At once: whatever happens from here on, it is never told again.
            _say(f"Log in as admin with the password {password} (told this once only).")
        if floor is not None:
            floor.wait_until_ready()
            environ["SASAYAKI_FREESWITCH"] = floor.address
        elif given := os.environ.get("SASAYAKI_FREESWITCH"):
            environ["SASAYAKI_FREESWITCH"] = given
        self._start_part("controller", ["controller"], environ)
        self._tell_when_ready(panel, address)

    def _start_practice_floor(self, environ: dict[str, str]) -> PracticeFloor:
        floor = PracticeFloor(self._practice, secrets.token_urlsafe(24), environ)
        self._children.append(floor.child)
        floor.child.start()
        return floor

    def _start_valkey(self, lock: int, environ: dict[str, str]) -> None:
        server = Valkey(self._settings.valkey_socket, lock, environ)
        self._valkey = server.child
        server.child.start()
        server.wait_until_ready()

    def _first_administrator(self) -> str | None:
        """Set the database up; the random password of ``admin``, if there was no account yet."""
        # Loaded here, when the panel's process is loading the same beside us.
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        from fs_app.store.audit import system  # noqa: PLC0415
        from fs_app.store.durable import DatabaseUnavailable  # noqa: PLC0415
        from fs_app.wiring.stores import open_accounts  # noqa: PLC0415

        given = self._settings.admin_password.get_secret_value()
        extensions = PRACTICE_SUPERVISORS if self._settings.practice_floor else ()
        try:
            opened = open_accounts(self._settings)
            try:
                return opened.accounts.ensure_first_administrator(given or None, system("system"), extensions)
            finally:
                opened.database.close()
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            raise CannotStart(
                f"The database does not answer ({type(error).__name__}). Correct SASAYAKI_DATABASE_URL, or start it."
            ) from None

    def _start_part(
        self, name: str, arguments: list[str], environ: dict[str, str], pass_fds: Sequence[int] = ()
    ) -> Child:
        config = ["--config", str(self._config)] if self._config else []
        command = [sys.executable, "-m", "fs_app", *arguments, *config]
        child = Child(
            name,
            lambda: command,
            environ=dict(environ),
            folder=str(ROOT),
            pass_fds=pass_fds,
            on_faulty_settings=self._faulty_settings,
        )
        self._children.append(child)
        child.start()
        return child

    def _tell_when_ready(self, panel: Child, address: str) -> None:
        limit = monotonic() + READY_LIMIT_S
        while not answers(address):
            if self._stop.wait(0.05):
                return
            if monotonic() > limit or panel.deaths >= DEATHS_LIMIT:
                raise CannotStart("The panel does not start; the lines above say why.")
        limit = monotonic() + JOINED_LIMIT_S
        while not answers(address, "/readyz") and monotonic() < limit:
            if self._stop.wait(0.05):
                return
        lines = [f"Sasayaki is ready: {address}"]
        if self._settings.practice_floor:
            lines.append("No FreeSWITCH is configured: this is the practice floor, with simulated people.")
        _say("\n".join(lines))

    def _end(self) -> None:
        """End all within 3 s: first those that use Valkey, then Valkey itself."""
        limit = monotonic() + GRACE_S
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.end(limit - monotonic())
        if self._valkey is not None:
            self._valkey.end(VALKEY_GRACE_S)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - to the person at the terminal


def serve(settings: Settings, config: Path | None, practice: Sequence[str] = ()) -> int:
    """Run the whole product until a signal; returns the exit code."""
    try:
        return Tree(settings, config, practice).run()
    except CannotStart as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - said to the person at the terminal
        return 1

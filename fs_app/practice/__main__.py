"""``python -m fs_app.practice``: a practice floor as a process of its own.

Prints ``READY <port>`` on standard output once the event socket listens; ends on SIGTERM, SIGINT, or when its standard
input closes if ``--until-stdin-closes`` is given. The password comes from a file or SASAYAKI_PRACTICE_PASSWORD, never from
the command line.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import gevent
from gevent.event import Event

from fs_app.greenlets import spawn
from fs_app.practice.config import contract_floor
from fs_app.practice.people.crowd import Crowd, CrowdConfig, crowd_floor
from fs_app.practice.switch import PracticeSwitch

PASSWORD_VARIABLE = "SASAYAKI_PRACTICE_PASSWORD"  # noqa: S105 - a name, not a password


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fs_app.practice", description="A simulated FreeSWITCH call centre."
    )
    parser.add_argument("--port", type=int, default=0, help="event socket port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--password-file", type=Path, help=f"file with the password; else {PASSWORD_VARIABLE}")
    parser.add_argument("--domain", default="default")
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--queues", type=int, default=3)
    parser.add_argument("--calls-per-minute", type=float, default=6.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster than real the people are")
    parser.add_argument("--empty", action="store_true", help="the contract tests' floor: phones, queues, no people")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    return parser.parse_args(argv)


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    return os.environ.get(PASSWORD_VARIABLE, "").strip()


def _wait_for_end(*, stdin: bool) -> None:
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, ended.set)
    if stdin:
        spawn("practice-stdin", _watch_stdin, ended)
    ended.wait()


def _watch_stdin(ended: Event) -> None:
    while gevent.get_hub().threadpool.apply(os.read, (0, 4096)):
        pass
    ended.set()


def main(argv: list[str]) -> int:
    """Run until told to end; 0, or 78 with a line on standard error when the settings are unusable."""
    options = _arguments(argv)
    try:
        password = _password(options.password_file)
        if not password:
            raise ValueError(f"no password: give --password-file or {PASSWORD_VARIABLE}")
        crowd = CrowdConfig(options.agents, options.queues, options.calls_per_minute, options.seed, options.speed)
        config = contract_floor(password) if options.empty else crowd_floor(crowd, password, options.domain)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"practice floor: {error}\n")
        return 78
    switch = PracticeSwitch(config, port=options.port)
    try:
        port = switch.start()
    except OSError as error:
        sys.stderr.write(f"practice floor: cannot listen on port {options.port}: {error}\n")
        return 78
    if not options.empty:
        Crowd(switch, crowd).start()
    sys.stdout.write(f"READY {port}\n")
    sys.stdout.flush()
    _wait_for_end(stdin=options.until_stdin_closes)
    switch.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

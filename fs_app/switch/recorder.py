"""Records a FreeSWITCH's events as JSON lines, without people's numbers and names: ``scripts/record``.

Owns the form of a recording: one JSON object per event, headers as texts (arrays as lists), the body as ``_body``. A
recording is what a bug report needs, and :mod:`fs_app.switch.replay` serves it again.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import orjson
from gevent.event import Event as Flag

from fs_app.switch.errors import AuthFailed
from fs_app.switch.event import Event
from fs_app.switch.link import Subscription
from fs_app.switch.node import NodeAddress, parse_nodes
from fs_app.switch.pseudonyms import Pseudonyms, Value
from fs_app.switch.session import EVENTS, SwitchSession

MAX_BYTES = 256 * 1024 * 1024
_ARRAY = "ARRAY::"


class Recorder:
    """Appends events to a new file, readable by its owner only, until it holds ``max_bytes``.

    ``events`` and ``bytes`` count what was written; ``full`` says that from then on events are left out.
    Raises FileExistsError and other OSErrors of the file system.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, pseudonyms: Pseudonyms | None = None) -> None:
        self._pseudonyms = pseudonyms or Pseudonyms()
        self._max_bytes = max_bytes
        self.events = self.bytes = 0
        self.full = False
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, event: Event) -> bool:
        """Append ``event``; False when the file is full and it was left out."""
        line = orjson.dumps(self._pseudonyms.replaced(as_headers(event)), option=orjson.OPT_APPEND_NEWLINE)
        if self.full or self.bytes + len(line) > self._max_bytes:
            self.full = True
            return False
        self._file.write(line)
        # Line by line, because a recording is often ended by killing something.
        self._file.flush()
        self.events += 1
        self.bytes += len(line)
        return True

    def close(self) -> None:
        """End the file."""
        self._file.close()


def as_headers(event: Event) -> dict[str, Value]:
    """An event as one line of a recording holds it: the first of a repeated header, arrays as lists, ``_body`` last."""
    headers: dict[str, Value] = {}
    for name, value in event.items():
        headers.setdefault(name, value.removeprefix(_ARRAY).split("|:") if value.startswith(_ARRAY) else value)
    if body := event.body():
        headers["_body"] = body
    return headers


def read_recording(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a recording, one after the other. Raises ValueError that names the line which is none."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                event = orjson.loads(line)
            except orjson.JSONDecodeError:
                raise ValueError(f"{path}, line {number}, is not JSON") from None
            if not isinstance(event, dict) or "Event-Name" not in event:
                raise ValueError(f"{path}, line {number}, is not an event")
            yield event


def record(node: NodeAddress, recorder: Recorder, subscription: Subscription, seconds: float | None) -> bool:
    """Record until ``seconds`` are over, the file is full, or a signal; False when the password is refused."""
    stop = Flag()
    signals = [gevent.signal_handler(number, stop.set) for number in (signal.SIGINT, signal.SIGTERM)]

    def up(session: SwitchSession, core: str) -> None:
        say(f"connected to {session.node.name}, FreeSWITCH {core or 'of unknown id'}")

    def down(reason: str) -> None:
        say(f"connection lost: {reason}; trying again")

    def take(event: Event) -> None:
        if not recorder.write(event):
            stop.set()

    session = SwitchSession(node, on_event=take, on_up=up, on_down=down, subscription=subscription)
    session.start()
    deadline = time.monotonic() + seconds if seconds is not None else math.inf
    told = ""
    while time.monotonic() < deadline and not stop.wait(timeout=min(0.5, deadline - time.monotonic())):
        if session.reason and not session.connects and session.reason != told:
            told = session.reason
            say(f"{told}; trying again")
        if session.error_id == AuthFailed.id:
            stop.set()
    session.close()
    for handler in signals:
        handler.cancel()
    return session.error_id != AuthFailed.id


def main(arguments: Sequence[str] | None = None) -> int:
    """``scripts/record``; gives the exit code."""
    options = _options().parse_args(arguments)
    try:
        node = _node(options)
        recorder = Recorder(options.file, max_bytes=options.max_mb << 20)
    except ValueError as error:
        return say(f"the address {error}", code=78)
    except OSError as error:
        return say(f"{options.file}: {error.strerror}. Name a new file in a folder that can be written.", code=73)
    subclasses = tuple(name for name in options.events if "::" in name)
    names = tuple(name for name in options.events if "::" not in name)
    subscription = Subscription(names, subclasses) if options.events else EVENTS
    let_in = record(node, recorder, subscription, options.seconds)
    recorder.close()
    say(f"{recorder.events} events, {recorder.bytes} bytes in {options.file}" + (" (full)" if recorder.full else ""))
    return 0 if let_in else 77


def say(text: str, code: int = 0) -> int:
    """One line for the person at the terminal; gives ``code`` back."""
    sys.stderr.write(f"{text}\n")
    return code


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/record",
        description="Record a FreeSWITCH's events as JSON lines. People's numbers and names are replaced, always by the same.",
        epilog="The address comes from --url or from SASAYAKI_FREESWITCH. Ctrl-C ends the recording.",
    )
    parser.add_argument("file", type=Path, help="new file to write")
    parser.add_argument(
        "--url", help="esl://HOST:8021 or esl://USER@DOMAIN@HOST; never with the password, others could see it"
    )
    parser.add_argument("--password-stdin", action="store_true", help="read the password of --url from standard input")
    parser.add_argument("--node", help="which of several in SASAYAKI_FREESWITCH (the first)")
    parser.add_argument("--seconds", type=float, help="how long; without it until Ctrl-C")
    parser.add_argument(
        "--max-mb", type=int, default=MAX_BYTES // 1024 // 1024, help="largest size of the file in MiB (%(default)s)"
    )
    parser.add_argument(
        "--events", nargs="+", default=[], metavar="NAME", help="events and subclasses (what the panel uses)"
    )
    return parser


def _node(options: argparse.Namespace) -> NodeAddress:
    if options.url:
        node = NodeAddress.parse(options.url)
        if node.password:
            raise ValueError(
                "must come without its password; give that by --password-stdin, or all in SASAYAKI_FREESWITCH."
            )
        return replace(node, password=sys.stdin.readline().rstrip("\n")) if options.password_stdin else node
    nodes = parse_nodes(os.environ.get("SASAYAKI_FREESWITCH", ""))
    chosen = [node for node in nodes if options.node in (None, node.name)]
    if not chosen:
        raise ValueError("is missing. Set SASAYAKI_FREESWITCH=esl://:PASSWORD@HOST:8021, or give --url.")
    return chosen[0]


if __name__ == "__main__":
    sys.exit(main())

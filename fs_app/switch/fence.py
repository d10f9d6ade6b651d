"""The last fence before the wire: a command becomes bytes here, or is refused.

The builder of commands has its own, stricter rules. This one trusts nobody and knows only what the event socket itself
would misread (freeswitch mod_event_socket.c 1.10.12). No refusal repeats the command: it may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fs_app.switch.errors import UnsafeCommand

# A line break ends the command or adds a header to it, CR cuts it (ES:705), NUL truncates it; nothing needs the others.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_EVENT_NAME = re.compile(r"[A-Z][A-Z_]{1,63}")
_SUBCLASS = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]{0,127}")
_JOB = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

Only = Mapping[str, tuple[str, str]]
"""Event name -> the header and the value without which such an event is not wanted."""


def packet(command: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of ``command`` with ``headers`` under it.

    Raises :class:`UnsafeCommand` for a control character, for a header name that is none, for text that is not Unicode,
    and for ``unload`` or ``reload`` together with ``mod_event_socket`` anywhere: FreeSWITCH would take the whole command
    for an order to unload the module (ES:1729), even out of a caller's name.
    """
    lines = [command]
    for name, value in (headers or {}).items():
        if not _HEADER_NAME.fullmatch(name):
            raise UnsafeCommand("a header name that is none")
        lines.append(f"{name}: {value}")
    if not command.strip():
        raise UnsafeCommand("an empty command")
    if any(_CONTROL.search(line) for line in lines):
        raise UnsafeCommand("a control character in a command")
    text = "\n".join(lines) + "\n\n"
    lower = text.lower()
    if "mod_event_socket" in lower and ("unload" in lower or "reload" in lower):
        raise UnsafeCommand("a text that would unload the event socket")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UnsafeCommand("text that is not Unicode in a command") from None


def subscription(names: Sequence[str], subclasses: Sequence[str], format: str) -> str:
    """The ``event`` command. CUSTOM stands last: FreeSWITCH takes everything after it as a subclass.

    Raises :class:`UnsafeCommand` for names that are none, or a format that is neither ``plain`` nor ``json``.
    """
    if format not in ("plain", "json") or not all(map(_SUBCLASS.fullmatch, subclasses)):
        raise UnsafeCommand("a subclass or format that is none")
    custom = ["CUSTOM", *subclasses] if subclasses else []
    return " ".join(["event", format, *map(event_name, names), *custom])


def filters(names: Sequence[str], subclasses: Sequence[str], only: Only) -> list[str]:
    """The ``filter`` commands that let all these events through, but of those in ``only`` just the ones with that header.

    None where nothing is held back. An event passes when one filter says so, and equal is equal (mod_event_socket.c:321).
    Raises :class:`UnsafeCommand` for names that are none.
    """
    if not only:
        return []
    whole = [event_name(name) for name in names if name not in only]
    custom = ["CUSTOM"] if subclasses else []
    parts = [(_match(_HEADER_NAME, header), _match(_SUBCLASS, value)) for header, value in only.values()]
    return [f"filter {header} {value}" for header, value in [*(("Event-Name", n) for n in [*whole, *custom]), *parts]]


def _match(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise UnsafeCommand("a filter that is none")
    return text


def event_name(name: str) -> str:
    """``name``, when it can be an event's; else :class:`UnsafeCommand`."""
    if not _EVENT_NAME.fullmatch(name):
        raise UnsafeCommand("an event name that is none")
    return name


def job_id(job_uuid: str) -> str:
    """``job_uuid``, when it can be a job's id; else :class:`UnsafeCommand`."""
    if not _JOB.fullmatch(job_uuid):
        raise UnsafeCommand("a job id that is none")
    return job_uuid

"""The event socket's bytes, cut into frames and looked up lazily.

Owns framing (header block, blank line, ``Content-Length`` bytes) and the two event formats. It knows no socket, no
greenlet and no meaning of a header. What does not fit is a :class:`BrokenFrame`; nothing is guessed.

A board reads about ten of an event's 120 headers, so an event stays the bytes it came in: a header is searched when it is
asked for, and only that value is decoded. Lines are told apart **before** anything is decoded, so no value can make one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

import orjson

HEADER_LIMIT = 64 * 1024
BODY_LIMIT = 16 * 1024 * 1024

# What FreeSWITCH sends before nearly every frame under load (mod_event_socket.c:1441).
_EVENT_HEAD = re.compile(rb"Content-Length: ([0-9]{1,9})\nContent-Type: text/event-(plain|json)\n\n")
_LENGTH = re.compile(r"[0-9]{1,12}")
_CARRIES_BODY = frozenset({"text/event-plain", "text/event-json", "text/event-xml", "api/response", "log/data"})
_PLAIN, _JSON = "text/event-plain", "text/event-json"
_ARRAY = "ARRAY::"
_UNDEFINED = b"_undef_"


class BrokenFrame(Exception):
    """Bytes that are no frame. ``before`` holds the whole frames cut from the same bytes ahead of the fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.before: list[Frame] = []


class Event(Protocol):
    """One event of the switch, whichever format it came in."""

    @property
    def name(self) -> str:
        """``Event-Name``, e.g. ``CHANNEL_CREATE``; for CUSTOM the subclass is in ``Event-Subclass``."""

    def get(self, name: bytes | str) -> str:
        """Value of the first header called so (case as FreeSWITCH writes it), ``""`` when absent or undefined.

        Of an array the first element; bytes that are not UTF-8 become U+FFFD. May hold line breaks a caller sent.
        """

    def body(self) -> str:
        """The event's own body, e.g. the result in a BACKGROUND_JOB; ``""`` without one."""

    def items(self) -> Iterator[tuple[str, str]]:
        """All headers in their order, an array as ``ARRAY::a|:b``. For recordings and debugging: slow."""


class PlainEvent:
    """An event in the plain format: ``Name: percent-encoded value`` lines, a blank line, perhaps a body."""

    __slots__ = ("_headers_to", "_name", "_raw")

    def __init__(self, raw: bytes) -> None:
        # raw begins with a line break, so that every header, the first too, is found as "\nName: ".
        self._raw = raw
        # Up to here it is known that the blank line, which ends the headers, has not come. Looking for it at once would
        # cost more than three look-ups, and most headers asked for stand near the top.
        self._headers_to = 0
        self._name: str | None = None

    @property
    def name(self) -> str:
        """See :class:`Event`."""
        if self._name is None:
            self._name = self.get(b"Event-Name")
        return self._name

    def get(self, name: bytes | str) -> str:
        """See :class:`Event`."""
        raw = self._raw
        needle = b"\n%b: " % (name if name.__class__ is bytes else name.encode())  # type: ignore[union-attr]
        start = raw.find(needle)
        if start < 0:
            return ""
        if start > self._headers_to:
            if raw.find(b"\n\n", self._headers_to, start + 1) >= 0:
                return ""  # a line of the body
            self._headers_to = start
        start += len(needle)
        stop = raw.find(b"\n", start)
        value = raw[start:stop] if stop >= 0 else raw[start:]
        if value == _UNDEFINED:
            return ""
        text = _decoded(value) if b"%" in value else value.decode("utf-8", "replace")
        return text[len(_ARRAY) :].partition("|:")[0] if text.startswith(_ARRAY) else text

    def body(self) -> str:
        """See :class:`Event`; cut by the ``Content-Length`` that FreeSWITCH writes last (switch_event.c, serialize)."""
        headers, _, body = self._raw.partition(b"\n\n")
        length = headers[headers.rfind(b"\n") + 1 :].removeprefix(b"Content-Length: ")
        return body[: int(length) if length.isdigit() else None].decode("utf-8", "replace")

    def items(self) -> Iterator[tuple[str, str]]:
        """See :class:`Event`."""
        for line in self._raw.partition(b"\n\n")[0].split(b"\n"):
            name, colon, value = line.partition(b": ")
            if colon:
                yield name.decode("utf-8", "replace"), "" if value == _UNDEFINED else _decoded(value)


class JsonEvent:
    """An event in the JSON format, or a line of a recording. ``headers`` maps names to a text or a list of texts."""

    __slots__ = ("_headers",)

    def __init__(self, headers: dict[str, Any]) -> None:
        self._headers = headers

    @property
    def name(self) -> str:
        """See :class:`Event`."""
        return self.get("Event-Name")

    def get(self, name: bytes | str) -> str:
        """See :class:`Event`."""
        value = self._headers.get(name.decode() if isinstance(name, bytes) else name, "")
        if isinstance(value, list):
            value = value[0] if value else ""
        return "" if value == "_undef_" else str(value)

    def body(self) -> str:
        """See :class:`Event`; JSON carries it as ``_body``."""
        return str(self._headers.get("_body", ""))

    def items(self) -> Iterator[tuple[str, str]]:
        """See :class:`Event`."""
        for name, value in self._headers.items():
            if name != "_body":
                yield name, _ARRAY + "|:".join(map(str, value)) if isinstance(value, list) else str(value)


class Frame:
    """One whole message of the switch: ``content_type``, outer headers, ``body``."""

    __slots__ = ("_head", "_raw", "content_type")

    def __init__(self, content_type: str, head: dict[str, str], raw: bytes) -> None:
        self.content_type = content_type
        self._head = head
        # A plain event keeps the line break before its body, see PlainEvent.
        self._raw = raw

    @property
    def body(self) -> bytes:
        """The bytes that ``Content-Length`` counted."""
        return self._raw[1:] if self.content_type == _PLAIN else self._raw

    def header(self, name: str) -> str:
        """An outer header such as ``Content-Disposition`` or ``Job-UUID``; ``""`` without one."""
        return self._head.get(name, "")

    def reply_text(self) -> str:
        """What a ``command/reply`` answers, e.g. ``+OK accepted`` or ``-ERR permission denied``; else ``""``."""
        return self._head.get("Reply-Text", "")

    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def event(self) -> Event:
        """The event in a ``text/event-*`` frame. Raises :class:`BrokenFrame` when its JSON is none."""
        if self.content_type == _PLAIN:
            return PlainEvent(self._raw)
        try:
            # Callers' bytes arrive raw in this format (seen on 1.10.12), so they are mended before orjson, which is strict.
            headers = orjson.loads(self._raw.decode("utf-8", "replace"))
        except orjson.JSONDecodeError as error:
            raise BrokenFrame("an event's JSON cannot be read") from error
        if not isinstance(headers, dict):
            raise BrokenFrame("an event's JSON is not an object")
        return JsonEvent(headers)


class Framer:
    """Cuts a stream of bytes, in pieces of any size, into frames. Limits are in bytes."""

    __slots__ = ("_body_limit", "_header_limit", "_need", "_pending", "_scanned")

    def __init__(self, header_limit: int = HEADER_LIMIT, body_limit: int = BODY_LIMIT) -> None:
        self._header_limit = header_limit
        self._body_limit = body_limit
        self._pending = bytearray()
        # How much must be there before it is worth looking again, and how far a blank line was looked for.
        self._need = 0
        self._scanned = 0

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._pending)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes. Raises :class:`BrokenFrame`, after which this framer is of no use."""
        if self._pending:
            self._pending += data
            if not self._worth_cutting():
                return []
            data = bytes(self._pending)
            self._pending = bytearray()
        frames: list[Frame] = []
        offset = 0
        try:
            while offset < len(data):
                stop = self._cut(data, offset, frames)
                if stop < 0:
                    self._pending += memoryview(data)[offset:]
                    break
                offset = stop
        except BrokenFrame as broken:
            broken.before = frames
            raise
        return frames

    def _worth_cutting(self) -> bool:
        """Spares a second look at a frame still too short: a large body in small pieces costs one copy in all."""
        size = len(self._pending)
        if self._need:
            return size >= self._need
        found = self._pending.find(b"\n\n", max(0, self._scanned - 1), self._header_limit)
        self._scanned = size
        return found >= 0 or size >= self._header_limit

    def _cut(self, data: bytes, offset: int, frames: list[Frame]) -> int:
        """Append the frame at ``offset`` and return where it ends; -1 when it is not all there."""
        self._need = self._scanned = 0
        quick = _EVENT_HEAD.match(data, offset)
        if quick is not None:
            start = quick.end()
            length = self._checked(int(quick[1]))
            content_type = _PLAIN if quick[2] == b"plain" else _JSON
            head: dict[str, str] = {}
        else:
            blank = data.find(b"\n\n", offset, offset + self._header_limit)
            if blank < 0:
                self._scanned = len(data) - offset
                if self._scanned >= self._header_limit:
                    raise BrokenFrame(f"no blank line within {self._header_limit} bytes of headers")
                return -1
            head = _outer_headers(data[offset:blank])
            start = blank + 2
            content_type = head["Content-Type"]
            length = self._length(head)
        stop = start + length
        if stop > len(data):
            self._need = stop - offset
            return -1
        frames.append(Frame(content_type, head, data[start - 1 if content_type == _PLAIN else start : stop]))
        return stop

    def _length(self, head: dict[str, str]) -> int:
        text = head.get("Content-Length")
        if text is None:
            if head["Content-Type"] in _CARRIES_BODY:
                raise BrokenFrame("no Content-Length where a body must follow")
            return 0
        if not _LENGTH.fullmatch(text.strip()):
            raise BrokenFrame("Content-Length is not a number")
        return self._checked(int(text))

    def _checked(self, length: int) -> int:
        if length > self._body_limit:
            raise BrokenFrame(f"Content-Length is above {self._body_limit} bytes")
        return length


def _outer_headers(block: bytes) -> dict[str, str]:
    """The header block of a frame; the first of a repeated header counts."""
    head: dict[str, str] = {}
    for line in block.split(b"\n"):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon or not name:
            raise BrokenFrame("a header line without a name")
        head.setdefault(name, value.strip())
    if "Content-Type" not in head:
        raise BrokenFrame("no Content-Type")
    return head


def _decoded(value: bytes) -> str:
    return unquote_to_bytes(value).decode("utf-8", "replace")

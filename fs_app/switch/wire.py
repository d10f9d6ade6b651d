"""The event socket's bytes, cut into frames.

Owns framing: header block, blank line, ``Content-Length`` bytes. It knows no socket, no greenlet and no meaning of a
header. What does not fit is a :class:`BrokenFrame`; nothing is guessed.
"""

from __future__ import annotations

import re

import orjson

from fs_app.switch.event import Event, JsonEvent, PlainEvent

HEADER_LIMIT = 64 * 1024
BODY_LIMIT = 16 * 1024 * 1024

# What FreeSWITCH sends before nearly every frame under load (mod_event_socket.c:1441).
_EVENT_HEAD = re.compile(rb"Content-Length: ([0-9]{1,9})\nContent-Type: text/event-(plain|json)\n\n")
_LENGTH = re.compile(r"[0-9]{1,12}")
_CARRIES_BODY = frozenset({"text/event-plain", "text/event-json", "text/event-xml", "api/response", "log/data"})
_PLAIN, _JSON = "text/event-plain", "text/event-json"


class BrokenFrame(Exception):
    """Bytes that are no frame. ``before`` holds the whole frames cut from the same bytes ahead of the fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.before: list[Frame] = []


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

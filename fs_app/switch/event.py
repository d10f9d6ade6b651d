"""One event of the switch, looked up lazily, in the two formats that it comes in.

A board reads about ten of an event's 120 headers, so an event stays the bytes it came in: a header is searched when it is
asked for, and only that value is decoded. Lines are told apart **before** anything is decoded, so no value can make one.
Knows no meaning of a header.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

_ARRAY = "ARRAY::"
_UNDEFINED = b"_undef_"


class Event(Protocol):
    """One event of the switch, whichever format it came in."""

    @property
    def name(self) -> str:
        """``Event-Name``, e.g. ``CHANNEL_CREATE``; for CUSTOM the subclass is in ``Event-Subclass``."""

    def get(self, name: bytes | str) -> str:
        """Value of the first header called so (case as FreeSWITCH writes it), ``""`` when absent or undefined.

        Of an array the first element; bytes that are not UTF-8 become U+FFFD. May hold line breaks a caller sent.
        """

    def last(self, name: bytes) -> str:
        """As :meth:`get`, but of the last header called so: quicker for what stands near the end, or often nowhere."""

    def body(self) -> str:
        """The event's own body, e.g. the result in a BACKGROUND_JOB; ``""`` without one."""

    def items(self) -> Iterator[tuple[str, str]]:
        """All headers in their order, an array as ``ARRAY::a|:b``. For recordings and debugging: slow."""


class _Beginnings(dict[bytes | str, bytes]):
    """Of the headers that are asked for: how their lines begin, made once."""

    def __missing__(self, name: bytes | str) -> bytes:
        made = self[name] = b"\n%b: " % (name if isinstance(name, bytes) else name.encode())
        return made


_BEGINNINGS = _Beginnings()


class PlainEvent:
    """An event in the plain format: ``Name: percent-encoded value`` lines, a blank line, perhaps a body."""

    __slots__ = ("_name", "_raw", "_stop")

    def __init__(self, raw: bytes) -> None:
        # raw begins with a line break, so that every header, the first too, is found as "\nName: ".
        self._raw = raw
        self._stop = 0  # where the headers end, once that is known
        self._name: str | None = None

    @property
    def name(self) -> str:
        """See :class:`Event`."""
        if self._name is None:
            self._name = self.get(b"Event-Name")
        return self._name

    def get(self, name: bytes | str) -> str:
        """See :class:`Event`."""
        beginning = _BEGINNINGS[name]
        start = self._raw.find(beginning)
        if start < 0 or start > (self._stop or self._headers_to()):
            return ""
        return self._value(start + len(beginning))

    def last(self, name: bytes) -> str:
        """See :class:`Event`."""
        beginning = _BEGINNINGS[name]
        start = self._raw.rfind(beginning, 0, self._stop or self._headers_to())
        return self._value(start + len(beginning)) if start >= 0 else ""

    def _value(self, start: int) -> str:
        raw = self._raw
        stop = raw.find(b"\n", start)
        value = raw[start:stop] if stop >= 0 else raw[start:]
        if b"%" in value:
            text = _decoded(value)
        elif value == _UNDEFINED:
            return ""
        else:
            text = value.decode("utf-8", "replace")
        return text[len(_ARRAY) :].partition("|:")[0] if text.startswith(_ARRAY) else text

    def _headers_to(self) -> int:
        # Only an event with a Content-Length has anything behind its headers (switch_event.c, serialize), and looking for
        # that line, backwards, takes a fifth of the time of looking for a blank one.
        raw = self._raw
        has_body = not raw.endswith(b"\n\n") or raw.rfind(b"\nContent-Length: ") >= 0
        self._stop = raw.find(b"\n\n") if has_body else len(raw)
        if self._stop < 0:
            self._stop = len(raw)
        return self._stop

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

    def last(self, name: bytes) -> str:
        """See :class:`Event`; JSON has no header twice."""
        return self.get(name)

    def body(self) -> str:
        """See :class:`Event`; JSON carries it as ``_body``."""
        return str(self._headers.get("_body", ""))

    def items(self) -> Iterator[tuple[str, str]]:
        """See :class:`Event`."""
        for name, value in self._headers.items():
            if name != "_body":
                yield name, _ARRAY + "|:".join(map(str, value)) if isinstance(value, list) else str(value)


def _decoded(value: bytes) -> str:
    return unquote_to_bytes(value).decode("utf-8", "replace")

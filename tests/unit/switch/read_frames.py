"""Frames, and the one event among them, as the framer reads them from bytes."""

from __future__ import annotations

from fs_app.switch.event import Event
from fs_app.switch.wire import Frame, Framer

CREATE = {"Event-Name": "CHANNEL_CREATE", "Unique-ID": "f8c7ec43", "Caller-Caller-ID-Name": "Hanako"}


def frames(*parts: bytes) -> list[Frame]:
    return Framer().feed(b"".join(parts))


def event(*parts: bytes) -> Event:
    (frame,) = frames(*parts)
    return frame.event()

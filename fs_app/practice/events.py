"""Events: one set of headers, made into bytes once per format however many listeners there are.

Owns the two wire formats (``event plain`` and ``event json``). It must not know what the headers mean.
"""

from __future__ import annotations

import json
from functools import lru_cache
from urllib.parse import quote

Value = str | list[str]
Headers = list[tuple[str, Value]]

# What FreeSWITCH leaves as it is in a plain event; all else is %XX (switch_utils.h, SWITCH_URL_UNSAFE).
_SAFE = "/!$'()*,-._~"

_WITH_VARIABLES = """
CHANNEL_CREATE CHANNEL_ORIGINATE CHANNEL_UUID CHANNEL_ANSWER CHANNEL_PARK CHANNEL_UNPARK CHANNEL_BRIDGE CHANNEL_UNBRIDGE
CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE
CHANNEL_DESTROY CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_DATA CALL_UPDATE MEDIA_BUG_START MEDIA_BUG_STOP RECORD_START
RECORD_STOP PLAYBACK_START PLAYBACK_STOP CUSTOM
"""
_OTHERS = """
ALL CLONE CHANNEL_CALLSTATE CHANNEL_STATE CHANNEL_OUTGOING CHANNEL_APPLICATION API LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP
SHUTDOWN PUBLISH UNPUBLISH TALK NOTALK SESSION_CRASH MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE PRESENCE_IN NOTIFY_IN
PRESENCE_OUT PRESENCE_PROBE MESSAGE_WAITING MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH DETECTED_TONE
PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE
PHONE_FEATURE_SUBSCRIBE SEND_MESSAGE RECV_MESSAGE REQUEST_PARAMS GENERAL COMMAND SESSION_HEARTBEAT CLIENT_DISCONNECTED
SERVER_DISCONNECTED SEND_INFO RECV_INFO RECV_RTCP_MESSAGE CALL_SECURE NAT FAILURE SOCKET_DATA CONFERENCE_DATA
CALL_SETUP_REQ CALL_SETUP_RESULT CALL_DETAIL DEVICE_STATE TEXT
"""

EVENTS_WITH_VARIABLES = frozenset(_WITH_VARIABLES.split())
"""Only these carry ``variable_*`` (switch_channel.c:2767); CHANNEL_CALLSTATE, CHANNEL_STATE and DTMF do not."""

NAMES = EVENTS_WITH_VARIABLES | frozenset(_OTHERS.split())
"""Names that ``event`` accepts; others are passed over in silence."""


@lru_cache(maxsize=20_000)
def _encoded(value: str) -> str:
    return quote(value, safe=_SAFE, errors="surrogateescape") if value else "_undef_"


def encode(value: Value) -> str:
    """One header value as a plain event carries it; an empty one is ``_undef_``, a list ``ARRAY::a|:b``."""
    if isinstance(value, list):
        return "ARRAY::" + "|:".join(_encoded(item) for item in value)
    return _encoded(value)


class Event:
    """A fired event. Its bytes are made when the first listener of a format wants them."""

    __slots__ = ("_json", "_plain", "body", "headers", "name", "subclass")

    def __init__(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None:
        self.name = name
        self.subclass = subclass
        self.headers = headers
        self.body = body
        self._plain: bytes | None = None
        self._json: bytes | None = None

    def get(self, header: str) -> Value | None:
        """The first value of ``header`` (exact case), for filters."""
        return next((value for name, value in self.headers if name == header), None)

    def as_dict(self) -> dict[str, Value]:
        """What the JSON format carries: each name once, the body as ``_body``."""
        pairs: dict[str, Value] = dict(self.headers)
        if self.body is not None:
            pairs["Content-Length"] = str(len(self.body.encode("utf-8", "surrogateescape")))
            pairs["_body"] = self.body
        return pairs

    def serialize_plain(self, *, encoded: bool = True) -> bytes:
        """``Name: value`` lines, a blank line, the body."""
        lines = [f"{name}: {encode(value) if encoded else value}\n" for name, value in self.headers]
        if self.body is None:
            lines.append("\n")
            return "".join(lines).encode("utf-8", "surrogateescape")
        body = self.body.encode("utf-8", "surrogateescape")
        lines.append(f"Content-Length: {len(body)}\n\n")
        return "".join(lines).encode("utf-8", "surrogateescape") + body

    def serialize_json(self) -> bytes:
        """One compact object; bytes that are not UTF-8 go through as they came."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogateescape")

    def frame(self, form: str) -> bytes:
        """The whole packet for a listener of ``form`` ``plain`` or ``json``."""
        if form == "json":
            if self._json is None:
                self._json = _frame(b"text/event-json", self.serialize_json())
            return self._json
        if self._plain is None:
            self._plain = _frame(b"text/event-plain", self.serialize_plain())
        return self._plain


def _frame(kind: bytes, body: bytes) -> bytes:
    return b"Content-Length: %d\nContent-Type: %s\n\n%s" % (len(body), kind, body)

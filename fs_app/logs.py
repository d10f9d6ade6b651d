"""How everything is logged: one line each, readable on a terminal, JSON elsewhere. Owns the shape of a line.

What comes from users and callers can neither forge a line nor drive the terminal, and secrets are struck out: by the
name of the field, as a password in an address, and by their very text where the settings are known.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog

Event = MutableMapping[str, Any]

SECRET_NAME = re.compile(r"passw|secret|token|authori[sz]ation|cookie|api_?key", re.IGNORECASE)
PASSWORD_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@", re.IGNORECASE)
PLAIN = re.compile(r"[^\s\"'=\\]+")
SHORTEST_SECRET = 4  # shorter ones would strike out half of every line
HIDDEN = "***"


def set_up(process: str, level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send all logs of this process, those of libraries too, to ``stream`` (standard error).

    ``process`` is named in each line; ``secrets`` are texts that must not appear in any.
    """
    out = stream or sys.stderr
    number = getattr(logging, level.upper())
    hidden = sorted({text for text in secrets if len(text) >= SHORTEST_SECRET}, key=len, reverse=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not out.isatty()),
            lambda _logger, _method, event: {"process": process, **event},
            _one_line_exception if out.isatty() else structlog.processors.format_exc_info,
            lambda _logger, _method, event: _struck_out(event, hidden),
            _terminal_line if out.isatty() else _json_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Bridge()], level=max(number, logging.WARNING), force=True)
    logging.captureWarnings(True)


class _Bridge(logging.Handler):
    """Hands the lines of libraries that use :mod:`logging` to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        exception = record.exc_info if record.exc_info and record.exc_info[1] else None
        log = structlog.get_logger()
        log.log(record.levelno, "library", source=record.name, text=record.getMessage(), exc_info=exception)


def _struck_out(event: Event, hidden: list[str]) -> Event:
    def strike(value: Any) -> Any:
        if isinstance(value, str):
            value = PASSWORD_IN_ADDRESS.sub(rf"\1:{HIDDEN}@", value)
            for secret in hidden:
                value = value.replace(secret, HIDDEN)
            return value
        if isinstance(value, dict):
            return {key: HIDDEN if SECRET_NAME.search(str(key)) else strike(part) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [strike(part) for part in value]
        return value if isinstance(value, int | float | bool | None) else strike(str(value))

    struck: Event = strike(dict(event))
    return struck


def _one_line_exception(_logger: Any, _method: str, event: Event) -> Event:
    """The exception and the place where it was raised; the whole way there is in the JSON lines only."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        last = traceback.extract_tb(error.__traceback__)[-1:]
        place = "".join(f" ({frame.filename.rpartition('/')[2]}:{frame.lineno})" for frame in last)
        event["exception"] = f"{type(error).__name__}: {error}{place}"
    return event


def _json_line(_logger: Any, _method: str, event: Event) -> str:
    return orjson.dumps(dict(event), default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _terminal_line(_logger: Any, _method: str, event: Event) -> str:
    time, level, process, name = (str(event.pop(key, "")) for key in ("timestamp", "level", "process", "event"))
    fields = " ".join(f"{_plain(key)}={_plain(value)}" for key, value in event.items())
    return f"{time[11:23]} {level:<7} {process:<10} {_plain(name, quote=False)} {fields}".rstrip()


def _plain(value: Any, *, quote: bool = True) -> str:
    text = (
        value if isinstance(value, str) else orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    )
    if quote and isinstance(value, str) and not PLAIN.fullmatch(text):
        text = orjson.dumps(text).decode()
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)

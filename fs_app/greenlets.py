"""The only caller of gevent.spawn: every greenlet has a name, and its death is logged and reported to its owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import structlog

log = structlog.get_logger()


def spawn(
    name: str, function: Callable[..., Any], *args: Any, on_death: Callable[[BaseException], None] | None = None
) -> gevent.Greenlet[..., Any]:
    """Start ``function(*args)`` in a greenlet called ``name``.

    An exception that leaves it is logged once with its name and handed to ``on_death``.
    """
    greenlet: gevent.Greenlet[..., Any] = gevent.Greenlet(function, *args)
    greenlet.name = name

    def died(dead: gevent.Greenlet[..., Any]) -> None:
        error = dead.exception
        assert error is not None  # noqa: S101 - link_exception calls only with one
        log.error("greenlet_died", greenlet=name, error=type(error).__name__, exc_info=error)
        if on_death is not None:
            on_death(error)

    greenlet.link_exception(died)
    greenlet.start()
    return greenlet

"""What would stop the event loop runs here: in a native thread of gevent's pool, while other greenlets go on.

Owns the one way of leaving the loop. It must not be used for what is already cooperative (sockets, Redis, PostgreSQL).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import gevent
from gevent.threadpool import ThreadPool

P = ParamSpec("P")
T = TypeVar("T")


def run_blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``function`` in the hub's thread pool and wait for it cooperatively; its exception is raised here."""
    return run_in(gevent.get_hub().threadpool, function, *args, **kwargs)


def run_in(pool: ThreadPool, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``function`` in a thread of ``pool``.

    The exception travels as a value: left to the pool it would also be printed to the standard error stream.
    """

    def caught() -> tuple[T | None, BaseException | None]:
        try:
            return function(*args, **kwargs), None
        except BaseException as error:  # handed over whole to the waiting greenlet
            return None, error

    value, error = pool.apply(caught)
    if error is not None:
        raise error
    return cast("T", value)

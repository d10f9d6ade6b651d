"""How tests wait: until it is so, with a limit that only a fault reaches, whatever else this machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

LIMIT_S = 15.0
"""Far more than anything takes, and less than the 30 s after which the controller reads the whole switch anew and would mend
what it missed. A wait ends as soon as it is so: a long limit costs nothing where all is well."""
_SAMPLE_S = 0.05


def wait(check: Callable[[], Any], told: Callable[[], Any] | str = "", limit_s: float = LIMIT_S) -> Any:
    """The first true value of ``check`` within ``limit_s``, of a machine that has nothing else to do; fails with ``told``."""
    began = time.monotonic()
    limit = limit_s
    while not (value := check()):
        if time.monotonic() - began > limit:
            limit = limit_s * slowness()
            if time.monotonic() - began > limit:
                raise AssertionError(f"not within {limit:.1f} s: {told() if callable(told) else told}")
        time.sleep(0.01)
    return value


def slowness() -> float:
    """How many times longer than alone this machine needs for a piece of work just now; 1 when nobody else works."""
    wall, own = time.monotonic(), time.process_time()
    while (done := time.process_time() - own) < _SAMPLE_S:
        pass
    return max(1.0, (time.monotonic() - wall) / done)

"""How several workers share the whole run: share by share, what waits last, and of that the longest first.

A share stays with one worker, whose switch or browser it keeps. Tests on a switch mostly wait, for phones, sound and clocks:
two cores carry four workers. The unit tests compute; they run first, so that those two kinds do not get into each other's way.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

_SWITCH = re.compile(r"[\[-](practice|freeswitch)[\]-]")


def share(nodeid: str) -> str:
    """The share that a test belongs to: its file; in the contract tests on one switch; all of the browser's, for they compute."""
    path, _, name = nodeid.partition("::")
    if "browser" in path.split("/"):
        return path.rpartition("/")[0]
    switch = _SWITCH.search(name) if "contract" in path.split("/") else None
    return f"{path}, {switch[1]}" if switch else path


def in_order(items: list[pytest.Item]) -> None:
    """Sort the tests as the workers shall take them."""
    lengths: Counter[str] = Counter()
    for item in items:
        lengths[share(item.nodeid)] += _seconds(item)
    items.sort(key=lambda item: (lengths[share(item.nodeid)] > 0, -lengths[share(item.nodeid)], share(item.nodeid)))


def _seconds(item: pytest.Item) -> float:
    """About how long a test waits, on a machine at rest."""
    folders = item.nodeid.partition("::")[0].split("/")
    if "contract" not in folders:
        return 3.0 if "browser" in folders else 5.0 if "live" in folders else 0.0
    alone = 0.2 if "center" not in getattr(item, "fixturenames", ()) else 2.0
    return alone * (2 if share(item.nodeid).endswith("freeswitch") else 1)


def scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """pytest-xdist's own by scope, whose scope is a share."""
    from xdist.scheduler import LoadScopeScheduling

    class ByShare(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share(nodeid)

    return ByShare(config, log)

"""What may fall while calls run: the controller, Redis, the line to the switch. Within the block it is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.contract.center import Center
from tests.contract.esl import EVENTS, Esl
from tests.contract.floor import Floor
from tests.contract.patience import wait

TRUE_WITHIN_S = 3.0
"""Two seconds after reconnecting, and what the test itself takes to look."""


@contextmanager
def controller_killed(center: Center, _floor: Floor) -> Iterator[None]:
    center.kill_controller()
    yield
    center.start_controller()
    center.until_live(20)


@contextmanager
def redis_killed(center: Center, _floor: Floor) -> Iterator[None]:
    center.kill_redis()
    yield
    center.start_redis()


@contextmanager
def line_lost(center: Center) -> Iterator[None]:
    """Within the block the controller's line is cut; after it the controller has noticed, and is back."""
    downs, ups = (center.log.read_text().count(word) for word in ("switch_down", "switch_live"))
    yield
    wait(lambda: center.log.read_text().count("switch_down") > downs, "it notices")
    wait(lambda: center.log.read_text().count("switch_live") > ups, "it is back")


@contextmanager
def event_socket_cut(center: Center, floor: Floor) -> Iterator[None]:
    """The controller's connections and our own; it is back within a second, and whatever happens meanwhile it is not told."""
    with line_lost(center):
        floor.driver.cut()
        with Esl(floor.driver.esl_url, EVENTS) as esl:
            floor.esl = esl
            yield


FAULTS = pytest.mark.parametrize("fault", [controller_killed, redis_killed, event_socket_cut])
Fault = Callable[[Center, Floor], "contextmanager[None]"]

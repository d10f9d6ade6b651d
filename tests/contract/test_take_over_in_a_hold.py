"""The agent presses hold in the very moment in which his call is taken over: caller and supervisor hear each other."""

from __future__ import annotations

import contextlib
import threading

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import Center
from tests.contract.driver import MUSIC, answers
from tests.contract.floor import CUSTOMER, Floor


@pytest.mark.parametrize("hold_after_ms", [-150, -60, -20, 0, 20, 60])
def test_a_hold_around_a_take_over_leaves_no_music_between_caller_and_supervisor(
    center: Center, floor: Floor, agent: str, hold_after_ms: int
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise()
    refusals: list[str] = []

    def take_over() -> None:
        try:
            center.ask("supervision.take_over", id=ident)
        except Rejected as rejected:
            refusals.append(rejected.error)

    def hold() -> None:
        with contextlib.suppress(LookupError):  # taken over already
            call.agent.hold()

    asking = threading.Timer(max(0, -hold_after_ms) / 1000, take_over)
    holding = threading.Timer(max(0, hold_after_ms) / 1000, hold)
    holding.start()
    asking.start()
    holding.join()
    asking.join()
    if refusals:  # the hold came first and was seen: it is as if nobody had asked
        floor.hear({CUSTOMER: {MUSIC}})
    else:
        floor.hear({CUSTOMER: {"9001"}, "9001": {CUSTOMER}})

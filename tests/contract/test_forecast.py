"""Whom the panel says would be rung next is rung next, in every strategy, whatever calls have gone before."""

from __future__ import annotations

import time

import pytest

from fs_app.floor.dispatch import ALL, ANY_OF, ONE, forecast
from fs_app.switch.snapshot import read_queue
from tests.contract.driver import LEAST_TALK, QUEUES, RANDOM, RINGALL, answers
from tests.contract.floor import Floor
from tests.contract.order import of

AGENTS = {"1001": (1, 2), "1002": (1, 1), "1003": (2, 1)}
"""Extension -> level and position."""


@pytest.fixture(params=QUEUES)
def queue(request: pytest.FixtureRequest, floor: Floor) -> str:
    """A queue with three agents, one of them on another level; whoever is rung answers."""
    name: str = request.param
    for extension, (level, position) in AGENTS.items():
        floor.agent(extension, name, level=level)
        floor.config(f"tier set position {name} {extension}@default {position}")
        # Ring-all rings one after the other, and nobody more once one has answered.
        floor.driver.phone(extension).behave(answers(0.5 if name == RINGALL else 0))
    return name


def foreseen(floor: Floor, queue: str) -> tuple[str, set[str]]:
    agents, tiers, settings = read_queue(floor.esl.api, queue)
    assert settings is not None
    found = forecast(agents, tiers, settings, time.time())
    return found.rings, set(found.agents)


def test_c8_the_forecast_names_whom_the_switch_rings_call_after_call(floor: Floor, queue: str) -> None:
    for number, away in enumerate(("", "", "1002")):
        _until_the_next_second(floor)
        for extension in AGENTS:
            status = "On Break" if extension == away else "Available"
            floor.config(f"agent set status {extension}@default '{status}'")
        rings, named = foreseen(floor, queue)
        assert rings == {RINGALL: ALL, RANDOM: ONE if away else ANY_OF}.get(queue, ONE)
        caller, _ = floor.call(f"031111000{number}", queue)
        served = floor.esl.wait("cc:bridge-agent-start")["CC-Agent"]
        floor.esl.wait("cc:agent-state-change", CC_Agent=served, CC_Agent_State="In a queue call")
        offered = {event["CC-Agent"] for event in of(floor.esl.events, "cc:agent-offering")}
        assert offered <= named if rings == ANY_OF else offered == named, (number, offered, named)
        if queue == LEAST_TALK:
            _until_the_next_second(floor)
        caller.hang_up()
        floor.esl.wait("cc:agent-state-change", CC_Agent=served, CC_Agent_State="Waiting")
        floor.esl.events.clear()


def _until_the_next_second(floor: Floor) -> None:
    """Talk times, ends of calls and times of offers are whole seconds; and whose call ended in this one is not rung."""
    floor.esl.gather(1.02 - time.time() % 1)

"""Calls that the contract floor's queues hand out, and who was offered them."""

from __future__ import annotations

import dataclasses

from fs_app.practice.config import contract_floor
from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import Floor

CALLER = "0312345678"


def floor_with(**changes: object) -> Floor:
    """The contract floor with another support queue."""
    config = contract_floor()
    support = dataclasses.replace(config.queues[0], **changes)
    return Floor(dataclasses.replace(config, queues=(support, *config.queues[1:])))


def offered(floor: Floor) -> list[str]:
    return [event["CC-Agent"].partition("@")[0] for event in floor.named("agent-offering")]


def serve(floor: Floor, number: str = "5010", seconds: float = 2.0) -> str:
    """One call from dialling to hang-up, answered by whoever is offered it; the agent's extension."""
    for extension in floor.switch.config.extensions:
        floor.switch.phone(extension).behaviour = Behaviour("answer", 0.5)
    before = len(floor.named("bridge-agent-start"))
    caller = floor.switch.caller(CALLER)
    caller.dial(number)
    floor.advance(seconds)
    caller.hang_up()
    floor.advance(1)
    started = floor.named("bridge-agent-start")[before:]
    assert len(started) == 1
    return started[0]["CC-Agent"].partition("@")[0]

"""What the switch never tells is found by the next reading of the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fs_app.controller.node import Node
from fs_app.floor.documents import document
from fs_app.floor.state import Floor
from fs_app.practice.api import commands
from fs_app.practice.config import contract_floor
from fs_app.practice.switch import PracticeSwitch
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan
from tests.unit.switch.scripted import until

AGENT, SUPPORT = "1001@default", "support@default"


@pytest.fixture
def switch() -> Iterator[PracticeSwitch]:
    switch = PracticeSwitch(contract_floor("secret"))
    switch.start()
    yield switch
    switch.stop()


def by_somebody_else(switch: PracticeSwitch, *lines: str) -> None:
    """As at the switch's own console."""
    replies: list[str] = []
    for line in lines:
        commands.run(switch.core, "callcenter_config", line, replies.append)
    assert replies == ["+OK\n"] * len(lines)


def test_level_that_somebody_else_sets_when_no_event_tells_of_it_reaches_the_board(switch: PracticeSwitch) -> None:
    by_somebody_else(switch, f"agent add {AGENT} Callback", f"tier add {SUPPORT} {AGENT} 1 1")
    address = NodeAddress("fs", "127.0.0.1", switch.port, None, "secret")
    node = Node(address, Floor("fs"), DialPlan(""), lambda _: None)

    def levels() -> dict[str, int] | None:
        agent = document(node.floor, "agent", AGENT)
        return agent and agent["tiers"]

    node.start(resync_s=0.1)
    try:
        until(lambda: levels() == {SUPPORT: 1}, "read at the beginning")
        by_somebody_else(switch, f"tier set level {SUPPORT} {AGENT} 7")
        until(lambda: levels() == {SUPPORT: 7}, "read again")
    finally:
        node.stop()

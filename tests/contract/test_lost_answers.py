"""The answer to a mode change or a take-over is lost, or the controller is killed in that moment: what is shown is heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import Center
from tests.contract.driver import Driver, answers
from tests.contract.faults import line_lost
from tests.contract.floor import BARGE, CUSTOMER, Floor
from tests.contract.patience import wait
from tests.contract.supervisions import told
from tests.contract.wire import Wire

TRUE_WITHIN_S = 3.0
HEARD = {
    "monitor": {"1001": {CUSTOMER}, CUSTOMER: {"1001"}},
    "whisper": {"1001": {CUSTOMER, "9001"}, CUSTOMER: {"1001"}},
    "barge": {"1001": {CUSTOMER, "9001"}, CUSTOMER: {"1001", "9001"}},
}
SENDEVENT, BRIDGE = "eavesdrop-command", "uuid_bridge"


@pytest.fixture
def wire(driver: Driver) -> Iterator[Wire]:
    wire = Wire(driver.esl_url)
    yield wire
    wire.close()


@pytest.fixture
def center(wire: Wire, tmp_path: Path) -> Iterator[Center]:
    """A controller that reaches the switch by way of the wire."""
    center = Center(tmp_path, wire.esl_url)
    center.start()
    yield center
    center.stop()


class Asked(threading.Thread):
    """A command asked while the test goes on; ``error`` once it was refused."""

    def __init__(self, center: Center, kind: str, **args: Any) -> None:
        super().__init__()
        self._ask = lambda: center.ask(kind, timeout_s=10, **args)
        self.error = ""
        self.start()

    def run(self) -> None:
        try:
            self._ask()
        except Rejected as rejected:
            self.error = rejected.error


def listening(center: Center, floor: Floor, mode: str, *, follow: bool = False) -> str:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    return center.supervise(mode, follow=follow)


def lost(center: Center, wire: Wire, phrase: str, kind: str, **args: Any) -> Asked:
    """The command has reached the switch, and its answer has not come back."""
    wire.lose(phrase)
    asked = Asked(center, kind, **args)
    assert wire.lost.wait(10)
    return asked


def cut(center: Center, wire: Wire) -> None:
    """The connection ends, the controller notices, and is back."""
    with line_lost(center):
        wire.cut()


def settled(center: Center, ident: str) -> str:
    """The mode, once the board claims to know it."""
    wait(lambda: not told(center, ident)["mode_unsure"], lambda: told(center, ident), TRUE_WITHIN_S)
    return str(told(center, ident)["mode"])


@pytest.mark.parametrize(("before", "asked"), [("monitor", "barge"), ("barge", "monitor"), ("whisper", "barge")])
def test_a_mode_change_whose_answer_is_lost_is_shown_as_it_may_be_heard_and_settled_to_the_quieter(
    center: Center, floor: Floor, wire: Wire, agent: str, before: str, asked: str
) -> None:
    ident = listening(center, floor, before)
    change = lost(center, wire, SENDEVENT, "supervision.mode", id=ident, mode=asked)
    wait(lambda: told(center, ident)["mode_unsure"], lambda: told(center, ident))
    assert told(center, ident)["mode"] == "barge", "the louder of the two, for it may be heard"
    cut(center, wire)
    change.join()
    assert change.error == "unconfirmed"
    center.until_live()
    quieter = "monitor" if "monitor" in (before, asked) else before
    assert settled(center, ident) == quieter
    floor.hear(HEARD[quieter])
    assert center.ask("supervision.mode", id=ident, mode="whisper")["mode"] == "whisper"
    floor.hear(HEARD["whisper"])


def test_a_mode_asked_for_again_while_it_is_in_doubt_is_sent_again(
    center: Center, floor: Floor, wire: Wire, agent: str
) -> None:
    ident = listening(center, floor, "monitor")
    lost(center, wire, SENDEVENT, "supervision.mode", id=ident, mode="barge")
    wait(lambda: told(center, ident)["mode_unsure"], lambda: told(center, ident))
    again = Asked(center, "supervision.mode", id=ident, mode="barge")
    cut(center, wire)
    again.join()
    center.until_live()
    mode = settled(center, ident)
    floor.hear(HEARD[mode])
    assert center.ask("supervision.mode", id=ident, mode="barge")["mode"] == "barge"
    floor.hear(HEARD["barge"])


@pytest.mark.parametrize("noted", [True, False])
def test_a_controller_killed_in_the_moment_of_a_mode_change_starts_with_the_mode_that_is_heard(
    center: Center, floor: Floor, wire: Wire, agent: str, noted: bool
) -> None:
    ident = listening(center, floor, "monitor")
    if noted:  # the change had been told to Redis
        lost(center, wire, SENDEVENT, "supervision.mode", id=ident, mode="barge")
        wait(lambda: told(center, ident)["mode_unsure"])
        center.kill_controller()
    else:
        center.kill_controller()
        floor.switch_mode(str(told(center, ident)["leg"]), BARGE)
        floor.hear(HEARD["barge"])
    wire.cut()
    center.start_controller()
    center.until_live(20)
    assert settled(center, ident) == "monitor"
    floor.hear(HEARD["monitor"])


@pytest.mark.parametrize("kill", [True, False])
def test_a_take_over_whose_answer_is_lost_leaves_caller_and_supervisor(
    center: Center, floor: Floor, wire: Wire, agent: str, kill: bool
) -> None:
    ident = listening(center, floor, "monitor", follow=True)
    taking = lost(center, wire, BRIDGE, "supervision.take_over", id=ident)
    if kill:
        center.kill_controller()
        wire.cut()
        center.start_controller()
    else:
        cut(center, wire)
        taking.join()
        assert taking.error == "unconfirmed"
    center.until_live(20)
    assert center.until_state(ident, "ended", TRUE_WITHIN_S)["cause"] == "taken_over"
    center.until_code("available", limit_s=TRUE_WITHIN_S)
    floor.hear({"9001": {CUSTOMER}, CUSTOMER: {"9001"}, "1001": set()})

"""The matrix once more, every step an order of the controller's: who hears whom, in every mode and through every change of it.

Rules D9 (monitor), D10 (whisper), D11, D12 (leaving, following), D13 (several), D19 (hold). ``test_who_hears_whom`` says what
FreeSWITCH's own commands do; here is what the product makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

import pytest

from tests.contract.center import Center
from tests.contract.driver import MUSIC, SUPPORT, Driver, answers
from tests.contract.floor import CUSTOMER, Floor, QueueCall
from tests.contract.patience import wait

AGENT, FIRST, SECOND, THIRD = "1001", "9001", "9002", "9003"
NEXT = "0398765432"
NOBODY: set[str] = set()
BOTH = {CUSTOMER, AGENT}


@pytest.fixture(scope="module")
def centers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Center]]:
    """One controller per switch for the whole matrix."""
    running: dict[str, Center] = {}
    yield running
    for center in running.values():
        center.stop()


@pytest.fixture
def center(driver: Driver, centers: dict[str, Center], tmp_path_factory: pytest.TempPathFactory) -> Center:
    if driver.name not in centers:
        centers[driver.name] = Center(tmp_path_factory.mktemp(driver.name), driver.esl_url)
        centers[driver.name].start()
    return centers[driver.name]


@dataclass
class Scene:
    """A queue call between CUSTOMER and AGENT, and the supervisions by extension."""

    center: Center
    floor: Floor
    call: QueueCall
    ids: dict[str, str] = field(default_factory=dict)

    def told(self, who: str) -> dict[str, object]:
        return self.center.documents("supervision")[self.ids[who]]

    def start(self, who: str, mode: str) -> None:
        self.floor.driver.phone(who).behave(answers(0))
        self.ids[who] = self.center.supervise(mode, who)

    def follow(self, who: str, mode: str) -> None:
        self.floor.driver.phone(who).behave(answers(0))
        self.ids[who] = self.center.supervise(mode, who, follow=True)

    def mode(self, who: str, mode: str) -> None:
        self.center.ask("supervision.mode", id=self.ids[who], mode=mode)

    def hang_up(self, who: str) -> None:
        self.floor.driver.phone(who).hang_up()
        self.center.until_state(self.ids[who], "ended")

    def take_over(self, who: str) -> None:
        self.center.ask("supervision.take_over", id=self.ids[who])
        for other in self.ids:
            self.center.until_state(self.ids[other], "ended")

    def _on_member(self, yes: bool) -> None:
        for who in self.ids:
            wait(lambda who=who: self.told(who)["on_member"] == yes and self.told(who)["state"] == "listening")

    def hold(self) -> None:
        self.call.agent.hold()
        self.center.until_code("on_hold")
        self._on_member(True)

    def resume(self) -> None:
        self.call.agent.resume()
        self.center.until_code("queue_call")
        self._on_member(False)

    def customer_leaves(self) -> None:
        self.call.customer.hang_up()
        self.center.until_code("available")

    def next_call(self) -> None:
        self.call = self.floor.answered_call(AGENT, NEXT)
        for ident in self.ids.values():
            self.center.until_state(ident, "listening")


Steps = list[tuple[str, ...]]
Matrix = dict[str, set[str]]
MONITORED: Matrix = {CUSTOMER: {AGENT}, AGENT: {CUSTOMER}, FIRST: BOTH}
WHISPERED: Matrix = {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, FIRST}, FIRST: BOTH}
BARGED: Matrix = {CUSTOMER: {AGENT, FIRST}, AGENT: {CUSTOMER, FIRST}, FIRST: BOTH}
ON_HOLD: Matrix = {CUSTOMER: {MUSIC}, AGENT: NOBODY, FIRST: {CUSTOMER, MUSIC}}
TAKEN_OVER: Matrix = {CUSTOMER: {FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER}}
BY_MODE = {"monitor": MONITORED, "whisper": WHISPERED, "barge": BARGED}
THREE: Steps = [("start", FIRST, "monitor"), ("start", SECOND, "whisper"), ("start", THIRD, "barge")]


levels = cycle(range(1, 16))
"""Of each case another: no event tells that the agent of the case before is gone, and his tiers must not be taken for the new."""


def in_next_call(matrix: Matrix) -> Matrix:
    """The same with the next customer in the first one's place."""
    swap = {CUSTOMER: NEXT}
    return {swap.get(who, who): {swap.get(one, one) for one in heard} for who, heard in matrix.items()}


CASES: dict[str, tuple[Steps, Matrix]] = {
    **{f"{mode}": ([("start", FIRST, mode)], matrix) for mode, matrix in BY_MODE.items()},
    "through all modes": (
        [
            ("start", FIRST, "monitor"),
            *(("mode", FIRST, m) for m in ("whisper", "barge", "whisper", "monitor", "barge")),
        ],
        BARGED,
    ),
    "barge, and the phone hangs up": (
        [("start", FIRST, "barge"), ("hang_up", FIRST)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER}, FIRST: NOBODY},
    ),
    **{f"{mode}, hold": ([("start", FIRST, mode), ("hold",)], ON_HOLD) for mode in BY_MODE},
    **{
        f"{mode}, hold, resume": ([("start", FIRST, mode), ("hold",), ("resume",)], matrix)
        for mode, matrix in BY_MODE.items()
    },
    "changed at the last moment before the hold": (
        [("start", FIRST, "monitor"), ("mode", FIRST, "barge"), ("mode", FIRST, "whisper"), ("hold",)],
        ON_HOLD,
    ),
    "back to monitor during the hold": (
        [("start", FIRST, "barge"), ("hold",), ("mode", FIRST, "monitor"), ("resume",)],
        MONITORED,
    ),
    "begun during the hold": ([("hold",), ("start", FIRST, "monitor")], ON_HOLD),
    "begun during the hold, resume": ([("hold",), ("start", FIRST, "monitor"), ("resume",)], MONITORED),
    "two, hold": (
        [("start", FIRST, "whisper"), ("start", SECOND, "barge"), ("hold",)],
        ON_HOLD | {SECOND: {CUSTOMER, MUSIC}},
    ),
    "two, hold, resume": (
        [("start", FIRST, "whisper"), ("start", SECOND, "monitor"), ("hold",), ("resume",)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, FIRST}},
    ),
    "three": (
        THREE,
        {CUSTOMER: {AGENT, THIRD}, AGENT: {CUSTOMER, SECOND, THIRD}, FIRST: BOTH | {THIRD}, THIRD: BOTH | {SECOND}},
    ),
    "three, hold": ([*THREE, ("hold",)], ON_HOLD | {one: {CUSTOMER, MUSIC} for one in (SECOND, THIRD)}),
    "three, hold, resume": (
        [*THREE, ("hold",), ("resume",)],
        {CUSTOMER: {AGENT, THIRD}, AGENT: {CUSTOMER, SECOND, THIRD}},
    ),
    "three, and who barged hangs up": (
        [*THREE, ("hang_up", THIRD)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, SECOND}, FIRST: BOTH, SECOND: BOTH, THIRD: NOBODY},
    ),
    "three, and one takes over": ([*THREE, ("take_over", FIRST)], TAKEN_OVER | {SECOND: NOBODY, THIRD: NOBODY}),
    "take-over out of a whisper": ([("start", FIRST, "whisper"), ("take_over", FIRST)], TAKEN_OVER),
    "follow, between calls": (
        [("follow", FIRST, "whisper"), ("customer_leaves",)],
        {CUSTOMER: NOBODY, AGENT: NOBODY, FIRST: NOBODY},
    ),
    **{
        f"follow with {mode}, next call": (
            [("follow", FIRST, mode), ("customer_leaves",), ("next_call",)],
            in_next_call(MONITORED if mode == "barge" else matrix),
        )
        for mode, matrix in BY_MODE.items()
    },
    "follow with whisper, next call, hold": (
        [("follow", FIRST, "whisper"), ("customer_leaves",), ("next_call",), ("hold",)],
        in_next_call(ON_HOLD),
    ),
    "follow with whisper, hold, resume, next call": (
        [("follow", FIRST, "whisper"), ("hold",), ("resume",), ("customer_leaves",), ("next_call",)],
        in_next_call(WHISPERED),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_who_hears_whom_through_the_product(center: Center, floor: Floor, case: str) -> None:
    steps, expected = CASES[case]
    level = next(levels)
    agent = floor.agent(AGENT, level=level)
    wait(lambda: center.documents("agent").get(agent, {}).get("tiers") == {SUPPORT: level})
    center.until_code("available")
    scene = Scene(center, floor, floor.answered_call(AGENT))
    center.until_code("queue_call")
    for name, *arguments in steps:
        getattr(scene, name)(*arguments)
    floor.hear(expected)

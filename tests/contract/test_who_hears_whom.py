"""The matrix: who hears whom, in every mode of supervision and after every change of it.

Each person has a voice of their own pitch; what arrives at each phone is measured. «Not heard» means 40 dB below the
voice as it was spoken. Each case is a list of steps and then, for every phone, the whole set of voices that arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.contract.driver import MUSIC, answers
from tests.contract.floor import BARGE, CUSTOMER, MONITOR, WHISPER, Floor, QueueCall

AGENT, FIRST, SECOND, THIRD = "1001", "9001", "9002", "9003"
NEXT_CUSTOMER = "0398765432"
SWAPPED_TO_CUSTOMER, SWAPPED_TO_AGENT = "2", "1"
"""On the customer's leg the numbers swap: 2 speaks to the customer, 1 to the agent."""

NOBODY: set[str] = set()


@dataclass
class Scene:
    """A queue call between CUSTOMER and AGENT, and the supervisors' legs by extension."""

    floor: Floor
    call: QueueCall
    legs: dict[str, str] = field(default_factory=dict)

    def listen(self, who: str, mode: str) -> None:
        self.legs[who] = self.floor.listen(who, self.call.agent_leg, mode)

    def follow(self, who: str, mode: str) -> None:
        self.legs[who] = self.floor.listen(who, self.call.agent_leg, mode, follow=True)

    def mode(self, who: str, mode: str) -> None:
        self.floor.switch_mode(self.legs[who], mode)

    def to_customer_leg(self, who: str) -> None:
        self.floor.move(self.legs[who], self.call.member_leg)

    def to_agent_leg(self, who: str) -> None:
        self.floor.move(self.legs[who], self.call.agent_leg)

    def leave(self, who: str) -> None:
        assert self.floor.esl.api(f"uuid_kill {self.legs[who]}") == "+OK\n"
        self.floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=self.legs[who])

    def take_over(self, who: str) -> None:
        reply = self.floor.esl.api(f"uuid_bridge {self.call.member_leg} {self.legs[who]}")
        assert reply == f"+OK {self.legs[who]}\n"

    def hold(self) -> None:
        self.call.agent.hold()
        self.floor.esl.wait("CHANNEL_HOLD", Unique_ID=self.call.agent_leg)
        self.floor.hear({CUSTOMER: {MUSIC}})

    def resume(self) -> None:
        self.call.agent.resume()
        self.floor.esl.wait("CHANNEL_UNHOLD", Unique_ID=self.call.agent_leg)

    def customer_leaves(self) -> None:
        self.call.customer.hang_up()
        self.floor.esl.wait("cc:member-queue-end", CC_Member_UUID=self.call.member)

    def next_call(self) -> None:
        self.call = self.floor.answered_call(AGENT, NEXT_CUSTOMER)

    def transfer(self) -> None:
        self.floor.driver.phone("1003").behave(answers(0))
        self.call.agent.transfer("1003")


Steps = list[tuple[str, ...]]
Matrix = dict[str, set[str]]
PLAIN: Matrix = {CUSTOMER: {AGENT}, AGENT: {CUSTOMER}}
BOTH = {CUSTOMER, AGENT}
MONITORED: Matrix = PLAIN | {FIRST: BOTH}
WHISPERED: Matrix = {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, FIRST}, FIRST: BOTH}
BARGED: Matrix = {CUSTOMER: {AGENT, FIRST}, AGENT: {CUSTOMER, FIRST}, FIRST: BOTH}
ON_HOLD: Matrix = {CUSTOMER: {MUSIC}, AGENT: NOBODY, FIRST: NOBODY}
BY_MODE = {MONITOR: MONITORED, WHISPER: WHISPERED, BARGE: BARGED}
NAMES = {MONITOR: "monitor", WHISPER: "whisper", BARGE: "barge"}

CASES: dict[str, tuple[Steps, Matrix]] = {
    "nobody listens": ([], PLAIN | {FIRST: NOBODY}),
    **{f"{NAMES[mode]} from the start": ([("listen", FIRST, mode)], BY_MODE[mode]) for mode in BY_MODE},
    **{
        f"from {NAMES[old]} to {NAMES[new]}": ([("listen", FIRST, old), ("mode", FIRST, new)], BY_MODE[new])
        for old in BY_MODE
        for new in BY_MODE
        if old != new
    },
    "through all modes and back": (
        [("listen", FIRST, MONITOR), *(("mode", FIRST, mode) for mode in (WHISPER, BARGE, WHISPER, MONITOR))],
        MONITORED,
    ),
    "mode 1 on the agent's leg speaks to the customer": (
        [("listen", FIRST, MONITOR), ("mode", FIRST, "1")],
        {CUSTOMER: {AGENT, FIRST}, AGENT: {CUSTOMER}, FIRST: BOTH},
    ),
    "the listener leaves": ([("listen", FIRST, BARGE), ("leave", FIRST)], PLAIN | {FIRST: NOBODY}),
    "hold": ([("hold",)], {CUSTOMER: {MUSIC}, AGENT: NOBODY}),
    "hold and resume": ([("hold",), ("resume",)], PLAIN),
    "monitor, then hold": ([("listen", FIRST, MONITOR), ("hold",)], ON_HOLD),
    "whisper, then hold: nobody is reached": ([("listen", FIRST, WHISPER), ("hold",)], ON_HOLD),
    "whisper, hold, resume: the whisper goes on": ([("listen", FIRST, WHISPER), ("hold",), ("resume",)], WHISPERED),
    "monitor during the hold on the customer's leg": (
        [("listen", FIRST, MONITOR), ("hold",), ("to_customer_leg", FIRST)],
        {CUSTOMER: {MUSIC}, AGENT: NOBODY, FIRST: {CUSTOMER, MUSIC}},
    ),
    "whisper during the hold moved to the customer's leg is monitoring": (
        [("listen", FIRST, WHISPER), ("hold",), ("to_customer_leg", FIRST)],
        {CUSTOMER: {MUSIC}, AGENT: NOBODY, FIRST: {CUSTOMER, MUSIC}},
    ),
    "from the customer's leg back at the resume": (
        [("listen", FIRST, MONITOR), ("hold",), ("to_customer_leg", FIRST), ("to_agent_leg", FIRST), ("resume",)],
        MONITORED,
    ),
    "on the customer's leg mode 2 speaks to the customer": (
        [("listen", FIRST, MONITOR), ("to_customer_leg", FIRST), ("mode", FIRST, SWAPPED_TO_CUSTOMER)],
        {CUSTOMER: {AGENT, FIRST}, AGENT: {CUSTOMER}, FIRST: BOTH},
    ),
    "on the customer's leg mode 2 speaks into the hold music": (
        [("listen", FIRST, MONITOR), ("hold",), ("to_customer_leg", FIRST), ("mode", FIRST, SWAPPED_TO_CUSTOMER)],
        {CUSTOMER: {MUSIC, FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER, MUSIC}},
    ),
    "on the customer's leg mode 1 speaks to the agent": (
        [("listen", FIRST, MONITOR), ("to_customer_leg", FIRST), ("mode", FIRST, SWAPPED_TO_AGENT)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, FIRST}, FIRST: BOTH},
    ),
    "two: monitor and whisper": (
        [("listen", FIRST, MONITOR), ("listen", SECOND, WHISPER)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, SECOND}, FIRST: BOTH, SECOND: BOTH},
    ),
    "two whispers: who came later hears the earlier one": (
        [("listen", FIRST, WHISPER), ("listen", SECOND, WHISPER)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, FIRST, SECOND}, FIRST: BOTH, SECOND: BOTH | {FIRST}},
    ),
    "three: monitor, whisper, barge": (
        [("listen", FIRST, MONITOR), ("listen", SECOND, WHISPER), ("listen", THIRD, BARGE)],
        {
            CUSTOMER: {AGENT, THIRD},
            AGENT: {CUSTOMER, SECOND, THIRD},
            FIRST: BOTH | {THIRD},
            SECOND: BOTH | {THIRD},
            THIRD: BOTH | {SECOND},
        },
    ),
    "three, and the one who barged leaves": (
        [("listen", FIRST, MONITOR), ("listen", SECOND, WHISPER), ("listen", THIRD, BARGE), ("leave", THIRD)],
        {CUSTOMER: {AGENT}, AGENT: {CUSTOMER, SECOND}, FIRST: BOTH, SECOND: BOTH, THIRD: NOBODY},
    ),
    "two, and the one who whispers leaves": (
        [("listen", FIRST, WHISPER), ("listen", SECOND, MONITOR), ("leave", FIRST)],
        PLAIN | {FIRST: NOBODY, SECOND: BOTH},
    ),
    "take-over": (
        [("listen", FIRST, MONITOR), ("take_over", FIRST)],
        {CUSTOMER: {FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER}},
    ),
    "take-over out of a whisper": (
        [("listen", FIRST, WHISPER), ("take_over", FIRST)],
        {CUSTOMER: {FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER}},
    ),
    "take-over while another listens: that one's leg ends with the agent's": (
        [("listen", FIRST, MONITOR), ("listen", SECOND, MONITOR), ("take_over", FIRST)],
        {CUSTOMER: {FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER}, SECOND: NOBODY},
    ),
    "take-over out of a hold": (
        [("listen", FIRST, MONITOR), ("hold",), ("take_over", FIRST)],
        {CUSTOMER: {FIRST}, AGENT: NOBODY, FIRST: {CUSTOMER}},
    ),
    "the agent transfers the caller: listening ends with the agent's leg": (
        [("listen", FIRST, MONITOR), ("transfer",)],
        {CUSTOMER: {"1003"}, "1003": {CUSTOMER}, AGENT: NOBODY, FIRST: NOBODY},
    ),
    "follow: silence between the calls": (
        [("follow", FIRST, MONITOR), ("customer_leaves",)],
        {CUSTOMER: NOBODY, AGENT: NOBODY, FIRST: NOBODY},
    ),
    "follow: the next call": (
        [("follow", FIRST, MONITOR), ("customer_leaves",), ("next_call",), ("to_agent_leg", FIRST)],
        {CUSTOMER: NOBODY, NEXT_CUSTOMER: {AGENT}, AGENT: {NEXT_CUSTOMER}, FIRST: {AGENT, NEXT_CUSTOMER}},
    ),
    "follow: whisper in the next call": (
        [
            ("follow", FIRST, WHISPER),
            ("customer_leaves",),
            ("next_call",),
            ("to_agent_leg", FIRST),
            ("mode", FIRST, WHISPER),
        ],
        {NEXT_CUSTOMER: {AGENT}, AGENT: {NEXT_CUSTOMER, FIRST}, FIRST: {AGENT, NEXT_CUSTOMER}},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_who_hears_whom(floor: Floor, case: str) -> None:
    steps, expected = CASES[case]
    floor.agent(AGENT)
    scene = Scene(floor, floor.answered_call(AGENT))
    for name, *arguments in steps:
        getattr(scene, name)(*arguments)
    floor.hear(expected)

"""A take-over while the agent has a second call: a follower of his is not sent there from the midst of it."""

from __future__ import annotations

from tests.contract.center import Center
from tests.contract.driver import answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait


def test_a_follower_who_takes_over_keeps_the_customer_though_the_agent_has_a_colleague_on_hold(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    colleague = floor.driver.phone("1002")
    colleague.dial("1001")
    floor.hear({"1002": {"1001"}})
    floor.driver.phone("1001").hold()  # the call in hand, which is the colleague's
    wait(lambda: "1001" not in floor.driver.hears("1002"), "the colleague is on hold, with or without music yet")
    floor.hear({CUSTOMER: {"1001"}})
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(follow=True)
    center.ask("supervision.take_over", id=ident)
    assert center.until_state(ident, "ended")["cause"] == "taken_over"
    floor.hear({"9001": {CUSTOMER}, CUSTOMER: {"9001"}})
    wait(lambda: not any(command.startswith("guard.next_call") for command, _, _ in center.audit()), center.audit)

"""Rights while somebody listens: the next call is joined, and the mode changed, only where the right still holds (D4, D17)."""

from __future__ import annotations

import time
from dataclasses import replace

from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import ROUND_ROBIN, SUPPORT, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused
from tests.contract.supervisions import by_token, taken_back, told

NEXT = "0398765432"


def test_d4_d12_a_follower_skips_a_call_of_a_queue_that_he_may_not_hear(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.config(f"tier add {ROUND_ROBIN} {agent} 1 1")
    floor.agent("1005", status="Logged Out")  # what is new of a tier is read with the next new agent
    wait(lambda: ROUND_ROBIN in center.documents("agent")[agent]["tiers"])
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(actor=EDITOR, queue=SUPPORT, follow=True)
    call.customer.hang_up()
    center.until_state(ident, "following")
    other = floor.answered_call("1001", NEXT, ROUND_ROBIN)
    floor.hear({"9001": set(), NEXT: {"1001"}})
    assert told(center, ident)["state"] == "following"
    other.customer.hang_up()
    center.until_code("available")
    floor.answered_call("1001", "0311112222")
    center.until_state(ident, "listening", 1.5)
    floor.hear({"9001": {"0311112222", "1001"}})
    wait(lambda: len(center.deeds("supervision.next_call")) == 1, center.audit)


def test_d4_d12_a_follower_by_a_token_hears_no_call_beyond_what_it_is_narrowed_to(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.config(f"tier add {ROUND_ROBIN} {agent} 1 1")
    floor.agent("1005", status="Logged Out")  # what is new of a tier is read with the next new agent
    wait(lambda: ROUND_ROBIN in center.documents("agent")[agent]["tiers"])
    token = by_token(center, BOSS, {SUPPORT: "edit"})
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(actor=token, queue=SUPPORT, follow=True)
    call.customer.hang_up()
    center.until_state(ident, "following")
    other = floor.answered_call("1001", NEXT, ROUND_ROBIN)
    floor.hear({NEXT: {"1001"}})
    too_late = time.time() + 1.5  # he would have joined by then
    wait(lambda: time.time() > too_late or told(center, ident)["state"] != "following", "he waits")
    assert told(center, ident)["state"] == "following"
    floor.hear({"9001": set(), NEXT: {"1001"}})
    other.customer.hang_up()
    center.until_code("available")
    floor.answered_call("1001", "0311112222")
    center.until_state(ident, "listening", 1.5)
    taken_back(center, token)
    assert center.until_state(ident, "ended", 1.5)["cause"] == "permission_denied"


def test_d17_an_agent_taken_out_of_the_queue_is_listened_to_no_longer(center: Center, floor: Floor, agent: str) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(actor=EDITOR, queue=SUPPORT)
    floor.config(f"tier del {SUPPORT} {agent}")
    floor.agent("1005", status="Logged Out")  # what became of a tier is read with the next new agent
    assert center.until_state(ident, "ended")["cause"] in ("not_a_member", "permission_denied")
    assert told(center, ident)["login"] == "edith"
    floor.hear({CUSTOMER: {"1001"}, "1001": {CUSTOMER}, "9001": set()})


def test_d17_a_mode_asked_for_after_the_right_has_gone_is_refused(center: Center, floor: Floor, agent: str) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    ident = center.supervise(actor=EDITOR, queue=SUPPORT)
    center.grant("edith", SUPPORT, "view")
    gone = replace(EDITOR, grants={SUPPORT: "view"})  # as the panel reads the account at each request
    error = refused(center, "supervision.mode", gone, id=ident, mode="barge")
    assert error in ("permission_denied", "unknown_supervision")
    center.until_state(ident, "ended", 1.5)
    assert told(center, ident)["mode"] == "monitor"

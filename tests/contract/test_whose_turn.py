"""Who is offered the next call: tiers, strategies, wrap-up, statuses. Changes while a caller waits count at once."""

from __future__ import annotations

import time

import pytest

from tests.contract.driver import RINGALL, ROUND_ROBIN, SUPPORT, answers
from tests.contract.floor import Floor
from tests.contract.order import of
from tests.contract.patience import wait

AGENT, SECOND, THIRD = "1001@default", "1002@default", "1003@default"
LATER = "0398765432"


def _keep_away(floor: Floor, *agents: str) -> None:
    for agent in agents:
        assert floor.config(f"agent set ready_time {agent} {int(time.time()) + 3600}") == "+OK\n"


def _free(floor: Floor, *agents: str) -> None:
    for agent in agents:
        assert floor.config(f"agent set ready_time {agent} 0") == "+OK\n"


@pytest.mark.parametrize("queue", [SUPPORT, ROUND_ROBIN])
def test_c6_level_when_changed_while_a_caller_waits_then_the_new_order_counts(floor: Floor, queue: str) -> None:
    floor.agent("1001", queue, level=1)
    floor.agent("1002", queue, level=2)
    _keep_away(floor, AGENT, SECOND)
    floor.call(queue=queue)
    floor.config(f"tier set level {queue} {AGENT} 2")
    floor.config(f"tier set level {queue} {SECOND} 1")
    _free(floor, AGENT, SECOND)
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == SECOND


def test_c10_level_when_changed_during_an_offer_then_that_offer_goes_on_and_the_next_follows(floor: Floor) -> None:
    for extension, level in (("1001", 1), ("1002", 2), ("1003", 3)):
        floor.agent(extension, level=level, contact=f"[leg_timeout=2]user/{extension}@default")
        floor.config(f"agent set no_answer_delay_time {extension}@default 30")
    floor.call()
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == AGENT
    floor.config(f"tier set level {SUPPORT} {THIRD} 1")
    assert floor.esl.wait("cc:bridge-agent-fail")["CC-Hangup-Cause"] == "NO_ANSWER"
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == THIRD


def test_ready_time_when_still_to_come_then_no_offer_before(floor: Floor) -> None:
    floor.agent("1001")
    ready = int(time.time()) + 2
    floor.config(f"agent set ready_time {AGENT} {ready}")
    floor.call()
    assert int(floor.esl.wait("cc:agent-offering")["Event-Date-Timestamp"]) / 1e6 >= ready - 0.1


def test_wrap_up_when_it_runs_then_agent_waits_without_an_offer_until_its_end(floor: Floor) -> None:
    floor.agent("1001")
    floor.config(f"agent set wrap_up_time {AGENT} 2")
    floor.answered_call().customer.hang_up()
    end = floor.esl.wait("cc:bridge-agent-end")
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
    assert floor.agent_row(AGENT)["state"] == "Waiting"
    floor.esl.events.clear()
    floor.call(LATER)
    offer = floor.esl.wait("cc:agent-offering")
    assert 1.9 < (int(offer["Event-Date-Timestamp"]) - int(end["Event-Date-Timestamp"])) / 1e6 < 4


def test_on_demand_when_the_call_is_over_then_idle_until_set_waiting(floor: Floor) -> None:
    floor.agent("1001", status="Available (On Demand)")
    floor.answered_call().customer.hang_up()
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Idle")
    floor.esl.events.clear()
    floor.call(LATER)
    assert of(floor.esl.gather(0.6), "cc:agent-offering") == []
    floor.config(f"agent set state {AGENT} Waiting")
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == AGENT


@pytest.mark.parametrize("status", ["On Break", "Logged Out"])
def test_status_when_not_available_then_no_offer_until_it_is(floor: Floor, status: str) -> None:
    floor.agent("1001", status=status)
    floor.call()
    assert of(floor.esl.gather(0.6), "cc:agent-offering") == []
    floor.config(f"agent set status {AGENT} Available")
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == AGENT


def test_status_when_its_spelling_is_wrong_then_no_offer(floor: Floor) -> None:
    floor.agent("1001")
    floor.config(f"agent set status {AGENT} available")
    floor.call()
    assert of(floor.esl.gather(0.6), "cc:agent-offering") == []


def test_status_when_changed_during_a_call_then_the_call_goes_on_and_state_shows_it(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.config(f"agent set status {AGENT} 'On Break'")
    floor.esl.wait("cc:agent-status-change", CC_Agent_Status="On Break")
    row = floor.agent_row(AGENT)
    assert (row["status"], row["state"], row["uuid"]) == ("On Break", "In a queue call", call.agent_leg)
    assert of(floor.esl.gather(0.3), "cc:bridge-agent-end", "CHANNEL_HANGUP") == []
    call.customer.hang_up()
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")


def test_counters_when_becoming_available_again_then_back_to_zero(floor: Floor) -> None:
    floor.agent("1001")
    floor.answered_call().customer.hang_up()
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
    assert floor.agent_row(AGENT)["calls_answered"] == "1"
    floor.config(f"agent set status {AGENT} 'On Break'")
    assert floor.agent_row(AGENT)["calls_answered"] == "1"
    floor.config(f"agent set status {AGENT} Available")
    assert floor.agent_row(AGENT)["calls_answered"] == "0"


def test_longest_idle_when_two_are_free_then_who_has_rested_longer(floor: Floor) -> None:
    floor.agent("1001")
    floor.agent("1002")
    _keep_away(floor, SECOND)
    floor.answered_call("1001").customer.hang_up()
    floor.esl.wait("cc:agent-state-change", CC_Agent=AGENT, CC_Agent_State="Waiting")
    _free(floor, SECOND)
    _next_second()
    floor.esl.events.clear()
    floor.call(LATER)
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == SECOND


def test_c8_round_robin_when_all_are_on_one_level_then_in_turn(floor: Floor) -> None:
    for extension in ("1001", "1002", "1003"):
        floor.agent(extension, ROUND_ROBIN)
        floor.driver.phone(extension).behave(answers(0))
    served = []
    for number in range(3):
        caller, _ = floor.call(f"031111000{number}", ROUND_ROBIN)
        served.append(floor.esl.wait("cc:bridge-agent-start")["CC-Agent"])
        floor.esl.wait("CHANNEL_BRIDGE")
        caller.hang_up()
        floor.esl.wait("cc:agent-state-change", CC_Agent=served[-1], CC_Agent_State="Waiting")
        _next_second()
    assert sorted(served) == [AGENT, SECOND, THIRD]


def test_agent_of_two_queues_when_talking_for_one_then_standby_in_the_other(floor: Floor) -> None:
    floor.agent("1001", SUPPORT, RINGALL)
    floor.answered_call()

    def tiers() -> dict[object, object]:
        return {row["queue"]: row["state"] for row in floor.rows("tier list")}

    wait(lambda: tiers() == {SUPPORT: "Active Inbound", RINGALL: "Standby"}, lambda: str(tiers()))
    floor.esl.events.clear()
    floor.call(LATER, RINGALL)
    assert of(floor.esl.gather(0.6), "cc:agent-offering") == []


def test_offer_when_it_fails_then_the_next_agent_is_tried(floor: Floor) -> None:
    floor.agent("1001", level=1, contact="[leg_timeout=2]user/1001@default")
    floor.config(f"agent set no_answer_delay_time {AGENT} 30")
    floor.agent("1002", level=2)
    floor.driver.phone("1002").behave(answers(0.2))
    floor.call()
    assert floor.esl.wait("cc:bridge-agent-fail")["CC-Agent"] == AGENT
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent"] == SECOND


def test_callers_when_two_wait_then_the_earlier_is_served_first(floor: Floor) -> None:
    floor.agent("1001", status="On Break")
    floor.call("0311110001")
    _next_second()
    floor.call("0311110002")
    floor.config(f"agent set status {AGENT} Available")
    assert floor.esl.wait("cc:agent-offering")["CC-Member-CID-Number"] == "0311110001"


def _next_second() -> None:
    """The switch keeps times in whole seconds; what is to differ must not fall into one."""
    now = time.time()
    time.sleep(1.02 - now % 1)

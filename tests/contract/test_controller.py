"""The controller against a switch, practised and real: what is seen, what is asked, what is proved."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.driver import SUPPORT, Driver
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused

A1 = "1001@default"


def test_a_floor_that_was_there_before_is_shown_as_it_is(driver: Driver, floor: Floor, tmp_path: Path) -> None:
    floor.agent("1001")
    floor.agent("1002", status="On Break")
    call = floor.answered_call("1001")
    center = Center(tmp_path, driver.esl_url)
    try:
        center.start()
        center.until_code("queue_call")
        document = center.documents("agent")[A1]
        assert document["call"]["with"] == {"name": "Taro", "number": call.customer.number}
        assert document["call"]["queue"] == SUPPORT
        assert center.code("1002@default") == "on_break"
    finally:
        center.stop()


def test_a_call_is_followed_from_ringing_to_its_end(center: Center, floor: Floor, agent: str) -> None:
    phone = floor.driver.phone("1001")
    caller, _ = floor.call()
    center.until_code("ringing")
    assert [m["name"] for m in center.documents("member").values()] == ["Taro"]
    wait(lambda: phone.state == "ringing")
    phone.answer()
    center.until_code("queue_call")
    wait(lambda: not center.documents("member"), center.documents("member"))
    phone.hold()
    center.until_code("on_hold")
    phone.resume()
    center.until_code("queue_call")
    caller.hang_up()
    center.until_code("available")
    assert center.documents("queue")[SUPPORT]["answered"] == 1


@pytest.mark.parametrize(
    ("code", "status"), [("away", "On Break"), ("logged_out", "Logged Out"), ("wrap_up", "On Break")]
)
def test_a_status_is_set_proved_and_remembered(
    center: Center, floor: Floor, agent: str, code: str, status: str
) -> None:
    assert center.ask("status.set", agent=agent, status=code)["status"] == code
    center.until_code(code)
    row = floor.agent_row(agent)
    assert (row["status"], row["state"]) == (status, "Waiting")
    assert center.audit()[-2:] == [("agent.set_status", "asked", ""), ("agent.set_status", "confirmed", "")]
    center.kill_controller()
    center.start_controller()
    center.until_live()
    center.until_code(code)


def test_a_status_that_was_chosen_stands_since_the_same_moment_after_a_restart(center: Center, agent: str) -> None:
    center.ask("status.set", agent=agent, status="away")
    center.until_code("away")
    before = center.row()
    center.kill_controller()
    center.start_controller()
    center.until_live()
    center.until_code("away")
    assert (center.row()["status"]["since"], center.row()["chosen"]) == (before["status"]["since"], before["chosen"])


def test_an_agent_bears_the_name_that_the_directory_gives_his_phone(center: Center, floor: Floor) -> None:
    name = floor.agent("1005")
    wait(lambda: center.documents("agent").get(name, {}).get("name") == "Ext 1005", lambda: center.documents("agent"))


def test_b12_a_status_back_to_available_brings_the_waiting_call(center: Center, floor: Floor, agent: str) -> None:
    center.ask("status.set", agent=agent, status="away")
    floor.call()
    center.ask("status.set", agent=agent, status="available")
    center.until_code("ringing")


def test_b6_b11_a_status_is_refused_while_the_phone_rings_and_in_a_call(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.call()
    center.until_code("ringing")
    assert refused(center, "status.set", agent=agent, status="away") == "agent_ringing"
    floor.driver.phone("1001").answer()
    center.until_code("queue_call")
    assert refused(center, "status.set", agent=agent, status="away") == "agent_in_call"
    assert floor.agent_row(agent)["status"] == "Available"
    assert center.audit()[-1] == ("agent.set_status", "failed", "agent_in_call")


def test_c2_c3_a_priority_is_the_tiers_level_and_read_back(center: Center, floor: Floor, agent: str) -> None:
    assert center.ask("priority.set", agent=agent, queue=SUPPORT, priority=7)["priority"] == 7
    assert [r["level"] for r in floor.rows("queue list tiers", SUPPORT)] == ["7"]
    wait(lambda: center.row(queue=SUPPORT)["priority"] == 7)
    assert refused(center, "priority.set", agent=agent, queue=SUPPORT, priority=16) == "priority_out_of_range"


def test_a_status_asked_for_after_the_call_leaves_the_call_alone(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    answer = center.ask("status.set", agent=agent, status="away", after_call=True)
    assert center.code() == "queue_call"
    assert (answer["status"], answer["after_call"]) == ("away", None)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "away")
    call.customer.hang_up()
    center.until_code("away")
    assert floor.agent_row(agent)["status"] == "On Break"


def test_a_status_asked_for_while_ringing_waits_for_the_end_of_the_ringing(
    center: Center, floor: Floor, agent: str
) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    assert center.ask("status.set", agent=agent, status="away", after_call=True)["after_call"] == "away"
    assert floor.driver.phone("1001").state == "ringing"
    floor.driver.phone("1001").answer()
    center.until_code("queue_call")
    wait(lambda: floor.agent_row(agent)["status"] == "On Break")
    caller.hang_up()
    center.until_code("away")
    wait(lambda: ("agent.set_status", "confirmed", "") in center.audit(), center.audit)


def test_wrap_up_follows_the_call_and_can_be_ended(center: Center, floor: Floor, agent: str) -> None:
    floor.config(f"agent set wrap_up_time {agent} 60")
    call = floor.answered_call()
    center.until_code("queue_call")
    center.stop_and_start_controller()
    call.customer.hang_up()
    center.until_code("wrap_up")
    assert center.documents("agent")[agent]["until"]
    center.ask("wrap_up.end", agent=agent)
    center.until_code("available")
    second = floor.answered_call("1001", number="0398765432")
    center.until_code("queue_call")
    wait(lambda: floor.agent_row(agent)["wrap_up_time"] == "60", lambda: floor.agent_row(agent))
    second.customer.hang_up()
    center.until_code("wrap_up")


def test_the_forecast_names_the_agent_who_is_rung_next(center: Center, floor: Floor, agent: str) -> None:
    floor.agent("1002", level=5)
    found = center.ask("queue.foresee", queue=SUPPORT, agent=agent, priority=9)
    assert (found["now"]["agents"], found["after"]["agents"]) == ([agent], ["1002@default"])
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=9)
    floor.call()
    center.until_code("ringing", "1002@default")


def test_a_priority_for_a_time_goes_back_by_itself(center: Center, floor: Floor, agent: str) -> None:
    until = time.time() + 1.5
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=9, until=until)
    assert [r["level"] for r in floor.rows("queue list tiers", SUPPORT)] == ["9"]
    wait(lambda: [r["level"] for r in floor.rows("queue list tiers", SUPPORT)] == ["1"], limit_s=20)
    wait(lambda: center.audit()[-1] == ("agent.set_priority", "confirmed", ""), center.audit)

"""The controller against a switch, practised and real: what is seen, what is asked, what is proved."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fs_app.floor.actor import Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import EDITOR, Center
from tests.contract.driver import BUSY, RING, SUPPORT, UNREGISTERED, Driver, answers
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    floor.agent("1001")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    return A1


def refused(center: Center, kind: str, actor: Actor | None = None, **args: object) -> str:
    with pytest.raises(Rejected) as caught:
        center.ask(kind, actor, **args) if actor else center.ask(kind, **args)
    return caught.value.error


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


def test_a_supervisor_listens_whispers_barges_and_only_the_right_people_hear(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(RING)
    started = center.ask("supervision.start", EDITOR, agent=agent, mode="monitor", extension="9001", queue=SUPPORT)
    assert started["state"] == "ringing"
    wait(lambda: floor.driver.phone("9001").state == "ringing")
    center.until_state(started["id"], "ringing")
    floor.driver.phone("9001").answer()
    center.until_state(started["id"], "listening")
    customer = call.customer.number
    floor.hear({"9001": {customer, "1001"}, "1001": {customer}, customer: {"1001"}})
    assert center.ask("supervision.mode", EDITOR, id=started["id"], mode="whisper")["mode"] == "whisper"
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001"}})
    center.ask("supervision.mode", EDITOR, id=started["id"], mode="barge")
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001", "9001"}})
    center.ask("supervision.stop", EDITOR, id=started["id"])
    center.until_state(started["id"], "ended")
    assert center.code() == "queue_call"
    floor.hear({"1001": {customer}, customer: {"1001"}})


@pytest.mark.parametrize(
    ("extension", "behaviour", "cause"),
    [("9001", BUSY, "USER_BUSY"), (UNREGISTERED, None, "USER_NOT_REGISTERED"), ("9999", None, "SUBSCRIBER_ABSENT")],
)
def test_a_supervisor_who_cannot_be_rung_hears_why_and_the_call_goes_on(
    center: Center, floor: Floor, agent: str, extension: str, behaviour: object, cause: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    if behaviour is not None:
        floor.driver.phone(extension).behave(behaviour)
    actor = Actor("boss", "administrator", "Boss", extensions=(extension,))
    started = center.ask("supervision.start", actor, agent=agent, mode="monitor", extension=extension)
    failed = center.until_state(started["id"], "failed")
    assert failed["cause"] == cause
    assert center.code() == "queue_call"
    wait(lambda: center.audit()[-1] == ("supervision.start", "failed", cause), center.audit)


def test_taking_over_leaves_caller_and_supervisor(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001")
    center.until_state(started["id"], "listening")
    center.ask("supervision.take_over", id=started["id"])
    center.until_code("available")
    customer = call.customer.number
    floor.hear({"9001": {customer}, customer: {"9001"}})
    assert center.until_state(started["id"], "ended")["cause"] == "taken_over"


def test_a_whisper_is_silent_during_a_hold_and_goes_on_after_it(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="whisper", extension="9001")
    center.until_state(started["id"], "listening")
    customer = call.customer.number
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001"}})
    floor.driver.phone("1001").hold()
    center.until_code("on_hold")
    wait(lambda: center.documents("supervision")[started["id"]]["on_member"])
    center.until_state(started["id"], "listening")
    assert refused(center, "supervision.mode", id=started["id"], mode="barge") == "on_hold_no_whisper"
    floor.hear({"9001": {customer, "music"}, customer: {"music"}})
    floor.driver.phone("1001").resume()
    center.until_code("queue_call")
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001"}})


def test_a_follower_joins_the_next_call(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001", follow=True)
    center.until_state(started["id"], "listening")
    call.customer.hang_up()
    center.until_state(started["id"], "following")
    second = floor.answered_call("1001", number="0398765432")
    center.until_state(started["id"], "listening")
    floor.hear({"9001": {second.customer.number, "1001"}})


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
    second, _ = floor.call("0398765432", name="Jiro")
    center.until_code("queue_call")
    wait(lambda: floor.agent_row(agent)["wrap_up_time"] == "60", lambda: floor.agent_row(agent))
    second.hang_up()
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


def test_the_keypad_switches_the_mode_and_the_panel_knows(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    phone = floor.driver.phone("9001")
    phone.behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001")
    center.until_state(started["id"], "listening")
    customer = call.customer.number

    def mode() -> str:
        return str(center.documents("supervision")[started["id"]]["mode"])

    phone.press("2")
    wait(lambda: mode() == "whisper")
    floor.hear({"1001": {customer, "9001"}, customer: {"1001"}})
    phone.press("1")
    phone.press("*")
    floor.hear({"1001": {customer, "9001"}, customer: {"1001"}})
    phone.press("3")
    wait(lambda: mode() == "barge")
    floor.hear({customer: {"1001", "9001"}})
    phone.press("0")
    wait(lambda: mode() == "monitor")
    floor.hear({"1001": {customer}, customer: {"1001"}, "9001": {customer, "1001"}})
    modes = [("supervision.set_mode", "asked", ""), ("supervision.set_mode", "confirmed", "")] * 3
    wait(lambda: [row for row in center.audit() if row[0] == "supervision.set_mode"] == modes, center.audit)


def test_two_supervisors_see_each_other_and_leave_alone(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    customer = call.customer.number
    ids = []
    for extension, mode in (("9001", "monitor"), ("9002", "whisper")):
        floor.driver.phone(extension).behave(answers(0))
        ids.append(center.ask("supervision.start", agent=agent, mode=mode, extension=extension)["id"])
        center.until_state(ids[-1], "listening")
    supervised = center.documents("agent")[agent]["call"]["supervised"]
    assert [(s["name"], s["mode"], s["state"]) for s in supervised] == [
        ("Boss", "monitor", "listening"),
        ("Boss", "whisper", "listening"),
    ]
    floor.hear({"9001": {customer, "1001"}, "9002": {customer, "1001"}, "1001": {customer, "9002"}, customer: {"1001"}})
    floor.driver.phone("9001").hang_up()
    center.until_state(ids[0], "ended")
    assert center.documents("supervision")[ids[1]]["state"] == "listening"
    floor.hear({"9002": {customer, "1001"}, "1001": {customer, "9002"}, customer: {"1001"}})


def test_a_call_whose_sound_bypasses_the_switch_is_brought_back_when_asked(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.esl.api(f"uuid_media off {call.agent_leg}")
    wait(lambda: "Channel-State: CS_HIBERNATE" in floor.esl.api(f"uuid_dump {call.agent_leg}"))
    # The bridge is made anew for it, and the board follows a moment later.
    wait(lambda: center.row()["may"]["monitor"]["ok"])
    floor.driver.phone("9001").behave(answers(0))
    wait(lambda: refused(center, "supervision.start", agent=agent, mode="monitor", extension="9001") == "no_media")
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001", restore_media=True)
    center.until_state(started["id"], "listening")
    customer = call.customer.number
    floor.hear({"9001": {customer, "1001"}, customer: {"1001"}, "1001": {customer}})


def test_a_withdrawn_right_ends_the_listening_within_a_second(center: Center, floor: Floor, agent: str) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", EDITOR, agent=agent, mode="monitor", extension="9001", queue=SUPPORT)
    center.until_state(started["id"], "listening")
    center.grant("edith", SUPPORT, "view")
    assert center.until_state(started["id"], "ended", limit_s=2)["cause"] == "permission_denied"
    wait(lambda: floor.driver.phone("9001").state == "idle")
    assert center.code() == "queue_call"


def test_a_supervisors_own_extension_reads_as_an_internal_call(center: Center, floor: Floor, agent: str) -> None:
    floor.agent("9001")
    wait(lambda: center.documents("agent").get("9001@default"))
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001")
    center.until_state(started["id"], "listening")
    center.until_code("internal_call", "9001@default")
    assert center.code() == "queue_call"
    center.ask("supervision.stop", id=started["id"])
    center.until_code("available", "9001@default")


def test_listening_on_an_outside_number_begins_with_its_key(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    mobile = floor.driver.caller("09011112222")
    mobile.behave(answers(0.3))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="09011112222")
    floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number="09011112222")
    assert center.documents("supervision")[started["id"]]["state"] == "ringing"
    mobile.press("1")
    center.until_state(started["id"], "listening")
    customer = call.customer.number
    floor.hear({"09011112222": {customer, "1001"}, customer: {"1001"}, "1001": {customer}})


def test_an_agent_on_a_mobile_is_listened_to_like_any_other(center: Center, floor: Floor, agent: str) -> None:
    mobile = "[leg_timeout=20]sofia/gateway/carrier/09033334444"
    floor.config(f"agent set contact {agent} {mobile}")
    phone = floor.driver.caller("09033334444")
    phone.behave(answers(0.2))
    caller, _ = floor.call()
    center.until_code("queue_call")
    assert center.row()["terminal"] == "09033334444"
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="whisper", extension="9001")
    center.until_state(started["id"], "listening")
    floor.hear(
        {"9001": {caller.number, "09033334444"}, "09033334444": {caller.number, "9001"}, caller.number: {"09033334444"}}
    )


def test_the_agent_hears_a_notice_where_his_queue_says_so_and_the_customer_never(
    center: Center, floor: Floor, agent: str
) -> None:
    center.notices(SUPPORT, monitor=True)
    floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: center.documents("queue")[SUPPORT]["notices"] == ["monitor"])
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001")
    center.until_state(started["id"], "listening")
    heard = floor.esl.wait("MEDIA_BUG_START", Media_Bug_Function="displace")
    assert heard.uuid == center.documents("agent")[agent]["call"]["id"]
    center.ask("supervision.mode", id=started["id"], mode="whisper")
    assert not [
        e for e in floor.esl.gather(0.5) if e.get("Media-Bug-Function") == "displace" and e.name.endswith("START")
    ]

"""Supervision through the controller from beginning to end: rung, listening, whispering, taking over, and what ends it."""

from __future__ import annotations

import pytest

from fs_app.floor.actor import Actor
from tests.contract.center import EDITOR, Center
from tests.contract.driver import BUSY, RING, SUPPORT, UNREGISTERED, answers
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused


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


def test_who_waits_for_the_key_is_not_listening_when_somebody_else_begins(
    center: Center, floor: Floor, agent: str
) -> None:
    """The switch's proof names the leg that is heard: a mobile's voicemail must not count as the one who hears it."""
    call = floor.answered_call()
    center.until_code("queue_call")
    mobile, desk, customer = floor.driver.caller("09011112222"), floor.driver.phone("9002"), call.customer.number
    mobile.behave(answers(0))
    waits = center.ask("supervision.start", agent=agent, mode="barge", extension="09011112222")["id"]
    floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number="09011112222")
    desk.behave(answers(0))
    listens = center.supervise("monitor", "9002")
    assert center.documents("supervision")[waits]["state"] == "ringing"
    assert refused(center, "supervision.take_over", id=waits) == "not_monitorable"
    assert center.ask("supervision.mode", id=listens, mode="whisper")["mode"] == "whisper"
    floor.hear({"9002": {customer, "1001"}, "1001": {customer, "9002"}, customer: {"1001"}})
    mobile.hang_up()
    told = center.until_state(waits, "failed")
    assert (told["cause"], told["since"]) == ("not_confirmed", None)
    assert center.deeds("supervision.ended") == []


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

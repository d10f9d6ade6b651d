"""Agents on phones of their own: who gets the call, when, and what the phone shows."""

from __future__ import annotations

from pathlib import Path

from fs_app.store.activity_pages import PeriodFilters, read_periods
from fs_app.store.inbox import CommandClient
from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import BUSY, SUPPORT, Driver, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import of
from tests.contract.patience import LIMIT_S, wait
from tests.contract.personal_phones.terminals import MOBILE, contact, put_queue, put_site, set_terminal

A1, A2 = "1001@default", "1002@default"


def outcomes(center: Center) -> list[str]:
    """What became of each ringing of the agent, oldest first."""
    with center.database() as database:
        rows = read_periods(database, PeriodFilters(agents=[A1], code="ringing")).rows
    return [row["outcome"] for row in reversed(rows)]


def test_f3_an_outside_phone_that_nobody_answers_gives_the_call_to_the_next_agent(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.config(f"agent set reject_delay_time {agent} 30")
    floor.agent("1002", level=2)
    set_terminal(center, "external", number=MOBILE)
    mobile = floor.driver.caller(MOBILE)
    floor.call()
    wait(lambda: mobile.state == "ringing")
    mobile.reject("CALL_REJECTED")
    wait(lambda: floor.driver.phone("1002").state == "ringing")


def test_f5_a_voicemail_never_counts_as_an_answer_and_the_desk_phone_still_gets_the_call(
    center: Center, floor: Floor, agent: str
) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    wait(lambda: center.row()["terminal"] == f"1001 + {MOBILE}")
    floor.driver.caller(MOBILE).behave(answers(0.2))
    desk = floor.driver.phone("1001")
    floor.call()
    floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number=MOBILE)
    assert desk.state == "ringing"
    wait(lambda: center.code() == "ringing")
    assert of(floor.esl.gather(1.0), "cc:bridge-agent-start") == []
    desk.answer()
    center.until_code("queue_call")
    floor.hear({"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    wait(lambda: floor.driver.caller(MOBILE).state == "idle")


def test_f3_both_phones_the_desk_first_and_the_mobile_after_the_delay(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=2)
    mobile, desk = floor.driver.caller(MOBILE), floor.driver.phone("1001")
    mobile.behave(answers(0.2, press="1", press_after_s=0.5))
    floor.call()
    first = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number="1001")
    second = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number=MOBILE)
    assert 1.5 < (int(second["Event-Date-Timestamp"]) - int(first["Event-Date-Timestamp"])) / 1e6 < 3.5
    center.until_code("queue_call")
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})
    wait(lambda: desk.state == "idle", lambda: desk.state)


def test_f3_a_busy_mobile_leaves_the_desk_phone_ringing(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    floor.driver.caller(MOBILE).behave(BUSY)
    floor.call()
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=MOBILE)
    assert floor.driver.phone("1001").state == "ringing"
    floor.driver.phone("1001").answer()
    center.until_code("queue_call")


def test_f5_without_the_key_whoever_picks_up_has_the_call(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "external", number=MOBILE, confirm=False)
    wait(lambda: center.row()["terminal_confirm"] is False)
    floor.driver.caller(MOBILE).behave(answers(0.2))
    floor.call()
    center.until_code("queue_call")


def test_f6_a_call_on_an_outside_phone_is_listened_to_and_whispered_into_like_any_other(
    center: Center, floor: Floor, agent: str
) -> None:
    set_terminal(center, "external", number=MOBILE)
    floor.driver.caller(MOBILE).behave(answers(0.3, press="1", press_after_s=1.0))
    floor.driver.phone("9001").behave(answers(0.2))
    floor.call()
    center.until_code("queue_call")
    assert center.row()["terminal"] == MOBILE
    wish = {"agent": A1, "mode": "monitor", "extension": "9001", "queue": SUPPORT}
    listening = center.ask("supervision.start", EDITOR, **wish)["id"]
    center.until_state(listening, "listening")
    floor.hear({"9001": {CUSTOMER, MOBILE}, MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})
    center.ask("supervision.mode", EDITOR, id=listening, mode="whisper")
    floor.hear({"9001": {CUSTOMER, MOBILE}, MOBILE: {CUSTOMER, "9001"}, CUSTOMER: {MOBILE}})
    center.ask("supervision.stop", EDITOR, id=listening)
    center.until_state(listening, "ended")
    assert center.code() == "queue_call"
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})


def test_f5_a_voicemail_is_told_apart_in_the_activity(center: Center, floor: Floor, agent: str) -> None:
    put_site(center, outside_rounds=1, outside_pause_s=1)
    floor.config(f"agent set no_answer_delay_time {agent} 60")
    set_terminal(center, "external", number=MOBILE)
    assert "group_confirm_timeout=9]" in contact(floor)
    floor.driver.caller(MOBILE).behave(answers(0.2))
    floor.call()
    center.until_code("ringing")
    floor.esl.wait("cc:bridge-agent-fail")
    wait(lambda: outcomes(center) == ["not_confirmed"], lambda: outcomes(center))
    assert center.documents("agent")[A1]["no_answer"] is True


def test_f3_three_failed_offers_take_the_agent_out_and_tell_the_supervisor(
    center: Center, floor: Floor, agent: str
) -> None:
    put_queue(center, missed_after=3, missed_status="on_break")
    set_terminal(center, "external", number=MOBILE)
    floor.driver.caller(MOBILE).behave(BUSY)
    floor.call()
    center.until_code("on_break")
    wait(lambda: center.row()["alarms"] == ["missed_offers"], lambda: center.row()["alarms"])
    assert floor.agent_row(A1)["status"] == "On Break"
    floor.driver.caller(MOBILE).behave(answers(0.2, press="1", press_after_s=0.5))
    center.ask("status.set", agent=agent, status="available")
    center.until_code("queue_call")
    assert center.row()["alarms"] == []


def test_f3_the_phone_shows_the_number_that_the_site_chose(center: Center, floor: Floor, agent: str) -> None:
    mobile = floor.driver.caller(MOBILE)
    set_terminal(center, "external", number=MOBILE)

    def shown() -> str:
        caller, _ = floor.call()
        wait(lambda: mobile.state == "ringing")
        caller.hang_up()
        wait(lambda: mobile.state == "idle" and floor.agent_row(A1)["state"] == "Waiting")
        return mobile.shown

    assert shown() == CUSTOMER
    put_site(center, outside_caller_id="centre", centre_number="0398765432")
    wait(lambda: "origination_caller_id_number=0398765432" in contact(floor))
    assert shown() == "0398765432"
    put_queue(center, number="0312340000")
    put_site(center, outside_caller_id="queue")
    wait(lambda: "sasayaki_number" in contact(floor))
    wait(lambda: floor.esl.api(f"global_getvar sasayaki_number_{SUPPORT}").strip() == "0312340000")
    assert shown() == "0312340000"


def test_f4_at_the_limit_the_agent_is_skipped_and_not_punished(driver: Driver, floor: Floor, tmp_path: Path) -> None:
    floor.esl.api("global_setvar outbound_calls=1")
    center = Center(tmp_path, driver.esl_url)
    try:
        center.start()
        floor.agent("1001", contact="user/1001@default")
        floor.agent("1002", contact="user/1002@default", level=2)
        wait(lambda: center.documents("agent").get(A2, {}).get("tiers"))
        set_terminal(center, "external", number=MOBILE)
        client = CommandClient(center.redis)
        other = {"agent": A2, "kind": "external", "number": "09044445555"}
        client.ask("terminal.set", BOSS, other, timeout_s=LIMIT_S)
        floor.driver.caller(MOBILE).behave(answers(0.2, press="1", press_after_s=0.5))
        first, _ = floor.call()
        center.until_code("queue_call")
        assert floor.esl.api("limit_usage hash outbound all") == "1"
        floor.call("0398765432")
        failed = floor.esl.wait("cc:bridge-agent-fail", CC_Agent=A2)
        assert failed["CC-Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"
        wait(lambda: int(str(floor.agent_row(A2)["ready_time"])) > 0)
        floor.esl.events.clear()
        offered = [e for e in floor.esl.gather(2.0) if e.name == "cc:agent-offering"]
        assert len(offered) < 5, "not ten times a second"
        assert floor.driver.caller("09044445555").state == "idle"
        row = floor.agent_row(A2)
        assert (row["status"], row["no_answer_count"]) == ("Available", "0")
        assert center.row(A2)["no_answer"] is False
        floor.config(f"agent set status {A1} 'On Break'")
        first.hang_up()
        wait(lambda: floor.driver.caller("09044445555").state == "ringing")
    finally:
        center.stop()
        floor.esl.api("global_setvar outbound_calls=")

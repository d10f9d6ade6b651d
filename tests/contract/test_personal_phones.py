"""Agents on phones of their own, by contacts that the controller writes: who gets the call, when, and what it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected
from fs_app.store.activity_pages import PeriodFilters, read_periods
from fs_app.store.announce import QUEUES, SITE, SettingsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.inbox import CommandClient
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from fs_app.store.site_settings import SiteSettings
from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import BUSY, RING, RINGALL, SUPPORT, Driver, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import of
from tests.contract.patience import LIMIT_S, wait

A1, A2 = "1001@default", "1002@default"
MOBILE = "09011112222"
OWNER = Actor("taro", USER, "Taro", agent=A1, extensions=("1004",))


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    floor.agent("1001", contact="user/1001@default")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    return A1


def contact(floor: Floor) -> str:
    return str(floor.agent_row(A1)["contact"])


def set_terminal(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> dict[str, object]:
    """Where the agent is rung from now on, as the panel asks for it."""
    asked = {"agent": A1, "kind": kind, **args}
    return dict(CommandClient(center.redis).ask("terminal.set", actor, asked, timeout_s=LIMIT_S))


def refused(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> str:
    with pytest.raises(Rejected) as caught:
        set_terminal(center, kind, actor, **args)
    return caught.value.error


def test_f1_an_outside_number_is_stored_shown_and_rung_with_a_key(center: Center, floor: Floor, agent: str) -> None:
    told = set_terminal(center, "external", number="090-1111-2222", queue=SUPPORT, actor=EDITOR)
    assert told == {
        "agent": A1, "kind": "external", "number": MOBILE, "extension": None, "delay_s": None, "confirm": True,
    }  # fmt: skip
    wait(lambda: center.row()["terminal"] == MOBILE)
    row = center.row()
    assert (row["terminal_kind"], row["terminal_confirm"]) == ("external", True)
    mobile = floor.driver.caller(MOBILE)
    mobile.behave(answers(0.3, press="1", press_after_s=1.5))
    floor.call()
    answered = floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number=MOBILE)
    wait(lambda: center.code() == "ringing")
    start = floor.esl.wait("cc:bridge-agent-start")
    assert int(start["Event-Date-Timestamp"]) - int(answered["Event-Date-Timestamp"]) > 1_000_000
    center.until_code("queue_call")
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"kind": "external", "number": ""}, "invalid_number"),
        ({"kind": "external", "number": "110"}, "invalid_number"),
        ({"kind": "external", "number": "0570012345"}, "number_not_allowed"),
        ({"kind": "external", "number": "+12125551234"}, "number_not_allowed"),
        ({"kind": "extension", "number": "10a"}, "invalid_number"),
        ({"kind": "extension", "number": "4711"}, "extension_unknown"),
        ({"kind": "both", "extension": "4711", "number": MOBILE, "delay_s": 5}, "extension_unknown"),
        ({"kind": "both", "extension": "1001", "number": MOBILE, "delay_s": 0}, "invalid_request"),
        ({"kind": "both", "extension": "1001", "number": MOBILE}, "invalid_request"),
        ({"kind": "elsewhere", "number": MOBILE}, "invalid_request"),
    ],
)
def test_f1_what_is_no_phone_is_refused_and_nothing_changes(
    center: Center, floor: Floor, agent: str, args: dict[str, object], error: str
) -> None:
    before = contact(floor)
    assert refused(center, **args) == error
    assert contact(floor) == before


def test_f1_an_extension_where_another_agent_works_is_refused(center: Center, floor: Floor, agent: str) -> None:
    floor.agent("1002")
    wait(lambda: center.documents("agent").get(A2))
    assert refused(center, "extension", number="1002") == "extension_taken"
    center.ask("status.set", agent=A2, status="logged_out")
    assert set_terminal(center, "extension", number="1002")["number"] == "1002"


def test_f2_oneself_sets_an_own_extension_or_a_number_and_nobody_elses(
    center: Center, floor: Floor, agent: str
) -> None:
    assert refused(center, "extension", OWNER, number="1003") == "permission_denied"
    assert set_terminal(center, "extension", number="1004", actor=OWNER)["number"] == "1004"
    assert set_terminal(center, "external", number=MOBILE, actor=OWNER)["number"] == MOBILE
    assert refused(center, "external", OWNER, number=MOBILE, confirm=False) == "permission_denied"
    with pytest.raises(Rejected) as caught:
        set_terminal(center, "external", number=MOBILE, actor=replace(OWNER, agent=A2))
    assert caught.value.error == "permission_denied"


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


def test_a_caller_who_leaves_silences_both_phones(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    mobile, desk = floor.driver.caller(MOBILE), floor.driver.phone("1001")
    mobile.behave(answers(0.2))
    caller, _ = floor.call()
    wait(lambda: mobile.state == "talking")
    caller.hang_up()
    wait(lambda: (mobile.state, desk.state) == ("idle", "idle"))
    center.until_code("available")


def test_a_joined_sites_contact_is_shown_kept_and_given_back(center: Center, floor: Floor, agent: str) -> None:
    theirs = "[leg_timeout=8,execute_on_answer='set a=b c']user/1003@default"
    quoted = theirs.replace("'", "\\'")
    assert floor.config(f"agent set contact {A1} '{quoted}'") == "+OK\n"
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal"] == "1003")
    set_terminal(center, "external", number=MOBILE)
    wait(lambda: center.row()["terminal_restorable"])
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=5)
    set_terminal(center, "extension", number="1003", queue=SUPPORT, actor=EDITOR)
    assert contact(floor) == theirs
    set_terminal(center, "external", number=MOBILE)
    set_terminal(center, "original")
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal_restorable"] is False)


def put_site(center: Center, **changes: object) -> None:
    """As an administrator changes the site's settings in the panel."""
    with center.database() as database:
        SiteSettings(database, AuditLog(database)).change(changes, BOSS)
    SettingsChannel(center.redis).announce(SITE)


def put_queue(center: Center, **changes: object) -> None:
    """As the settings of the queue «support» are changed in the panel."""
    with center.database() as database:
        QueueSettings(database).put(replace(QueueSetting(SUPPORT, "boss", 1.0), **changes), lambda _: None)  # type: ignore[arg-type]
    SettingsChannel(center.redis).announce(QUEUES)


def outcomes(center: Center) -> list[str]:
    """What became of each ringing of the agent, oldest first."""
    with center.database() as database:
        rows = read_periods(database, PeriodFilters(agents=[A1], code="ringing")).rows
    return [row["outcome"] for row in reversed(rows)]


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


@pytest.mark.parametrize("picks_up", [False, True])
def test_a_ghost_that_rings_for_nobody_is_ended_by_the_watchdog(
    center: Center, floor: Floor, agent: str, picks_up: bool
) -> None:
    """A contact of somebody else's with «|»: the caller leaves the first phone and FreeSWITCH rings the next one for nobody."""
    floor.config(f"agent set contact {A1} user/1001@default|[group_confirm_key=1]sofia/gateway/carrier/{MOBILE}")
    mobile = floor.driver.caller(MOBILE)
    mobile.behave(answers(0.5) if picks_up else RING)
    caller, _ = floor.call()
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    caller.hang_up()
    wait(lambda: mobile.state in ("ringing", "talking"))
    wait(lambda: mobile.state == "idle")
    why = "guard.silent_leg" if picks_up else "guard.ghost_offer"
    wait(lambda: (why, "confirmed", "") in center.audit(), center.audit)
    center.until_code("available")


def test_a_phone_in_a_ring_all_queue_falls_silent_when_its_agent_goes_on_break(
    center: Center, floor: Floor, agent: str
) -> None:
    """mod_callcenter cancels no offer of a ring-all queue (seen on 1.10.12)."""
    floor.config(f"tier add {RINGALL} {A1} 1 1")
    floor.call(queue=RINGALL)
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.config(f"agent set status {A1} 'On Break'")
    wait(lambda: floor.driver.phone("1001").state == "idle")
    wait(lambda: ("guard.offer_after_status", "confirmed", "") in center.audit(), center.audit)


# ---- what all this rests on, on the switch itself

LIMITED = "limit_ignore_transfer=true~execute_on_originate=limit hash contract all 1 !NORMAL_CIRCUIT_CONGESTION"


def limited(number: str, variables: str = LIMITED) -> str:
    """A contact that counts as a call before it rings; blanks make it one quoted argument."""
    return f"'[^^~leg_timeout=8~{variables}]sofia/gateway/carrier/{number}'"


def usage(floor: Floor) -> str:
    return floor.esl.api("limit_usage hash contract all")


def test_f4_limit_on_a_leg_when_it_is_reached_then_the_phone_is_not_even_rung_and_it_counts_as_no_missed_call(
    floor: Floor,
) -> None:
    floor.agent("1001", contact=limited(MOBILE))
    floor.agent("1002", level=2, contact=limited("09033334444"))
    first, _ = floor.call()
    wait(lambda: floor.driver.caller(MOBILE).state == "ringing")
    assert usage(floor) == "1"
    floor.driver.caller(MOBILE).answer()
    floor.esl.wait("CHANNEL_BRIDGE")
    floor.call("0398765432")
    events = floor.esl.until("cc:bridge-agent-fail", CC_Agent="1002@default")
    assert events[-1]["CC-Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"
    assert [e for e in of(events, "CHANNEL_CREATE") if e["Caller-Destination-Number"] == "09033334444"] == []
    assert floor.agent_row("1002@default")["no_answer_count"] == "0"
    floor.config("agent set status 1002@default 'On Break'")
    first.hang_up()
    wait(lambda: usage(floor) == "0" or floor.driver.caller(MOBILE).state == "ringing")


def test_f4_limit_on_a_leg_when_transfers_are_not_ignored_then_it_is_given_back_at_once(floor: Floor) -> None:
    """The new leg passes CS_ROUTING, which is a transfer for ``limit`` (switch_limit.c:76)."""
    floor.agent("1001", contact=limited(MOBILE, LIMITED.partition("~")[2]))
    floor.call()
    wait(lambda: floor.driver.caller(MOBILE).state == "ringing")
    assert usage(floor) == "0"


def test_f3_caller_id_of_a_contact_when_its_variable_is_not_set_then_the_callers_number_is_shown(floor: Floor) -> None:
    name = "contract_number_support@default"
    number = "${contract_number_${cc_queue}}"
    floor.agent("1001", contact=f"[origination_caller_id_number={number},leg_timeout=8]sofia/gateway/carrier/{MOBILE}")
    mobile = floor.driver.caller(MOBILE)
    for value, shown in (("", "0312345678"), ("0355556666", "0355556666")):
        assert floor.esl.api(f"global_setvar {name}={value}").startswith("+OK")
        caller, _ = floor.call()
        wait(lambda: mobile.state == "ringing")
        assert mobile.shown == shown
        caller.hang_up()
        floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
        wait(lambda: mobile.state == "idle")
    floor.esl.api(f"global_setvar {name}=")


def test_f5_prompt_when_its_first_part_is_missing_then_the_next_is_played_and_the_key_is_heard(floor: Floor) -> None:
    played = "file_string://${no_such_folder}/take_call.wav!silence_stream://500"
    key = f"group_confirm_key=1~group_confirm_file={played}~group_confirm_timeout=6"
    floor.agent("1001", contact=f"[^^~leg_timeout=8~{key}]sofia/gateway/carrier/{MOBILE}")
    floor.driver.caller(MOBILE).behave(answers(0.2, press="1", press_after_s=1.0))
    floor.call()
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent"] == A1


def test_contact_when_it_holds_blanks_quotes_and_backslashes_then_it_is_kept_letter_by_letter(floor: Floor) -> None:
    floor.agent("1001")
    for contact in (
        "[a='b c']user/1001@default",
        "[x=y z]user/1001@default|user/1002@default",
        "user/1\\\\,2",
        "'user/1'",
    ):
        quoted = contact.replace("\\", "\\\\").replace("'", "\\'")
        assert floor.config(f"agent set contact {A1} '{quoted}'") == "+OK\n"
        assert floor.agent_row(A1)["contact"] == contact

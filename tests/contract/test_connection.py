"""Log-in, subscriptions, commands and their replies: what the event socket itself does."""

from __future__ import annotations

import uuid

import pytest

from tests.contract.driver import Driver
from tests.contract.esl import Esl, EslError
from tests.contract.floor import Floor


def test_auth_when_password_is_right_then_accepted(driver: Driver) -> None:
    with Esl(driver.esl_url) as esl:
        assert esl.auth_reply == "+OK accepted"


def test_auth_when_password_is_wrong_then_refused_and_closed(driver: Driver) -> None:
    address = driver.esl_url.rsplit("@", 1)[1]
    with Esl(f"esl://:wrong@{address}") as esl:
        assert esl.auth_reply == "-ERR invalid"
        with pytest.raises(EslError):
            esl.command("noevents")


def test_events_when_names_are_unknown_then_refused(esl: Esl) -> None:
    assert esl.command("event plain NO_SUCH_EVENT") == "-ERR no keywords supplied"
    assert esl.command("event plain CHANNEL_CREATE CUSTOM callcenter::info") == "+OK event listener enabled plain"


def test_api_when_command_is_unknown_then_says_so(esl: Esl) -> None:
    assert esl.api("nosuchcmd with arguments") == "-ERR nosuchcmd Command not found!\n"


def test_bgapi_when_given_a_job_uuid_then_result_carries_it(esl: Esl) -> None:
    job = str(uuid.uuid4())
    assert esl.command(f"bgapi nosuchcmd\nJob-UUID: {job}") == f"+OK Job-UUID: {job}"
    result = esl.wait("BACKGROUND_JOB", Job_UUID=job)
    assert result.body == "-ERR nosuchcmd Command not found!\n"
    assert result["Job-Command"] == "nosuchcmd"


def test_events_when_asked_for_as_json_then_the_same_headers(driver: Driver, floor: Floor) -> None:
    with Esl(driver.esl_url) as other:
        assert other.command("event json CHANNEL_CREATE CUSTOM callcenter::info") == "+OK event listener enabled json"
        _, start = floor.call(name="Hana 花子: x%y")
        same = other.wait("cc:member-queue-start")
        for header in ("CC-Member-UUID", "CC-Member-CID-Name", "Unique-ID", "Event-Sequence", "Core-UUID"):
            assert same[header] == start[header]
        assert start["CC-Member-CID-Name"] == "Hana 花子: x%y"


def test_events_when_taken_back_then_none_come(driver: Driver, floor: Floor) -> None:
    with Esl(driver.esl_url) as other:
        other.command("event plain CHANNEL_CREATE CHANNEL_ANSWER")
        assert other.command("nixevent CHANNEL_CREATE") == "+OK events nixed"
        floor.call()
        seen = [*other.until("CHANNEL_ANSWER"), *other.gather(0.3)]
        assert {event.name for event in seen} == {"CHANNEL_ANSWER"}
        assert other.command("noevents") == "+OK no longer listening for events"
        floor.call("0398765432")
        assert other.gather(0.3) == []


def test_command_when_unknown_then_refused_and_the_line_stays(esl: Esl) -> None:
    assert esl.command("nonsense") == "-ERR command not found"
    assert esl.command("event plain") == "-ERR no keywords supplied"
    assert esl.api("global_getvar core_uuid") != ""


def test_exit_when_sent_then_bye(driver: Driver) -> None:
    with Esl(driver.esl_url) as other:
        assert other.command("exit") == "+OK bye"


@pytest.mark.timeout(60)
def test_heartbeat_when_waited_for_then_it_comes_within_twenty_seconds(esl: Esl) -> None:
    beat = esl.wait("HEARTBEAT", limit_s=22)
    assert beat["Core-UUID"] == esl.api("global_getvar core_uuid")
    assert int(beat["Session-Count"]) >= 0
    assert {"Event-Info", "Up-Time", "Uptime-msec", "FreeSWITCH-Version", "Event-Date-Timestamp"} <= set(beat)


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("global_getvar domain", "default"),
        ("global_getvar no_such_variable", "-ERR no reply\n"),
        ("module_exists mod_callcenter", "true"),
        ("module_exists mod_nonsense", "false"),
        ("user_exists id 1001 default", "true"),
        ("user_exists id 7777 default", "false"),
        ("sofia status gateway nowhere", "Invalid Gateway!\n"),
    ],
)
def test_question_about_the_switch(esl: Esl, command: str, reply: str) -> None:
    assert esl.api(command) == reply


def test_version_when_asked_then_1_10_or_later(esl: Esl) -> None:
    assert esl.api("version").startswith("FreeSWITCH Version 1.1")
    assert "Invalid" not in esl.api("sofia status gateway carrier")

"""Log-in, subscriptions, commands and their replies: what the event socket itself does."""

from __future__ import annotations

import uuid

import pytest

from tests.contract.driver import Driver
from tests.contract.esl import Esl, EslError


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

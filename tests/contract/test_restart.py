"""The switch dies, or the line to it: what is lost, what is kept."""

from __future__ import annotations

import time

import pytest

from tests.contract.driver import SUPPORT, answers
from tests.contract.esl import EVENTS, Esl, EslError
from tests.contract.floor import Floor
from tests.contract.patience import wait

AGENT, SECOND = "1001@default", "1002@default"


def test_restart_when_calls_run_then_all_gone_but_agents_tiers_and_phones_kept(floor: Floor) -> None:
    floor.agent("1001")
    floor.agent("1002", status="On Break", level=7)
    call = floor.answered_call()
    _, waiting = floor.call("0398765432")
    before = floor.agent_row(AGENT)
    core = waiting["Core-UUID"]

    floor.driver.restart()

    with pytest.raises((EslError, OSError)):
        floor.esl.api("status")
    with Esl(floor.driver.esl_url, EVENTS) as esl:
        again = Floor(floor.driver, esl)
        wait(lambda: esl.api("show channels as json") == '{"row_count": 0}\n')
        assert esl.api(f"uuid_exists {call.agent_leg}") == "false"
        row = again.agent_row(AGENT)
        kept = ("status", "contact", "calls_answered", "last_bridge_start", "last_status_change")
        assert [row[key] for key in kept] == [before[key] for key in kept]
        assert (row["state"], row["uuid"]) == ("Waiting", "")
        assert again.agent_row(SECOND)["status"] == "On Break"
        tiers = {tier["agent"]: (tier["state"], tier["level"]) for tier in again.rows("tier list")}
        assert tiers == {AGENT: ("Ready", "1"), SECOND: ("Ready", "7")}
        members = again.rows("queue list members", SUPPORT)
        assert {member["state"] for member in members} == {"Abandoned"}
        assert {member["session_uuid"] for member in members} == {""}
        assert {floor.driver.phone(extension).state for extension in ("1001", "1002")} == {"idle"}

        floor.driver.phone("1001").behave(answers(0.1))
        floor.driver.caller("0311110001", "Jiro").dial("5010")
        start = esl.wait("cc:bridge-agent-start", CC_Agent=AGENT)
        assert start["Core-UUID"] != core


def test_cut_when_a_call_runs_then_the_line_breaks_and_the_call_goes_on(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.driver.cut()
    with pytest.raises((EslError, OSError, TimeoutError)):
        _read_until_broken(floor.esl)
    assert call.agent.state == call.customer.state == "talking"
    with Esl(floor.driver.esl_url, EVENTS) as esl:
        assert esl.api(f"uuid_exists {call.agent_leg}") == "true"
        call.customer.hang_up()
        esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=call.agent_leg)


def _read_until_broken(esl: Esl) -> None:
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        esl.gather(0.5)
    raise AssertionError("the line was not cut")

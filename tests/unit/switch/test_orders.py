"""The only builder of commands: what each order says exactly.

What is built is read back by ``switch_reads`` and compared with what the order means.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from fs_app.floor import errors, orders, statuses
from fs_app.switch.orders import Api, build
from tests.unit.switch.order_meanings import lines, mode_event, refused_or_as_intended
from tests.unit.switch.switch_reads import meaning, tokens
from tests.unit.switch.written_orders import (
    CALL_BACK,
    DIAL,
    EXACT,
    FULL,
    LEG,
    SAMPLES,
    SWITCH_MODE,
    TARGET,
    ids,
    ring_for_call_back,
)


@pytest.mark.parametrize(("order", "expected"), EXACT, ids=ids)
def test_order_when_all_is_well_formed_then_its_exact_text(order: orders.Order, expected: list[str]) -> None:
    assert lines(build(order, DIAL)) == expected


def test_switch_mode_when_built_then_an_event_for_the_supervisors_leg() -> None:
    assert build(SWITCH_MODE, DIAL) == [mode_event(LEG, 2)]


def test_every_order_there_is_has_its_text_here() -> None:
    assert {type(order) for order in SAMPLES} == set(get_args(orders.Order))


@pytest.mark.parametrize("order", SAMPLES, ids=ids)
def test_order_when_freeswitch_reads_it_then_it_is_what_was_meant(order: orders.Order) -> None:
    refused_or_as_intended(order)


def test_taking_an_agent_aside_when_refused_then_the_reason_is_that_his_phone_rings() -> None:
    aside, *others = build(orders.SetAgentStatus("1001", "On Break", unless_offered=True), DIAL)
    assert isinstance(aside, Api)
    assert aside.refusal == errors.AGENT_RINGING
    assert {command.refusal for command in others if isinstance(command, Api)} == {errors.SWITCH_REFUSED}


@pytest.mark.parametrize("status", statuses.SWITCH_STATUSES)
def test_status_when_freeswitch_reads_it_then_all_its_words_arrive(status: str) -> None:
    """Unquoted, «Available (On Demand)» would be taken for Available, with success (seen on 1.10.12)."""
    assert tokens("agent set status 1001 Available (On Demand)".partition("status ")[2], 8)[1] == "Available"
    refused_or_as_intended(orders.SetAgentStatus("1001", status))


def test_call_back_when_the_switch_has_prompts_and_a_limit_then_both_legs_count_and_the_prompt_is_played() -> None:
    dial = replace(DIAL, prompts="/var/lib/sasayaki-voices/ja", outside_calls=30)
    (line,) = lines(build(CALL_BACK, dial))
    assert line == ring_for_call_back("/var/lib/sasayaki-voices/ja/call_back.wav!", f",{FULL}")
    _, _, phone, steps = meaning(line)
    assert phone.endswith("sofia/gateway/carrier/09011112222")
    assert [name for name, _ in steps] == ["set", "bridge", "playback", "hangup"]


@pytest.mark.parametrize("mode", [0, 2, 3])
@pytest.mark.parametrize("follow", [True, False])
def test_both_whisper_variables_are_always_given(mode: int, follow: bool) -> None:
    """They outlive a transfer on the leg, so an old one must never be left to speak (mod_dptools.c:931)."""
    for order in (
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, mode, follow),
        orders.MoveSupervisor(LEG, TARGET, mode, follow),
    ):
        (line,) = lines(build(order, DIAL))
        said = dict(re.findall(r"eavesdrop_whisper_([ab]leg)=(true|false)", line))
        assert said.keys() == {"aleg", "bleg"}
        assert said != {"aleg": "true", "bleg": "false"}

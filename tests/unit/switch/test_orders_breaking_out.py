"""Nothing in an order gets out of its place: what is dangerous is refused, whichever field it stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fs_app.floor import orders
from fs_app.switch.orders import UnsafeOrder, build
from tests.unit.switch.dangerous_values import NEVER, NO_NUMBERS, NO_TEXTS, let_through
from tests.unit.switch.order_meanings import intended, lines, refused_or_as_intended
from tests.unit.switch.switch_reads import meaning
from tests.unit.switch.written_orders import CALL_BACK, DIAL, LEG, SWITCH_MODE, TARGET, fields_of, ids


@pytest.mark.parametrize("evil", ["/x y", "/x'", "/${y}", "x", "/x~y", "/x!y", "/x]", "/" + "a" * 300])
def test_folder_of_prompts_when_it_could_break_out_then_refused(evil: str) -> None:
    with pytest.raises(UnsafeOrder):
        build(CALL_BACK, replace(DIAL, prompts=evil))


@pytest.mark.parametrize(("order", "field"), fields_of(str), ids=ids)
def test_text_field_when_dangerous_or_no_text_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [*NEVER, *NO_TEXTS]) == []


@pytest.mark.parametrize(("order", "field"), fields_of(int), ids=ids)
def test_number_field_when_no_number_in_its_range_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [*NEVER, *NO_NUMBERS]) == []


@pytest.mark.parametrize(("order", "field"), fields_of(bool), ids=ids)
def test_yes_or_no_field_when_neither_then_refused(order: orders.Order, field: str) -> None:
    assert let_through(order, field, [None, 0, 1, "", "true", "false", [], 1.0]) == []


@pytest.mark.parametrize(
    "evil", [*dict.fromkeys(t for t in NEVER if t != "x::y"), "a:_:user", None], ids=lambda text: ascii(text)[:30]
)
@pytest.mark.parametrize(
    "order",
    [
        orders.SetAgentContact("1001", "1001"),
        orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678")),
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=False),
    ],
    ids=ids,
)
def test_domain_when_dangerous_then_no_dial_string_is_made_with_it(order: orders.Order, evil: Any) -> None:
    """It may be the switch's own global variable, which nobody here has checked. IPv6 domains have colons."""
    with pytest.raises(UnsafeOrder):
        build(order, replace(DIAL, domain=evil, external_dial="sofia/internal/{number}@{domain}"))


def test_caller_id_name_when_dangerous_then_refused() -> None:
    ring = orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=False)
    for evil in [*NEVER, *NO_TEXTS]:
        with pytest.raises(UnsafeOrder):
            build(ring, replace(DIAL, caller_id_name=evil))


@pytest.mark.parametrize(
    "order",
    [
        orders.SetTierLevel("reload@default", "mod_event_socket", 1),
        orders.SetTierLevel("MOD_EVENT_SOCKET", "UnLoad", 1),
        orders.SetTierState("mod_event_socket", "unload", "Ready"),
        orders.AddTier("mod_event_socket", "unload", 1),
        orders.RemoveTier("mod_event_socket", "reload"),
        orders.SetAgentStatus("unload-mod_event_socket", "On Break"),
        orders.SetAgentState("Reload_Mod_Event_Socket", "Idle"),
        orders.SetReadyTime("Unload.mod_event_socket", 1),
        orders.SetWrapUp("preload.mod_event_socket", 1),
        orders.SetAgentContact("reload+mod_event_socket", "1001"),
        orders.RestoreAgentContact("unload", orders.OldContact("user/mod_event_socket")),
    ],
    ids=repr,
)
def test_names_that_together_would_unload_the_event_socket_are_refused(order: orders.Order) -> None:
    """FreeSWITCH looks for both words anywhere in a command (mod_event_socket.c:1729); both are fine identifiers."""
    with pytest.raises(UnsafeOrder):
        build(order, DIAL)


def test_either_of_those_names_alone_is_an_agents_own_affair() -> None:
    refused_or_as_intended(orders.SetAgentStatus("mod_event_socket", "On Break"))
    assert build(orders.SetAgentStatus("unload", "On Break"), DIAL)


@pytest.mark.parametrize("name", ["exit", "...", "..", "undef", "-ERR", "+OK", "agent", "bgapi", "_undef_", "-"])
@pytest.mark.parametrize(
    ("order", "field"), [pair for pair in fields_of(str) if pair[1] in ("agent", "queue")], ids=ids
)
def test_words_of_freeswitch_as_a_name_stay_an_argument_in_its_place(
    order: orders.Order, field: str, name: str
) -> None:
    """``exit`` and ``...`` disconnect, but only in front; they are identifiers like any other."""
    named = replace(order, **{field: name})
    commands = build(named, DIAL)
    assert all(
        line.startswith(("callcenter_config ", "originate '{", "global_setvar sasayaki_number_"))
        for line in lines(commands)
    )
    assert [meaning(line) for line in lines(commands)] == intended(named)


@pytest.mark.parametrize(
    "order",
    [
        orders.RingSupervisor(LEG, "s-1", "9001", TARGET, 0, follow=True),
        orders.MoveSupervisor(LEG, TARGET, 0, follow=False),
        orders.JoinSupervisor(LEG, "s-1", TARGET, 0, follow=False),
        SWITCH_MODE,
    ],
    ids=ids,
)
def test_mode_when_not_0_2_or_3_then_refused(order: orders.Order) -> None:
    """1 speaks to the customer: no order may ever say it, whatever type it comes in."""
    assert let_through(order, "mode", [1, -1, 4, 10, "0", "1", "2", None, True, False, 2.0, "*", [2]]) == []

"""Orders that say where an agent's calls ring: what his contact holds, and what it may never hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fs_app.floor import orders
from fs_app.switch.orders import DialPlan, UnsafeOrder, build
from tests.unit.switch.dangerous_values import NEVER, NO_NUMBERS, NO_TEXTS, let_through
from tests.unit.switch.order_meanings import lines
from tests.unit.switch.switch_reads import meaning
from tests.unit.switch.written_orders import BACK, DIAL, SAMPLES, ids


def test_outside_number_when_the_pattern_names_the_domain_then_it_is_put_in() -> None:
    dial = replace(DIAL, external_dial="sofia/internal/{number}@{domain}")
    (line,) = lines(build(orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678", confirm=False)), dial))
    assert meaning(line)[-1].endswith("]sofia/internal/0312345678@pbx.example")


def test_variables_in_braces_of_a_dial_pattern_stay_in_front() -> None:
    dial = replace(DIAL, extension_dial="{a=b}user/{extension}@{domain}", external_dial="{c=d}sofia/x/{number}")
    both = orders.SetAgentContact("1001", "1001", orders.OutsidePhone("0312345678", 5, confirm=False))
    (line,) = lines(build(both, dial))
    assert meaning(line)[-1] == (
        "{a=b}{c=d}[leg_timeout=20]user/1001@pbx.example,"
        "[^^~sasayaki_outside=0312345678~leg_timeout=25~leg_delay_start=5]sofia/x/0312345678"
    )


def test_outside_number_when_the_site_has_none_then_refused() -> None:
    with pytest.raises(UnsafeOrder, match="not set up"):
        build(
            orders.SetAgentContact("1001", None, orders.OutsidePhone("0312345678", confirm=False)),
            DialPlan("pbx.example"),
        )


OUTSIDE_FIELDS: list[tuple[str, list[Any]]] = [
    ("number", [*NEVER, *NO_TEXTS]),
    ("caller_id", [*NEVER, *NO_TEXTS]),
    ("delay_s", [*NEVER, *NO_NUMBERS, 61]),
    ("rounds", [*NEVER, *NO_NUMBERS, 0, 6]),
    ("pause_s", [*NEVER, *NO_NUMBERS, 0, 11]),
    ("confirm", [None, 0, 1, "", "true", []]),
]


@pytest.mark.parametrize(("field", "values"), OUTSIDE_FIELDS, ids=ids)
def test_field_of_an_outside_phone_when_dangerous_then_refused(field: str, values: list[Any]) -> None:
    phone = orders.OutsidePhone("09012345678", 10)
    made = [replace(phone, **{field: value}) for value in values]
    assert let_through(orders.SetAgentContact("1001", "1001", phone), "outside", made) == []


@pytest.mark.parametrize("extension", [text for text in [*NEVER, *NO_TEXTS] if text is not None])
def test_extension_of_a_contact_when_dangerous_then_refused(extension: Any) -> None:
    assert let_through(orders.SetAgentContact("1001", "1001"), "extension", [extension]) == []


def test_contact_without_any_phone_is_refused() -> None:
    with pytest.raises(UnsafeOrder):
        build(orders.SetAgentContact("1001"), DIAL)


def test_f4_outside_leg_when_the_switch_limits_its_calls_then_it_counts_before_it_rings() -> None:
    dial = replace(DIAL, outside_calls=30)
    both = orders.SetAgentContact("1001", "1001", orders.OutsidePhone("09012345678", 10, confirm=False))
    (line,) = lines(build(both, dial))
    assert meaning(line)[-1] == (
        "[leg_timeout=20]user/1001@pbx.example,[^^~sasayaki_outside=09012345678~leg_timeout=25~leg_delay_start=10"
        "~limit_ignore_transfer=true~execute_on_originate=limit hash outbound all 30 !NORMAL_CIRCUIT_CONGESTION]"
        "sofia/gateway/carrier/09012345678"
    )
    (line,) = lines(build(orders.SetAgentContact("1001", "1001"), dial))
    assert "limit" not in line


def test_our_contacts_never_hold_a_pipe_and_always_a_leg_timeout() -> None:
    for order in SAMPLES:
        if isinstance(order, orders.SetAgentContact):
            (line,) = lines(build(order, DIAL))
            assert "|" not in line
            assert line.count("leg_timeout=") == (order.extension is not None) + (order.outside is not None)


@pytest.mark.parametrize(
    "contact",
    [
        "[leg_timeout=10]user/1001@default|sofia/gateway/carrier/090",
        "[leg_timeout=10,execute_on_answer='callcenter_track 1001@default']user/1001@default",
        "user/1001@default\\,x",
        "[a=\\'b\\']user/1",
        '[a="x y"]user/1',
        "${regex(a|b)}user/1001",
        "^^:a:b",
        "'user/1'",
        "user/日",
    ],
)
def test_contact_that_was_there_is_given_back_as_it_was(contact: str) -> None:
    (line,) = lines(build(orders.RestoreAgentContact("1001", orders.OldContact(contact)), DIAL))
    assert meaning(line) == ["callcenter_config", "agent", "set", "contact", "1001", contact]


@pytest.mark.parametrize("contact", ["", "a\nb", "a\r", "a\0", "x" * 1025, "a\x85b", "a\u2028b", "\ud800", None, 1])
def test_contact_that_would_end_the_line_is_not_given_back(contact: Any) -> None:
    assert let_through(BACK, "contact", [contact]) == []

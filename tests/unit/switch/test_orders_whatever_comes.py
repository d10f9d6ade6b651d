"""Whatever stands in an order: it is refused, or every word stays exactly in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fs_app import setting_rules
from fs_app.floor import orders, statuses
from fs_app.switch.orders import DialPlan, build
from tests.unit.switch.dangerous_values import NEVER
from tests.unit.switch.order_meanings import lines, refused_or_as_intended
from tests.unit.switch.switch_reads import meaning
from tests.unit.switch.written_orders import SAMPLES, hints

NASTY = st.sampled_from([text for text in NEVER if len(text) < 1000])
PLAUSIBLE = st.from_regex(r"\A[A-Za-z0-9_.@+-]{1,70}\Z")
EVENT_SOCKET = st.sampled_from(["mod_event_socket", "unload", "reload", "x-unload-x", "MOD_EVENT_SOCKET@a"])
LEGS = st.uuids().map(str) | st.from_regex(r"\A[0-9a-fA-F-]{36}\Z")
ANY_TEXT = st.text() | PLAUSIBLE | NASTY | LEGS | EVENT_SOCKET | st.builds("{}{}".format, PLAUSIBLE, NASTY)
ANY_NUMBER = st.integers(-5, 400) | st.integers()
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: ANY_TEXT | st.sampled_from([*statuses.SWITCH_STATUSES, "Waiting", "Ready", "external", "extension", "NONE"]),
    int: ANY_NUMBER,
    bool: st.booleans(),
    str | None: ANY_TEXT | st.none(),
    orders.OldContact: ANY_TEXT,
    orders.OutsidePhone | None: st.none()
    | st.builds(orders.OutsidePhone, ANY_TEXT, ANY_NUMBER, st.booleans(), ANY_NUMBER, ANY_NUMBER, ANY_TEXT)
    | st.builds(orders.OutsidePhone, st.from_regex(r"\A\+?[0-9]{3,20}\Z"), st.integers(0, 60), st.booleans()),
}


@given(data=st.data(), order=st.sampled_from(SAMPLES))
def test_any_value_in_one_field_is_refused_or_stays_exactly_there(data: st.DataObject, order: orders.Order) -> None:
    field = data.draw(st.sampled_from(sorted(hints(order))))
    refused_or_as_intended(replace(order, **{field: data.draw(BY_TYPE[hints(order)[field]])}))


@given(data=st.data(), order=st.sampled_from(SAMPLES))
def test_any_values_in_all_fields_are_refused_or_stay_exactly_there(data: st.DataObject, order: orders.Order) -> None:
    drawn = {name: data.draw(st.just(getattr(order, name)) | BY_TYPE[hint]) for name, hint in hints(order).items()}
    refused_or_as_intended(replace(order, **drawn))


SETTING = st.lists(
    st.sampled_from([*"az09/@,.^:&[]()=-_%$", "user/", "{domain}", "{a=b}", "${x}", " ", "'", "sofia/gateway/x/"]),
    max_size=12,
).map("".join)


@given(pattern=st.builds("user/{}{{extension}}{}".format, SETTING, SETTING))
def test_dial_pattern_that_the_settings_take_stays_one_argument(pattern: str) -> None:
    try:
        accepted = setting_rules.extension_dial(pattern)
    except ValueError:
        return
    dial = DialPlan("pbx.example", extension_dial=accepted)
    (line,) = lines(build(orders.SetAgentContact("a", "77"), dial))
    contact = "[leg_timeout=20]" + accepted.replace("{extension}", "77").replace("{domain}", "pbx.example")
    assert meaning(line) == ["callcenter_config", "agent", "set", "contact", "a", contact]
    assert "${" not in line

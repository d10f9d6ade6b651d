"""Which outside numbers may be rung: the list of the settings, read part by part."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_app.controller.numbers import Numbering, SiteNumbering
from fs_app.floor.errors import Rejected

HOME, GERMAN, AMERICAN = "03-3224-9999", "+493012345678", "+12125550123"


@pytest.mark.parametrize(
    ("allow", "typed", "dialled"),
    [
        ("national", HOME, "0332249999"),
        ("+49", GERMAN, GERMAN),
        ("national,+49", GERMAN, GERMAN),
        ("national,+49", HOME, "0332249999"),
        ("+493", GERMAN, GERMAN),
    ],
)
def test_number_when_a_part_of_the_list_names_it_then_it_may_be_rung(allow: str, typed: str, dialled: str) -> None:
    assert Numbering("JP", allow).dialled(typed) == dialled


@pytest.mark.parametrize(
    ("allow", "typed"),
    [("national", GERMAN), ("+49", HOME), ("national,+49", AMERICAN), ("", HOME), ("+4989", GERMAN)],
)
def test_number_when_no_part_of_the_list_names_it_then_it_is_refused(allow: str, typed: str) -> None:
    with pytest.raises(Rejected) as refused:
        Numbering("JP", allow).dialled(typed)
    assert refused.value.error == "number_not_allowed"


def outcome(typed: str, region: str = "JP", allow: str = "national") -> str:
    return outcome_of(Numbering(region, allow), typed)


def outcome_of(numbering: Numbering | SiteNumbering, typed: str) -> str:
    try:
        return numbering.dialled(typed)
    except Rejected as rejected:
        return f"! {rejected.error}"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0312345678", "0312345678"),
        ("+81 3-1234-5678", "0312345678"),
        ("０３－１２３４－５６７８", "0312345678"),
        (" (03) 1234 5678\n", "0312345678"),
        ("090-1234-5678", "09012345678"),
        ("070-1234-5678", "07012345678"),
        ("060-1234-5678", "06012345678"),
        ("050-3123-4567", "05031234567"),
        ("0120-123-456", "0120123456"),
        ("0800-123-4567", "08001234567"),
        ("0990-504-123", "! number_not_allowed"),
        ("0570-000-000", "! number_not_allowed"),
        ("+81 570 000 000", "! number_not_allowed"),
        ("020-1234-5678", "! number_not_allowed"),
        ("0601234567", "! number_not_allowed"),
        ("+1 212 555 0123", "! number_not_allowed"),
        ("010-1-212-555-0123", "! number_not_allowed"),
        ("+44 20 7946 0958", "! number_not_allowed"),
        ("+870 773 111 632", "! number_not_allowed"),
        ("+979 1 2345 6789", "! number_not_allowed"),
        ("+882 16 123 45678", "! number_not_allowed"),
        *((short, "! invalid_number") for short in ("110", "119", "118", "104", "117", "171", "911", "112", "0110")),
        ("1001", "! invalid_number"),
        ("+81110", "! invalid_number"),
        ("03-1234", "! invalid_number"),
        ("03-1234-5678-9", "! invalid_number"),
        ("184-03-1234-5678", "! invalid_number"),
        ("#31#0312345678", "! invalid_number"),
        ("", "! invalid_number"),
        ("  ", "! invalid_number"),
        ("+", "! invalid_number"),
        ("Tanaka", "! invalid_number"),
        ("0312345678 exit", "! invalid_number"),
        ("1" * 300, "! invalid_number"),
        ("0312345678,user/1001", "! invalid_number"),
    ],
)
def test_number_typed_on_a_japanese_site(typed: str, expected: str) -> None:
    assert outcome(typed) == expected


@pytest.mark.parametrize("typed", ["03-1234-5678 ext. 99", "0312345678;ext=99", "0312345678,,99", "03-1234-5678 x99"])
def test_number_with_an_extension_is_refused_and_not_dialled_as_one(typed: str) -> None:
    assert outcome(typed) == "! invalid_number"


@pytest.mark.parametrize(
    ("region", "typed", "expected"),
    [
        ("US", "(212) 664-7665", "2126647665"),
        ("US", "800-234-5678", "8002345678"),
        ("US", "1-900-234-5678", "! number_not_allowed"),
        ("US", "+1 876 926 1234", "! number_not_allowed"),
        ("US", "876-926-1234", "! number_not_allowed"),
        ("US", "1-242-322-1234", "! number_not_allowed"),
        ("US", "416-555-0123", "! number_not_allowed"),
        ("CA", "416-555-0123", "4165550123"),
        ("CA", "800-234-5678", "8002345678"),
        ("US", "911", "! invalid_number"),
        ("GB", "020 7946 0958", "02079460958"),
        ("GB", "01624 675663", "! number_not_allowed"),
        ("GB", "070 1234 5678", "! number_not_allowed"),
        ("GB", "0906 123 4567", "! number_not_allowed"),
        ("GB", "999", "! invalid_number"),
        ("DE", "030 12345678", "03012345678"),
        ("DE", "0900 1234567", "! number_not_allowed"),
        ("IT", "06 1234 5678", "0612345678"),
        ("RU", "+7 727 250 1234", "! number_not_allowed"),
    ],
)
def test_number_typed_on_a_site_elsewhere(region: str, typed: str, expected: str) -> None:
    """National is the site's own country, not all that share its code: calls to Jamaica cost and are a known fraud."""
    assert outcome(typed, region) == expected


def test_number_of_a_neighbour_with_the_same_code_is_dialled_whole_where_the_list_names_it() -> None:
    assert outcome("876-926-1234", "US", "national,+1876") == "+18769261234"
    assert outcome("876-926-1235", "US", "national,+1242") == "! number_not_allowed"


@pytest.mark.parametrize("typed", ["0990-504-123", "0570-000-000", "110"])
def test_number_that_costs_extra_is_refused_whatever_the_list_says(typed: str) -> None:
    assert outcome(typed, "JP", "national,+81,+1").startswith("! ")


@pytest.mark.parametrize(
    ("narrowed", "typed", "expected"),
    [
        ("", "03-1234-5678", "0312345678"),
        ("+8190,+8180", "090-1234-5678", "09012345678"),
        ("+8190,+8180", "03-1234-5678", "! number_not_allowed"),
        ("+8190,+49,+1", "+49 30 12345678", "! number_not_allowed"),
        ("national,+1", "+1 212 664 7665", "! number_not_allowed"),
        ("+81", "0990-504-123", "! number_not_allowed"),
    ],
)
def test_list_of_the_panel_narrows_and_never_widens_that_of_the_settings(
    narrowed: str, typed: str, expected: str
) -> None:
    assert outcome_of(SiteNumbering(Numbering("JP", "national"), lambda: (narrowed, ())), typed) == expected


@pytest.mark.parametrize("own", ["0312345678", "03-1234-5678", "+81312345678"])
def test_numbers_of_the_centre_are_refused_because_they_would_loop(own: str) -> None:
    numbering = SiteNumbering(Numbering("JP", "national"), lambda: ("", (own,)))
    assert outcome_of(numbering, "03-1234-5678") == "! number_not_allowed"
    assert outcome_of(numbering, "+81 3 1234 5678") == "! number_not_allowed"
    assert outcome_of(numbering, "03-1234-5679") == "0312345679"


def test_lists_of_the_panel_hold_at_once() -> None:
    now = [""]
    numbering = SiteNumbering(Numbering("JP", "national"), lambda: (now[0], ()))
    assert outcome_of(numbering, "03-1234-5678") == "0312345678"
    now[0] = "+8190"
    assert outcome_of(numbering, "03-1234-5678") == "! number_not_allowed"


@given(st.text() | st.from_regex(r"\A[0-9+() .,;x#*-]{0,20}\Z"))
def test_what_may_be_dialled_is_digits_only(typed: str) -> None:
    dialled = outcome(typed, "JP", "national,+1,+44")
    assert re.fullmatch(r"\+?[0-9]{3,20}|! (invalid_number|number_not_allowed)", dialled)
    assert dialled not in ("110", "118", "119")

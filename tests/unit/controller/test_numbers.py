"""Which outside numbers may be rung: the list of the settings, read part by part."""

from __future__ import annotations

import pytest

from fs_app.controller.numbers import Numbering
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

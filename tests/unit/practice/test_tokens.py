"""Arguments and dial strings are read as FreeSWITCH reads them."""

from __future__ import annotations

import pytest

from fs_app.practice.dialstring import parse
from fs_app.practice.tokens import c_int, split_arguments


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a b c", ["a", "b", "c"]),
        ("a  b", ["a", "b"]),
        ("a 'b c' d", ["a", "b c", "d"]),
        ("a b\\sc", ["a", "b c"]),
        ("a it\\'s", ["a", "it's"]),
        ("a it's b", ["a", "it's b"]),
        ("^^:a:b c:d", ["a", "b c", "d"]),
        ("1 2 3 4 5 6 7 8 9 10", ["1", "2", "3", "4", "5", "6", "7", "8 9 10"]),
        ("", []),
    ],
)
def test_arguments_when_split_then_as_freeswitch(text: str, tokens: list[str]) -> None:
    assert split_arguments(text, 8) == tokens


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("-3x", -3), ("abc", 0), ("", 0), (" 7", 7), ("+4", 4)])
def test_number_when_read_then_as_atoi(text: str, value: int) -> None:
    assert c_int(text) == value


def test_dial_string_when_parsed_then_variables_groups_and_legs() -> None:
    dial = parse("{a=1,b='x,y'}[c=2]user/1001,sofia/gateway/carrier/090|user/1002")
    assert dial.variables == {"a": "1", "b": "x,y"}
    assert [[leg.endpoint for leg in group] for group in dial.groups] == [
        ["user/1001", "sofia/gateway/carrier/090"],
        ["user/1002"],
    ]
    assert dial.groups[0][0].variables == {"c": "2"}


@pytest.mark.parametrize("text", ["", "{a=1", "[a=1]", "user/1,,user/2", "|"])
def test_dial_string_when_broken_then_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"nothing to dial|is not closed"):
        parse(text)


def test_variables_when_separator_is_given_then_commas_stay() -> None:
    assert parse("{^^:a=1,2:b=3}user/1").variables == {"a": "1,2", "b": "3"}

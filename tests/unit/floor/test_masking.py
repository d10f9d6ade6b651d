"""Outside numbers for those without the right to see them, and who has it."""

from __future__ import annotations

import pytest

from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, USER, Actor
from fs_app.floor.masking import has_outside_number, masked
from fs_app.floor.permissions import may_see_number

A, B = "a@default", "b@default"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("09012345678", "090-****-5678"),
        ("0312345678", "031-****-5678"),
        ("+4930123456", "+49-****-3456"),
        ("5551234", "****-34"),
        ("1001", "1001"),
        ("123456", "123456"),
        ("1001, 09012345678", "1001, 090-****-5678"),
        ("", ""),
    ],
)
def test_masked_number_keeps_its_ends_and_extensions_stay(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert has_outside_number(text) is (text != shown)
    assert masked(shown) == shown


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (Actor("x", ADMINISTRATOR, "X"), True),
        (Actor("x", USER, "X", agent="1001@default"), True),
        (Actor("x", SUPERVISOR, "X", agent="1001@default"), True),
        (Actor("x", SUPERVISOR, "X", grants={A: "view", B: "edit"}), True),
        (Actor("x", SUPERVISOR, "X", grants={A: "view", B: "view"}), False),
        (Actor("x", SUPERVISOR, "X", grants={"other@default": "edit"}), False),
        (Actor("x", SUPERVISOR, "X"), False),
        (Actor("x", USER, "X", agent="1002@default", grants={A: "edit"}), False),
    ],
)
def test_number_of_an_agent_is_seen_by_administrators_himself_and_edit_on_one_of_his_queues(
    actor: Actor, seen: bool
) -> None:
    assert may_see_number(actor, {"id": "1001@default", "tiers": {A: 1, B: 2}}) is seen

"""What must never get through in a field of an order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fs_app.floor import orders
from fs_app.switch.orders import UnsafeOrder, build
from tests.unit.switch.written_orders import DIAL

NEVER = [
    "", " ", "a b", "a\n\nexit", "a\nJob-UUID: 1", "a\r", "a\x00b", "\x1b[2J", "a\x7f", "a\t", "a\n", "\n", "exit\n\n",
    "${system(id)}", "$${domain}", "${sofia_contact(1001)}", "a'b", "'", '"', "a\\sb", "\\", "^^:a:b", "^^,", "%[a=b]x",
    "{a=b}", "[a=b]", "<a=b>", "a,b", "a|b", "a:_:b", "user/1,user/2", "&system(id)", "1001 &eavesdrop(x)", "a)", "(a",
    "x::y", "x!NORMAL_CLEARING", "reload mod_event_socket", "unload\tmod_event_socket", "a;;b", "a=b", "#", "`id`", "$(id)",
    "٣٤٥", "１００１", "²", "ア", "a\u200b", "a\u2028b", "a\x85", "\ud800", "é", "1" * 200, "a" * 5_000_000,
    "console_execute: true", "a;unload", "../../etc/passwd", "~", "*", "?",
]  # fmt: skip
NO_TEXTS: list[Any] = [None, True, False, 1.0, 1.5, float("nan"), b"1001", ["1001"], ("1001",), {}, object()]
NO_NUMBERS: list[Any] = [
    "1", "1 2", "", None, True, False, 1.0, float("inf"), float("nan"), -1, 1 << 40, b"1", [1], "１",
]  # fmt: skip


def let_through(order: orders.Order, field: str, values: list[Any]) -> list[str]:
    """Which of these values of a field do not end in UnsafeOrder."""
    through = []
    for value in values:
        try:
            build(replace(order, **{field: value}), DIAL)
        except UnsafeOrder as refused:
            assert len(str(refused)) < 120, "the refusal echoes the value"
        else:
            through.append(ascii(value)[:80])
    return through

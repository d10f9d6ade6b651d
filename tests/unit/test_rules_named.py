"""Every rule of the product's acceptance list is named by a test that proves it: ``test_b4_…``, ``test_b1_to_b5_…``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
LAST = {"a": 7, "b": 15, "c": 12, "d": 20, "e": 9, "f": 8, "g": 1}
"""How many rules each table of the list has: seeing, statuses, priority, listening, dial codes, own phones, around it."""
RULES = {f"{table}{number}" for table, last in LAST.items() for number in range(1, last + 1)}
_CARRIED = re.compile(r"test((?:_(?:and|to|[a-g]\d+))+)_")
_SPAN = re.compile(r"([a-g])(\d+)(?:_to_\1(\d+))?")


def rules_of(name: str) -> Iterator[str]:
    """The rules that a test's name carries at its beginning; ``b1_to_b5`` are five."""
    carried = _CARRIED.match(name)
    for table, first, last in _SPAN.findall(carried[1]) if carried is not None else ():
        yield from (f"{table}{number}" for number in range(int(first), int(last or first) + 1))


def names_of_tests() -> Iterator[str]:
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


def test_every_rule_is_named_by_a_test() -> None:
    named = {rule for name in names_of_tests() for rule in rules_of(name)}
    assert RULES - named == set(), "write the test, or give the one that proves it the rule's number"


def test_rules_of_a_name_are_those_at_its_beginning() -> None:
    assert list(rules_of("test_d3_d6_each_guard_refuses")) == ["d3", "d6"]
    assert list(rules_of("test_a3_and_a4_the_list")) == ["a3", "a4"]
    assert list(rules_of("test_b1_to_b3_status_may_be_changed_by")) == ["b1", "b2", "b3"]
    assert list(rules_of("test_status_when_b4_is_meant")) == []

"""Whoever reads the audit reads sentences: every cause that the program itself can write down has a text in both languages."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from fs_app.floor.errors import HTTP_STATUS
from web.texts import LOCALES

ROOT = Path(__file__).parents[3]
# Where a cause stands in what is called.
PLACES = {"outcome": 2, "record": 2, "end": 4, "leg_ended": 3, "Rejected": 1, "_end": 1}


def written_down() -> set[str]:
    """Every cause that stands in the code, by its own name or by a constant's."""
    found: set[str] = set()
    for folder in ("fs_app/controller", "fs_app/floor", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.update(causes(ast.parse(path.read_text(encoding="utf-8")), importlib.import_module(name)))
    return found - {""}


def causes(tree: ast.AST, module: ModuleType) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = PLACES.get(called)
            if place is not None and len(node.args) > place:
                yield from values(node.args[place], module)
        elif isinstance(node, ast.Assign) and {"why", "cause"} & {named(part) for part in parts(node.targets)}:
            yield from values(node.value, module)


def parts(targets: list[ast.expr]) -> Iterator[ast.AST]:
    for target in targets:
        yield from ast.walk(target)


def named(node: ast.AST) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def values(node: ast.AST, module: ModuleType) -> Iterator[str]:
    """What an expression may be, as far as it stands there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and isinstance(found := getattr(module, node.id, None), str):
        yield found
    elif isinstance(node, ast.Attribute):
        owner = getattr(module, getattr(node.value, "id", ""), None)
        if isinstance(found := getattr(owner, node.attr, None), str):
            yield found
    elif isinstance(node, ast.IfExp):
        yield from values(node.body, module)
        yield from values(node.orelse, module)
    elif isinstance(node, ast.BoolOp | ast.Tuple):
        for part in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from values(part, module)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_cause_that_the_audit_may_hold_has_a_text(locale: str):
    texts = json.loads((ROOT / "web" / "locales" / f"{locale}.json").read_text(encoding="utf-8"))
    told = {key.removeprefix("audit.cause.") for key in texts["ui"] if key.startswith("audit.cause.")}
    told |= {key.removesuffix(".title") for key in texts["errors"] if key.endswith(".title")}
    # What ends a supervision or keeps it from beginning has a text for its owner already.
    shown = {key.removeprefix("cause.") for key in texts["ui"] if key.startswith("cause.")}
    here = written_down()
    assert {"stopped", "replaced", "wrong_credentials", "READ_BACK_DIFFERS", "SWITCH_RESTARTED", "hung_up"} <= here
    assert (here | set(HTTP_STATUS) | shown | {"bypass", "proxy"}) - told == set()

"""How the code is cut: small modules, small functions, one place for each thing that must not spread.

Directions of imports are import-linter's business (pyproject.toml); here is what it cannot see.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40

# The only way to FreeSWITCH's library, and the client that is measured beside ours.
GREENSWITCH = {"fs_app/switch/client.py", "scripts/benchmarks/clients/greenswitch_client.py"}
GREENLETS = {"fs_app/greenlets.py"}
# Programs that a person runs in a terminal; all else logs.
TERMINALS = {
    "fs_app/__main__.py",
    "fs_app/accounts_cli.py",
    "fs_app/check/screen.py",
    "fs_app/practice/__main__.py",
    "fs_app/selftest/audio.py",
    "fs_app/serve/tree.py",
    "fs_app/switch/recorder.py",
}


def modules() -> list[str]:
    """Every Python file of the product, its front door and its scripts, by its path from the root."""
    found = (path for top in ("fs_app", "web", "scripts") for path in (ROOT / top).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in found if "node_modules" not in path.parts)


def modules_of_tests() -> list[str]:
    """Every Python file of the tests, by its path from the root."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py"))


# ---- what is looked for: each gives sentences about one module's text


def too_long(source: str) -> Iterator[str]:
    length = len(source.splitlines())
    if length > LONGEST_MODULE:
        yield f"{length} lines"


def too_long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name}: {length} lines"


def imports_of(source: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"line {node.lineno}" for name in names if name.partition(".")[0] == package)  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (f"line {node.lineno}" for argument in node.args if package in ast.unparse(argument))


def greenswitch_imports(source: str) -> Iterator[str]:
    return imports_of(source, "greenswitch")


def own_greenlets(source: str) -> Iterator[str]:
    """Greenlets without name and owner: gevent.spawn and its kin, or a Greenlet made by hand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gevent"):
            yield from (f"imports {alias.name}" for alias in node.names if alias.name.startswith(("spawn", "Greenlet")))
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.startswith(("gevent.spawn", "gevent.Greenlet")):
                yield f"line {node.lineno}: {called}"


def prints(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stdout.write", "sys.stderr.write"):
            yield f"line {node.lineno}"


Look = Callable[[str], Iterator[str]]


def found_in_all(look: Look, paths: list[str] | None = None) -> dict[str, list[str]]:
    """What one look tells of each of these modules, or of each of the product's."""
    every = {path: list(look((ROOT / path).read_text())) for path in paths or modules()}
    return {path: problems for path, problems in every.items() if problems}


# ---- the rules


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    assert found_in_all(too_long, [*modules(), *modules_of_tests()]) == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert found_in_all(too_long_functions) == {}


def test_greenswitch_stays_behind_one_subclass() -> None:
    assert set(found_in_all(greenswitch_imports)) == {path for path in GREENSWITCH if (ROOT / path).exists()}


def test_greenlets_are_made_in_one_place_where_each_gets_a_name_and_an_owner() -> None:
    assert set(found_in_all(own_greenlets)) == GREENLETS


def test_only_what_runs_in_a_terminal_prints() -> None:
    """Scripts are such programs. Whoever prints no more leaves the list."""
    assert {path for path in found_in_all(prints) if not path.startswith("scripts/")} == TERMINALS


# ---- whether it would be seen


@pytest.mark.parametrize(
    ("look", "source"),
    [
        (too_long, "x = 1\n" * 301),
        (too_long_functions, "class A:\n    def f(self):\n" + "        x = 1\n" * 40),
        (too_long_functions, "def outer():\n    async def f():\n" + "        x = 1\n" * 40 + "    return f"),
        (greenswitch_imports, "import greenswitch"),
        (greenswitch_imports, "def f():\n    from greenswitch.esl import InboundESL as X"),
        (greenswitch_imports, "import importlib\nimportlib.import_module('greenswitch')"),
        (own_greenlets, "import gevent\ngevent.spawn(f)"),
        (own_greenlets, "import gevent\ngevent.spawn_later(1, f)"),
        (own_greenlets, "from gevent import spawn"),
        (own_greenlets, "import gevent\nx = gevent.Greenlet(f)"),
        (own_greenlets, "import gevent\nx = gevent.Greenlet.spawn(f)"),
        (prints, "def f():\n    print(1)"),
        (prints, "import sys\nsys.stdout.write('x')"),
    ],
)
def test_look_when_a_rule_is_broken_then_it_is_told(look: Look, source: str) -> None:
    assert list(look(source)) != []


@pytest.mark.parametrize(
    ("look", "source"),
    [
        (too_long, "x = 1\n" * 300),
        (too_long_functions, "def f():\n" + "    x = 1\n" * 39),
        (greenswitch_imports, "# import greenswitch\nx = 'greenswitch'\nimport greenswitching"),
        (own_greenlets, "from fs_app import greenlets\ngreenlets.spawn('x', f)\nx: gevent.Greenlet[..., None]"),
        (prints, "x = 'print(1)'\nlog.info('print')"),
    ],
)
def test_look_when_all_is_well_then_nothing_is_told(look: Look, source: str) -> None:
    assert list(look(source)) == []


def test_every_part_of_the_product_is_looked_at() -> None:
    looked_at = modules()
    assert {"fs_app/switch/client.py", "web/access.py", "fs_app/practice/people/crowd.py"} <= set(looked_at)
    assert len(looked_at) > 150
    assert {"tests/unit/floor/stage.py", "tests/live/rig/driver.py", "tests/contract/center.py"} <= set(
        modules_of_tests()
    )

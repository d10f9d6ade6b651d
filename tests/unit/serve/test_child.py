"""Processes of the tree: kept running, ended in time, never left behind."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from fs_app.serve.child import Child
from tests.unit.serve.processes import descendants, is_alive, none_alive, wait_for

ROOT = Path(__file__).resolve().parents[3]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def until(*, seen: list[str]) -> None:
    with gevent.Timeout(10):
        while not seen:
            gevent.sleep(0.01)


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def make(lines: list[str]) -> Iterator[object]:
    made: list[Child] = []

    def child(code: str, **more: object) -> Child:
        one = Child("one", lambda: [sys.executable, "-u", "-c", code], on_line=lines.append, **more)  # type: ignore[arg-type]
        made.append(one)
        one.start()
        return one

    yield child
    for one in made:
        one.end(0)


def test_child_when_it_dies_then_it_is_started_again(make, lines: list[str]) -> None:
    child = make("import time; print('up'); time.sleep(60)")
    until(seen=lines)
    first = child.pid
    lines.clear()
    os.kill(first, signal.SIGKILL)
    until(seen=lines)
    assert child.pid not in (None, first)


def test_child_when_it_keeps_dying_then_the_pauses_grow(make, lines: list[str]) -> None:
    make("import time; print(time.monotonic())")
    with gevent.Timeout(10):
        while len(lines) < 4:
            gevent.sleep(0.01)
    starts = [float(line) for line in lines]
    pauses = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert pauses[0] >= 0.5
    assert pauses[1] >= 1.0
    assert pauses[2] >= 2.0


def test_child_when_its_settings_are_faulty_then_it_is_not_started_again(make, lines: list[str]) -> None:
    told: list[bool] = []
    child = make("import sys; sys.exit(78)", on_faulty_settings=lambda: told.append(True))
    with gevent.Timeout(10):
        while not told:
            gevent.sleep(0.01)
    assert child.pid is None


def test_child_when_asked_to_end_then_it_ends_and_stays_ended(make, lines: list[str]) -> None:
    child = make("import time; print('up'); time.sleep(60)")
    until(seen=lines)
    pid = child.pid
    child.end(2.0)
    assert not is_alive(pid)
    gevent.sleep(0.7)
    assert child.pid is None


def test_child_when_deaf_to_the_signal_then_it_is_killed_after_the_grace(make, lines: list[str]) -> None:
    child = make(DEAF)
    until(seen=lines)
    started = time.monotonic()
    child.end(0.3)
    assert 0.3 <= time.monotonic() - started < 2
    assert child.pid is None


def test_child_when_the_parent_is_killed_then_it_ends_too(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import gevent, sys; from fs_app.serve.child import Child\n"
            "Child('one', lambda: [sys.executable, '-c', 'import time; time.sleep(60)']).start()\n"
            "gevent.sleep(60)",
        ],
        cwd=ROOT,
    )
    children = wait_for(lambda: descendants(parent.pid))
    parent.kill()
    parent.wait()
    wait_for(lambda: none_alive(children))


def test_leash_when_the_parent_is_gone_already_then_nothing_runs(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    leash = ROOT / "fs_app/serve/leash.py"
    gone = subprocess.run([sys.executable, leash, "1", "touch", mark], check=False)
    assert gone.returncode == 1
    assert not mark.exists()

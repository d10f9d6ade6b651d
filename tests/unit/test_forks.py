"""A forked program is a process of its own, as one that was started from the command line."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.forks import Process


def started(folder: Path, **settings: str) -> Process:
    """A controller whose switch and Redis are away."""
    environ = {f"SASAYAKI_{name.upper()}": value for name, value in settings.items()}
    with (folder / "log").open("wb") as log:
        return Process(["controller"], environ | {"SASAYAKI_DATA_DIR": str(folder)}, log.fileno())


def test_it_ends_with_the_programs_exit_code_and_writes_into_its_log(tmp_path: Path) -> None:
    assert started(tmp_path).wait(10) == 78
    assert "SASAYAKI_FREESWITCH: is empty" in (tmp_path / "log").read_text()


def test_its_environment_is_its_own(tmp_path: Path) -> None:
    assert started(tmp_path, log_level="loud").wait(10) == 78
    assert "SASAYAKI_LOG_LEVEL" in (tmp_path / "log").read_text()
    assert started(tmp_path).wait(10) == 78
    assert "SASAYAKI_LOG_LEVEL" not in (tmp_path / "log").read_text()


def test_it_can_be_killed(tmp_path: Path) -> None:
    running = started(tmp_path, freeswitch="esl://:ClueCon@127.0.0.1:1", redis_url=f"unix://{tmp_path}/none")
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(0.01)
    running.kill()
    assert running.wait(10) == running.poll() == -signal.SIGKILL

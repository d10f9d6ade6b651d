"""``python -m fs_app selftest audio`` as an administrator starts it, on the practice floor and on a real FreeSWITCH."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.driver import Driver
from tests.contract.esl import Esl
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.forks import ROOT

AT_MOST_S = 30.0
"""It says ten seconds; a loaded machine is given more."""


def start(tmp_path: Path, esl_url: str) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SASAYAKI_")}
    environ |= {"SASAYAKI_FREESWITCH": esl_url, "SASAYAKI_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "fs_app", "selftest", "audio"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finished(testing: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and everything that was printed."""
    wait(lambda: testing.poll() is not None, "it does not end", AT_MOST_S)
    said, _ = testing.communicate()
    return testing.returncode, said


def no_legs(esl: Esl) -> bool:
    return "\n0 total." in "\n" + esl.api("show channels")


def test_on_a_switch_as_it_should_be_it_prints_the_matrix_and_is_content(
    driver: Driver, center: Center, floor: Floor, esl: Esl, tmp_path: Path
) -> None:
    """Beside a running controller, which lets these legs be, and on a floor where nobody is disturbed."""
    floor.agent("1001")
    code, said = finished(start(tmp_path, driver.esl_url))
    assert code == 0, said
    tables = dict(part.split("\n", 1) for part in said.split("\n\n")[1:-1])
    assert [name.partition(",")[0] for name in tables] == ["whisper", "monitor", "barge", "whisper"]
    rows = {name: [line.split() for line in table.splitlines()[1:]] for name, table in tables.items()}
    assert rows["whisper, from the start"] == [
        ["customer", "-", "yes", "yes"],
        ["agent", "yes", "-", "yes"],
        ["supervisor", "no", "yes", "-"],
    ]
    assert ["supervisor", "no", "no", "-"] in rows["monitor, switched to while it runs"]
    assert ["supervisor", "yes", "yes", "-"] in rows["barge, switched to while it runs"]
    assert "All is as it must be" in said
    wait(lambda: no_legs(esl), "legs are left")
    assert center.code() == "available"
    assert not [command for command, _, _ in center.audit() if command.startswith("guard.")]


def test_a_whisper_that_reaches_the_customer_is_found(driver: Driver, esl: Esl, tmp_path: Path) -> None:
    """Something else on the switch puts the listener into mode 1, which on the agent's leg speaks to the customer."""
    testing = start(tmp_path, driver.esl_url)
    esl.wait(lambda event: event.name == "MEDIA_BUG_START" and event["Media-Bug-Function"] == "eavesdrop")
    listener = esl.wait(lambda event: event.get("Application") == "eavesdrop").uuid
    command = f"sendevent CUSTOM\nEvent-Subclass: test::mode\nUnique-ID: {listener}\neavesdrop-command: 1"
    assert esl.command(command).startswith("+OK")
    code, said = finished(testing)
    assert code == 1, said
    assert "WRONG: in whisper the customer hears the supervisor." in said
    assert "WRONG: in whisper the agent does not hear the supervisor." in said
    assert "YES !" in said
    assert "FAILED." in said
    wait(lambda: no_legs(esl), "legs are left")


def test_a_customer_who_is_gone_is_found(driver: Driver, esl: Esl, tmp_path: Path) -> None:
    testing = start(tmp_path, driver.esl_url)
    esl.wait(lambda event: event.name == "MEDIA_BUG_START" and event["Media-Bug-Function"] == "eavesdrop")
    customer = esl.wait("CHANNEL_BRIDGE")["Bridge-B-Unique-ID"]
    esl.api(f"uuid_kill {customer}")
    code, said = finished(testing)
    assert code == 1, said
    assert "WRONG: " in said
    wait(lambda: no_legs(esl), "legs are left")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_interrupted_it_leaves_no_leg_behind(driver: Driver, esl: Esl, tmp_path: Path, how: signal.Signals) -> None:
    testing = start(tmp_path, driver.esl_url)
    esl.wait(lambda event: event.name == "MEDIA_BUG_START" and event["Media-Bug-Function"] == "eavesdrop")
    testing.send_signal(how)
    code, said = finished(testing)
    assert code == 1, said
    assert "Ended before its time; every leg was hung up." in said
    wait(lambda: no_legs(esl), "legs are left")


def test_with_a_wrong_password_it_says_what_to_do(driver: Driver, tmp_path: Path) -> None:
    head, _, place = driver.esl_url.rpartition("@")
    code, said = finished(start(tmp_path, f"{head}wrong@{place}"))
    assert code == 1
    assert "refuses the password. Take the one in its event_socket.conf.xml." in said


def test_where_nobody_answers_it_says_what_to_do(tmp_path: Path) -> None:
    code, said = finished(start(tmp_path, "esl://:x@127.0.0.1:1"))
    assert code == 1
    assert "nobody answers. Is FreeSWITCH running" in said


def test_without_a_freeswitch_it_tries_the_practice_floor(tmp_path: Path) -> None:
    testing = start(tmp_path, "")
    code, said = finished(testing)
    assert code == 0, said
    assert "this is the practice floor" in said

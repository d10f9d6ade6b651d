"""The whole process tree, started as a person starts it: ready, alone on its folder, gone without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from tests.unit.serve.processes import command_line, descendants, is_alive, none_alive, wait_for

ROOT = Path(__file__).resolve().parents[2]
READY_S = 60


@dataclass
class Running:
    process: subprocess.Popen[str]
    output: Path

    @property
    def text(self) -> str:
        return self.output.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Sasayaki is ready: (http://\S+)", self.text)
        return found[1] if found else ""

    def wait_until_ready(self) -> str:
        def ready() -> str:
            assert self.process.poll() is None, self.text
            return self.address

        return wait_for(ready, READY_S)

    def part(self, name: str) -> int:
        """Process id of one part."""

        def find() -> int:
            for pid in descendants(self.process.pid):
                with contextlib.suppress(OSError):
                    if re.search(rf"fs_app[. ]{name}|{name}-server", command_line(pid)):
                        return pid
            return 0

        return wait_for(find)


Start = Callable[..., Running]


@contextlib.contextmanager
def starter(folder: Path) -> Iterator[Start]:
    """Starts ``serve`` on a data folder of the test; whatever is left of it afterwards is killed."""
    started: list[tuple[Running, set[int]]] = []

    def start(*arguments: str, wait: bool = True, **settings: str) -> Running:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SASAYAKI_")}
        environ |= {"SASAYAKI_DATA_DIR": str(folder / "var"), **settings}
        output = folder / f"output-{len(started)}"
        command = [sys.executable, "-m", "fs_app", "serve", "--listen", "127.0.0.1:0", *arguments]
        with output.open("w") as file:
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=file, stderr=file, text=True)
        running = Running(process, output)
        family: set[int] = set()
        started.append((running, family))
        if wait:
            running.wait_until_ready()
            family |= descendants(process.pid)
        return running

    try:
        yield start
    finally:
        for running, family in started:
            left = {running.process.pid, *descendants(running.process.pid)} if running.process.poll() is None else set()
            for pid in {*left, *filter(is_alive, family)}:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            running.process.wait()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Start]:
    with starter(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Start, Running]]:
    """One running tree for the tests that leave it running."""
    with starter(tmp_path_factory.mktemp("serve")) as start:
        yield start, start()


def is_up(running: Running) -> bool:
    try:
        return bool(urlopen(f"{running.address}/healthz", timeout=5).status == 200)
    except OSError:
        return False


def test_serve_when_ready_then_the_panel_answers_and_the_password_was_told_once(shared: tuple[Start, Running]) -> None:
    _, running = shared
    assert is_up(running)
    assert len(re.findall(r"Log in as admin with the password (\S{16,})", running.text)) == 1
    assert "practice floor" in running.text


def test_serve_when_running_then_no_command_line_shows_a_secret_and_only_the_controller_knows_the_switch(
    shared: tuple[Start, Running],
) -> None:
    _, running = shared
    for pid in descendants(running.process.pid):
        assert "esl://" not in command_line(pid)
    secret = re.search(rb"esl://:([^@]+)@", Path(f"/proc/{running.part('controller')}/environ").read_bytes())
    assert secret is not None
    for name in ("panel", "valkey"):
        assert secret[1] not in Path(f"/proc/{running.part(name)}/environ").read_bytes()
    assert secret[1].decode() not in running.text


def test_serve_when_one_runs_on_the_folder_then_a_second_says_so_in_one_line(shared: tuple[Start, Running]) -> None:
    start, running = shared
    second = start(wait=False)
    assert second.process.wait(20) == 1
    [line] = second.text.splitlines()
    assert line.startswith("Sasayaki already runs on the data folder ")
    assert f"(process {running.process.pid})" in line
    assert is_up(running)


@pytest.mark.parametrize("name", ["panel", "controller", "practice", "valkey"])
def test_serve_when_a_part_dies_then_it_is_started_again(shared: tuple[Start, Running], name: str) -> None:
    _, running = shared
    killed = running.part(name)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not is_alive(killed) and running.part(name) != killed)
    wait_for(lambda: is_up(running), 20)
    assert running.process.poll() is None


def test_serve_when_stopped_and_started_again_then_all_ended_in_time_and_no_password_is_told(serve: Start) -> None:
    running = serve(SASAYAKI_ADMIN_PASSWORD="correct horse battery")
    assert "correct horse" not in running.text
    family = descendants(running.process.pid)
    assert len(family) >= 4
    for pid in family:
        assert b"correct horse" not in Path(f"/proc/{pid}/environ").read_bytes()
    started = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(5) == 0
    assert time.monotonic() - started < 3
    assert none_alive(family)
    again = serve()
    assert "password" not in again.text
    family = descendants(again.process.pid)
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(5) == 0
    assert none_alive(family)


def test_serve_when_it_is_killed_then_its_parts_end_and_a_new_one_starts(serve: Start) -> None:
    running = serve()
    family = descendants(running.process.pid)
    running.process.kill()
    running.process.wait()
    again = serve()
    assert is_up(again)
    wait_for(lambda: none_alive(family))


def test_serve_when_the_address_is_taken_then_it_says_so_in_one_line(serve: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        second = serve("--listen", f"127.0.0.1:{taken.getsockname()[1]}", wait=False)
        assert second.process.wait(20) == 1
    [line] = second.text.splitlines()
    assert "another program does" in line
    assert "--listen" in line


def test_serve_when_the_database_is_away_then_it_says_so_and_leaves_nothing_running(serve: Start) -> None:
    running = serve(wait=False, SASAYAKI_DATABASE_URL="postgresql://u:tr0ub4dor@127.0.0.1:1/x")
    assert running.process.wait(30) == 1
    assert "The database does not answer" in running.text.splitlines()[-1]
    assert "tr0ub4dor" not in running.text
    assert none_alive(descendants(running.process.pid))


def test_serve_when_settings_are_wrong_then_all_are_told_and_the_code_is_78(serve: Start) -> None:
    running = serve(wait=False, SASAYAKI_REGION="Japan", SASAYAKI_PANEL_WORKERS="no")
    assert running.process.wait(20) == 78
    assert "SASAYAKI_REGION: is not a country." in running.text
    assert "SASAYAKI_PANEL_WORKERS: is not a whole number." in running.text
    assert "Traceback" not in running.text


def test_serve_when_practice_is_asked_for_beside_a_freeswitch_then_it_refuses(serve: Start) -> None:
    running = serve("--practice", "agents=5", wait=False, SASAYAKI_FREESWITCH="esl://:x@127.0.0.1:8021")
    assert running.process.wait(20) == 2
    assert "--practice" in running.text


@pytest.mark.parametrize("options", ["agents=none", "colour=red", "agents=5;speed=1"])
def test_serve_when_practice_options_are_wrong_then_the_right_ones_are_told(serve: Start, options: str) -> None:
    running = serve("--practice", options, wait=False)
    assert running.process.wait(20) == 2
    assert "Traceback" not in running.text
    assert "agents" in running.text


def test_outside_phone_when_on_the_practice_floor_then_an_agent_may_have_one(serve: Start) -> None:
    running = serve("--practice", "agents=3,calls_per_minute=0", SASAYAKI_ADMIN_PASSWORD="correct horse battery")
    browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        with browser.open(Request(f"{running.address}/api/v1{path}", data, headers, method=method), timeout=20) as told:
            return json.load(told)

    ask("POST", "/session", {"login": "admin", "password": "correct horse battery"})
    agent = wait_for(lambda: next((row["agent"] for row in ask("GET", "/board")["agents"]), ""), READY_S)
    told = ask("PUT", f"/agents/{quote(agent)}/terminal", {"kind": "external", "number": "09012345678"})
    assert (told["kind"], told["number"]) == ("external", "09012345678")

"""The embedded Valkey, for real, in a data folder."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
import redis

from fs_app.serve import data_folder
from fs_app.serve.faults import CannotStart
from fs_app.serve.valkey import Valkey
from tests.unit.serve.processes import is_alive


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[int]:
    descriptor = data_folder.lock(tmp_path / "var")
    yield descriptor
    os.close(descriptor)


def socket(tmp_path: Path) -> Path:
    return tmp_path / "var/valkey/valkey.sock"


def started(tmp_path: Path, lock: int) -> Valkey:
    server = Valkey(socket(tmp_path), lock, os.environ)
    server.child.start()
    server.wait_until_ready()
    return server


def client(tmp_path: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(socket(tmp_path)), decode_responses=True)


def test_valkey_when_started_then_it_has_a_private_socket_and_no_port(tmp_path: Path, lock: int) -> None:
    server = started(tmp_path, lock)
    try:
        assert stat.S_IMODE(socket(tmp_path).stat().st_mode) == 0o700
        assert stat.S_IMODE(socket(tmp_path).parent.stat().st_mode) == 0o700
        assert client(tmp_path).config_get("port") == {"port": "0"}
    finally:
        server.child.end(2)


def test_valkey_when_ended_and_started_again_then_what_was_written_is_there(tmp_path: Path, lock: int) -> None:
    server = started(tmp_path, lock)
    client(tmp_path).set("since", "1764000000")
    server.child.end(2)
    server = started(tmp_path, lock)
    try:
        assert client(tmp_path).get("since") == "1764000000"
    finally:
        server.child.end(2)


def test_valkey_when_killed_then_it_comes_back_with_its_data(tmp_path: Path, lock: int) -> None:
    server = started(tmp_path, lock)
    try:
        with client(tmp_path) as connection:
            connection.set("since", "1764000000")
            connection.execute_command("WAITAOF", 1, 0, 3000)
        killed = server.child.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        with gevent.Timeout(10):
            while server.child.pid in (None, killed):
                gevent.sleep(0.01)
        server.wait_until_ready()
        assert client(tmp_path).get("since") == "1764000000"
    finally:
        server.child.end(2)


def test_valkey_when_its_files_are_spoilt_then_its_last_words_are_told(tmp_path: Path, lock: int) -> None:
    started(tmp_path, lock).child.end(2)
    [manifest] = socket(tmp_path).parent.glob("appendonlydir/*.manifest")
    manifest.write_text("nonsense\n")
    server = Valkey(socket(tmp_path), lock, os.environ)
    server.child.start()
    try:
        with pytest.raises(CannotStart, match=r"The embedded Valkey does not start: .+"):
            server.wait_until_ready()
    finally:
        server.child.end(2)


def test_data_folder_when_a_tree_runs_on_it_then_a_second_is_refused_at_once(tmp_path: Path, lock: int) -> None:
    with pytest.raises(CannotStart) as caught:
        data_folder.lock(tmp_path / "var")
    assert str(caught.value).startswith(
        f"Sasayaki already runs on the data folder {tmp_path}/var (process {os.getpid()})."
    )
    assert "SASAYAKI_DATA_DIR" in str(caught.value)


def test_data_folder_when_a_stale_lock_file_is_left_then_it_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").write_text(f"{os.getpid()}\n")
    os.close(data_folder.lock(tmp_path))


def test_data_folder_when_valkey_outlives_its_parent_then_the_lock_holds_until_it_ends(tmp_path: Path) -> None:
    descriptor = data_folder.lock(tmp_path / "var")
    server = started(tmp_path, descriptor)
    # As after a SIGKILL of the head: its descriptor is gone, its number in the file means nobody.
    os.ftruncate(descriptor, 0)
    os.close(descriptor)
    pid = server.child.pid
    assert pid is not None
    gevent.spawn_later(0.5, server.child.end, 2)
    again = data_folder.lock(tmp_path / "var")
    assert not is_alive(pid)
    os.close(again)


def test_data_folder_when_it_cannot_be_written_then_the_remedy_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"cannot be written .* SASAYAKI_DATA_DIR"):
        data_folder.lock(tmp_path / "file" / "var")

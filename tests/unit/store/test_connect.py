"""Redis addresses, as people write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fs_app.store.connect import connect


def options(url: str) -> dict[str, Any]:
    return connect(url).connection_pool.connection_kwargs


def test_connect_when_the_address_is_a_server_then_host_database_and_password_are_taken() -> None:
    taken = options("redis://user:p%40w@cache:6380/2")
    assert (taken["host"], taken["port"], taken["db"]) == ("cache", 6380, 2)
    assert (taken["username"], taken["password"]) == ("user", "p@w")


def test_connect_when_the_address_is_a_socket_then_its_path_is_taken(tmp_path: Path) -> None:
    assert options(f"unix://{tmp_path}/a.sock")["path"] == f"{tmp_path}/a.sock"


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("a:26380,b", [("a", 26380), ("b", 26379)]),
        ("[::1]:26379", [("::1", 26379)]),
        ("[::1]", [("::1", 26379)]),
    ],
)
def test_connect_when_the_address_is_sentinel_then_each_is_asked_for_the_master(
    hosts: str, expected: list[tuple[str, int]]
) -> None:
    pool = connect(f"sentinel://:p%2Cw@{hosts}/mymaster/3").connection_pool
    asked = [one.connection_pool.connection_kwargs for one in pool.sentinel_manager.sentinels]
    assert [(one["host"], one["port"]) for one in asked] == expected
    assert {one["password"] for one in asked} == {"p,w"}
    assert pool.service_name == "mymaster"
    assert (pool.connection_kwargs["db"], pool.connection_kwargs["password"]) == (3, "p,w")


def test_connect_when_the_line_is_dead_then_nothing_is_sent_twice() -> None:
    assert options("redis://cache")["retry"].get_retries() == 0

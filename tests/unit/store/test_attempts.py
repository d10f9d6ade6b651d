"""Wrong entries: counted for everybody together, with a pause that grows, ends and is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import gevent
import pytest
from redis import Redis, RedisError

from fs_app.greenlets import spawn
from fs_app.store.attempts import RULES, Attempts
from fs_app.store.connect import connect
from tests.unit.valkey import running_valkey


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    with running_valkey() as url:
        yield url


@pytest.fixture
def redis(valkey: str) -> Iterator[Redis]:
    client = connect(valkey)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def attempts(redis: Redis) -> Attempts:
    return Attempts(redis)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of dial IDs, some hundred times faster."""
    monkeypatch.setitem(RULES, "dial_id", replace(RULES["dial_id"], first_s=0.1, longest_s=0.4, forgotten_s=30.0))


@pytest.fixture
def forgetful(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgotten as soon."""
    monkeypatch.setitem(RULES, "dial_id", replace(RULES["dial_id"], forgotten_s=0.3))


def until_over(attempts: Attempts, kind: str, key: str) -> None:
    with gevent.Timeout(10):
        while attempts.pause_s(kind, key) > 0:
            gevent.sleep(0.02)


def test_pause_begins_at_the_third_wrong_entry_and_doubles_up_to_half_an_hour(attempts: Attempts):
    pauses = [attempts.wrong("dial_id", "123456") for _ in range(12)]
    assert pauses == [0, 0, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]
    assert 1799 < attempts.pause_s("dial_id", "123456") <= 1800


def test_pause_stays_bounded_however_often_somebody_is_wrong(attempts: Attempts, redis: Redis):
    attempts.wrong("dial_id", "123456")
    (key,) = redis.scan_iter("sasayaki:attempts:dial_id:*")
    redis.hset(key, "count", 10**9)
    assert attempts.wrong("dial_id", "123456") == 1800


def test_others_do_not_wait(attempts: Attempts):
    for _ in range(9):
        attempts.wrong("dial_id", "123456")
    assert attempts.pause_s("dial_id", "123457") == 0
    assert attempts.pause_s("dial_caller", "123456") == 0


def test_pause_when_over_lets_the_next_one_try_and_goes_on_growing(attempts: Attempts, quick: None):
    for _ in range(3):
        attempts.wrong("dial_id", "1")
    until_over(attempts, "dial_id", "1")
    assert attempts.wrong("dial_id", "1") == 0.2


def test_wrong_entries_are_forgotten_after_a_quiet_time(attempts: Attempts, redis: Redis, forgetful: None):
    for _ in range(4):
        attempts.wrong("dial_id", "1")
    with gevent.Timeout(10):
        while redis.keys("sasayaki:attempts:*"):
            gevent.sleep(0.02)
    assert attempts.wrong("dial_id", "1") == 0


def test_right_entry_makes_those_of_the_dial_id_forgotten_but_not_those_of_the_caller(attempts: Attempts):
    for kind in ("dial_id", "dial_caller"):
        for _ in range(6):
            attempts.wrong(kind, "7")
        attempts.right(kind, "7")
    assert attempts.pause_s("dial_id", "7") == 0
    assert attempts.pause_s("dial_caller", "7") > 0


def test_wrong_entries_at_once_are_all_counted(attempts: Attempts):
    made = [spawn("wrong", attempts.wrong, "dial_id", "1") for _ in range(20)]
    gevent.joinall(made, timeout=10)
    assert sorted(one.value for one in made)[:6] == [0, 0, 30, 60, 120, 240]


def test_what_was_typed_is_in_no_key(attempts: Attempts, redis: Redis):
    attempts.wrong("dial_id", "87654321")
    attempts.wrong("dial_caller", "+81312345678")
    assert not [key for key in redis.keys("*") if b"87654321" in key or b"81312345678" in key]


def test_without_redis_nobody_is_let_through():
    away = Attempts(connect("redis://127.0.0.1:1"))
    for ask in (away.pause_s, away.wrong, away.right):
        with pytest.raises(RedisError):
            ask("dial_id", "1")

"""What the controller publishes stays true whatever happens to Redis and its memory."""

from __future__ import annotations

import time

import pytest
from redis import Redis, RedisError

from fs_app import greenlets
from fs_app.store.live import FLOOR, SEQ, STREAM
from tests.unit.controller.conftest import Valkey, wait
from tests.unit.controller.publishing import Desk, Follower, change_status, flush


def test_numbers_when_redis_holds_one_from_the_future_then_they_go_on_behind_it(redis: Redis) -> None:
    """As after a controller on a machine whose clock ran ahead."""
    future = int(time.time() * 1000) + 10_000_000
    redis.xadd(STREAM, {"d": b'{"seq":%d,"reset":true,"epoch":"old","at":0}' % future}, id=f"{future}-0")
    follower = Follower(redis)
    desk = Desk(redis)
    desk.publisher.flush()
    assert desk.writer.seq > future
    follower.follow()
    assert follower.board == desk.board()


def test_numbers_of_a_new_run_are_greater_and_its_first_word_is_a_reset(redis: Redis) -> None:
    old = Desk(redis, "e1")
    old.publisher.flush()
    follower = Follower(redis)
    new = Desk(redis, "e2")
    new.stage.talk()
    new.publisher.flush()
    assert new.writer.seq > old.writer.seq
    follower.follow()
    assert follower.board == new.board()
    assert follower.pictures == 2


def test_heartbeat_when_redis_was_emptied_then_it_is_told_and_everything_is_written_anew(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    assert desk.writer.alive(time.time())
    before = desk.writer.seq
    redis.flushall()
    assert not desk.writer.alive(time.time())
    desk.publisher.whole = True
    desk.publisher.flush()
    assert desk.writer.seq > before
    assert Follower(redis).board == desk.board()
    assert desk.writer.alive(time.time())


def test_heartbeat_when_redis_has_an_older_memory_then_it_is_told(redis: Redis) -> None:
    """After a crash the last second may be missing; the connection mends itself, so no error tells it."""
    desk = Desk(redis)
    desk.publisher.flush()
    older = {key: redis.dump(key) for key in (FLOOR, STREAM, SEQ)}
    desk.stage.talk()
    desk.publisher.flush()
    for key, value in older.items():
        redis.restore(key, 0, value, replace=True)
    assert not desk.writer.alive(time.time())


def test_write_when_redis_has_an_older_memory_then_everything_is_written_anew(redis: Redis) -> None:
    """The change that comes first must not hide that others are missing."""
    desk = Desk(redis)
    desk.publisher.flush()
    older = {key: redis.dump(key) for key in (FLOOR, STREAM, SEQ)}
    desk.stage.talk()
    desk.publisher.flush()
    for key, value in older.items():
        redis.restore(key, 0, value, replace=True)
    change_status(desk)
    flush(desk)
    assert Follower(redis).board == desk.board()


def test_publisher_when_redis_is_killed_and_comes_back_then_the_picture_is_true_again(own_valkey: Valkey) -> None:
    desk = Desk(own_valkey.client())
    loop = greenlets.spawn("publish", desk.publisher.run)
    try:
        desk.publisher.poke()
        _until_true(desk, own_valkey)
        follower = Follower(own_valkey.client())
        own_valkey.kill()
        desk.stage.talk()
        desk.publisher.poke()
        wait(lambda: desk.publisher.failures >= 2, "two tries")
        own_valkey.start()
        _until_true(desk, own_valkey)
        follower.follow()
        assert follower.board == desk.board()
        assert follower.numbers == sorted(follower.numbers)
    finally:
        loop.kill()


def test_publisher_when_redis_comes_back_empty_then_the_picture_is_whole(own_valkey: Valkey) -> None:
    desk = Desk(own_valkey.client())
    desk.publisher.flush()
    follower = Follower(own_valkey.client())
    own_valkey.kill()
    own_valkey.forget()
    own_valkey.start()
    desk.stage.talk()
    flush(desk)
    assert Follower(own_valkey.client()).board == desk.board()
    follower.follow()
    assert follower.board == desk.board()


def _until_true(desk: Desk, valkey: Valkey) -> None:
    client = valkey.client()
    wait(lambda: Follower(client).board == desk.board(), "a true picture")


def test_batch_that_redis_refuses_changes_no_number(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    before = desk.writer.seq
    redis.xadd(STREAM, {"d": b"{}"}, id=f"{before + 5}-0")
    desk.stage.talk()
    with pytest.raises(RedisError):
        desk.publisher.flush()
    assert desk.writer.seq == before
    flush(desk)
    assert Follower(redis).board == desk.board()

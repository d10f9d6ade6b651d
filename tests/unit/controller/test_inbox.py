"""Commands through Redis: each has a deadline, is carried out at most once, and gets one answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from redis import Redis, RedisError

from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.errors import Rejected
from fs_app.store.inbox import COMMANDS, CommandClient, CommandInbox, Request, decode, encode, reply_key
from fs_app.store.live import ALIVE
from tests.unit.controller.conftest import Valkey, until

ROOT = Path(__file__).parents[3]
BOSS = Actor("boss", ADMINISTRATOR, "Boss", extensions=("9001", "9002"), grants={"support@default": "edit"})


@pytest.fixture
def inbox(redis: Redis) -> CommandInbox:
    """A controller is there."""
    redis.set(ALIVE, b"{}")
    found = CommandInbox(redis)
    found.start()
    return found


@pytest.fixture
def panel(shared_valkey: Valkey) -> Iterator[Callable[..., Future[Any]]]:
    """Asks as a panel worker does, in a thread of its own."""
    pool = ThreadPoolExecutor(4)

    def ask(kind: str = "status.set", timeout_s: float = 5.0, **args: Any) -> Future[Any]:
        client = CommandClient(shared_valkey.client())
        return pool.submit(client.ask, kind, BOSS, args, timeout_s=timeout_s, request_id="r-1")

    yield ask
    pool.shutdown()


Ask = Callable[..., "Future[Any]"]


def one(inbox: CommandInbox) -> Request:
    found: Request = until(lambda: inbox.take(block_s=0.1), "a request")
    return found


def sent(redis: Redis, ident: str = "a", deadline_in_s: float = 5.0) -> Request:
    """A request on its way, without anybody waiting for its answer."""
    request = Request(ident, "status.set", BOSS, {"agent": "1001"}, time.time() + deadline_in_s)
    redis.rpush(COMMANDS, encode(request))
    return request


def test_request_when_it_arrives_then_all_of_it_is_as_it_was_asked(inbox: CommandInbox, panel: Ask) -> None:
    answer = panel("supervision.start", 4.0, agent="1001@default", note="山田 \n\0'\"")
    request = one(inbox)
    assert (request.kind, request.actor, request.request_id) == ("supervision.start", BOSS, "r-1")
    assert request.args == {"agent": "1001@default", "note": "山田 \n\0'\""}
    assert 3.0 < request.deadline - time.time() <= 4.0
    inbox.confirm(request, {"id": "s1", "state": "ringing"})
    assert answer.result(5) == {"id": "s1", "state": "ringing"}


def test_request_when_refused_then_the_asker_gets_reason_and_cause(inbox: CommandInbox, panel: Ask) -> None:
    answer = panel()
    inbox.refuse(one(inbox), "switch_refused", "USER_BUSY")
    with pytest.raises(Rejected) as refused:
        answer.result(5)
    assert (refused.value.error, refused.value.cause) == ("switch_refused", "USER_BUSY")


def test_answers_when_given_in_another_order_then_each_asker_gets_his_own(inbox: CommandInbox, panel: Ask) -> None:
    answers = {name: panel(who=name) for name in ("x", "y", "z")}
    requests = [one(inbox) for _ in answers]
    for request in sorted(requests, key=lambda r: str(r.args["who"]), reverse=True):
        inbox.confirm(request, request.args["who"])
    assert {name: answer.result(5) for name, answer in answers.items()} == {"x": "x", "y": "y", "z": "z"}


def test_request_when_no_controller_runs_then_unavailable_at_once_and_nothing_is_left_behind(
    redis: Redis, panel: Ask
) -> None:
    with pytest.raises(Rejected) as refused:
        panel().result(2)
    assert refused.value.error == "switch_unavailable"
    assert redis.llen(COMMANDS) == 0


def test_request_when_nobody_answers_then_unconfirmed_after_its_time(inbox: CommandInbox, panel: Ask) -> None:
    began = time.monotonic()
    with pytest.raises(Rejected) as refused:
        panel(timeout_s=0.1).result(5)
    assert refused.value.error == "unconfirmed"
    assert 1.0 <= time.monotonic() - began < 2.5


def test_request_when_taken_then_it_is_out_of_redis_before_anybody_acts(inbox: CommandInbox, redis: Redis) -> None:
    request = sent(redis)
    assert one(inbox) == request
    assert redis.llen(COMMANDS) == 0
    assert inbox.take(block_s=0.01) is None


def test_request_when_a_new_run_begins_then_what_was_sent_to_the_old_one_is_not_carried_out(redis: Redis) -> None:
    sent(redis, "old")
    inbox = CommandInbox(redis)
    inbox.start()
    new = sent(redis, "new")
    assert one(inbox) == new
    assert inbox.take(block_s=0.01) is None


def test_request_when_sent_between_two_looks_then_it_is_not_lost(redis: Redis) -> None:
    """Also where the run could not say at its start from where on it reads, because Redis was away."""
    inbox = CommandInbox(redis)
    assert inbox.take(block_s=0.01) is None
    request = sent(redis)
    assert one(inbox) == request


def test_request_when_two_controllers_read_then_only_one_of_them_has_it(redis: Redis) -> None:
    first, second = CommandInbox(redis), CommandInbox(redis)
    first.start(), second.start()
    requests = [sent(redis, f"{n}") for n in range(20)]
    taken = [inbox.take(block_s=0.01) for _ in range(11) for inbox in (first, second)]
    assert taken == [*requests, None, None]


@pytest.mark.parametrize(
    "spoilt",
    [
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"id":"x","actor":{}}',
        b'{"id":"x","kind":"k","actor":{"login":"a","extensions":[]},"args":{},"deadline":1,"unheard_of":1}',
        b"\xff\xfe",
    ],
    ids=repr,
)
def test_request_that_cannot_be_read_is_dropped_and_the_next_is_taken(
    inbox: CommandInbox, redis: Redis, spoilt: bytes
) -> None:
    """As from a panel of another version: it may not end the controller."""
    redis.rpush(COMMANDS, spoilt)
    good = sent(redis)
    assert one(inbox) == good
    assert redis.llen(COMMANDS) == 0


def test_inbox_when_redis_has_lost_everything_then_it_goes_on(inbox: CommandInbox, redis: Redis) -> None:
    sent(redis, "before")
    one(inbox)
    redis.flushall()
    request = sent(redis, "after")
    assert one(inbox) == request


def test_answer_that_nobody_fetches_does_not_stay(inbox: CommandInbox, redis: Redis) -> None:
    request = sent(redis)
    inbox.confirm(one(inbox), None)
    assert 0 < redis.ttl(reply_key(request.id)) <= 30


def test_request_as_it_travels_comes_back_the_same(redis: Redis) -> None:
    request = Request("i", "k", BOSS, {"a": [1, None, {"b": "ü"}]}, 12.5, "r")
    assert decode(encode(request)) == request


# ---- a whole controller, whose switch is away


@pytest.fixture
def controller(own_valkey: Valkey, tmp_path: Path) -> Iterator[Redis]:
    """A real one; gives its Redis."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SASAYAKI_")} | {
        "SASAYAKI_FREESWITCH": "esl://:ClueCon@127.0.0.1:1",
        "SASAYAKI_REDIS_URL": own_valkey.url,
        "SASAYAKI_DATA_DIR": str(tmp_path / "var"),
    }
    log = (tmp_path / "controller.log").open("wb")
    command = [sys.executable, "-m", "fs_app", "controller"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    client = own_valkey.client()
    try:
        until(lambda: client.exists(ALIVE), "the controller lives", 20)
        yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        log.close()
        client.close()


def test_controller_when_a_request_is_past_its_deadline_then_it_is_dropped_unanswered(controller: Redis) -> None:
    late = sent(controller, "late", deadline_in_s=-0.001)
    (controller.rpush(COMMANDS, b"nonsense"), sent(controller, "far too late", deadline_in_s=-60))
    with pytest.raises(Rejected) as refused:
        CommandClient(controller).ask("status.set", BOSS, {"agent": "1001@default", "status": "away"})
    assert refused.value.error in ("unknown_agent", "switch_unavailable")
    assert controller.llen(COMMANDS) == 0
    assert not controller.exists(reply_key(late.id), reply_key("far too late"))


def test_controller_when_asked_for_what_it_does_not_know_then_it_refuses_and_goes_on(controller: Redis) -> None:
    client = CommandClient(controller)
    for kind, args in (
        ("no_such_command", {}),
        ("status.set", {}),
        ("status.set", {"agent": ["x"], "y": 1}),
    ):
        with pytest.raises(Rejected) as refused:
            client.ask(kind, BOSS, args)
        assert refused.value.error in ("invalid_request", "unknown_agent", "switch_refused", "switch_unavailable")


def test_controller_when_many_ask_at_once_then_each_is_answered(controller: Redis) -> None:
    outcomes: list[str] = []

    def ask() -> None:
        try:
            CommandClient(controller).ask("status.set", BOSS, {"agent": "1001@default", "status": "away"})
        except Rejected as rejected:
            outcomes.append(rejected.error)

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert len(outcomes) == 100
    assert set(outcomes) <= {"unknown_agent", "switch_unavailable"}


def test_request_when_redis_dies_while_it_waits_then_unconfirmed(own_valkey: Valkey) -> None:
    redis = own_valkey.client()
    redis.set(ALIVE, b"{}")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(CommandClient(own_valkey.client()).ask, "status.set", BOSS, {"agent": "1001"})
        until(lambda: redis.llen(COMMANDS), "it was sent")
        own_valkey.kill()
        with pytest.raises(Rejected) as refused:
            answer.result(10)
    assert refused.value.error == "unconfirmed"


def test_request_when_redis_is_away_before_it_was_sent_then_nothing_is_said_to_be_unknown(own_valkey: Valkey) -> None:
    client = CommandClient(own_valkey.client())
    own_valkey.kill()
    with pytest.raises(RedisError):
        client.ask("status.set", BOSS, {"agent": "1001"})

"""The controller's end of the line: what a question must look like, and who decides it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from redis import Redis

from fs_app.store.dial_keys import answer_key, decision_key
from fs_app.store.dial_line import DialLine, read

ASKED: dict[str, Any] = {
    "id": "q1", "leg": "l1", "step": 2, "way": "inside", "user": "1001", "domain": "default", "number": "0010",
    "caller": "1001", "keys": "98765432", "deadline": 4e9,
}  # fmt: skip


def question(**values: Any) -> bytes:
    return json.dumps({**ASKED, **values}).encode()


def test_a_question_is_read_and_its_keys_are_in_no_text_of_it() -> None:
    asked = read(question())
    assert (asked.inside, asked.user, asked.keys) == (True, "1001", "98765432")
    assert "98765432" not in f"{asked} {asked!r}"


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"1", b'"x"', b"{}", question(step="2"), question(step=True), question(keys=1), question(leg=None),
     question(number="0" * 201), question(deadline="soon"), question(deadline=None)],
)  # fmt: skip
def test_anything_else_is_no_question(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"question|JSON|unexpected|could not|empty"):
        read(data)


def test_what_a_caller_writes_into_his_number_is_text_on_one_line() -> None:
    assert read(question(caller="090\r\nX: 1\x1b[2J")).caller == "090X: 1[2J"


def test_a_question_is_decided_once(redis: Redis) -> None:
    line, asked = DialLine(redis), read(question())
    assert line.decide(asked)
    assert not line.decide(asked)


def test_what_the_script_has_given_up_is_not_carried_out(redis: Redis) -> None:
    redis.set(decision_key("q1"), "given up")
    assert not DialLine(redis).decide(read(question()))


def test_past_its_deadline_nothing_is_carried_out(redis: Redis) -> None:
    assert not DialLine(redis).decide(read(question(deadline=time.time() - 0.01)))


def test_an_answer_that_nobody_fetches_does_not_stay(redis: Redis) -> None:
    DialLine(redis).answer(read(question()), {"then": "end"})
    assert redis.lrange(answer_key("q1"), 0, -1) == [b'{"then":"end"}']
    assert 0 < redis.ttl(answer_key("q1")) <= 30

"""The controller's end of the dial codes: questions of scripts that run inside FreeSWITCH, each decided and answered once.

Owns how a question is read and who decides it. What is asked may be a dial password: it is in no text of a question.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from redis import Redis

from fs_app.store.dial_keys import KEPT_S, QUESTIONS, answer_key, decision_key

LISTEN_S = 5.0
LONGEST = 200
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Question:
    """One turn of a caller. ``user`` at ``domain`` is who the switch has authenticated, empty for nobody.

    ``number`` is what was dialled, ``caller`` what the phone says of itself: for the record only. ``deadline`` (epoch s):
    nothing may begin after it.
    """

    id: str
    leg: str
    step: int
    way: str
    user: str
    domain: str
    number: str
    caller: str
    deadline: float
    keys: str = field(repr=False)

    @property
    def inside(self) -> bool:
        """Whether a phone of ours dialled."""
        return self.way == "inside"


def read(data: bytes) -> Question:
    """The question that a script published. Raises ValueError for anything else."""
    try:
        raw = orjson.loads(data)
        texts = {name: raw[name] for name in ("id", "leg", "way", "user", "domain", "number", "caller", "keys")}
        step, deadline = raw["step"], float(raw["deadline"])
    except (KeyError, TypeError) as error:
        raise ValueError("a question without a part") from error
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts.values()) or type(step) is not int:
        raise ValueError("a question of another form")
    texts["caller"] = "".join(c for c in texts["caller"] if c.isprintable())
    return Question(step=step, deadline=deadline, **texts)


class DialLine:
    """Every method raises ``redis.RedisError`` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def questions(self) -> Iterator[Question | None]:
        """What is asked from now on; None now and then while nobody asks. What cannot be read is left out."""
        channel: Any = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        try:
            channel.subscribe(QUESTIONS)
            while True:
                message = channel.get_message(timeout=LISTEN_S)
                if message is None:
                    yield None
                    continue
                try:
                    yield read(message["data"])
                except ValueError as error:
                    log.warning("dial_question_unreadable", error=type(error).__name__)
        finally:
            channel.close()

    def decide(self, question: Question) -> bool:
        """Whether the question may be carried out now: not when the script has given it up, and not past its deadline."""
        taken = self._redis.set(decision_key(question.id), "controller", nx=True, ex=KEPT_S)
        return bool(taken) and time.time() < question.deadline

    def answer(self, question: Question, answer: Mapping[str, Any]) -> None:
        """Let the script go on."""
        key = answer_key(question.id)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(key, orjson.dumps(answer))
            pipe.expire(key, KEPT_S)
            pipe.execute()

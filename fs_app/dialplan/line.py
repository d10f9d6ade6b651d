"""The line from a dial code's script to the controller: one question at a time, answered in two seconds or given up.

Owns who decides a question (see ``store.dial_keys``). It knows nothing of what is said.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, cast

from redis import RedisError

from fs_app.store.connect import connect
from fs_app.store.dial_keys import ANSWER_S, DECIDE_S, KEPT_S, QUESTIONS, answer_key, decision_key

REDIS_S = 0.8
"""How long Redis may take for one word (s)."""
SLICE_S = 0.4
"""A wait for an answer is made of shorter ones, so that a Redis that hangs is noticed before the time is over."""


class NothingChanged(Exception):
    """No answer, and none can come any more: the question has been given up."""


class OutcomeUnknown(Exception):
    """No answer, but the controller may have carried out what was asked."""


class Line:
    """A connection to Redis for one call. ``address`` as in SASAYAKI_REDIS_URL."""

    def __init__(self, address: str) -> None:
        try:
            self._redis = connect(address, connect_limit_s=REDIS_S, answer_limit_s=REDIS_S)
        except (ValueError, RedisError) as error:
            raise NothingChanged from error

    def close(self) -> None:
        """Hang up."""
        self._redis.close()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The controller's answer. Raises NothingChanged or OutcomeUnknown."""
        ident, began = uuid.uuid4().hex, time.monotonic()
        sent = json.dumps({**question, "id": ident, "deadline": time.time() + DECIDE_S})
        try:
            listeners = self._redis.publish(QUESTIONS, sent)
        except RedisError as error:
            # Not taken in time: whoever still gets it gets it past its deadline.
            raise NothingChanged from error
        if not listeners:
            raise NothingChanged
        try:
            return self._answer(ident, began)
        except RedisError as error:
            raise OutcomeUnknown from error

    def _answer(self, ident: str, began: float) -> dict[str, Any]:
        answer = self._wait(ident, began + DECIDE_S)
        if answer is None:
            if self._redis.set(decision_key(ident), "given up", nx=True, ex=KEPT_S):
                raise NothingChanged
            answer = self._wait(ident, began + ANSWER_S)
        if answer is None:
            raise OutcomeUnknown
        return cast("dict[str, Any]", json.loads(answer))

    def _wait(self, ident: str, until: float) -> bytes | None:
        while (left := until - time.monotonic()) > 0:
            told = cast(
                "tuple[bytes, bytes] | None", self._redis.blpop([answer_key(ident)], timeout=min(left, SLICE_S))
            )
            if told is not None:
                return told[1]
        return None

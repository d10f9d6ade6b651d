"""Whatever is granted, revoked and happens, in whatever order: a stream sends nothing that may not be seen at that time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis

from fs_app.floor.actor import Actor
from fs_app.store.live import Picture
from web.board.feed import Feed
from web.board.stream import Stream
from web.board.words import Words

from .floor_documents import META, SALES, SUPPORT, agent, member, queue, supervision
from .test_mirror import AGENTS, MEMBERS, QUEUES, steps_to_entries

RIGHTS = st.sets(st.sampled_from(QUEUES)).map(lambda queues: dict.fromkeys(queues, "view"))
ACCOUNT = st.tuples(st.sampled_from(["supervisor", "supervisor", "supervisor", "user"]), RIGHTS)
ONLY_THERE = st.builds(lambda n, q: agent(f"agent {n} of {q}", {q: 1}), st.integers(0, 1), st.sampled_from(QUEUES))
"""Agents of one queue, whose ids say of which."""
LISTENING = st.builds(
    lambda n, qs: supervision(f"listening {n} of {' '.join(qs)}", f"agent of {' '.join(qs)}", qs, "other"),
    st.integers(0, 1),
    st.lists(st.sampled_from(QUEUES), min_size=1, max_size=2, unique=True),
)
"""Other people's supervisions, asked for with the first of the agent's queues selected."""
HAPPENED = (
    st.tuples(st.just("agent"), AGENTS | ONLY_THERE)
    | st.tuples(st.just("member"), MEMBERS)
    | st.tuples(st.just("supervision"), LISTENING)
    | st.tuples(st.just("queue"), st.sampled_from(QUEUES).map(queue))
)
GONE = st.tuples(st.sampled_from(["gone agent", "gone member", "gone supervision", "gone queue"]), st.integers(0, 5))
ACTS = st.lists(
    st.tuples(st.just("happens"), HAPPENED | GONE)
    | st.tuples(st.just("account"), ACCOUNT)
    | st.tuples(st.sampled_from(["read", "begin to read"]), st.none()),
    min_size=3,
    max_size=40,
)


class Watching:
    """A feed without its Redis, and one browser on it whose account changes."""

    def __init__(self, rights: dict[str, str], selected: str | None) -> None:
        self.account: Actor | None = Actor("sv", "supervisor", "S", grants=rights)
        self.feed = Feed(Redis(), lambda: Words((), {}, {}), lambda: 200.0)
        self.feed.mirror.load(Picture(10, {"meta": [META], "queue": [queue(q) for q in QUEUES]}))
        self.feed._rename(Words((), {}, {}))
        stream = Stream(self.feed, self.account, selected, lambda: self.account, practice=True)
        self._viewer, self._events = stream._viewer, stream.events(None)
        self.ended = False
        self.read()

    def change(self, role: str, rights: dict[str, str]) -> None:
        """The account is another from now on, and that is announced. Who may not open the board is nobody here."""
        self.account = Actor("sv", role, "S", grants=rights) if role == "supervisor" else None
        self.feed._look_again("sv")

    def happens(self, entry: dict[str, Any]) -> None:
        self.feed._flush(self.feed.mirror.apply(entry))

    def begin_to_read(self) -> bytes:
        """One piece; the browser reads no further, so that the server is still at its writing."""
        self._viewer.ping_now()
        piece = next(self._events, None)
        self.ended = piece is None
        return piece or b""

    def read(self) -> bytes:
        """All that is sent now, up to a ping that was asked for."""
        self._viewer.ping_now()
        sent = b""
        for piece in self._events:
            sent += piece
            if b"event: ping" in piece:
                return sent
        self.ended = True
        return sent


@given(rights=RIGHTS, selected=st.none() | st.sampled_from(QUEUES), acts=ACTS)
@settings(max_examples=400, deadline=None)
def test_stream_sends_no_change_to_an_account_without_the_right_at_that_time(rights, selected, acts):
    watching = Watching(rights, selected if selected in rights else None)
    steps = [value for what, value in acts if what == "happens"]
    entries = iter(steps_to_entries(watching.feed.mirror, steps))
    for what, value in [*acts, ("read", None)]:
        if what == "happens":
            watching.happens(next(entries))
        elif what == "account":
            watching.change(*value)
        elif what == "begin to read":
            only_what_may_be_seen(watching.begin_to_read(), watching.account)
        else:
            only_what_may_be_seen(watching.read(), watching.account)
            if watching.account is None:
                assert watching.ended
                assert watching.feed.count() == 0, "nothing is kept for who is gone"


@pytest.mark.parametrize("reason", ["slow", "new_names", "rights"])
def test_right_that_goes_while_a_snapshot_is_written_then_nothing_that_came_meanwhile_is_sent(reason):
    watching = Watching({SALES: "view", SUPPORT: "view"}, None)
    watching.change("supervisor", {SALES: "view", SUPPORT: "edit"})
    watching._viewer.reset(reason)
    assert b"event: snapshot" in watching.begin_to_read()

    caller = member("m", SALES, number=f"number of {SALES}")
    watching.happens(*steps_to_entries(watching.feed.mirror, [("member", caller)]))
    watching.change("supervisor", {})
    only_what_may_be_seen(watching.read(), watching.account)


def only_what_may_be_seen(sent: bytes, account: Actor | None) -> None:
    for q in QUEUES:
        if account is None or not account.may_see(q):
            assert b"number of " + q.encode() not in sent
            assert b"secret of " + q.encode() not in sent
            assert not re.search(rb'"(agent|listening) \d of ' + q.encode() + b'"', sent), "nor an id"
            assert b'"' + q.encode() + b'"' not in sent, "nor the queue's own name"

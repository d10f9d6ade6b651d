"""The worker's copy of the live state, and each view's rendering of what changed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_app.floor.actor import Actor
from fs_app.store.live import Picture
from web.board.mirror import Delta, Gap, Mirror
from web.board.views import View, key_of
from web.board.words import Words

from .floor_documents import META, agent, call, member, queue, supervision

WORDS = Words((), {}, {})
LINK: dict[str, Any] = {"state": "live", "since": 5.0, "delay_ms": None, "nodes": []}


def mirror_of(**documents: list[dict[str, Any]]) -> Mirror:
    mirror = Mirror()
    mirror.load(Picture(10, {"meta": [META], **documents}))
    return mirror


def entry(
    seq: int, put: dict[str, Any] | None = None, gone: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {"seq": seq, "at": 1.0, "epoch": "run-1", "put": put or {}, "gone": gone or {}, "meta": None, **more}


def view_of(mirror: Mirror, actor: Actor, selected: str | None = None) -> View:
    return View(key_of(actor, selected), mirror, WORDS, lambda: 200.0)


def snapshot(mirror: Mirror, actor: Actor, selected: str | None = None) -> dict[str, Any]:
    return orjson.loads(view_of(mirror, actor, selected).snapshot(actor, LINK, practice=False))


def told(view: View, delta: Delta, actor: Actor) -> dict[str, Any] | None:
    frame = view.change(delta).frame(actor)
    if not frame:
        return None
    name, data = frame.decode().strip().split("\n")
    assert name == "event: change"
    change: dict[str, Any] = orjson.loads(data.removeprefix("data: "))
    assert change["seq"] == delta.seq
    return change


ADMIN = Actor("admin", "administrator", "A")
SALES = Actor("sv", "supervisor", "S", grants={"sales@d": "view"})


@pytest.mark.parametrize("wrong", [{"seq": 12}, {"seq": 10}, {"seq": 11, "epoch": "run-2"}, {"seq": 11, "reset": True}])
def test_mirror_when_an_entry_is_not_the_next_one_says_gap(wrong: dict[str, Any]):
    mirror = mirror_of()
    with pytest.raises(Gap):
        mirror.apply(entry(11) | wrong)
    assert mirror.seq == 10


def test_change_of_an_agent_tells_the_row_and_the_queues_whose_counts_changed():
    mirror = mirror_of(agent=[agent("1@d", {"sales@d": 1})], queue=[queue("sales@d"), queue("support@d")])
    delta = mirror.apply(entry(11, {"agent": [agent("1@d", {"sales@d": 1}, code="away")]}))
    change = told(view_of(mirror, ADMIN), delta, ADMIN)
    assert [row["agent"] for row in change["agents"]] == ["1@d"]
    assert [(row["queue"], row["agents"]["away"]) for row in change["queues"]] == [("sales@d", 1)]
    assert set(change) == {"seq", "at", "agents", "queues"}


def test_change_that_a_viewer_may_not_see_is_not_even_an_event():
    mirror = mirror_of(queue=[queue("sales@d"), queue("support@d")])
    delta = mirror.apply(entry(11, {"agent": [agent("1@d", {"support@d": 1})], "member": [member("m", "support@d")]}))
    assert told(view_of(mirror, SALES), delta, SALES) is None


def test_agent_that_leaves_the_viewers_queues_is_gone_for_him_only():
    both, one = agent("1@d", {"sales@d": 1, "support@d": 1}), agent("1@d", {"support@d": 1})
    mirror = mirror_of(agent=[both], queue=[queue("sales@d"), queue("support@d")])
    delta = mirror.apply(entry(11, {"agent": [one]}))
    assert told(view_of(mirror, SALES), delta, SALES)["gone"] == {"agents": ["1@d"]}
    assert "gone" not in told(view_of(mirror, ADMIN), delta, ADMIN)


def test_agent_of_a_foreign_queue_that_ends_is_not_told_as_gone():
    mirror = mirror_of(agent=[agent("1@d", {"support@d": 1})])
    delta = mirror.apply(entry(11, gone={"agent": ["1@d"]}))
    assert told(view_of(mirror, SALES), delta, SALES) is None
    assert told(view_of(mirror, ADMIN), delta, ADMIN)["gone"] == {"agents": ["1@d"]}


def test_caller_of_a_queue_that_one_may_not_see_is_hidden_in_the_row_of_a_shared_agent():
    shared = agent(
        "1@d", {"sales@d": 1, "support@d": 1}, code="queue_call", call=call("support@d", number="09011112222")
    )
    mirror = mirror_of(agent=[shared], queue=[queue("sales@d")])
    text = orjson.dumps(snapshot(mirror, SALES)).decode()
    assert "1@d" in text
    assert "09011112222" not in text
    assert "Caller" not in text
    assert "support@d" not in text


def test_own_supervision_is_seen_wherever_it_is_and_others_only_in_view():
    mine, theirs = supervision("s1", "1@d", ["support@d"], "sv"), supervision("s2", "1@d", ["support@d"], "other")
    mirror = mirror_of(supervision=[mine, theirs])
    assert [(s["id"], s["mine"]) for s in snapshot(mirror, SALES)["supervisions"]] == [("s1", True)]
    delta = mirror.apply(entry(11, gone={"supervision": ["s1", "s2"]}))
    assert told(view_of(mirror, SALES), delta, SALES)["gone"] == {"supervisions": ["s1"]}


def test_change_is_rendered_once_for_all_who_share_a_view():
    mirror = mirror_of(queue=[queue("sales@d")])
    delta = mirror.apply(entry(11, {"agent": [agent("1@d", {"sales@d": 1})]}))
    change = view_of(mirror, SALES).change(delta)
    other = Actor("sv2", "supervisor", "S2", agent="2@d", grants={"sales@d": "view"})
    assert key_of(other, None) == key_of(SALES, None)
    assert change.frame(SALES) is change.frame(other)


def test_own_row_is_ones_own_even_in_a_shared_view():
    actor = Actor("sv", "supervisor", "S", agent="1@d", grants={"sales@d": "view"})
    mirror = mirror_of(agent=[agent("1@d", {"sales@d": 1}), agent("2@d", {"sales@d": 1})])
    rows = {row["agent"]: row["may"]["change_status"]["ok"] for row in snapshot(mirror, actor)["agents"]}
    assert rows == {"1@d": True, "2@d": False}
    delta = mirror.apply(entry(11, {"agent": [agent("1@d", {"sales@d": 2})]}))
    view = view_of(mirror, actor)
    assert told(view, delta, actor)["agents"][0]["may"]["change_status"]["ok"] is True
    assert told(view, delta, SALES)["agents"][0]["may"]["change_status"]["ok"] is False


def test_since_when_all_is_remembered_tells_the_difference():
    mirror = mirror_of(agent=[agent("1@d", {"sales@d": 1}), agent("2@d", {"sales@d": 1})], queue=[queue("sales@d")])
    mirror.apply(entry(11, {"agent": [agent("1@d", {"sales@d": 1}, code="away")]}))
    mirror.apply(entry(12, gone={"agent": ["2@d"]}))
    mirror.apply(entry(13, {"agent": [agent("1@d", {"sales@d": 1}, code="on_break")]}))
    change = told(view_of(mirror, ADMIN), mirror.since(10), ADMIN)
    assert [(row["agent"], row["status"]["code"]) for row in change["agents"]] == [("1@d", "on_break")]
    assert change["gone"] == {"agents": ["2@d"]}
    assert told(view_of(mirror, ADMIN), mirror.since(13), ADMIN) is None


@pytest.mark.parametrize("seq", [9, 14, 0, 10**15])
def test_since_when_not_remembered_or_never_was_asks_for_the_whole_picture(seq: int):
    mirror = mirror_of()
    for n in (11, 12, 13):
        mirror.apply(entry(n))
    assert mirror.since(seq) is None


# -- whatever happens: what a browser holds is what a fresh snapshot would say, and nothing it may not see ever comes

QUEUES = ["sales@d", "support@d", "night@d"]
CALLS = st.none() | st.sampled_from(QUEUES)
AGENTS = st.builds(
    lambda n, queues, on: agent(
        f"agent-{n}@d",
        dict.fromkeys(queues, 1),
        code="queue_call" if on else "available",
        call=call(on, name=f"secret of {on}", number=f"number of {on}") if on else None,
    ),
    st.integers(0, 3),
    st.sets(st.sampled_from(QUEUES)),
    CALLS,
)
MEMBERS = st.builds(
    lambda n, q: member(f"member-{n}-{q}", q, number=f"number of {q}"), st.integers(0, 2), st.sampled_from(QUEUES)
)
CUTS = st.lists(st.booleans(), min_size=25, max_size=25)
SUPERVISIONS = st.builds(
    lambda n, qs, login: supervision(f"sup-{n}", "agent-0@d", sorted(qs), login),
    st.integers(0, 2),
    st.sets(st.sampled_from(QUEUES), min_size=1),
    st.sampled_from(["sv", "other"]),
)
STEPS = st.lists(
    st.tuples(st.just("agent"), AGENTS)
    | st.tuples(st.just("member"), MEMBERS)
    | st.tuples(st.just("supervision"), SUPERVISIONS)
    | st.tuples(st.just("queue"), st.sampled_from(QUEUES).map(queue))
    | st.tuples(st.sampled_from(["gone agent", "gone member", "gone supervision", "gone queue"]), st.integers(0, 5)),
    max_size=25,
)
VIEWERS = st.builds(
    lambda role, grants, own: Actor("sv", role, "S", agent=own, grants=grants),
    st.sampled_from(["supervisor", "administrator", "user"]),
    st.dictionaries(st.sampled_from(QUEUES), st.sampled_from(["view", "edit"])),
    st.sampled_from([None, "agent-0@d"]),
)
IDS = {"agents": "agent", "queues": "queue", "waiting": "member", "supervisions": "id"}


def steps_to_entries(mirror: Mirror, steps: list[Any]) -> list[dict[str, Any]]:
    entries, held = [], {kind: set(documents) for kind, documents in mirror.documents.items()}
    for number, (what, value) in enumerate(steps, start=11):
        kind = what.removeprefix("gone ")
        if what.startswith("gone"):
            known = sorted(held[kind])
            idents = [known[value % len(known)]] if known else []
            held[kind] -= set(idents)
            entries.append(entry(number, gone={kind: idents}))
        else:
            held[kind].add(value["id"])
            entries.append(entry(number, {kind: [value]}))
    return entries


@given(
    actor=VIEWERS,
    selected=st.none() | st.sampled_from(QUEUES),
    steps=STEPS,
    cuts=CUTS,
)
@settings(max_examples=250, deadline=None)
def test_what_a_viewer_holds_after_any_changes_is_what_a_fresh_snapshot_says(actor, selected, steps, cuts):
    if selected is not None and not actor.may_see(selected):
        selected = None
    mirror = mirror_of(queue=[queue(q) for q in QUEUES])
    view, held = view_of(mirror, actor, selected), {part: {} for part in IDS}
    for part, rows in snapshot(mirror, actor, selected).items():
        if part in IDS:
            held[part] = {row[IDS[part]]: row for row in rows}
    pending = None
    sent: list[Any] = []
    for one, cut in zip([*steps_to_entries(mirror, steps), None], [*cuts, True], strict=False):
        if one is not None:
            delta = mirror.apply(one)
            pending = pending or Delta(delta.since, delta.seq)
            pending.merge(delta)
        if pending is not None and (cut or one is None):
            change = told(view, pending, actor)
            pending = None
            if change is not None:
                sent.append(change)
    if pending is not None and (change := told(view, pending, actor)) is not None:
        sent.append(change)
    for change in sent:
        for part, key in IDS.items():
            for row in change.get(part, []):
                held[part][row[key]] = row
            for ident in change.get("gone", {}).get(part, []):
                del held[part][ident]
    fresh = snapshot(mirror, actor, selected)
    for part, key in IDS.items():
        assert held[part] == {row[key]: row for row in fresh[part]}, part
    everything = orjson.dumps([sent, fresh]).decode()
    for q in QUEUES:
        if not actor.may_see(q):
            own = {s["queue"] for s in fresh["supervisions"]} | {
                s["queue"] for c in sent for s in c.get("supervisions", [])
            }
            assert f"number of {q}" not in everything
            assert f"secret of {q}" not in everything
            assert q in own or q not in everything

"""Who is told of a change, for every kind of document: a kind without its entry here fails."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import orjson
import pytest

from fs_app.floor.actor import Actor
from fs_app.store.live import KINDS

from .floor_documents import SALES, SUPPORT, agent, member, queue, supervision
from .test_mirror import IDS, entry, mirror_of, snapshot, told, view_of


class Kind(NamedTuple):
    """One document of sales, and of it alone; the board's part that shows it; whether a selected queue narrows it."""

    document: dict[str, Any]
    part: str
    narrowed: bool


TABLE = {
    "agent": Kind(agent("1001@d", {SALES: 1}), "agents", narrowed=True),
    "queue": Kind(queue(SALES), "queues", narrowed=False),
    "member": Kind(member("caller-1", SALES), "waiting", narrowed=True),
    "supervision": Kind(supervision("listening-1", "1001@d", [SALES], "other"), "supervisions", narrowed=True),
}
WHO = list(product(("administrator", "supervisor", "user"), ("none", "view", "edit"), (None, SALES, SUPPORT)))


def may_see(kind: Kind, role: str, right: str, selected: str | None) -> bool:
    """A2 and A4: view on the document's queue, and where the view is of one queue, of that one."""
    if role == "user" or (role == "supervisor" and right == "none"):
        return False
    return selected in (None, SALES) or not kind.narrowed


def test_every_kind_of_document_has_its_entry() -> None:
    assert set(TABLE) == set(KINDS), "say in TABLE who may see it"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("role", "right", "selected"), WHO)
def test_a2_a4_a_change_is_told_to_exactly_those_who_may_see_it(
    name: str, role: str, right: str, selected: str | None
) -> None:
    kind = TABLE[name]
    grants = {SUPPORT: "view"} | ({SALES: right} if right != "none" else {})
    actor = Actor("x", role, "X", grants=grants)
    ident, sees = kind.document["id"], may_see(kind, role, right, selected)
    mirror = mirror_of(**({} if name == "queue" else {"queue": [queue(SALES), queue(SUPPORT)]}))
    view = view_of(mirror, actor, selected)

    come = told(view, mirror.apply(entry(11, {name: [kind.document]})), actor)
    whole = snapshot(mirror, actor, selected)
    del whole["queue"]  # what he selected himself
    changed = told(view, mirror.apply(entry(12, {name: [kind.document | {"node": "fs2"}]})), actor)
    gone = told(view, mirror.apply(entry(13, gone={name: [ident]})), actor)

    for shown in (come, whole, changed):
        rows = [row[IDS[kind.part]] for row in (shown or {}).get(kind.part, [])]
        assert (ident in rows) is sees
    assert ((gone or {}).get("gone") == {kind.part: [ident]}) is sees
    if not sees:
        assert ident.encode() not in orjson.dumps([come, whole, changed, gone])

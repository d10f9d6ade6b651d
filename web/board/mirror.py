"""A worker's copy of the live state, and what changed in it. Pure: no clock, no Redis, no viewer."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fs_app.floor.board import Tallies
from fs_app.floor.documents import Document
from fs_app.store.live import KINDS, Picture

# How many entries of the stream a browser may have missed and still be told only the difference.
REMEMBERED = 4000


class Gap(Exception):
    """An entry is not the next one, or a new run of the controller began: the whole picture must be read anew."""


@dataclass(slots=True)
class Delta:
    """What changed after ``since`` up to ``seq``. ``before``: each touched document as it was then (None: it was not).

    ``queues``: those whose row changed, by themselves or by their counts. ``at``: the newest event's time, epoch s.
    """

    since: int
    seq: int
    at: float = 0.0
    before: dict[tuple[str, str], Document | None] = field(default_factory=dict)
    queues: set[str] = field(default_factory=set)
    meta: bool = False

    def merge(self, later: Delta) -> None:
        """Take in what followed."""
        self.seq = later.seq
        self.at = max(self.at, later.at)
        self.before = later.before | self.before
        self.queues |= later.queues
        self.meta = self.meta or later.meta


class Mirror:
    """Documents by kind and id as of ``seq``; ``meta`` is the controller's word on the floor as a whole."""

    def __init__(self) -> None:
        self.seq = 0
        self.meta: Document | None = None
        self.documents: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
        self.tallies = Tallies()
        self._past: deque[Delta] = deque(maxlen=REMEMBERED)

    @property
    def epoch(self) -> str:
        """The run of the controller that this picture is of; empty before the first."""
        return str(self.meta["epoch"]) if self.meta else ""

    @property
    def alarms(self) -> list[str]:
        """Ids of the alarms that are no agent's: of the site as a whole."""
        return list(self.meta.get("alarms", ())) if self.meta else []

    def load(self, picture: Picture) -> None:
        """Forget everything and take a whole picture."""
        found = {kind: {doc["id"]: doc for doc in picture.documents.get(kind, [])} for kind in KINDS}
        self.documents = found
        self.seq = picture.seq
        self.meta = next(iter(picture.documents.get("meta", [])), None)
        self._past.clear()
        self.tallies = Tallies()
        for agent in found["agent"].values():
            self.tallies.replace_agent(None, agent)
        for member in found["member"].values():
            self.tallies.replace_member(None, member)

    def apply(self, entry: Mapping[str, Any]) -> Delta:
        """Take the next entry of the stream. Raises ``Gap`` when it is not the next, or of another run."""
        if entry.get("reset") or entry["seq"] != self.seq + 1 or entry["epoch"] != self.epoch:
            raise Gap
        delta = Delta(self.seq, entry["seq"], float(entry.get("at") or 0.0))
        for kind in KINDS:
            for document in entry["put"].get(kind, ()):
                self._replace(delta, kind, document["id"], document)
            for ident in entry["gone"].get(kind, ()):
                self._replace(delta, kind, ident, None)
        if entry.get("meta"):
            self.meta, delta.meta = entry["meta"], True
        self.seq = delta.seq
        self._past.append(delta)
        return delta

    def _replace(self, delta: Delta, kind: str, ident: str, after: Document | None) -> None:
        held = self.documents[kind]
        before = held.get(ident)
        delta.before.setdefault((kind, ident), before)
        if after is None:
            held.pop(ident, None)
        else:
            held[ident] = after
        if kind == "agent":
            delta.queues.update(self.tallies.replace_agent(before, after))
        elif kind == "member":
            delta.queues.update(self.tallies.replace_member(before, after))
        elif kind == "queue":
            delta.queues.add(ident)

    def since(self, seq: int) -> Delta | None:
        """All that changed after ``seq``; None when that is not known any more, or never was."""
        if seq == self.seq:
            return Delta(seq, seq)
        if seq > self.seq or not self._past or seq < self._past[0].since:
            return None
        found = Delta(seq, seq)
        for delta in self._past:
            if delta.seq > seq:
                found.merge(delta)
        return found

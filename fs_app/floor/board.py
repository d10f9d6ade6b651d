"""The board: documents turned into the rows that one viewer may see, in the shape of the HTTP API.

Pure: the panel keeps the documents and calls this once per change and *view* (role, rights, selected queue, language),
not once per browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fs_app.floor import errors, permissions, statuses
from fs_app.floor.actor import Actor
from fs_app.floor.commands import BARGE, MODES, MONITOR, WHISPER
from fs_app.floor.documents import Document
from fs_app.floor.entities import LISTENING
from fs_app.floor.masking import masked
from fs_app.floor.statuses import StatusBook

MAY = {
    "change_status": permissions.CHANGE_STATUS,
    "change_priority": permissions.CHANGE_PRIORITY,
    "change_confirmation": permissions.CHANGE_CONFIRMATION,
    "monitor": permissions.MONITOR,
    "whisper": permissions.WHISPER,
    "barge": permissions.BARGE,
    "take_over": permissions.TAKE_OVER,
}
_TERMINAL = (
    "terminal_kind",
    "terminal_extension",
    "terminal_delay_s",
    "terminal_confirm",
    "terminal_restorable",
)
Label = Callable[[str], str]


def visible(actor: Actor, document: Document) -> bool:
    """Whether a document may be shown at all. Without ``see`` it is shown to nobody."""
    see = document.get("see")
    if see is None:
        return False
    if actor.is_administrator:
        return True
    return any(actor.may_see(queue) for queue in see)


def in_view(actor: Actor, document: Document, queue: str | None) -> bool:
    """Whether a document belongs to the view: visible, and of the selected queue."""
    return visible(actor, document) and (queue is None or queue in document["see"])


def agent_row(document: Document, actor: Actor, queue: str | None, book: StatusBook, label: Label) -> dict[str, Any]:
    """One agent for one view. Calls of queues that the viewer may not see keep their kind and lose the caller.

    His outside number is whole for those who may see it (``permissions.may_see_number``), else masked.
    """
    code = shown_code(document, queue)
    shape, color = book.look(code)
    return {
        "agent": document["id"],
        "name": document["name"],
        "node": document["node"],
        **_terminal(document, actor),
        "status": {
            "code": code,
            "label": label(code),
            "shape": shape,
            "color": color,
            "since": document["since"],
            "until": document["until"],
            "over_at": _over_at(document, book),
        },
        "chosen": {
            "code": document["chosen"],
            "label": label(document["chosen"]),
            "since": document["chosen_since"],
        },
        "after_call": document["after_call"],
        "hand_since": document["hand_since"],
        "priority": document["tiers"].get(queue) if queue is not None else None,
        "priorities": {q: level for q, level in document["tiers"].items() if actor.may_see(q)},
        "queues": [q for q in document["tiers"] if actor.may_see(q)],
        "call": _call(document["call"], actor),
        "talk_since": document["talk_since"],
        "hold_since": document["hold_since"],
        "alarms": document["alarms"],
        "no_answer": document["no_answer"],
        "may": verdicts(document, actor, queue),
    }


def _terminal(document: Document, actor: Actor) -> dict[str, Any]:
    shown = str if permissions.may_see_number(actor, document) else masked
    number = document["terminal_number"]
    return {
        "terminal": shown(document["terminal"]),
        "terminal_number": shown(number) if number is not None else None,
        **{name: document[name] for name in _TERMINAL},
    }


def _over_at(document: Document, book: StatusBook) -> float | None:
    """When the agent's status reaches its limit. Calls and the automatic wrap-up have none."""
    rests = document["call"] is None and document["until"] is None and document["code"] == document["chosen"]
    limit_s = book.limit_s(document["code"]) if rests else None
    return document["since"] + limit_s if limit_s is not None else None


def shown_code(document: Document, queue: str | None) -> str:
    """The status code in one view: a queue call of another queue than the selected one reads ``other_queue_call``."""
    call = document["call"]
    code: str = document["code"]
    talks = code in (statuses.QUEUE_CALL, statuses.ON_HOLD)
    if talks and queue is not None and call["queue"] is not None and call["queue"] != queue:
        return statuses.OTHER_QUEUE_CALL
    return code


def verdicts(document: Document, actor: Actor, queue: str | None) -> dict[str, dict[str, Any]]:
    """The row's ``may`` member: for every action whether it is allowed, and why not."""
    found = {}
    for name, action in MAY.items():
        verdict = permissions.may(actor, action, document, queue)
        found[name] = {"ok": verdict.ok, "reason": verdict.reason}
    return found


def _call(call: dict[str, Any] | None, actor: Actor) -> dict[str, Any] | None:
    if call is None or call["queue"] is None or actor.may_see(call["queue"]):
        return call
    return {**call, "queue": None, "with": {"name": "", "number": ""}, "supervised": []}


def queue_row(document: Document, actor: Actor, tally: dict[str, Any], label: str | None = None) -> dict[str, Any]:
    """One queue for one viewer; ``tally`` counts its agents and waiting callers (see ``Tallies``)."""
    return {
        "queue": document["id"],
        "label": label or document["label"] or document["id"].partition("@")[0],
        "notices": document["notices"],
        "right": "all" if actor.is_administrator else actor.right(document["id"]),
        "strategy": document["strategy"],
        "tier_rules": document["tier_rules"],
        "answered": document["answered"],
        "abandoned": document["abandoned"],
        **tally,
    }


def waiting_row(document: Document) -> dict[str, Any]:
    """One waiting caller."""
    row = {k: document[k] for k in ("queue", "name", "number", "since", "state", "agent")}
    return {"member": document["id"], **row}


def supervision_row(document: Document, actor: Actor) -> dict[str, Any]:
    """One supervision; whoever sees the agent sees who listens to him, not at which outside number.

    The queue it was asked for under is named to those who may see that queue, and to whoever asked. ``may`` is for those
    who may touch it at all: the listener and administrators.
    """
    keys = (
        "id",
        "agent",
        "mode",
        "mode_unsure",
        "state",
        "cause",
        "extension",
        "queue",
        "follow",
        "silent",
        "no_media",
        "login",
        "name",
        "asked_at",
        "since",
    )
    row = {k: document[k] for k in keys}
    row["ended_at"] = document["ended_at"]
    row["mine"] = document["login"] == actor.login
    row["may"] = supervision_verdicts(document, actor) if row["mine"] or actor.is_administrator else None
    if not (row["mine"] or actor.is_administrator):
        row["extension"] = masked(document["extension"])
        row["queue"] = row["queue"] if actor.may_see(row["queue"]) else None
    return row


def supervision_verdicts(document: Document, actor: Actor) -> dict[str, dict[str, Any]]:
    """What it may go over to, as ``decide.change_mode`` and ``decide.take_over`` decide: on its own queue and its own call."""
    if not (visible(actor, document) or actor.agent == document["agent"]):
        return {name: {"ok": False, "reason": errors.PERMISSION_DENIED} for name in (*MODES, "take_over")}
    heard = {"id": document["agent"], "tiers": document["see"], "call": document["call"], "listens": False}
    found = {}
    for name in (*MODES, "take_over"):
        ok, reason = permissions.may(actor, MAY[name], heard, document["queue"])
        if name == document["mode"]:
            ok, reason = True, None
        elif ok and document["on_member"] and name in (WHISPER, BARGE):
            ok, reason = False, errors.ON_HOLD_NO_WHISPER
        elif ok and document["state"] != LISTENING and not (document["on_member"] and name == MONITOR):
            ok, reason = False, errors.NOT_MONITORABLE
        found[name] = {"ok": ok, "reason": reason}
    return found


_GROUPS = {
    "available": "available",
    "logged_out": "logged_out",
    statuses.RINGING: "ringing",
    **dict.fromkeys(statuses.CALL_CODES, "busy"),
}
GROUPS = ("total", "available", "busy", "ringing", "away", "logged_out")


class Tallies:
    """Counts per queue, kept up by differences so that one change costs the same on a floor of any size."""

    def __init__(self) -> None:
        self._agents: dict[str, dict[str, int]] = {}
        self._waiting: dict[str, dict[str, float]] = {}

    def replace_agent(self, before: Document | None, after: Document | None) -> Iterable[str]:
        """An agent's document changed; the queues whose counts did."""
        old = self._spread(before)
        new = self._spread(after)
        if old == new:
            return ()
        for queue, group in old.items():
            counts = self._agents[queue]
            counts["total"] -= 1
            counts[group] -= 1
        for queue, group in new.items():
            counts = self._agents.setdefault(queue, dict.fromkeys(GROUPS, 0))
            counts["total"] += 1
            counts[group] += 1
        return {q for q in old.keys() | new.keys() if old.get(q) != new.get(q)}

    @staticmethod
    def _spread(document: Document | None) -> dict[str, str]:
        if document is None:
            return {}
        group = _GROUPS.get(document["code"], "away")
        return dict.fromkeys(document["tiers"], group)

    def replace_member(self, before: Document | None, after: Document | None) -> Iterable[str]:
        """A waiting caller came, changed or went; the queue whose numbers did."""
        if before is not None and after is not None and before["since"] == after["since"]:
            return ()
        if before is not None:
            self._waiting.get(before["queue"], {}).pop(before["id"], None)
        if after is not None:
            self._waiting.setdefault(after["queue"], {})[after["id"]] = after["since"]
        return {d["queue"] for d in (before, after) if d is not None}

    def of(self, queue: str, now: float) -> dict[str, Any]:
        """The numbers of one queue; ``longest_wait_s`` is at ``now``, the browser counts on from ``longest_wait_since``."""
        waiting = self._waiting.get(queue, {})
        since = min(waiting.values(), default=None)
        return {
            "waiting": len(waiting),
            "longest_wait_since": since,
            "longest_wait_s": max(0.0, round(now - since, 3)) if since is not None else 0.0,
            "agents": dict(self._agents.get(queue) or dict.fromkeys(GROUPS, 0)),
        }

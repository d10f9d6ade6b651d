"""Statuses: those people choose, those calls make, and how they stand to mod_callcenter's own four."""

from __future__ import annotations

from dataclasses import dataclass

# Statuses of mod_callcenter, exactly spelt: the check ignores case, the dispatcher's SQL does not (mod_callcenter.c:103).
LOGGED_OUT = "Logged Out"
AVAILABLE = "Available"
ON_DEMAND = "Available (On Demand)"
ON_BREAK = "On Break"
TAKES_CALLS = frozenset({AVAILABLE, ON_DEMAND})
SWITCH_STATUSES = (LOGGED_OUT, AVAILABLE, ON_DEMAND, ON_BREAK)

# mod_callcenter's agent states (mod_callcenter.c:121).
WAITING = "Waiting"
RECEIVING = "Receiving"
IN_QUEUE_CALL = "In a queue call"
IDLE = "Idle"
RESERVED = "Reserved"

# Made by calls only.
RINGING = "ringing"
QUEUE_CALL = "queue_call"
OTHER_QUEUE_CALL = "other_queue_call"
OUTBOUND_CALL = "outbound_call"
EXTERNAL_CALL = "external_call"
INTERNAL_CALL = "internal_call"
ON_HOLD = "on_hold"
CALL_CODES = frozenset({QUEUE_CALL, OTHER_QUEUE_CALL, OUTBOUND_CALL, EXTERNAL_CALL, INTERNAL_CALL, ON_HOLD})
MONITORABLE = frozenset({QUEUE_CALL, OUTBOUND_CALL, EXTERNAL_CALL, INTERNAL_CALL})


@dataclass(frozen=True, slots=True)
class Status:
    """A status that people choose. ``switch_status`` is what mod_callcenter is told; ``labels`` by locale."""

    code: str
    switch_status: str
    shape: str
    color: str
    labels: tuple[tuple[str, str], ...] = ()
    agents_may_choose: bool = True
    limit_min: int | None = None


BUILT_IN: tuple[Status, ...] = (
    Status("available", AVAILABLE, "circle", "green"),
    Status("wrap_up", ON_BREAK, "half", "violet"),
    Status("on_break", ON_BREAK, "square", "amber"),
    Status("away", ON_BREAK, "triangle", "orange"),
    Status("logged_out", LOGGED_OUT, "ring", "grey"),
)

BUILT_IN_CODES = frozenset(status.code for status in BUILT_IN) | CALL_CODES | {RINGING}
"""Codes that no status of a site's own can have."""


def prompt_of(code: str) -> str:
    """The id of the prompt that says a status; one of a site's own is called as no prompt of fs_conf is, whatever its code."""
    return f"status_{code}" if code in BUILT_IN_CODES else f"own_status_{code}"


_CALL_LOOKS: dict[str, tuple[str, str]] = {
    RINGING: ("bell", "cyan"),
    QUEUE_CALL: ("diamond", "blue"),
    OTHER_QUEUE_CALL: ("diamond-ring", "blue"),
    OUTBOUND_CALL: ("arrow-up", "indigo"),
    EXTERNAL_CALL: ("arrow-down", "indigo"),
    INTERNAL_CALL: ("arrows", "teal"),
    ON_HOLD: ("pause", "rose"),
}


class StatusBook:
    """All statuses of a site: the five built in and its own. ``retired`` ones nobody may choose any more.

    Whoever is in a retired status stays in it until he gets another.
    """

    def __init__(self, own: tuple[Status, ...] = (), retired: tuple[Status, ...] = ()) -> None:
        self.chosen: dict[str, Status] = {s.code: s for s in (*BUILT_IN, *own)}
        self._known = {s.code: s for s in retired} | self.chosen

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StatusBook) and (self.chosen, self._known) == (other.chosen, other._known)

    __hash__ = None  # type: ignore[assignment]

    def switch_status(self, code: str) -> str:
        """What mod_callcenter is told for ``code``, also a retired one; KeyError for a code that never was one."""
        return self._known[code].switch_status

    def limit_s(self, code: str) -> float | None:
        """After how long (s) in this status an agent is marked; None: never."""
        status = self._known.get(code)
        return status.limit_min * 60.0 if status is not None and status.limit_min is not None else None

    def look(self, code: str) -> tuple[str, str]:
        """Shape and colour of any code, chosen or made by calls."""
        if code in _CALL_LOOKS:
            return _CALL_LOOKS[code]
        status = self._known.get(code)
        return (status.shape, status.color) if status else ("ring", "grey")

    def read(self, switch_status: str, remembered: str) -> str:
        """The code for what mod_callcenter says, keeping the remembered one while it still fits.

        mod_callcenter stores a status as it was sent, so ``available`` in lower case is possible; such an agent gets
        no calls (seen on 1.10.12), and the board marks him with the alarm ``unknown_status``.
        """
        known = self._known.get(remembered)
        if known is not None and known.switch_status == switch_status:
            return remembered
        folded = switch_status.casefold()
        if folded in ("available", "available (on demand)"):
            return "available"
        return "logged_out" if folded == "logged out" else "on_break"

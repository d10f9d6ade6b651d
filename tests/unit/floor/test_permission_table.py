"""Every combination of action, role, right, selected queue and call, against the product's tables B, C and D said again.

The table below is written from the rules, not from the code: what it says of a case is what the code must say.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from fs_app.floor import permissions
from fs_app.floor.actor import ROLES, Actor

A, B, OTHER = "a@default", "b@default", "other@default"
AGENT = "1001@default"
RIGHTS = ("none", "view", "edit")
SELECTED = (None, A, B, OTHER)
IDLE = "idle"
CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    IDLE: ("available", None),
    "wrap-up": ("wrap_up", None),
    "ringing": ("ringing", {"kind": "ringing", "state": "ringing", "queue": A}),
    "dialling": ("outbound_call", {"kind": "outbound_call", "state": "dialling", "queue": None}),
    "queue A": ("queue_call", {"kind": "queue_call", "state": "talking", "queue": A}),
    "queue B": ("queue_call", {"kind": "queue_call", "state": "talking", "queue": B}),
    "outbound": ("outbound_call", {"kind": "outbound_call", "state": "talking", "queue": None}),
    "external": ("external_call", {"kind": "external_call", "state": "talking", "queue": None}),
    "internal": ("internal_call", {"kind": "internal_call", "state": "talking", "queue": None}),
    "held, queue A": ("on_hold", {"kind": "queue_call", "state": "held", "queue": A}),
    "held, external": ("on_hold", {"kind": "external_call", "state": "held", "queue": None}),
}
ACTIONS = (
    permissions.CHANGE_STATUS,
    permissions.CHANGE_STATUS_LATER,
    permissions.RAISE_HAND,
    permissions.LOWER_HAND,
    permissions.CHANGE_TERMINAL,
    permissions.CHANGE_CONFIRMATION,
    permissions.CALL_BACK,
    permissions.CHANGE_PRIORITY,
    permissions.ADD_MEMBER,
    permissions.REMOVE_MEMBER,
    *permissions.SUPERVISION_ACTIONS,
)


def document(call: str) -> dict[str, Any]:
    code, made = CALLS[call]
    return {"id": AGENT, "tiers": {A: 1, B: 2}, "code": code, "call": made}


def reach(role: str, rights: dict[str, str], selected: str | None) -> set[str]:
    """B2-B5, C3, D5: what the rules forbid before anything about the call is asked. Empty: within reach."""
    if role == "user":
        return {"permission_denied"}
    if role == "administrator":
        return {"not_a_member"} if selected == OTHER else set()
    if selected is None:
        return {"queue_not_selected"} if "edit" in (rights[A], rights[B]) else {"permission_denied"}
    if rights[selected] != "edit":
        return {"permission_denied"}  # and not a word on who is a member of a queue that one may not change
    return {"not_a_member"} if selected == OTHER else set()


def expected(action: str, role: str, rights: dict[str, str], selected: str | None, call: str) -> set[str]:
    """The reasons of which one must be given; empty: allowed."""
    forbidden = reach(role, rights, selected)
    if action == permissions.CHANGE_CONFIRMATION:
        return set() if role == "administrator" else {"permission_denied"}  # F5: no voicemail by anybody else's hand
    if action in (permissions.ADD_MEMBER, permissions.REMOVE_MEMBER):  # C11
        return set() if role == "administrator" else {"permission_denied"}
    if action in (permissions.RAISE_HAND, permissions.CALL_BACK):
        return {"permission_denied"}  # G4, F7: one's own only, and this table's actor is no agent
    if action == permissions.CHANGE_PRIORITY:
        if role != "user" and selected is None:
            return {"queue_not_selected", *forbidden}  # C1: by nobody
        return forbidden
    if forbidden or action in (permissions.CHANGE_STATUS_LATER, permissions.LOWER_HAND):
        return forbidden
    if action in (permissions.CHANGE_STATUS, permissions.CHANGE_TERMINAL):  # B6, B7
        return {IDLE: set(), "wrap-up": set(), "ringing": {"agent_ringing"}}.get(call, {"agent_in_call"})
    if call in (IDLE, "wrap-up", "ringing", "dialling"):  # D3
        return {"not_monitorable"}
    of_queue = {"queue A": A, "held, queue A": A, "queue B": B}.get(call)
    if role == "supervisor" and of_queue is not None and of_queue != selected:  # D4
        return {"other_queue_call"}
    return {"on_hold_no_whisper"} if call.startswith("held") and action != permissions.MONITOR else set()  # D2


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_b_c_d_every_case_is_decided_as_the_rules_say(action: str, role: str) -> None:
    cases = 0
    for right_a, right_b, right_other, selected, call in product(RIGHTS, RIGHTS, RIGHTS, SELECTED, CALLS):
        rights = {A: right_a, B: right_b, OTHER: right_other}
        grants = {queue: right for queue, right in rights.items() if right != "none"}
        actor = Actor("x", role, "X", grants=grants)
        verdict = permissions.may(actor, action, document(call), selected)
        wanted = expected(action, role, rights, selected, call)
        case = (action, role, right_a, right_b, right_other, selected, call, verdict)
        assert verdict.ok == (not wanted), case
        assert verdict.reason in (wanted or {None}), case
        cases += 1
    assert cases == 27 * 4 * len(CALLS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("selected", SELECTED)
def test_b_own_status_and_terminal_are_ones_own_and_nothing_else_is(role: str, selected: str | None) -> None:
    actor = Actor("x", role, "X", agent=AGENT)
    for call in CALLS:
        busy = call not in (IDLE, "wrap-up")
        for action in (permissions.CHANGE_STATUS, permissions.CHANGE_TERMINAL, permissions.CALL_BACK):
            assert permissions.may(actor, action, document(call), selected).ok is not busy
        for action in (permissions.CHANGE_STATUS_LATER, permissions.RAISE_HAND, permissions.LOWER_HAND):
            assert permissions.may(actor, action, document(call), selected).ok
        for action in permissions.SUPERVISION_ACTIONS:
            assert not permissions.may(actor, action, document(call), selected).ok, "never one's own call"


def test_a_every_action_of_the_rules_has_its_place_in_this_table() -> None:
    strings = [value for name, value in vars(permissions).items() if name.isupper() and isinstance(value, str)]
    without = {value for value in strings if "." in value} - set(ACTIONS)
    assert without == {permissions.FORESEE}, "who may foresee is who may see the queue"

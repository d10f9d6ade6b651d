"""Every action that a route may name, and which roles may ask for it. What is not listed here cannot be routed.

This is the first of two gates: the controller decides again, on the state of the floor at the moment of carrying out.
"""

from __future__ import annotations

from dataclasses import dataclass

from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, USER

EVERYBODY = frozenset({ADMINISTRATOR, SUPERVISOR, USER})
MANAGEMENT = frozenset({ADMINISTRATOR, SUPERVISOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Action:
    """One action. ``public``: without a session; ``by_token`` False: only in a browser's session;
    ``before_password_change``: also while the account must set a password of its own first.
    """

    name: str
    roles: frozenset[str] = frozenset()
    public: bool = False
    by_token: bool = True
    before_password_change: bool = False


def _of(roles: frozenset[str], *names: str) -> tuple[Action, ...]:
    return tuple(Action(name, roles) for name in names)


_ALL = (
    Action("page.open", public=True),
    Action("static.read", public=True),
    Action("docs.read", public=True),
    Action("health.read", public=True),
    Action("session.start", public=True),
    Action("session.read", EVERYBODY, before_password_change=True),
    Action("session.end", EVERYBODY, before_password_change=True),
    Action("own.change_password", EVERYBODY, by_token=False, before_password_change=True),
    Action("own.change_locale", EVERYBODY, by_token=False, before_password_change=True),
    Action("own.read_sessions", EVERYBODY, by_token=False),
    Action("own.end_session", EVERYBODY, by_token=False),
    Action("own.read_tokens", EVERYBODY, by_token=False),
    Action("own.add_token", EVERYBODY, by_token=False),
    Action("own.remove_token", EVERYBODY, by_token=False),
    Action("own.read_second_factor", EVERYBODY, by_token=False),
    Action("own.begin_second_factor", EVERYBODY, by_token=False),
    Action("own.confirm_second_factor", EVERYBODY, by_token=False),
    Action("own.renew_recovery_codes", EVERYBODY, by_token=False),
    Action("own.remove_second_factor", EVERYBODY, by_token=False),
    Action("own.renew_dial", EVERYBODY, by_token=False),
    *_of(EVERYBODY, "own.read_agent", "agent.set_status", "agent.end_wrap_up", "agent.set_terminal"),
    *_of(EVERYBODY, "agent.cancel_after_call"),
    *_of(EVERYBODY, "agent.raise_hand", "agent.lower_hand"),
    *_of(EVERYBODY, "agent.read", "agent.read_listened", "activity.read", "activity.export"),
    *_of(MANAGEMENT, "queue.read", "queue.read_settings", "queue.change_settings"),
    *_of(ADMINISTRATORS, "status.read", "status.add", "status.change", "status.retire", "site.read", "site.change"),
    *_of(ADMINISTRATORS, "dial_codes.read", "dial_codes.change", "dial_numbers.read", "dial_numbers.change"),
    *_of(EVERYBODY, "activity.open"),
    *_of(MANAGEMENT, "queues.open"),
    *_of(ADMINISTRATORS, "settings.open"),
    *_of(ADMINISTRATORS, "queue.read_candidates", "queue.add_member", "queue.remove_member"),
    *_of(MANAGEMENT, "monitor.open", "board.read", "agent.set_priority", "queue.foresee"),
    *_of(MANAGEMENT, "supervision.read", "supervision.start", "supervision.set_mode"),
    *_of(MANAGEMENT, "supervision.take_over", "supervision.stop"),
    *_of(EVERYBODY, "call_back.start", "call_back.read", "call_back.cancel"),
    *_of(ADMINISTRATORS, "accounts.open", "account.read", "account.add", "account.change", "account.remove"),
    *_of(ADMINISTRATORS, "account.grant", "account.read_sessions", "account.end_session"),
    *_of(ADMINISTRATORS, "account.remove_second_factor", "account.renew_dial"),
    *_of(ADMINISTRATORS, "audit.open", "audit.read", "audit.export"),
)
ACTIONS = {action.name: action for action in _ALL}

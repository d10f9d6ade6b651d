"""Who wants something: the account behind a request, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ADMINISTRATOR = "administrator"
SUPERVISOR = "supervisor"
USER = "user"
ROLES = (ADMINISTRATOR, SUPERVISOR, USER)
RIGHTS = ("none", "view", "edit")


@dataclass(frozen=True, slots=True)
class Actor:
    """An account at the moment of asking. Everything in it comes from the server's own records, never from a browser.

    ``grants`` maps a queue's name to ``view`` or ``edit``; an administrator holds every right without a grant.
    ``source`` is ``panel``, ``token``, ``dial``, ``cli`` or ``system``. ``session`` names the log-in or token behind the
    request (not its secret): what was begun by it ends with it.
    """

    login: str
    role: str
    name: str
    locale: str = "ja"
    agent: str | None = None
    extensions: tuple[str, ...] = ()
    grants: Mapping[str, str] = field(default_factory=dict)
    source: str = "panel"
    address: str = ""
    token: str | None = None
    session: str = ""

    def kind_towards(self, agent: str) -> str:
        """As what this account acts on an agent: ``self``, ``supervisor`` (any management), ``dial``, ``token``, ``system``."""
        if self.source in ("dial", "token"):
            return self.source
        if self.source in ("cli", "system"):
            return "system"
        return "self" if self.agent == agent else "supervisor"

    @property
    def is_administrator(self) -> bool:
        """Whether this account may do everything everywhere."""
        return self.role == ADMINISTRATOR

    def right(self, queue: str) -> str:
        """``none``, ``view`` or ``edit`` on one queue; administrators hold ``edit`` on all."""
        if self.role == ADMINISTRATOR:
            return "edit"
        if self.role != SUPERVISOR:
            return "none"
        return self.grants.get(queue, "none")

    def may_see(self, queue: str) -> bool:
        """Whether calls of this queue may be shown to this account."""
        return self.right(queue) != "none"

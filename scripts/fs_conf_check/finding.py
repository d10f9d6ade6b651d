"""What was found: how bad it is, where, what breaks, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

SERIOUS = "serious"
WARNING = "warning"
NOTE = "note"
LEVELS = (SERIOUS, WARNING, NOTE)
"""Serious: something does not work, or a stranger gets in. Warning: works less well than it could. Note: good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. ``id`` is stable, ``where`` a file and line or «running»; nothing in it is a password."""

    level: str
    id: str
    where: str
    what: str
    breaks: str
    mend: str

    def lines(self) -> list[str]:
        """As it stands on the terminal; what came from a file cannot drive it."""
        texts = (
            f"{self.level.upper():<8} {self.id}  {self.where}",
            f"         {self.what}",
            f"         breaks: {self.breaks}",
            f"         mend:   {self.mend}",
        )
        return ["".join(sign if sign.isprintable() else " " for sign in text) for text in texts]

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return {name: getattr(self, name) for name in ("level", "id", "where", "what", "breaks", "mend")}

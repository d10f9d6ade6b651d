"""What came of one try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the screen. ``text`` says what was found, and if it is not fine, the remedy."""

    name: str
    fine: bool
    text: str

    def line(self) -> str:
        """As it stands on the terminal; what came from elsewhere cannot drive it."""
        text = "".join(sign if sign.isprintable() else " " for sign in self.text)
        return f"  {'fine ' if self.fine else 'WRONG'}  {self.name:<16} {text}"

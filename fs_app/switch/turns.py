"""Whose turn it is to send a command: one at a time, first come first served.

A semaphore would let a greenlet that has just finished take the next turn before those who wait.
"""

from __future__ import annotations

from collections import deque

from gevent.event import AsyncResult


class Turns:
    """A fair lock between greenlets whose wait has a limit."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: deque[AsyncResult[None]] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, timeout_s: float) -> bool:
        """Wait for the turn; False when it has not come in time."""
        if not self._taken:
            self._taken = True
            return True
        place: AsyncResult[None] = AsyncResult()
        self._waiting.append(place)
        try:
            place.wait(timeout=timeout_s)
        except BaseException:
            self._leave(place)
            raise
        if place.ready():
            return True
        self._leave(place)
        return False

    def give_back(self) -> None:
        """End one's turn; it goes straight to whoever has waited longest."""
        if self._waiting:
            self._waiting.popleft().set(None)
        else:
            self._taken = False

    def _leave(self, place: AsyncResult[None]) -> None:
        if not place.ready():
            self._waiting.remove(place)
        else:
            # The turn came in the very moment in which its owner was called away.
            self.give_back()

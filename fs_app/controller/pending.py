"""What waits for the event that proves it. A command is done when the switch has said so, not when it was sent."""

from __future__ import annotations

from collections.abc import Callable

from gevent.event import AsyncResult
from gevent.timeout import Timeout

from fs_app.floor.errors import UNCONFIRMED, Rejected
from fs_app.floor.state import Floor

Proof = Callable[[Floor], bool]


class LinkLost(Exception):
    """The switch went away while something waited for its word: the outcome is unknown."""


class Pending:
    """Everything that waits on one switch. Checked after each fact; ``fail_all`` when the link is lost."""

    def __init__(self) -> None:
        self._waiting: dict[AsyncResult[bool], Proof] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def expect(self, proof: Proof) -> AsyncResult[bool]:
        """Begin to watch. To be called before the order is sent, so that no word can be missed."""
        result: AsyncResult[bool] = AsyncResult()
        self._waiting[result] = proof
        return result

    def wait(self, result: AsyncResult[bool], timeout_s: float) -> bool:
        """True once proved, False when ``timeout_s`` passed without. Raises LinkLost when the link was lost."""
        try:
            return bool(result.get(timeout=timeout_s))
        except Timeout:
            return False
        finally:
            self.forget(result)

    def require(self, result: AsyncResult[bool], timeout_s: float) -> None:
        """Return once proved; raises Rejected ``unconfirmed`` when time or link ran out."""
        try:
            proved = self.wait(result, timeout_s)
        except LinkLost as error:
            raise Rejected(UNCONFIRMED) from error
        if not proved:
            raise Rejected(UNCONFIRMED)

    def forget(self, result: AsyncResult[bool]) -> None:
        """Watch no longer, e.g. because the order was refused."""
        self._waiting.pop(result, None)

    def check(self, floor: Floor) -> None:
        """A fact was applied: whoever is proved now is told."""
        for result, proof in list(self._waiting.items()):
            if proof(floor):
                del self._waiting[result]
                result.set(True)

    def fail_all(self) -> None:
        """The link is lost: nobody will be told anything any more."""
        for result in list(self._waiting):
            result.set_exception(LinkLost())
        self._waiting.clear()

"""Background jobs whose results are awaited: from ``bgapi`` to the BACKGROUND_JOB event with the same id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gevent.event import AsyncResult

from fs_app.switch.errors import CommandTimeout, ConnectionLost


class Jobs:
    """Any number of jobs under way; each ends by its result, by its time, or with all others when the switch is lost."""

    def __init__(self) -> None:
        self._pending: dict[str, AsyncResult[str]] = {}

    def __len__(self) -> int:
        return len(self._pending)

    @contextmanager
    def expect(self, job_uuid: str) -> Iterator[AsyncResult[str]]:
        """Enter before the job is started, so that its result cannot come too early."""
        result: AsyncResult[str] = AsyncResult()
        self._pending[job_uuid] = result
        try:
            yield result
        finally:
            self._pending.pop(job_uuid, None)

    def done(self, job_uuid: str, output: str) -> None:
        """The result of a job; one that nobody awaits is passed over."""
        result = self._pending.pop(job_uuid, None)
        if result is not None:
            result.set(output)

    def fail_all(self, reason: str) -> None:
        """Every job under way ends with ConnectionLost: its result will never come."""
        pending, self._pending = self._pending, {}
        for result in pending.values():
            result.set_exception(ConnectionLost(reason))


def outcome(result: AsyncResult[str], timeout_s: float) -> str:
    """What the job printed. Raises CommandTimeout after ``timeout_s``, ConnectionLost when the switch was lost."""
    if result.wait(timeout=timeout_s) is None and not result.ready():
        raise CommandTimeout(f"no result of a background job within {timeout_s:.3g} s")
    return result.get(block=False) or ""

"""Between «asked» and its outcome: whatever happens in the block is written down, and raised on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fs_app.floor.errors import UNCONFIRMED as UNKNOWN_OUTCOME
from fs_app.floor.errors import Rejected
from fs_app.store.audit import CONFIRMED, FAILED, UNCONFIRMED, AuditLog


@contextmanager
def audited(audit: AuditLog, row: int) -> Iterator[None]:
    """The outcome of the audit's row: confirmed, failed with the reason, or unconfirmed when nobody can know."""
    try:
        yield
    except Rejected as rejected:
        write_refusal(audit, row, rejected)
        raise
    except BaseException as error:
        audit.outcome(row, UNCONFIRMED, type(error).__name__)
        raise
    audit.outcome(row, CONFIRMED)


def write_refusal(audit: AuditLog, row: int, rejected: Rejected) -> None:
    """It came to nothing, for this reason, or nobody can know."""
    outcome = UNCONFIRMED if rejected.error == UNKNOWN_OUTCOME else FAILED
    audit.outcome(row, outcome, rejected.cause or rejected.error)
    rejected.written = True

"""The data folder: made, closed to others, and locked so that two trees never write to one folder.

The lock is a flock(2) on ``serve.lock``; the kernel drops it with the last process that holds it, so that no stale
file can keep anybody out. The process id in the file is for the message only.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from time import monotonic

import gevent

from fs_app.serve.faults import CannotStart

ENDING_LIMIT_S = 5.0


def lock(data_dir: Path) -> int:
    """Make the folder if needed and lock it; returns the descriptor that holds the lock.

    Waits up to 5 s for the parts of a tree whose head was killed. Raises :class:`CannotStart` when another tree is
    running, or when the folder cannot be written.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data_dir / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(
            f"The data folder {data_dir} cannot be written ({error.strerror}). Give this account the right to, "
            "or set SASAYAKI_DATA_DIR to another folder."
        ) from None
    limit = monotonic() + ENDING_LIMIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            if _runs(holder) or monotonic() > limit:
                os.close(descriptor)
                raise CannotStart(
                    f"Sasayaki already runs on the data folder {data_dir} (process {holder}). "
                    "Stop it, or set SASAYAKI_DATA_DIR to another folder."
                ) from None
            gevent.sleep(0.05)
        else:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return descriptor


def _runs(holder: str) -> bool:
    if not holder.isascii() or not holder.isdigit():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

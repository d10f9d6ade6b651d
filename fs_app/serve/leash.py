"""Runs a command that ends when its parent ends, however the parent ended. Loads nothing else, so that it is quick.

``python leash.py PARENT COMMAND…`` asks the kernel for SIGTERM at the parent's death (prctl(2),
PR_SET_PDEATHSIG, Linux; it outlives execve) and becomes the command. On other systems the command simply runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become ``arguments[1:]``, unless the process ``arguments[0]`` is no longer the parent."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # The parent may have died before the kernel knew of the wish.
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the command comes from our own process tree


if __name__ == "__main__":
    main(sys.argv[1:])

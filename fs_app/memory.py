"""Python's garbage collector and the C library's heap, set for processes that live for months and answer within milliseconds."""

from __future__ import annotations

import ctypes
import gc

_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE = 256 * 1024


def settle() -> None:
    """To be called once, when a process has its parts."""
    _keep_pauses_short()
    _give_large_blocks_back()


def _keep_pauses_short() -> None:
    """Look for cyclic garbage seldom, and never through what is loaded by now.

    With Python's own thresholds one reading of 5,000 agents sets off a walk through all documents, which takes 40 ms, and
    finds nothing: what the floor drops goes at once, because it holds no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _give_large_blocks_back() -> None:
    """Keep large texts out of the heap, where the replies of one reading leave holes of 15 MB at 5,000 agents.

    Left alone, glibc puts blocks into it that are as large as the largest that was ever freed. Another C library needs none
    of this.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)

"""Free ports for one rig. Owns the claim on a block of ports; knows nothing of what runs on them."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass

FIRST, LAST, SIZE = 20_000, 32_000, 400
"""Blocks of 400 ports below the range from which the kernel takes ports by itself (32768 up)."""


@dataclass(frozen=True, slots=True)
class PortBlock:
    """A block of ports that no other rig uses while ``claim`` is open (bound on the block's last port)."""

    base: int
    claim: socket.socket

    @property
    def esl(self) -> int:
        """TCP port of the event socket."""
        return self.base

    @property
    def sip_internal(self) -> int:
        """UDP port where phones log in."""
        return self.base + 1

    @property
    def sip_external(self) -> int:
        """UDP port that the carrier sends calls to."""
        return self.base + 2

    @property
    def rtp(self) -> tuple[int, int]:
        """First and last UDP port for sound."""
        return self.base + 10, self.base + SIZE - 10

    def release(self) -> None:
        """Give the block back."""
        self.claim.close()


def claim_block() -> PortBlock:
    """Claim a free block; ``OSError`` when there is none."""
    bases = list(range(FIRST, LAST, SIZE))
    random.shuffle(bases)
    for base in bases:
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind(("127.0.0.1", base + SIZE - 1))
            claim.listen(1)
        except OSError:
            claim.close()
            continue
        if _all_free(base):
            return PortBlock(base, claim)
        claim.close()
    raise OSError("no free block of ports for the rig")


def _all_free(base: int) -> bool:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind(("127.0.0.1", base))
        for port in (base + 1, base + 2):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True

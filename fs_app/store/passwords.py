"""Passwords as argon2id hashes. Owns hashing and checking, beside the event loop; it never sees an account."""

from __future__ import annotations

import secrets
from base64 import b64encode

import argon2
from argon2.exceptions import InvalidHashError, VerificationError
from gevent.lock import BoundedSemaphore

from fs_app.store.blocking import run_blocking

# Each check takes 64 MiB and a core for some 50 ms; more at once would only take them from the board.
AT_ONCE = 2
# Longer ones are refused before hashing (characters).
LONGEST = 1024


class Passwords:
    """argon2id with the parameters of RFC 9106 for limited memory; tests pass cheaper ones."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65536, parallelism: int = 4) -> None:
        self._hasher = argon2.PasswordHasher(time_cost, memory_kib, parallelism)
        self._turn = BoundedSemaphore(AT_ONCE)
        # What is checked in place of an unknown login's hash, so that both take the same time. Made up, not hashed: that
        # would take 64 MiB at every start, of processes too that never see a password.
        salt, made_up = _base64(secrets.token_bytes(16)), _base64(secrets.token_bytes(32))
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={time_cost},p={parallelism}${salt}${made_up}"

    def hash(self, password: str) -> str:
        """The hash to store, some 50 ms later."""
        with self._turn:
            return run_blocking(self._hasher.hash, password)

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` is the one of ``stored``. ``None`` (nobody) takes as long and is always False."""
        if len(password) > LONGEST:
            return False
        with self._turn:
            return run_blocking(self._check, password, stored or self._nobody) and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether ``stored`` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _check(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _base64(value: bytes) -> str:
    return b64encode(value).decode().rstrip("=")

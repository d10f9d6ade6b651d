"""The way to the running switch: the program's own client, one command at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fs_app.setting_faults import FaultySettings
from fs_app.settings import load
from fs_app.switch.client import EventSocket
from fs_app.switch.errors import SwitchError
from fs_app.switch.node import parse_nodes
from scripts.fs_conf_check.running import Ask
from scripts.fs_conf_check.source import CannotRead

LIMIT_S = 10.0


@contextmanager
def questions(config: Path | None) -> Iterator[Ask]:
    """How to ask the first switch of the settings; raises ``CannotRead`` when it cannot be asked."""
    try:
        nodes = parse_nodes(load(config).freeswitch.get_secret_value())
    except FaultySettings as faults:
        raise CannotRead(faults.report()) from None
    if not nodes:
        raise CannotRead(
            "--esl: set SASAYAKI_FREESWITCH=esl://:PASSWORD@HOST:8021, or name the settings file with --config."
        )
    node = nodes[0]
    connection = EventSocket(node.host, node.port, node.password, node.user, LIMIT_S)
    try:
        connection.connect()
        yield lambda command: str(connection.api(command, LIMIT_S))
    except SwitchError as error:
        raise CannotRead(f"--esl: {node.host}:{node.port} does not answer as it should ({error.id}).") from None
    finally:
        connection.close()

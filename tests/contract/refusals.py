"""What the controller refuses, by its error."""

from __future__ import annotations

from typing import Any

import pytest

from fs_app.floor.actor import Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import BOSS, Center


def refused(center: Center, kind: str, actor: Actor = BOSS, **args: Any) -> str:
    """The error with which this command is refused; ``args`` are those of ``Center.ask``."""
    with pytest.raises(Rejected) as caught:
        center.ask(kind, actor, **args)
    return caught.value.error

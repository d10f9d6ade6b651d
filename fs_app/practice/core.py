"""What the parts of one practice switch share: clock, bus, configuration, and each other.

Owns the wiring only; every part reaches the others through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_app.practice.bus import Bus
from fs_app.practice.clock import Clock
from fs_app.practice.config import SwitchConfig

if TYPE_CHECKING:
    from fs_app.practice.bridges import Bridges
    from fs_app.practice.callcenter.state import CallCenter
    from fs_app.practice.channels import Channels
    from fs_app.practice.execute import Executor
    from fs_app.practice.keys import RunApi
    from fs_app.practice.limits import Limits
    from fs_app.practice.registrations import Phones


class Core:
    """One switch's parts. The parts are set once by ``switch``, before anything runs."""

    channels: Channels
    executor: Executor
    bridges: Bridges
    phones: Phones
    limits: Limits
    callcenter: CallCenter
    run_api: RunApi
    """Runs an API command: name, argument, what takes the reply."""

    def __init__(self, config: SwitchConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.bus = Bus(clock, config.hostname)
        self.started_at = clock.now()
        self.globals: dict[str, str] = {}
        """Global variables that somebody set since the start."""

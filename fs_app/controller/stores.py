"""What the controller is given to work with, besides its switches. Owns no behaviour; ``fs_app.wiring`` fills it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis

from fs_app.controller.dial_people import DialStores
from fs_app.floor.actor import Actor
from fs_app.store.activity import Activity
from fs_app.store.askers import Askers
from fs_app.store.audit import AuditLog
from fs_app.store.priorities import Priorities
from fs_app.store.queue_settings import QueueSettings
from fs_app.store.site_settings import Site
from fs_app.store.statuses import AgentStatuses, CustomStatuses
from fs_app.store.terminals import Terminals


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything outside the switch that the controller uses. ``actor_by_login`` gives an account's rights of now."""

    redis: Redis
    audit: AuditLog
    statuses: AgentStatuses
    priorities: Priorities
    queue_settings: QueueSettings
    activity: Activity
    actor_by_login: Callable[[str], Actor | None]
    askers: Askers
    custom_statuses: CustomStatuses
    dial: DialStores
    site: Callable[[], Site]
    """What administrators have set for the whole site now."""
    terminals: Terminals
    narrowing: Callable[[], tuple[str, tuple[str, ...]]]
    """What narrows the outside numbers that may be rung now: a list, and every number that leads back to the centre."""

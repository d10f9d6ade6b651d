"""Where agent 1001 is rung: asked for and set as in the panel, with the settings of site and queue that matter for it."""

from __future__ import annotations

from dataclasses import replace

from fs_app.floor.actor import Actor
from fs_app.store.announce import QUEUES, SITE, SettingsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.inbox import CommandClient
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from fs_app.store.site_settings import SiteSettings
from tests.contract.center import BOSS, Center
from tests.contract.driver import SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import LIMIT_S

A1 = "1001@default"
MOBILE = "09011112222"


def contact(floor: Floor) -> str:
    """Agent 1001's, as the switch tells it."""
    return str(floor.agent_row(A1)["contact"])


def set_terminal(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> dict[str, object]:
    """Where the agent is rung from now on, as the panel asks for it."""
    asked = {"agent": A1, "kind": kind, **args}
    return dict(CommandClient(center.redis).ask("terminal.set", actor, asked, timeout_s=LIMIT_S))


def put_site(center: Center, **changes: object) -> None:
    """As an administrator changes the site's settings in the panel."""
    with center.database() as database:
        SiteSettings(database, AuditLog(database)).change(changes, BOSS)
    SettingsChannel(center.redis).announce(SITE)


def put_queue(center: Center, **changes: object) -> None:
    """As the settings of the queue «support» are changed in the panel."""
    with center.database() as database:
        QueueSettings(database).put(replace(QueueSetting(SUPPORT, "boss", 1.0), **changes), lambda _: None)  # type: ignore[arg-type]
    SettingsChannel(center.redis).announce(QUEUES)

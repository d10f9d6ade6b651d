"""The queues that one may see, and what is set for each beyond what mod_callcenter knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from flask import Blueprint, g
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from fs_app.floor.actor import Actor
from fs_app.floor.errors import PERMISSION_DENIED, UNKNOWN_QUEUE
from fs_app.store import account_rules as rules
from fs_app.store.announce import QUEUES
from fs_app.store.audit import CONFIRMED, Deed
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from web import errors
from web.access import route, who
from web.board.routes import ready_feed, require_selectable
from web.board.words import read_words
from web.bodies import Body, invalid, judged_part, without_defaults
from web.services import services

blueprint = Blueprint("queue_settings", __name__)
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,20}$")]
Label = Annotated[str, AfterValidator(rules.person), Field(max_length=100)]


class QueueLine(BaseModel):
    """A queue. ``may_change``: whether one may change its settings."""

    queue: str
    label: str
    right: str = Field(description="view, edit, or all for administrators")
    strategy: str
    may_change: bool


class QueuesReply(BaseModel):
    """The queues that one may see, by name."""

    queues: list[QueueLine]
    next: None = None


class QueueSettingsBody(Body):
    """The settings of a queue; of the last three, what is left out stays. ``wrap_up_s``: wrap-up time after its calls (s)."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    label: Label | None = Field(description="null: FreeSWITCH's name")
    wrap_up_s: Annotated[int, Field(ge=0, le=3600)] | None = Field(description="null: each agent's own")
    monitor_notice: bool = Field(description="the agent hears a tone when somebody begins to listen")
    whisper_notice: bool = Field(description="the agent hears a tone when somebody begins to whisper")
    number: Number | None = Field(
        None, description="what agents' outside phones show for its calls, where the site shows queues' numbers"
    )
    missed_after: int = Field(3, ge=1, le=20, description="so many failed offers in a row to an agent's outside phone")
    missed_status: str | None = Field(
        "away", max_length=40, description="are followed by this status; null: by none, only the board's alarm"
    )


class QueueSettingsReply(BaseModel):
    """The settings of a queue, with their defaults where nobody set them (``set_at`` null)."""

    queue: str
    label: str | None
    wrap_up_s: int | None
    monitor_notice: bool
    whisper_notice: bool
    number: str | None
    missed_after: int
    missed_status: str | None
    set_by: str
    set_at: float | None
    may_change: bool


@route(blueprint, "GET", "/queues", action="queue.read", summary="The queues that one may see", reply=QueuesReply)
def list_queues() -> QueuesReply:
    """As the switches have them now."""
    board, actor = ready_feed(), who().actor
    rows = board.view(actor, None).queues()
    return QueuesReply(
        queues=[
            QueueLine(
                queue=row["queue"],
                label=row["label"],
                right=row["right"],
                strategy=row["strategy"],
                may_change=_may_change(actor, row["queue"]),
            )
            for row in rows
        ]
    )


@route(
    blueprint,
    "GET",
    "/queues/<queue>/settings",
    action="queue.read_settings",
    summary="What is set for a queue",
    reply=QueueSettingsReply,
    errors=(UNKNOWN_QUEUE, errors.SERVICE_UNAVAILABLE),
)
def read_settings(queue: str) -> QueueSettingsReply:
    """For whoever may see the queue."""
    return _reply(_known(queue), QueueSettings(services().database).all().get(queue))


@route(
    blueprint,
    "PUT",
    "/queues/<queue>/settings",
    action="queue.change_settings",
    summary="Set a queue's name, wrap-up time and notices",
    body=QueueSettingsBody,
    reply=QueueSettingsReply,
    errors=(UNKNOWN_QUEUE, errors.SERVICE_UNAVAILABLE),
)
def change_settings(queue: str, body: QueueSettingsBody) -> QueueSettingsReply:
    """For administrators, and for supervisors with edit on it; it holds from the next call on."""
    actor, stores = who().actor, services()
    changes = body.model_dump(exclude_unset=True)
    if not _may_change(actor, queue):
        raise errors.Problem(PERMISSION_DENIED)
    told = Deed(actor, "queue.change_settings", "", queue, changes, g.request_id)
    _known(queue)
    kept = QueueSettings(stores.database)
    before = kept.all().get(queue)
    if (
        changes.get("missed_status") is not None
        and changes["missed_status"] not in read_words(stores.database).book.chosen
    ):
        raise invalid([{"field": "missed_status", "problem": "wrong"}])
    if before is not None and all(getattr(before, name) == value for name, value in changes.items()):
        return _reply(queue, before)
    setting = replace(before or QueueSetting(queue, "", 0.0), set_by=actor.login, set_at=stores.clock(), **changes)
    kept.put(setting, lambda connection: stores.audit.append(connection, CONFIRMED, told))
    stores.settings_changed(QUEUES)
    return _reply(queue, setting)


def _known(queue: str) -> str:
    require_selectable(ready_feed(), who().actor, judged_part("queue", queue, rules.queue))
    return queue


def _may_change(actor: Actor, queue: str) -> bool:
    return actor.right(queue) == "edit"


def _reply(queue: str, setting: QueueSetting | None) -> QueueSettingsReply:
    found = setting or QueueSetting(queue, "", 0.0)
    return QueueSettingsReply(
        queue=queue,
        label=found.label,
        wrap_up_s=found.wrap_up_s,
        monitor_notice=found.monitor_notice,
        whisper_notice=found.whisper_notice,
        number=found.number,
        missed_after=found.missed_after,
        missed_status=found.missed_status,
        set_by=found.set_by,
        set_at=found.set_at or None,
        may_change=_may_change(who().actor, queue),
    )

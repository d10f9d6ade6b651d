"""Whether the panel runs, whether what it needs is there, and numbers for Prometheus. Says nothing of hosts or addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import gevent
import orjson
from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.live import ALIVE, FLOOR, figures_of
from web.access import route
from web.metrics import registry
from web.services import feed, services

blueprint = Blueprint("health", __name__)
# A part that has not answered after this long (s) is away.
PART_LIMIT_S = 2.0
_AWAY = (RedisError, SQLAlchemyError, DatabaseUnavailable, gevent.Timeout, OSError)


class Health(BaseModel):
    """The process answers."""

    ok: Literal[True] = True


class NodeHealth(BaseModel):
    """The connection to one FreeSWITCH."""

    name: str
    ok: bool


class PartHealth(BaseModel):
    """One part."""

    ok: bool


class SwitchHealth(PartHealth):
    """FreeSWITCH, as the controller sees it; ``controller`` is whether one runs."""

    controller: bool
    nodes: list[NodeHealth]


class Readiness(BaseModel):
    """Everything that the panel needs."""

    ok: bool
    switch: SwitchHealth
    redis: PartHealth
    database: PartHealth


@route(blueprint, "GET", "/healthz", action="health.read", summary="Whether the panel's process runs", reply=Health)
def healthz() -> Health:
    """Asks nothing of other parts: a restart of the panel would not mend them."""
    return Health()


@route(
    blueprint,
    "GET",
    "/readyz",
    action="health.read",
    summary="Switch, Redis and database, each by name; 503 when one is away",
    reply=Readiness,
)
def readyz() -> Response:
    """Asks each part now."""
    redis = _answers(services().redis.ping)
    switch = _switch() if redis else SwitchHealth(ok=False, controller=False, nodes=[])
    database = _answers(services().database.ping)
    found = Readiness(
        ok=switch.ok and redis and database,
        switch=switch,
        redis=PartHealth(ok=redis),
        database=PartHealth(ok=database),
    )
    return Response(found.model_dump_json(), 200 if found.ok else 503, mimetype="application/json")


@route(
    blueprint,
    "GET",
    "/metrics",
    action="health.read",
    summary="Numbers of this panel worker for Prometheus",
    media="text/plain",
)
def metrics() -> Response:
    """Counters of this process, what Redis says of the switch, and the controller's own numbers."""
    up = _switch() if _answers(services().redis.ping) else SwitchHealth(ok=False, controller=False, nodes=[])
    registry().streams.set(feed().count())
    registry().figures.told = _figures() if up.controller else {}
    registry().observe_switch(up.controller, {node.name: node.ok for node in up.nodes})
    return Response(generate_latest(registry().collectors), content_type=CONTENT_TYPE_LATEST)


def _answers(ask: Callable[[], Any]) -> bool:
    try:
        with gevent.Timeout(PART_LIMIT_S):
            ask()
    except _AWAY:
        return False
    return True


def _figures() -> dict[str, Any]:
    try:
        with gevent.Timeout(PART_LIMIT_S):
            return figures_of(cast("bytes | None", services().redis.get(ALIVE)))
    except _AWAY:
        return {}


def _switch() -> SwitchHealth:
    redis = services().redis
    try:
        with gevent.Timeout(PART_LIMIT_S):
            alive = bool(redis.exists(ALIVE))
            meta = cast("bytes | None", redis.hget(FLOOR, "meta"))
    except _AWAY:
        return SwitchHealth(ok=False, controller=False, nodes=[])
    link: dict[str, Any] = orjson.loads(meta)["link"] if meta else {"state": "down", "nodes": []}
    nodes = [NodeHealth(name=node["name"], ok=alive and node["state"] == "live") for node in link["nodes"]]
    return SwitchHealth(ok=alive and link["state"] == "live", controller=alive, nodes=nodes)

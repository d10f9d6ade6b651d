"""Every request upon an agent, for every right, selected queue and call: what the panel answers is what the rules say.

Requests go the whole way: the route, Redis, the controller's own rules, and back. What the rules let through ends at a
switch to which no line is open; the oracle is the table of ``test_permission_table``, written from the rules.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from fs_app.controller.run_command import carry_out
from fs_app.floor import facts, permissions
from fs_app.floor.entities import LISTENING, Queue, Supervision
from fs_app.floor.errors import Rejected
from fs_app.store.account_rows import NewAccount
from fs_app.store.connect import connect
from fs_app.store.inbox import CommandInbox
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import SALES, SUPPORT, Stage
from tests.unit.floor.test_permission_table import CALLS, OTHER, A, B, expected
from web.services import Services

from .conftest import ADMIN, PASSWORD
from .test_route_table import routes

AGENT = "1001@default"
NAMED = {None: None, A: SUPPORT, B: SALES, OTHER: "night@default"}
"""The table's queues, and the stage's."""
DONE, AT_THE_SWITCH, UNKNOWN_THERE = (200, None), (503, "switch_unavailable"), (422, "extension_unknown")
REFUSED_WITH = {"permission_denied": 403, "queue_not_selected": 403}
"""All else that is said of a floor's state is 409."""
SCENES: dict[str, Callable[[Stage], Any]] = {
    "idle": lambda stage: None,
    "ringing": lambda stage: stage.offer(AGENT, SUPPORT),
    "queue A": lambda stage: stage.talk(AGENT, SUPPORT),
    "queue B": lambda stage: stage.talk(AGENT, SALES),
    "internal": lambda stage: stage.internal(),
    "held, queue A": lambda stage: stage.say(facts.ChannelHeld, stage.talk(AGENT, SUPPORT)[2]),
}


class Asked(NamedTuple):
    """A route with its action, what it asks, and how it ends where the rules allow it."""

    route: tuple[str, str]
    action: str
    body: dict[str, Any] | None = None
    allowed: tuple[tuple[int, str | None], ...] = (AT_THE_SWITCH,)
    in_query: bool = False


def of_agent(method: str, rest: str) -> tuple[str, str]:
    return method, f"/api/v1/agents/<agent>/{rest}"


MEMBERS = "/api/v1/queues/<queue>/members/<agent>"
REQUESTS = (
    Asked(of_agent("PUT", "status"), permissions.CHANGE_STATUS, {"status": "away"}),
    Asked(of_agent("PUT", "status"), permissions.CHANGE_STATUS_LATER, {"status": "away", "after_call": True}),
    Asked(of_agent("DELETE", "after-call"), permissions.CHANGE_STATUS_LATER, None, (DONE,), in_query=True),
    Asked(of_agent("DELETE", "wrap-up"), permissions.CHANGE_STATUS, None, (DONE,), in_query=True),
    Asked(
        of_agent("PUT", "terminal"),
        permissions.CHANGE_TERMINAL,
        {"kind": "extension", "number": "1001"},
        (UNKNOWN_THERE,),
    ),
    Asked(of_agent("PUT", "hand"), permissions.RAISE_HAND, None, ()),
    Asked(of_agent("DELETE", "hand"), permissions.LOWER_HAND, None, (DONE,), in_query=True),
    Asked(("PUT", "/api/v1/queues/<queue>/agents/<agent>/priority"), permissions.CHANGE_PRIORITY, {"priority": 9}),
    Asked(("PUT", MEMBERS), permissions.ADD_MEMBER, {"priority": 1}, (DONE, AT_THE_SWITCH)),
    Asked(("DELETE", MEMBERS), permissions.REMOVE_MEMBER, None, (DONE, AT_THE_SWITCH)),
    *(
        Asked(("POST", "/api/v1/supervisions"), action, {"agent": AGENT, "mode": mode, "extension": "9001"})
        for action, mode in (
            (permissions.MONITOR, "monitor"),
            (permissions.WHISPER, "whisper"),
            (permissions.BARGE, "barge"),
        )
    ),
)


@contextmanager
def controller_of(stage: Stage, services: Services, redis: Redis) -> Iterator[None]:
    """The controller's own carrying out, for the time of the block."""
    desk, inbox, ended = desk_before(stage, services.database, services.clock), CommandInbox(redis), threading.Event()
    inbox.start()

    def work() -> None:
        while not ended.is_set():
            if (request := inbox.take(block_s=0.05)) is not None:
                try:
                    inbox.confirm(request, carry_out(desk, request))
                except Rejected as rejected:
                    inbox.refuse(request, rejected.error, rejected.cause)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join(10)


def send(client: FlaskClient, asked: Asked, queue: str | None) -> tuple[int, str | None]:
    """The answer's status and error id."""
    method, path = asked.route
    in_path = "<queue>" in path
    address = path.replace("<agent>", AGENT).replace("<queue>", queue or "")
    body = asked.body
    if body is not None and not in_path and queue is not None:
        body = body | {"queue": queue}
    query = {"queue": queue} if asked.in_query and queue is not None else {}
    answer = client.open(address, method=method, json=body, query_string=query)
    return answer.status_code, answer.get_json().get("id") if answer.status_code >= 400 else None


def account_of(services: Services, role: str, rights: dict[str, str]) -> None:
    """The account ``x``, which has these rights and a phone to listen with."""
    services.accounts.add(NewAccount("x", "X", role, extensions=("9001",)), PASSWORD, ADMIN, must_change=False)
    for queue, right in rights.items():
        if right != "none":
            services.accounts.grant("x", str(NAMED[queue]), right, ADMIN)


WHO = [
    ("administrator", "none", "none"),
    ("user", "none", "none"),
    *(("supervisor", a, b) for a, b in (("none", "none"), ("view", "none"), ("edit", "none"), ("edit", "view"))),
    ("supervisor", "view", "edit"),
    ("supervisor", "edit", "edit"),
]


@pytest.mark.parametrize(("role", "right_a", "right_b"), WHO)
def test_b_c_d_a_request_is_answered_as_the_rules_say_for_every_right_queue_and_call(
    services: Services, redis: Redis, valkey: str, log_in: Callable[[str], FlaskClient], role: str, right_a: str,
    right_b: str,
) -> None:  # fmt: skip
    rights = {A: right_a, B: right_b, OTHER: "none"}
    services.accounts.add(NewAccount("sato", "Sato", "user", agent=AGENT), PASSWORD, ADMIN, must_change=False)
    account_of(services, role, rights)
    redis.set("sasayaki:alive", b"{}")
    client = log_in("x")
    for call, scene in SCENES.items():
        stage = Stage()
        stage.floor.queues["night@default"] = Queue("night@default", "longest-idle-agent")
        scene(stage)
        assert stage.code(AGENT) == CALLS[call][0]
        with connect(valkey) as own, controller_of(stage, services, own):
            for asked, selected in product(REQUESTS, NAMED):
                if selected is None and "<queue>" in asked.route[1]:
                    continue
                reasons = expected(asked.action, role, rights, selected, call)
                allowed = {(REFUSED_WITH.get(reason, 409), reason) for reason in reasons} or set(asked.allowed)
                told = send(client, asked, NAMED[selected])
                assert told in allowed, (asked.route, asked.action, call, selected)


FORECAST = Asked(("GET", "/api/v1/queues/<queue>/forecast"), permissions.FORESEE)


def test_a2_a_queue_without_a_right_answers_like_one_that_is_not_there_whoever_is_its_member(
    services: Services, redis: Redis, valkey: str, log_in: Callable[[str], FlaskClient]
) -> None:
    account_of(services, "supervisor", {A: "edit"})
    redis.set("sasayaki:alive", b"{}")
    client, stage = log_in("x"), Stage()
    stage.floor.queues["night@default"] = Queue("night@default", "longest-idle-agent")
    with connect(valkey) as own, controller_of(stage, services, own):
        for asked in (*REQUESTS, FORECAST):
            if asked.action == permissions.RAISE_HAND:
                continue  # of no queue
            for queue in (SALES, "night@default", "nowhere@default"):
                assert send(client, asked, queue) == (403, "permission_denied"), (asked, queue)


SUPERVISION = "/api/v1/supervisions/s1"
OF_SUPERVISION = (
    (permissions.MONITOR, "PATCH", SUPERVISION, {"mode": "monitor"}),
    (permissions.WHISPER, "PATCH", SUPERVISION, {"mode": "whisper"}),
    (permissions.TAKE_OVER, "POST", f"{SUPERVISION}/take-over", None),
    (None, "DELETE", SUPERVISION, None),
)


def supervise(stage: Stage, login: str, queue: str | None) -> None:
    """Somebody has stepped into the agent's call; during a hold he listens on the caller's leg."""
    legs = (stage.floor.legs[uuid] for uuid in stage.floor.agents[AGENT].legs)
    leg = next(leg for leg in legs if leg.peer)
    target = leg.peer if leg.held_at else leg.uuid
    running = Supervision("s1", login, "X", AGENT, "barge", "9001", queue, str(UUID(int=1)), target, state=LISTENING)
    running.on_member = bool(leg.held_at)
    stage.floor.supervisions["s1"] = running


@pytest.mark.parametrize(("role", "right_a", "right_b"), WHO)
def test_b_c_d_a_running_supervision_is_changed_by_its_owner_as_his_rights_are_now_and_ended_by_him_in_any_case(
    services: Services, redis: Redis, valkey: str, log_in: Callable[[str], FlaskClient], role: str, right_a: str,
    right_b: str,
) -> None:  # fmt: skip
    rights = {A: right_a, B: right_b, OTHER: "none"}
    account_of(services, role, rights)
    redis.set("sasayaki:alive", b"{}")
    client = log_in("x")
    begun = [*((selected, "x") for selected in NAMED), (A, "suzuki")]
    for call, (selected, owner) in product(("queue A", "queue B", "internal", "held, queue A"), begun):
        stage = Stage()
        stage.floor.queues["night@default"] = Queue("night@default", "longest-idle-agent")
        SCENES[call](stage)
        with connect(valkey) as own, controller_of(stage, services, own):
            for action, method, path, body in OF_SUPERVISION:
                supervise(stage, owner, NAMED[selected])
                allowed = {DONE if call.startswith("held") and action == permissions.MONITOR else AT_THE_SWITCH}
                if role == "user" or (owner != "x" and role != "administrator"):
                    allowed = {(403, "permission_denied")}
                elif action is not None and (reasons := expected(action, role, rights, selected, call)):
                    allowed = {(REFUSED_WITH.get(reason, 409), reason) for reason in reasons}
                answer = client.open(path, method=method, json=body)
                told = answer.status_code, answer.get_json().get("id") if answer.status_code >= 400 else None
                assert told in allowed, (action, method, call, selected, owner)


def test_every_request_that_changes_an_agent_is_asked_above(app: Flask) -> None:
    changing = {(method, path) for method, path in routes(app) if "<agent>" in path and method != "GET"}
    assert changing | {("POST", "/api/v1/supervisions")} == {asked.route for asked in REQUESTS}

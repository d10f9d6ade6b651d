"""The rights that count are those of the moment at which something happens, not those of the click."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import gevent
import pytest

from fs_app import greenlets
from fs_app.controller.desk import Desk
from fs_app.controller.run_command import carry_out
from fs_app.controller.statuses import settle
from fs_app.floor import guard
from fs_app.floor.actor import Actor
from fs_app.floor.decide import Decision
from fs_app.floor.entities import LISTENING, Deferred, Supervision
from fs_app.floor.errors import Rejected
from fs_app.floor.orders import SetAgentStatus
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.api_tokens import ApiTokens, Narrowing
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from fs_app.store.inbox import Request
from fs_app.store.passwords import Passwords
from fs_app.store.sessions import Sessions
from tests.unit.controller.desks import desk_before
from tests.unit.floor.stage import A1, SALES, SUPPORT, Stage

ADMIN = Actor("admin", "administrator", "Admin")
Withdraw = Callable[[Accounts], object]
WITHDRAWN: dict[str, Withdraw] = {
    "right withdrawn": lambda accounts: accounts.grant("sv", SUPPORT, "view", ADMIN),
    "role taken": lambda accounts: accounts.change("sv", {"role": "user"}, ADMIN),
    "disabled": lambda accounts: accounts.change("sv", {"disabled": True}, ADMIN),
    "removed": lambda accounts: accounts.remove("sv", ADMIN),
    "password reset": lambda accounts: accounts.set_password("sv", "another good one", ADMIN, must_change=True),
}


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """``sv`` may edit support, and sees sales."""
    made = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), lambda _: None)
    made.add(NewAccount("admin", "Admin", "administrator"), "secret", ADMIN, must_change=False)
    made.add(NewAccount("sv", "Sato", "supervisor", extensions=("9001",)), "secret", ADMIN, must_change=False)
    made.grant("sv", SUPPORT, "edit", ADMIN)
    return made


def by_panel(database: Database, accounts: Accounts) -> Actor:
    account, sessions = accounts.get("sv"), Sessions(database)
    sessions.begin(account, "192.0.2.7", "a browser")
    return account.actor(address="192.0.2.7", session=f"session:{sessions.of(account)[0].id}")


def by_token(database: Database, accounts: Accounts, narrowing: Narrowing = Narrowing()) -> Actor:  # noqa: B008 - frozen
    account = accounts.get("sv")
    token, _ = ApiTokens(database).add(account, "crm", 1e10, narrowing)
    return narrowing.apply(account.actor(source="token", token="crm", session=f"token:{token.id}"))


WAYS = {"panel": by_panel, "token": by_token}


def supervised(stage: Stage, actor: Actor) -> Supervision:
    """A supervision that ``actor`` began and that listens."""
    leg = stage.talk(A1, SUPPORT)[2]
    supervision = Supervision(
        "s1", actor.login, actor.name, A1, "monitor", "9001", SUPPORT, leg="l1", target=leg, state=LISTENING,
        session=actor.session,
    )  # fmt: skip
    stage.floor.supervisions["s1"] = supervision
    return supervision


def reasons(desk: Desk, stage: Stage) -> list[str]:
    """Why the guard would end what runs."""
    return [mend.why for mend in guard.supervisions(stage.floor, desk.supervising.actor_of, 0.0)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("withdrawn", WITHDRAWN)
def test_d17_whatever_is_taken_from_the_supervisor_ends_the_listening_however_it_was_begun(
    database: Database, accounts: Accounts, way: str, withdrawn: str
) -> None:
    stage = Stage()
    desk = desk_before(stage, database)
    supervised(stage, WAYS[way](database, accounts))
    assert reasons(desk, stage) == []
    WITHDRAWN[withdrawn](accounts)
    desk.supervising.forget_actor("sv")
    assert reasons(desk, stage) == ["permission_denied"]


def test_d4_a_token_for_one_queue_hears_no_call_of_another_by_what_it_began(
    database: Database, accounts: Accounts
) -> None:
    accounts.grant("sv", SALES, "edit", ADMIN)
    stage = Stage()
    desk = desk_before(stage, database)
    actor = by_token(database, accounts, Narrowing(queues={SUPPORT: "edit"}))
    found = desk.supervising.actor_of(supervised(stage, actor))
    assert found is not None
    assert (found.right(SUPPORT), found.right(SALES)) == ("edit", "none")


COMMANDS: dict[str, dict[str, object]] = {
    "status.set": {"agent": A1, "queue": SUPPORT, "status": "away"},
    "priority.set": {"agent": A1, "queue": SUPPORT, "priority": 7},
}


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("withdrawn", [name for name in WITHDRAWN if name != "password reset"])
def test_what_is_asked_while_the_right_is_being_withdrawn_and_written_down_after_it_is_refused(
    database: Database, accounts: Accounts, way: str, withdrawn: str, kind: str
) -> None:
    desk, actor = desk_before(Stage(), database), WAYS[way](database, accounts)
    waiting, going = os.pipe()
    request = Request("r", kind, actor, dict(COMMANDS[kind]), time.time() + 5.0)
    # Whatever writes takes its turn: something long, then the withdrawal, then the audit of what was asked meanwhile.
    turns = [greenlets.spawn("long", database.write, lambda _: os.read(waiting, 1))]
    for work in (lambda: WITHDRAWN[withdrawn](accounts), lambda: told(desk, request)):
        gevent.idle()
        turns.append(greenlets.spawn("asks", work))
    gevent.idle()
    os.write(going, b"x")
    gevent.joinall(turns, timeout=10, raise_error=True)
    assert turns[-1].value == "permission_denied"
    rows = [(row["outcome"], row["cause"]) for row in desk.audit.page(Filters(login="sv")).rows]
    assert rows[:2] == [("failed", "permission_denied"), ("asked", "")]


def told(desk: Desk, request: Request) -> str:
    """The refusal."""
    with pytest.raises(Rejected) as refused:
        carry_out(desk, request)
    return refused.value.error


@pytest.mark.parametrize("withdrawn", [name for name in WITHDRAWN if name != "password reset"])
def test_a_status_that_waited_for_the_end_of_the_ringing_is_dropped_when_its_asker_may_not_ask_any_more(
    database: Database, accounts: Accounts, withdrawn: str
) -> None:
    desk = desk_before(Stage(), database)
    [node] = desk.nodes.values()
    row = desk.audit.asked(by_panel(database, accounts), "agent.set_status", A1, SUPPORT, {"status": "away"})
    node.floor.deferred[A1] = Deferred("away", "sv", "supervisor", audit_row=row, queue=SUPPORT)
    WITHDRAWN[withdrawn](accounts)
    with pytest.raises(Rejected, match="permission_denied"):
        settle(desk, node, A1, Decision())
    assert A1 not in node.floor.deferred
    [newest, *_] = desk.audit.page(Filters(login="sv")).rows
    assert (newest["outcome"], newest["cause"], newest["refers_to"]) == ("failed", "permission_denied", row)


def test_a_status_that_waits_is_dropped_with_the_token_that_asked_for_it_and_not_with_the_browser(
    database: Database, accounts: Accounts
) -> None:
    desk, sv = desk_before(Stage(), database), accounts.get("sv")
    [node] = desk.nodes.values()
    token, browser = by_token(database, accounts), by_panel(database, accounts)
    Sessions(database).end(sv, int(browser.session.partition(":")[2]))
    ApiTokens(database).remove(sv, int(token.session.partition(":")[2]))
    for way, error in ((browser, "switch_unavailable"), (token, "permission_denied")):
        row = desk.audit.asked(way, "agent.set_status", A1, SUPPORT, {"status": "away"})
        kept = way.session if way.token else ""
        node.floor.deferred[A1] = Deferred("away", "sv", "supervisor", audit_row=row, queue=SUPPORT, token=kept)
        order = SetAgentStatus(A1, "On Break")
        try:
            settle(desk, node, A1, Decision((order,)))
        except Rejected as refused:
            assert refused.error == error
        assert (A1 in node.floor.deferred) is (error == "switch_unavailable"), "it goes on waiting for the switch"

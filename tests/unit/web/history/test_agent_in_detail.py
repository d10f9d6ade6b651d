"""An agent in detail: why the next call does not ring there, and for whom."""

from __future__ import annotations

import pytest

from fs_app.store.inbox import CommandInbox, Request
from fs_app.store.priorities import Priorities, Priority
from tests.unit.web.floor_documents import SALES, SUPPORT
from tests.unit.web.running_panel import Browser, Site


def foreseen(request: Request, inbox: CommandInbox) -> None:
    reasons = {
        SALES: [
            {"agent": "1002@d", "id": "in_call", "until": None},
            {"agent": "1001@d", "id": "wrap_up", "until": 77.0},
        ],
        SUPPORT: [{"agent": "1002@d", "id": "in_call", "until": None}],
    }[request.args["queue"]]
    now = {
        "strategy": "x",
        "rings": "one",
        "agents": ["1001@d"] if request.args["queue"] == SUPPORT else [],
        "reasons": reasons,
    }
    inbox.confirm(request, {"now": now, "after": None})


def test_agent_in_detail_says_in_words_why_he_is_not_rung_next_in_each_queue(running: Site, admin: Browser):
    Priorities(running.database).put(Priority(SALES, "1001@d", 2, "sv", 1.0, until=900.0, then_level=5))
    with running.controller(foreseen):
        detail = admin.get("/api/v1/agents/1001@d")
    assert detail["agent"]["agent"] == "1001@d"
    assert detail["queues"] == [
        {
            "queue": SALES,
            "label": "sales",
            "priority": 2,
            "priority_until": 900.0,
            "next": False,
            "reason": {"id": "wrap_up", "text": "後作業の時間中です", "until": 77.0},
            "problem": None,
        },
        {
            "queue": SUPPORT,
            "label": "support",
            "priority": 3,
            "priority_until": None,
            "next": True,
            "reason": None,
            "problem": None,
        },
    ]


def test_agent_in_detail_holds_only_queues_that_one_may_see(running: Site, sv: Browser, user: Browser):
    with running.controller(foreseen):
        detail = sv.get("/api/v1/agents/1001@d")
        own = user.get("/api/v1/agents/1001@d")
    assert [q["queue"] for q in detail["queues"]] == [SALES]
    assert SUPPORT not in str(detail)
    assert (own["agent"]["agent"], own["queues"]) == ("1001@d", [])


@pytest.mark.parametrize(
    ("who", "ident", "status", "error"),
    [
        ("admin", "1005@d", 404, "unknown_agent"),
        ("admin", "a%20b", 422, "invalid_request"),
        ("sv", "1002@d", 403, "permission_denied"),
        ("sv", "1005@d", 403, "permission_denied"),
        ("sv", "1009@d", 404, "unknown_agent"),
        ("ippan", "1002@d", 403, "permission_denied"),
        ("guest", "1001@d", 403, "permission_denied"),
    ],
)
def test_agent_that_one_may_not_see_is_refused(running: Site, who: str, ident: str, status: int, error: str):
    told = running.log_in(who).request("GET", f"/api/v1/agents/{ident}")
    assert (told[0], told[1]["id"]) == (status, error)


def test_agent_in_detail_is_shown_also_while_the_switch_cannot_be_asked(running: Site, admin: Browser):
    asked: list[Request] = []

    def away(request: Request, inbox: CommandInbox) -> None:
        asked.append(request)
        inbox.refuse(request, "switch_unavailable")

    with running.controller(away):
        detail = admin.get("/api/v1/agents/1001@d")
    assert [(q["problem"], q["reason"], q["next"]) for q in detail["queues"]] == [
        ("switch_unavailable", None, False)
    ] * 2
    assert len(asked) == 1, "one that could not be asked is enough"


def test_every_reason_of_the_dispatcher_has_its_words():
    from fs_app.floor import dispatch
    from web.texts import REASONS

    named = {value for name, value in vars(dispatch).items() if name.isupper() and isinstance(value, str)}
    without = named - REASONS["en"].keys()
    assert without == {dispatch.ONE, dispatch.ANY_OF, dispatch.ALL, dispatch.NOBODY}
    assert REASONS["ja"].keys() == REASONS["en"].keys()

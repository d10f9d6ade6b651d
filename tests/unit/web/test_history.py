"""Activity, an agent in detail, and who listened: for whom, and what of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from fs_app.floor.actor import Actor
from fs_app.store.activity import Activity, Period
from fs_app.store.audit_pages import Filters
from fs_app.store.inbox import CommandInbox, Request
from fs_app.store.priorities import Priorities, Priority
from fs_app.store.site_settings import SiteSettings
from tests.unit.valkey import running_valkey

from .floor_documents import META, agent, call, queue
from .running_panel import ADMIN, Browser, Site, until

SALES, SUPPORT = "sales@d", "support@d"
PERIODS = [
    Period("1001@d", "available", 100.0, "sv", terminal="1001"),
    Period("1001@d", "queue_call", 200.0, "call", SALES, terminal="1001"),
    Period("1001@d", "wrap_up", 250.5, "call", SALES, terminal="1001"),
    Period("1001@d", "wrap_up", 260.0, "ippan", terminal="1001"),
    Period("1001@d", "queue_call", 300.0, "call", SUPPORT, terminal="09012345678"),
    Period("1001@d", "away", 400.0, "=cmd()", terminal="1001"),
    Period("1002@d", "available", 150.0, "admin", terminal="1002"),
    Period("gone@d", "on_break", 50.0, "admin"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", agent="1009@d")
        site.account("nobody", "supervisor")
        site.account("ippan", "user", agent="1001@d")
        site.account("guest", "user")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        agents = [agent("1001@d", {SALES: 2, SUPPORT: 3}), agent("1002@d", {SUPPORT: 1}, call=call(SUPPORT))]
        site.publish_all(META, queue=[queue(SALES), queue(SUPPORT)], agent=agents)
        activity = Activity(site.database)
        activity.begin(PERIODS)
        activity.end("gone@d", 90.0)
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def admin(running: Site) -> Browser:
    return running.log_in("admin")


@pytest.fixture
def sv(running: Site) -> Browser:
    return running.log_in("sv")


@pytest.fixture
def user(running: Site) -> Browser:
    return running.log_in("ippan")


def found(browser: Browser, query: str = "") -> list[tuple[str, str, float]]:
    return [(row["agent"], row["code"], row["since"]) for row in browser.get(f"/api/v1/activity{query}")["activity"]]


def test_g1_administrators_see_all_periods_newest_first(admin: Browser):
    assert found(admin) == [
        ("1001@d", "away", 400.0),
        ("1001@d", "queue_call", 300.0),
        ("1001@d", "wrap_up", 260.0),
        ("1001@d", "wrap_up", 250.5),
        ("1001@d", "queue_call", 200.0),
        ("1002@d", "available", 150.0),
        ("1001@d", "available", 100.0),
        ("gone@d", "on_break", 50.0),
    ]


def test_g1_supervisors_see_agents_of_their_queues_and_users_themselves(running: Site, sv: Browser, user: Browser):
    assert {row[0] for row in found(sv)} == {"1001@d"}
    assert {row[0] for row in found(user)} == {"1001@d"}
    assert found(running.log_in("nobody")) == []
    assert found(running.log_in("guest")) == []


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("sv", "?agent=1002@d"),
        ("sv", "?agent=gone@d"),
        ("sv", f"?queue={SUPPORT}"),
        ("ippan", "?agent=1002@d"),
        ("ippan", f"?queue={SALES}"),
        ("guest", "?agent=1001@d"),
    ],
)
@pytest.mark.parametrize("kind", ["", ".csv"])
def test_g1_anybody_elses_periods_are_refused(running: Site, who: str, query: str, kind: str):
    told = running.log_in(who).request("GET", f"/api/v1/activity{kind}{query}")
    assert (told[0], told[1]["id"]) == (403, "permission_denied")


def test_queue_that_one_may_not_see_is_not_named_and_the_period_still_linked(
    sv: Browser, user: Browser, admin: Browser
):
    rows = {row["since"]: (row["queue"], row["linked"]) for row in sv.get("/api/v1/activity")["activity"]}
    assert rows == {
        400.0: (None, False),
        300.0: (None, True),
        260.0: (None, False),
        250.5: (SALES, True),
        200.0: (SALES, True),
        100.0: (None, False),
    }
    assert SUPPORT not in str(sv.get("/api/v1/activity"))
    assert SALES not in str(user.get("/api/v1/activity"))
    assert SUPPORT in str(admin.get("/api/v1/activity"))


def test_g2_wrap_up_after_a_call_differs_from_wrap_up_chosen_freely(admin: Browser):
    rows = admin.get("/api/v1/activity?code=wrap_up")["activity"]
    assert [(row["linked"], row["set_by"], row["seconds"]) for row in rows] == [
        (False, "ippan", 40.0),
        (True, "call", 9.5),
    ]


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("?agent=1001@d&since=200&before=250.5", [200.0]),
        ("?agent=1001@d&since=200&before=250.501", [250.5, 200.0]),
        ("?agent=1001@d&since=199.999&before=200", [100.0]),
        ("?agent=1001@d&before=100", []),
        ("?agent=1001@d&since=1000", [400.0]),
        ("?agent=gone@d&since=89.9", [50.0]),
        ("?agent=gone@d&since=90", []),
        (f"?queue={SALES}", [250.5, 200.0]),
        ("?terminal=09012345678", [300.0]),
        ("?code=nonsense", []),
    ],
)
def test_g7_spans_are_half_open_and_filters_narrow(admin: Browser, query: str, starts: list[float]):
    assert [since for _, _, since in found(admin, query)] == starts


def test_pages_follow_one_another_without_a_gap_or_a_double(admin: Browser):
    pages, cursor = [], ""
    while True:
        page = admin.get(f"/api/v1/activity?limit=3{cursor}")
        pages.append([row["id"] for row in page["activity"]])
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert [len(page) for page in pages] == [3, 3, 2]
    assert [ident for page in pages for ident in page] == [
        row["id"] for row in admin.get("/api/v1/activity")["activity"]
    ]


@pytest.mark.parametrize(
    "query", ["since=x", "limit=0", "limit=501", "cursor=1", "cursor=1-1%20or%201", "agent=a%20b", "x=1"]
)
def test_query_that_is_not_well_formed_is_refused(admin: Browser, query: str):
    told = admin.request("GET", f"/api/v1/activity?{query}")
    assert (told[0], told[1]["id"]) == (422, "invalid_request")


def test_csv_is_whole_defused_and_audited(running: Site, admin: Browser, sv: Browser):
    status, data, headers = admin.request("GET", "/api/v1/activity.csv?agent=1001@d")
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "attachment" in headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["since"] for row in rows][:2] == ["1970-01-01T00:06:40.000+00:00", "1970-01-01T00:05:00.000+00:00"]
    assert (rows[0]["until"], rows[0]["seconds"], rows[0]["set_by"]) == ("", "", "'=cmd()")
    assert (rows[3]["label"], rows[3]["linked"], rows[3]["seconds"], rows[3]["queue"]) == ("後作業", "1", "9.5", SALES)
    kept = running.audit.page(Filters(command="activity.export")).rows[0]
    assert (kept["login"], kept["args"]) == ("admin", {"agent": "1001@d"})
    told = sv.request("GET", "/api/v1/activity.csv")[1].decode("utf-8-sig")
    assert SUPPORT not in told
    assert "1002@d" not in told


@pytest.mark.parametrize("kind", ["", ".csv"])
def test_outside_numbers_are_masked_for_view_only_and_the_filter_tells_nothing_of_them(running: Site, kind: str):
    running.account(f"onlooker{kind}", "supervisor")
    running.accounts.grant(f"onlooker{kind}", SALES, "view", ADMIN)
    mobile = "09012345678"
    told = {}
    for who in ("admin", "sv", "ippan", f"onlooker{kind}"):
        whole, filtered = (
            str(running.log_in(who).request("GET", f"/api/v1/activity{kind}{query}")[1])
            for query in ("", f"?terminal={mobile}")
        )
        told[who] = (mobile in whole, "queue_call" in filtered, "1001" in whole)
    seen, hidden = (True, True, True), (False, False, True)
    assert told == {"admin": seen, "sv": seen, "ippan": seen, f"onlooker{kind}": hidden}
    onlooker = running.log_in(f"onlooker{kind}")
    assert "090-****-5678" in str(onlooker.request("GET", f"/api/v1/activity{kind}")[1])
    assert "queue_call" in str(onlooker.request("GET", f"/api/v1/activity{kind}?terminal=1001")[1])


# -- one agent


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


# -- who listened


@pytest.fixture
def listened(running: Site) -> Iterator[SiteSettings]:
    site = SiteSettings(running.database, running.audit)
    yield site
    site.change({"agents_see_listening": False}, ADMIN)


def listen(running: Site, agent: str, mode: str, *, confirmed: bool = True) -> None:
    sv = Actor("sv", "supervisor", "name of sv")
    row = running.audit.asked(sv, "supervision.start", agent, SALES, {"mode": mode, "extension": "9001", "id": "s1"})
    running.audit.outcome(row, "confirmed" if confirmed else "failed", None if confirmed else "USER_BUSY")


def test_listening_is_shown_to_the_agent_only_where_the_site_says_so(
    running: Site, listened: SiteSettings, user: Browser, admin: Browser, sv: Browser
):
    path = "/api/v1/agents/1001@d/listened"
    for mode in ("monitor", "whisper"):
        listen(running, "1001@d", mode)
    listen(running, "1001@d", "barge", confirmed=False)
    listen(running, "1002@d", "monitor")
    refused = user.request("GET", path)
    assert (refused[0], refused[1]["id"]) == (403, "permission_denied")
    assert user.get("/api/v1/session/agent")["listened"] is False
    listened.change({"agents_see_listening": True}, ADMIN)
    assert user.get("/api/v1/session/agent")["listened"] is True
    shown = user.get(path)
    rows: list[dict[str, Any]] = shown["listened"]
    assert [(row["name"], row["mode"], row["began"]) for row in rows] == [
        ("name of sv", "whisper", True),
        ("name of sv", "monitor", True),
    ], "only what took place, and only his own"
    assert "9001" not in str(shown), "nobody's telephone is shown"
    page = user.get(path + "?limit=1")
    assert user.get(f"{path}?limit=1&cursor={page['next']}")["listened"][0]["mode"] == "monitor"
    assert user.request("GET", "/api/v1/agents/1002@d/listened")[0] == 403
    assert sv.request("GET", path)[0] == 403
    assert len(admin.get(path)["listened"]) == 2


def test_own_call_of_a_queue_without_a_right_is_shown_whole_but_who_listens_only_where_the_site_says_so(
    running: Site, listened: SiteSettings, user: Browser
):
    who = [{"id": "s1", "login": "sv", "name": "name of sv", "mode": "whisper", "state": "listening"}]
    running.publish(agent=[agent("1001@d", {SALES: 2, SUPPORT: 3}, call=call(SALES) | {"supervised": who})])

    def own() -> dict[str, Any] | None:
        row: dict[str, Any] = user.get("/api/v1/session/agent")["agent"]
        return row["call"]

    talking = until(own, "the call is on the page")
    assert (talking["with"]["number"], talking["supervised"]) == ("0312345678", [])
    listened.change({"agents_see_listening": True}, ADMIN)
    shown = own()
    assert shown is not None
    assert shown["supervised"] == who
    running.publish(agent=[agent("1001@d", {SALES: 2, SUPPORT: 3})])


def test_audit_of_a_site_is_whole_after_all_that(running: Site):
    assert running.audit.verify() is None

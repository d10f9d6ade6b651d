"""Status periods: who may read which, filtered, in pages and as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from fs_app.store.audit_pages import Filters
from tests.unit.web.floor_documents import SALES, SUPPORT
from tests.unit.web.running_panel import ADMIN, Browser, Site


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

"""The board as it is read: what it holds, and for whom."""

from __future__ import annotations

import json
import time

import pytest

from tests.unit.web.floor_documents import SALES, SUPPORT, agent
from tests.unit.web.running_panel import ADMIN, Browser, Site, until
from web.board.schemas import BoardReply, OwnAgentReply


def test_board_when_read_has_the_described_shape(admin: Browser, sv: Browser):
    for browser in (admin, sv):
        BoardReply.model_validate(browser.get("/api/v1/board"))
        BoardReply.model_validate(browser.get(f"/api/v1/board?queue={SALES}"))


def test_board_tells_of_link_statuses_extensions_and_practice(sv: Browser):
    board = sv.get("/api/v1/board")
    assert (board["practice"], board["epoch"], board["queue"], board["extensions"]) == (True, "run-1", None, ["9001"])
    assert [choice["code"] for choice in board["statuses"]] == [
        "available",
        "wrap_up",
        "on_break",
        "away",
        "logged_out",
    ]
    assert board["statuses"][0]["label"] == "受付可"
    assert board["link"]["nodes"][0]["name"] == "fs1"
    assert abs(board["now"] - time.time()) < 5


def test_a2_board_of_a_supervisor_holds_only_what_his_queues_let_him_see(sv: Browser):
    board = sv.get("/api/v1/board")
    assert [row["agent"] for row in board["agents"]] == ["1001@d", "1003@d"]
    assert [(row["queue"], row["right"]) for row in board["queues"]] == [(SALES, "view")]
    assert [row["number"] for row in board["waiting"]] == ["0355556666"]
    assert board["supervisions"] == []
    text = json.dumps(board)
    for hidden in ("0311112222", "0333334444", "0377778888", SUPPORT, "1002@d"):
        assert hidden not in text


def test_a3_a4_board_stands_on_all_agents_and_holds_a_queues_members_when_selected(admin: Browser):
    assert [r["agent"] for r in admin.get("/api/v1/board")["agents"]] == ["1001@d", "1002@d", "1003@d"]
    sales = admin.get(f"/api/v1/board?queue={SALES}")
    assert [(r["agent"], r["priority"]) for r in sales["agents"]] == [("1001@d", 3), ("1003@d", 1)]
    assert [r["status"]["code"] for r in sales["agents"]] == ["available", "other_queue_call"]
    assert [q["queue"] for q in sales["queues"]] == [SALES, SUPPORT], "the list of queues stays whole"
    assert [m["queue"] for m in sales["waiting"]] == [SALES]


def test_a5_a_row_names_the_account_that_is_the_agent_and_follows_it(site: Site, admin: Browser):
    def logins() -> dict[str, str | None]:
        return {row["agent"]: row["login"] for row in admin.get("/api/v1/board")["agents"]}

    until(lambda: logins() == {"1001@d": "ippan", "1002@d": None, "1003@d": None}, "who is whom")
    site.accounts.change("admin", {"agent": "1002@d"}, ADMIN)
    site.accounts.change("ippan", {"agent": None}, ADMIN)
    until(lambda: logins() == {"1001@d": None, "1002@d": "admin", "1003@d": None}, "the change is read at once")
    site.accounts.change("admin", {"agent": None}, ADMIN)
    site.accounts.change("ippan", {"agent": "1001@d"}, ADMIN)


def test_a5_a_row_shows_since_when_a_hand_is_up(site: Site, admin: Browser):
    raised = agent("1001@d", {SALES: 3}) | {"hand_since": 150.0}
    seq = site.publish(agent=[raised])
    until(lambda: admin.get("/api/v1/board")["seq"] >= seq, "it is read")
    rows = {row["agent"]: row["hand_since"] for row in admin.get("/api/v1/board")["agents"]}
    assert rows == {"1001@d": 150.0, "1002@d": None, "1003@d": None}


@pytest.mark.parametrize(
    ("who", "selected", "status", "error"),
    [
        ("sv", SUPPORT, 403, "permission_denied"),
        ("sv", "nonsense@d", 403, "permission_denied"),
        ("admin", "nonsense@d", 404, "unknown_queue"),
        ("admin", "a%20b", 422, "invalid_request"),
        ("ippan", SALES, 403, "permission_denied"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/board", "/api/v1/board/stream"])
def test_board_of_a_queue_that_one_may_not_see_is_refused(site: Site, path, who, selected, status, error):
    told = site.log_in(who).request("GET", f"{path}?queue={selected}")
    assert (told[0], told[1]["id"]) == (status, error)


def test_own_agent_is_shown_also_to_those_without_a_board(site: Site):
    own = site.log_in("ippan").get("/api/v1/session/agent")
    OwnAgentReply.model_validate(own)
    assert own["agent"]["agent"] == "1001@d"
    assert own["agent"]["may"]["change_status"] == {"ok": True, "reason": None}
    assert own["agent"]["queues"] == []
    assert site.log_in("admin").get("/api/v1/session/agent")["agent"] is None

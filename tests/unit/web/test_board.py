"""The board and its stream, on a panel that runs as it does in production."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fs_app.store.live import Batch, LiveWriter
from tests.unit.valkey import running_valkey
from web.board.schemas import BoardReply, OwnAgentReply

from .floor_documents import META, agent, call, member, queue, supervision
from .running_panel import ADMIN, Browser, Site, until

SALES, SUPPORT = "sales@d", "support@d"
FLOOR: dict[str, list[dict[str, Any]]] = {
    "agent": [
        agent("1001@d", {SALES: 3}),
        agent("1002@d", {SUPPORT: 1}, code="queue_call", call=call(SUPPORT, number="0311112222")),
        agent("1003@d", {SALES: 1, SUPPORT: 2}, code="queue_call", call=call(SUPPORT, number="0333334444")),
    ],
    "queue": [queue(SALES), queue(SUPPORT)],
    "member": [member("m1", SALES, number="0355556666"), member("m2", SUPPORT, number="0377778888")],
    "supervision": [supervision("s1", "1002@d", [SUPPORT], "other")],
}


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", extensions=("9001",))
        site.account("ippan", "user", agent="1001@d")
        with site.panel():
            yield site
        site.close()


@pytest.fixture
def site(running: Site) -> Site:
    """The same panel with the floor and the rights of the beginning."""
    site = running
    for key in site.redis.scan_iter("sasayaki:attempts:address:*"):
        site.redis.delete(key)
    site.accounts.grant("sv", SALES, "view", ADMIN)
    site.accounts.grant("sv", SUPPORT, "none", ADMIN)
    site.redis.set("sasayaki:alive", b"{}")
    seq = site.publish_all(META, **FLOOR)
    admin = site.log_in("admin")
    until(lambda: admin.get("/api/v1/board")["seq"] == seq, "the panel has read the floor")
    until(lambda: admin.get("/api/v1/board")["link"]["state"] == "live", "the link is live")
    return site


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.log_in("admin")


@pytest.fixture
def sv(site: Site) -> Browser:
    return site.log_in("sv")


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


def test_stream_begins_with_a_snapshot_and_goes_on_with_changes(site: Site, sv: Browser):
    stream = sv.stream()
    first = stream.next()
    assert (stream.status, first.name, first.ident) == (200, "snapshot", str(first.data["seq"]))
    assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
    assert stream.answer.headers["Cache-Control"] == "no-store"
    assert first.data["agents"] == sv.get("/api/v1/board")["agents"]
    seq = site.publish(agent=[agent("1001@d", {SALES: 3}, code="away")])
    change = stream.next()
    assert (change.name, change.ident, change.data["seq"]) == ("change", str(seq), seq)
    assert [(r["agent"], r["status"]["label"]) for r in change.data["agents"]] == [("1001@d", "離席中")]
    assert abs(change.data["at"] - time.time()) < 5
    stream.close()


def test_a2_raw_stream_of_a_view_only_account_carries_nothing_it_may_not_see(site: Site, sv: Browser, admin: Browser):
    stream, whole = sv.stream(), admin.stream()
    stream.next()
    whole.next()
    site.publish(
        agent=[
            agent("1002@d", {SUPPORT: 1}, code="on_hold", call=call(SUPPORT, number="0311119999")),
            agent("1003@d", {SALES: 1, SUPPORT: 2}, code="on_hold", call=call(SUPPORT, number="0333339999")),
        ],
        member=[member("m3", SUPPORT, number="0377779999")],
        supervision=[supervision("s2", "1002@d", [SUPPORT], "other")],
    )
    site.publish(gone={"member": ["m2", "m3"], "agent": ["1002@d"], "supervision": ["s1", "s2"]})
    last = site.publish(agent=[agent("1001@d", {SALES: 3}, code="away")])
    for one in (stream, whole):
        until(lambda one=one: one.next().data["seq"] == last, "the last change came")
    for hidden in (
        b"0311119999",
        b"0333339999",
        b"0377779999",
        b"1002@d",
        SUPPORT.encode(),
        b"m2",
        b"m3",
        b'"s1"',
        b'"s2"',
    ):
        assert hidden in whole.raw or hidden == b"m3"
        assert hidden not in stream.raw, hidden
    stream.close()
    whole.close()


def test_raw_stream_of_a_view_only_account_carries_no_outside_number_of_an_agent(site: Site, sv: Browser):
    """Snapshot, change, the agent in detail and who listens: masked for view, whole for edit and for oneself."""
    mobile, listeners = "09012345678", "08087654321"

    def publish(code: str) -> int:
        return site.publish(
            agent=[agent("1001@d", {SALES: 3}, code=code, contact=f"sofia/gateway/carrier/{mobile}")],
            supervision=[supervision("s7", "1003@d", [SALES], "other", extension=listeners)],
        )

    seq = publish("available")
    until(lambda: sv.get("/api/v1/board")["seq"] == seq, "the panel has read it")
    stream = sv.stream()
    stream.next()
    publish("away")
    assert stream.next().data["agents"][0]["terminal"] == "090-****-5678"
    detail = sv.get("/api/v1/agents/1001@d")["agent"]
    assert (detail["terminal"], detail["terminal_kind"]) == ("090-****-5678", "external")
    told = stream.raw + json.dumps([sv.get("/api/v1/board"), sv.get("/api/v1/supervisions"), detail]).encode()
    assert mobile.encode() not in told
    assert listeners.encode() not in told
    assert told.count(b"080-****-4321") >= 3
    stream.close()
    assert site.log_in("ippan").get("/api/v1/session/agent")["agent"]["terminal"] == mobile
    site.accounts.grant("sv", SALES, "edit", ADMIN)
    assert sv.get("/api/v1/board")["agents"][0]["terminal"] == mobile
    assert listeners not in json.dumps(sv.get("/api/v1/supervisions")), (
        "whose phone listens is not the queue's business"
    )
    assert listeners in json.dumps(site.log_in("admin").get("/api/v1/supervisions"))


def test_stream_when_resumed_tells_only_what_was_missed(site: Site, sv: Browser):
    stream = sv.stream()
    ident = stream.next().ident
    stream.close()
    site.publish(agent=[agent("1001@d", {SALES: 3}, code="on_break")])
    seq = site.publish(gone={"member": ["m1"]})
    until(lambda: sv.get("/api/v1/board")["seq"] == seq, "the panel has read it")
    again = sv.stream(**{"Last-Event-ID": ident})
    change = again.next()
    assert (change.name, change.data["seq"]) == ("change", seq)
    assert [r["status"]["code"] for r in change.data["agents"]] == ["on_break"]
    assert change.data["gone"] == {"waiting": ["m1"]}
    again.close()


@pytest.mark.parametrize("last", ["1", "99999999999999999", "nonsense", "-5", ""])
def test_stream_when_it_cannot_be_resumed_begins_anew(sv: Browser, last: str):
    stream = sv.stream(**{"Last-Event-ID": last})
    first = stream.next()
    if last.isdigit():
        assert (first.name, first.data) == ("reset", {"reason": "gap"})
        first = stream.next()
    assert first.name == "snapshot"
    stream.close()


def test_stream_when_a_new_controller_begins_is_reset(site: Site, sv: Browser):
    stream = sv.stream()
    before = stream.next().data["seq"]
    site.writer = LiveWriter(site.redis, "run-2")
    seq = site.publish_all(META | {"epoch": "run-2"}, queue=[queue(SALES)], agent=[agent("1009@d", {SALES: 1})])
    assert seq > before
    assert stream.next().name == "reset"
    snapshot = stream.next().data
    assert (snapshot["epoch"], snapshot["seq"], [r["agent"] for r in snapshot["agents"]]) == ("run-2", seq, ["1009@d"])
    stream.close()
    site.writer = LiveWriter(site.redis, "run-1")


def test_stream_tells_when_the_controller_is_silent_and_when_it_is_back(site: Site, sv: Browser):
    stream = sv.stream()
    assert stream.next().data["link"]["state"] == "live"
    site.redis.delete("sasayaki:alive")
    down = stream.next("ping")
    assert (down.data["link"]["state"], down.data["link"]["nodes"][0]["state"]) == ("down", "down")
    site.redis.set("sasayaki:alive", b"{}")
    until(lambda: stream.next("ping").data["link"]["state"] == "live", "the link is live again")
    stream.close()


def test_stream_tells_when_the_switch_is_away(site: Site, sv: Browser):
    stream = sv.stream()
    stream.next()
    meta = META | {"link": META["link"] | {"state": "down", "since": 77.0}}
    site.writer.write(Batch(meta=meta))
    change = stream.next()
    assert (change.data["link"]["state"], change.data["link"]["since"]) == ("down", 77.0)
    stream.close()


def test_alarm_of_the_site_is_on_every_board_until_it_is_over(site: Site, sv: Browser):
    stream = sv.stream()
    assert stream.next().data["alarms"] == []
    site.writer.write(Batch(meta=META | {"alarms": ["wrong_dial_entries"]}))
    assert stream.next().data["alarms"] == ["wrong_dial_entries"]
    assert sv.get("/api/v1/board")["alarms"] == ["wrong_dial_entries"]
    site.writer.write(Batch(meta=META))
    assert stream.next().data["alarms"] == []
    stream.close()


def test_stream_pings_so_that_silence_can_be_told_from_peace(sv: Browser):
    stream = sv.stream()
    began = time.monotonic()
    stream.next()
    ping = stream.next("ping")
    assert time.monotonic() - began < 8
    assert ping.data["link"]["state"] == "live"
    assert abs(ping.data["now"] - time.time()) < 5
    stream.close()


def test_stream_when_a_right_is_given_and_taken_shows_it_at_once(site: Site, sv: Browser):
    stream = sv.stream()
    stream.next()
    site.accounts.grant("sv", SUPPORT, "edit", ADMIN)
    assert stream.next().data == {"reason": "rights"}
    assert [q["queue"] for q in stream.next().data["queues"]] == [SALES, SUPPORT]
    site.accounts.grant("sv", SUPPORT, "none", ADMIN)
    assert stream.next().name == "reset"
    assert [q["queue"] for q in stream.next().data["queues"]] == [SALES]
    site.publish(member=[member("m9", SUPPORT, number="0300009999")])
    last = site.publish(member=[member("m8", SALES)])
    assert until(lambda: stream.next().data["seq"] == last, "the change came")
    assert b"0300009999" not in stream.raw
    stream.close()


def test_stream_of_a_queue_when_its_right_is_taken_ends(site: Site, sv: Browser):
    stream = sv.stream(f"?queue={SALES}")
    stream.next()
    site.accounts.grant("sv", SALES, "none", ADMIN)
    assert stream.ended()
    assert sv.request("GET", f"/api/v1/board/stream?queue={SALES}")[0] == 403


def test_stream_when_a_right_was_taken_meanwhile_is_not_resumed(site: Site, sv: Browser):
    site.accounts.grant("sv", SUPPORT, "view", ADMIN)
    stream = sv.stream()
    ident = stream.next().ident
    stream.close()
    site.accounts.grant("sv", SUPPORT, "none", ADMIN)
    again = sv.stream(**{"Last-Event-ID": ident})
    assert again.next().name == "reset"
    assert [q["queue"] for q in again.next().data["queues"]] == [SALES]
    again.close()


@pytest.mark.parametrize("how", ["password", "session", "disabled", "log out", "role"])
def test_stream_when_the_session_is_over_ends_at_once(site: Site, how: str):
    site.account(f"x-{how}", "supervisor")
    browser = site.log_in(f"x-{how}")
    stream = browser.stream()
    stream.next()
    match how:
        case "password":
            site.accounts.set_password("x-password", "another long one", ADMIN, must_change=False)
        case "disabled":
            site.accounts.change("x-disabled", {"disabled": True}, ADMIN)
        case "role":
            site.accounts.change("x-role", {"role": "user"}, ADMIN)
        case "log out":
            assert browser.request("DELETE", "/api/v1/session")[0] == 204
        case "session":
            ident = browser.get("/api/v1/session/sessions")["sessions"][0]["id"]
            assert browser.request("DELETE", f"/api/v1/session/sessions/{ident}")[0] == 204
    began = time.monotonic()
    assert stream.ended()
    assert time.monotonic() - began < 3


def test_stream_of_a_token_when_it_is_taken_back_ends(site: Site, admin: Browser):
    made = admin.request("POST", "/api/v1/session/tokens", {"name": f"t{time.time()}"})[1]
    stream = Browser(site.port).stream(Authorization=f"Bearer {made['token']}")
    stream.next()
    admin.request("DELETE", f"/api/v1/session/tokens/{made['id']}")
    assert stream.ended()


def test_stream_of_a_browser_that_does_not_read_is_reset_and_true_in_the_end(site: Site, admin: Browser):
    stream = admin.stream()
    stream.next()
    filler = "x" * 400
    for n in range(120):
        site.publish(agent=[agent(f"{k}@d", {SALES: 1}) | {"name": f"{filler}{n}"} for k in range(2000, 2050)])
    last = site.publish(agent=[agent("1001@d", {SALES: 3}, code="wrap_up")])
    held: dict[str, Any] = {}
    seen = set()
    while True:
        event = stream.next()
        seen.add(event.name)
        if event.name == "snapshot":
            held.clear()
        held |= {row["agent"]: row for row in event.data.get("agents", [])}
        if event.data.get("seq") == last:
            break
    assert held["1001@d"]["status"]["code"] == "wrap_up"
    assert {held[f"{k}@d"]["name"] for k in range(2000, 2050)} == {filler + "119"}
    stream.close()


def test_streams_of_many_viewers_all_get_every_change_and_leave_nothing_behind(site: Site):
    browsers = [site.log_in(login) for login in ("admin", "sv", "admin", "sv")]
    streams = [browser.stream() for browser in browsers for _ in range(10)]
    for stream in streams:
        stream.next()
    for n in range(20):
        last = site.publish(agent=[agent("1001@d", {SALES: 3}, code="away" if n % 2 else "available")])
    arrived = []

    def read(stream) -> None:
        while stream.next().data["seq"] != last:
            pass
        arrived.append(stream)

    readers = [threading.Thread(target=read, args=(stream,)) for stream in streams]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(20)
    assert len(arrived) == 40
    for stream in streams:
        stream.close()
    metrics = Browser(site.port)
    site.publish(agent=[agent("1001@d", {SALES: 3})])
    until(lambda: b"sasayaki_board_streams 0.0" in metrics.request("GET", "/metrics")[1], "all streams are gone", 12)


def test_board_goes_on_when_redis_lost_everything(site: Site, sv: Browser):
    stream = sv.stream()
    stream.next()
    site.redis.flushall()
    site.writer = LiveWriter(site.redis, "run-3")
    site.redis.set("sasayaki:alive", b"{}")
    seq = site.publish_all(META | {"epoch": "run-3"}, queue=[queue(SALES)])
    assert stream.next("reset")
    until(lambda: stream.next("snapshot").data["seq"] == seq, "the new picture came")
    stream.close()
    site.writer = LiveWriter(site.redis, "run-1")

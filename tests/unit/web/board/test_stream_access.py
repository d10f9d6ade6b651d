"""The board's stream carries only what its reader may see, and ends where his access does."""

from __future__ import annotations

import json
import time

import pytest

from tests.contract.patience import slowness
from tests.unit.web.floor_documents import SALES, SUPPORT, agent, call, member, supervision
from tests.unit.web.running_panel import ADMIN, Browser, Site, until


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


def test_stream_of_one_account_is_not_resumed_by_another(site: Site, admin: Browser):
    """As in two tabs with one cookie: the second log-in is somebody else, the first tab's browser resumes."""
    site.account("sv-same", "supervisor")
    site.accounts.grant("sv-same", SALES, "view", ADMIN)
    for first, second in ((admin, site.log_in("sv")), (site.log_in("sv"), site.log_in("sv-same"))):
        stream = first.stream()
        ident = stream.next().ident
        stream.close()
        again = second.stream(**{"Last-Event-ID": ident})
        assert again.next().name == "reset"
        snapshot = again.next()
        assert (snapshot.name, [q["queue"] for q in snapshot.data["queues"]]) == ("snapshot", [SALES])
        assert snapshot.data["login"] in ("sv", "sv-same")
        again.close()


def test_stream_of_one_queue_is_not_resumed_for_another(admin: Browser):
    stream = admin.stream(f"?queue={SALES}")
    ident = stream.next().ident
    stream.close()
    again = admin.stream(f"?queue={SUPPORT}", **{"Last-Event-ID": ident})
    assert [again.next().name, again.next().data["queue"]] == ["reset", SUPPORT]
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
    assert time.monotonic() - began < 3 * slowness()


def test_stream_of_a_token_when_it_is_taken_back_ends(site: Site, admin: Browser):
    made = admin.request("POST", "/api/v1/session/tokens", {"name": f"t{time.time()}"})[1]
    stream = Browser(site.port).stream(Authorization=f"Bearer {made['token']}")
    stream.next()
    admin.request("DELETE", f"/api/v1/session/tokens/{made['id']}")
    assert stream.ended()

"""The board's stream: changes, losses and silence reach everybody who follows."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from fs_app.store.live import Batch, LiveWriter
from tests.contract.patience import slowness
from tests.unit.web.floor_documents import META, SALES, agent, queue
from tests.unit.web.running_panel import Browser, Site, until


def test_stream_begins_with_a_snapshot_and_goes_on_with_changes(site: Site, sv: Browser):
    stream = sv.stream()
    first = stream.next()
    assert (stream.status, first.name, first.data["login"]) == (200, "snapshot", "sv")
    assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
    assert stream.answer.headers["Cache-Control"] == "no-store"
    assert first.data["agents"] == sv.get("/api/v1/board")["agents"]
    seq = site.publish(agent=[agent("1001@d", {SALES: 3}, code="away")])
    change = stream.next()
    assert (change.name, change.data["seq"]) == ("change", seq)
    assert [(r["agent"], r["status"]["label"]) for r in change.data["agents"]] == [("1001@d", "離席中")]
    assert abs(change.data["at"] - time.time()) < 5
    stream.close()


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


def test_stream_that_was_cut_between_reset_and_snapshot_begins_with_the_snapshot(sv: Browser):
    stream = sv.stream(**{"Last-Event-ID": "1"})
    ident = stream.next("reset").ident
    stream.close()
    again = sv.stream(**{"Last-Event-ID": ident})
    assert [again.next().name, again.next().name] == ["reset", "snapshot"]
    again.close()


def test_stream_when_a_status_was_named_meanwhile_is_not_resumed_without_it(site: Site, sv: Browser, admin: Browser):
    stream = sv.stream()
    ident = stream.next().ident
    stream.close()
    names = {"code": "training", "name_ja": "研修中", "name_en": "Training"}
    status = names | {"shape": "square", "color": "amber", "switch_status": "On Break"}
    assert admin.request("POST", "/api/v1/statuses", status)[0] == 201
    until(lambda: "training" in [one["code"] for one in admin.get("/api/v1/board")["statuses"]], "the panel knows it")
    again = sv.stream(**{"Last-Event-ID": ident})
    assert again.next().name == "reset"
    assert "training" in [one["code"] for one in again.next().data["statuses"]]
    again.close()


@pytest.mark.parametrize("last", ["1", "99999999999999999", "nonsense", "-5", ""])
def test_stream_when_it_cannot_be_resumed_begins_anew(sv: Browser, last: str):
    stream = sv.stream(**{"Last-Event-ID": last})
    first = stream.next()
    if last:
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
    assert time.monotonic() - began < 8 * slowness()
    assert ping.data["link"]["state"] == "live"
    assert abs(ping.data["now"] - time.time()) < 5
    stream.close()


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

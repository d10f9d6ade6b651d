"""What comes over the socket: events in order whatever is in them, bursts, and every way in which a stream breaks."""

from __future__ import annotations

import itertools

import gevent
import pytest
import structlog
from gevent.event import Event as Flag

from fs_app.greenlets import spawn
from fs_app.switch.client import (
    ConnectionLost,
)
from fs_app.switch.event import Event
from tests.unit.switch.connected import line, silent
from tests.unit.switch.scripted import (
    NOTICE,
    framed,
    heartbeat,
    plain,
    until,
)

# ---- the stream breaks


def test_close_when_between_frames_then_lost_once() -> None:
    with line() as up:
        up.peer.close()
        assert "closed by the switch" in up.until_lost()


@pytest.mark.parametrize(
    "cut", [b"Content-Len", heartbeat()[:-10], b"Content-Length: 5\nContent-Type: api/response\n\nab"]
)
def test_close_when_inside_a_header_or_body_then_lost_once_and_the_process_lives(cut: bytes) -> None:
    with line() as up:
        up.peer.send(heartbeat(7), cut)
        up.peer.close()
        assert "inside a frame" in up.until_lost()
        assert up.sequences() == ["7"]


def test_close_when_a_command_waits_then_it_fails_at_once() -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status", 30.0)
        until(lambda: up.peer.commands[-1] == "api status")
        up.peer.close()
        with pytest.raises(ConnectionLost):
            asking.get(timeout=2)
        up.until_lost()


def test_reset_when_a_command_waits_then_it_fails_at_once() -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status", 30.0)
        until(lambda: up.peer.commands[-1] == "api status")
        up.peer.reset()
        with pytest.raises(ConnectionLost):
            asking.get(timeout=2)
        up.until_lost()


@pytest.mark.parametrize("half", [b"Content-Le", heartbeat()[:-10]])
def test_silence_when_inside_a_frame_then_connection_dropped(half: bytes) -> None:
    with line(silence_s=0.1) as up:
        up.peer.send(half)
        assert "silence" in up.until_lost()


def test_silence_when_between_frames_then_connection_stays() -> None:
    with line(silence_s=0.02) as up:
        gevent.Greenlet.spawn_later(0.1, up.peer.send, heartbeat(1))
        until(lambda: up.events)
        assert up.client.api("status") == "+OK\n"


@pytest.mark.parametrize(
    "broken",
    [
        b"Content-Length: abc\nContent-Type: text/event-plain\n\n",
        b"Content-Length: -5\nContent-Type: text/event-plain\n\n",
        b"Content-Length: 99999999999\nContent-Type: text/event-plain\n\n",
        b"Content-Type: text/event-plain\n\nEvent-Name: HEARTBEAT\n\n",
        b"Content-Type: text/nonsense\n\n",
        framed(b"{", "text/event-json"),
    ],
)
def test_frame_when_broken_then_what_came_before_is_handed_over_and_lost_once(broken: bytes) -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status", 30.0)
        until(lambda: up.peer.commands[-1] == "api status")
        up.peer.send(heartbeat(1), broken, heartbeat(2))
        with pytest.raises(ConnectionLost):
            asking.get(timeout=2)
        up.until_lost()
        assert up.sequences() == ["1"]


@pytest.mark.parametrize("how", [b"", b"Content-Disposition: linger\nLinger-Time: 5\n"])
def test_disconnect_notice_when_it_comes_with_a_body_then_lost_once(how: bytes) -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status", 30.0)
        until(lambda: up.peer.commands[-1] == "api status")
        up.peer.send(
            heartbeat(1),
            b"Content-Type: text/disconnect-notice\n" + how + b"Content-Length: %d\n\n" % len(NOTICE),
            NOTICE,
        )
        with pytest.raises(ConnectionLost, match="disconnect notice"):
            asking.get(timeout=2)
        assert "disconnect notice" in up.until_lost()
        assert up.sequences() == ["1"]


def test_close_when_by_us_then_calls_fail_and_no_loss_is_told() -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status", 30.0)
        until(lambda: up.peer.commands[-1] == "api status")
        up.client.close()
        with pytest.raises(ConnectionLost):
            asking.get(timeout=2)
        until(lambda: up.peer.gone)
        assert up.lost == []


# ---- events


def test_events_when_they_come_then_handed_over_in_order() -> None:
    with line() as up:
        up.peer.send(*(heartbeat(number) for number in range(500)))
        until(lambda: len(up.events) == 500)
        assert up.sequences() == [str(number) for number in range(500)]
        assert (up.client.events, up.client.frames, up.client.hand_over.depth) == (500, 502, 0)


def test_event_of_5_mb_when_it_comes_then_whole() -> None:
    with line() as up:
        up.peer.send(plain({"Event-Name": "CHANNEL_CREATE", "variable_long": "x" * 5_000_000}), heartbeat(2))
        until(lambda: len(up.events) == 2)
        assert len(up.events[0].get(b"variable_long")) == 5_000_000


def test_events_when_values_are_not_utf8_then_the_next_come_too() -> None:
    with line() as up:
        up.peer.send(
            plain({"Event-Name": "CHANNEL_CREATE", "Caller-Caller-ID-Name": "山田".encode("shift_jis")}), heartbeat(2)
        )
        until(lambda: len(up.events) == 2)
        assert "\ufffd" in up.events[0].get(b"Caller-Caller-ID-Name")


def test_handler_when_it_raises_then_counted_and_the_next_event_comes() -> None:
    taken: list[str] = []

    def picky(event: Event) -> None:
        taken.append(event.get(b"Event-Sequence"))
        if taken == ["1"]:
            raise ValueError("no")

    with line(on_event=picky) as up, structlog.testing.capture_logs() as logs:
        up.peer.send(heartbeat(1), heartbeat(2))
        until(lambda: taken == ["1", "2"])
        assert up.client.hand_over.handler_errors == 1
        assert [entry["event"] for entry in logs] == ["event_handler_failed"]


def test_burst_when_100_000_events_wait_then_others_run_and_the_first_are_handled_at_once() -> None:
    """Counted in events, not in time: this machine may have other things to do."""
    chunk = b"".join(heartbeat(number) for number in range(1000))
    first_after: list[int] = []
    turns: list[int] = []
    sent = count = 0

    def send() -> None:
        nonlocal sent
        for _ in range(100):
            up.peer.send(chunk)
            sent += 1000

    def note(_event: Event) -> None:
        nonlocal count
        if count == 0:
            first_after.append(sent)
        count += 1

    def live() -> None:
        while True:
            turns.append(count)
            gevent.sleep(0)

    with line(on_event=note) as up:
        other = spawn("test", live)
        sending = spawn("test", send)
        until(lambda: count == 100_000, deadline_s=60)
        other.kill()
        sending.kill()
    assert first_after[0] < 60_000, "what the sockets hold, and not all of it"
    assert max(b - a for a, b in itertools.pairwise([*turns, count])) < 20_000


def test_handler_when_slow_then_reading_stops_is_counted_and_nothing_is_dropped() -> None:
    go_on = Flag()
    taken: list[str] = []

    def slow(event: Event) -> None:
        go_on.wait(timeout=30)
        taken.append(event.get(b"Event-Sequence"))

    total = 60_000
    with line(on_event=slow) as up:
        sending = spawn("test", up.peer.send, *(heartbeat(number) for number in range(total)))
        until(lambda: up.client.hand_over.stalls == 1, deadline_s=30)
        assert up.client.hand_over.depth < total
        go_on.set()
        until(lambda: len(taken) == total, deadline_s=30)
        sending.get(timeout=5)
        assert taken == [str(number) for number in range(total)]
        assert up.client.connected


def test_handler_when_stuck_then_connection_given_up_before_the_switch_stalls() -> None:
    stuck = Flag()
    with line(on_event=lambda _event: stuck.wait(timeout=60), stall_s=0.1) as up:
        sending = spawn("test", up.peer.send, *(heartbeat(number) for number in range(60_000)))
        until(lambda: up.lost, deadline_s=30)
        assert "not taken" in up.lost[0]
        assert up.client.hand_over.discarded > 0
        stuck.set()
        up.until_lost()
        sending.kill()

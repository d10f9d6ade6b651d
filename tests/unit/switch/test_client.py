"""One connection against a scripted switch: every fault that greenswitch is known to lose, hang or die on."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import gevent
import pytest
import structlog
from gevent.event import Event as Flag
from pydantic import SecretStr

from fs_app.greenlets import spawn
from fs_app.switch.client import (
    AuthFailed,
    CannotConnect,
    CommandRefused,
    CommandTimeout,
    ConnectionLost,
    EventSocket,
    Refused,
    UnsafeCommand,
)
from fs_app.switch.event import Event
from tests.unit.switch.scripted import (
    NOTICE,
    PASSWORD,
    Answer,
    Answers,
    Peer,
    ScriptedSwitch,
    api_response,
    framed,
    heartbeat,
    obliging,
    plain,
    reply,
    switch,
    until,
)


class Line:
    """A connected client with what it told its owner."""

    def __init__(self, scripted: ScriptedSwitch, **options: object) -> None:
        self.events: list[Event] = []
        self.lost: list[str] = []
        self.switch = scripted
        on_event = options.pop("on_event", self.events.append)
        self.client = EventSocket(
            "127.0.0.1",
            scripted.port,
            PASSWORD,
            on_event=on_event,
            on_lost=self.lost.append,
            **options,  # type: ignore[arg-type]
        )
        self.client.connect()

    @property
    def peer(self) -> Peer:
        return self.switch.peers[-1]

    def sequences(self) -> list[str]:
        return [event.get(b"Event-Sequence") for event in self.events]

    def until_lost(self) -> str:
        until(lambda: self.lost, "on_lost")
        workers = [self.client._receive_events_greenlet, self.client._process_events_greenlet]
        until(lambda: all(worker.dead for worker in workers), "both greenlets to end")
        assert len(self.lost) == 1
        assert not self.client.connected
        with pytest.raises(ConnectionLost):
            self.client.send("api status")
        until(lambda: self.peer.gone, "the socket to be closed")
        return self.lost[0]


@contextmanager
def line(answers: Answers | None = None, **options: object) -> Iterator[Line]:
    with switch(answers) as scripted:
        connected = Line(scripted, **options)
        try:
            yield connected
        finally:
            connected.client.close()


def silent(_peer: Peer, command: str) -> Answer:
    return None if command.startswith("api ") else obliging(_peer, command)


# ---- logging in


def test_connect_when_password_is_right_then_up() -> None:
    with line() as up:
        assert up.client.connected
        assert up.peer.commands == [f"auth {PASSWORD}"]


def test_connect_when_password_is_a_secret_and_a_user_is_given_then_userauth() -> None:
    with switch() as scripted:
        client = EventSocket("127.0.0.1", scripted.port, SecretStr(PASSWORD), user="board@default")
        client.connect()
        assert scripted.peers[0].commands == [f"userauth board@default:{PASSWORD}"]
        client.close()


def test_connect_when_password_is_wrong_then_auth_failed_without_telling_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lost: list[str] = []
    with switch() as scripted, structlog.testing.capture_logs() as logs:
        client = EventSocket("127.0.0.1", scripted.port, "s3cret-guess", on_lost=lost.append)
        with pytest.raises(AuthFailed) as caught:
            client.connect()
        until(lambda: scripted.peers[0].gone)
    told = f"{caught.value!r} {caught.value} {client!r} {vars(client).get('password')} {logs} {caplog.text} {lost}"
    assert "s3cret-guess" not in told
    assert lost == []


def test_connect_when_password_holds_a_line_break_then_refused_without_telling_it() -> None:
    with switch() as scripted:
        with pytest.raises(UnsafeCommand) as caught:
            EventSocket("127.0.0.1", scripted.port, "s3cret\n\napi shutdown").connect()
        assert "s3cret" not in str(caught.value)
        assert scripted.peers[0].commands == []


def test_connect_when_access_list_refuses_then_refused() -> None:
    greeting = b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"
    with switch(greeting=greeting) as scripted, pytest.raises(Refused):
        EventSocket("127.0.0.1", scripted.port, PASSWORD).connect()


def test_connect_when_nobody_listens_then_cannot_connect() -> None:
    with switch() as scripted:
        port = scripted.port
    with pytest.raises(CannotConnect, match="refused"):
        EventSocket("127.0.0.1", port, PASSWORD).connect()


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n\n\n", b"Content-Type: te"])
def test_connect_when_it_is_no_event_socket_then_cannot_connect_in_time(greeting: bytes) -> None:
    with switch(greeting=greeting) as scripted:
        began = time.monotonic()
        with pytest.raises(CannotConnect):
            EventSocket("127.0.0.1", scripted.port, PASSWORD, connect_timeout_s=0.3).connect()
        assert time.monotonic() - began < 2.0
        until(lambda: scripted.peers[0].gone, "the socket to be closed")


# ---- commands


def test_api_when_answered_then_its_output_whole() -> None:
    with line(lambda _peer, command: api_response(f"{command}\n\nContent-Type: forged\n\n")) as up:
        assert up.client.api("status") == "api status\n\nContent-Type: forged\n\n"


@pytest.mark.parametrize("denied", [reply("-ERR permission denied"), api_response("-ERR permission denied\n")])
def test_api_when_permission_is_denied_then_returned(denied: bytes) -> None:
    with line(lambda _peer, _command: denied) as up:
        assert up.client.api("shutdown").strip() == "-ERR permission denied"
        assert up.client.connected


def test_bgapi_when_permission_is_denied_then_command_refused_with_the_reply() -> None:
    with line(lambda _peer, _command: reply("-ERR permission denied")) as up:
        with pytest.raises(CommandRefused) as caught:
            up.client.bgapi("originate user/1001 &park", "7f1e")
        assert caught.value.reply == "-ERR permission denied"
        assert up.client.connected


def test_bgapi_when_sent_then_carries_our_own_job_id() -> None:
    with line() as up:
        up.client.bgapi("status", "7f1e-00")
        assert up.peer.commands[-1] == "bgapi status\nJob-UUID: 7f1e-00"


def test_sendevent_when_sent_then_headers_follow() -> None:
    with line() as up:
        up.client.sendevent("GENERAL", {"Unique-ID": "f8c7", "eavesdrop-command": "2"})
        assert up.peer.commands[-1] == "sendevent GENERAL\nUnique-ID: f8c7\neavesdrop-command: 2"


def test_subscribe_when_custom_then_it_stands_last() -> None:
    with line() as up:
        up.client.subscribe(["HEARTBEAT", "CHANNEL_CREATE"], ["callcenter::info"])
        assert up.peer.commands[-1] == "event plain HEARTBEAT CHANNEL_CREATE CUSTOM callcenter::info"


def test_commands_when_many_ask_at_once_then_each_gets_its_own_answer_in_order() -> None:
    with line(lambda _peer, command: api_response(command)) as up:
        asked = [spawn("test", up.client.api, f"echo {number}") for number in range(200)]
        gevent.joinall(asked, timeout=10)
        assert [greenlet.value for greenlet in asked] == [f"api echo {number}" for number in range(200)]
        assert up.peer.commands[1:] == [f"api echo {number}" for number in range(200)]


def test_command_when_turn_does_not_come_in_time_then_only_it_fails() -> None:
    release = Flag()

    def slow(_peer: Peer, _command: str) -> Answer:
        release.wait(timeout=5)
        return api_response("done")

    with line(slow) as up:
        first = spawn("test", up.client.api, "first")
        gevent.sleep(0)
        with pytest.raises(CommandTimeout):
            up.client.api("second", timeout_s=0.05)
        release.set()
        assert first.get(timeout=5) == "done"
        assert up.client.api("third") == "done"
        assert [command for command in up.peer.commands if "second" in command] == []


def test_reply_when_lost_then_command_timeout_and_connection_dropped() -> None:
    with line(silent) as up:
        with pytest.raises(CommandTimeout):
            up.client.api("status", timeout_s=0.1)
        assert "no reply" in up.until_lost()


def test_reply_when_lost_then_those_who_wait_their_turn_fail_at_once() -> None:
    with line(silent) as up:
        asked = [spawn("test", up.client.api, "status", 0.1 if number == 0 else 30.0) for number in range(50)]
        gevent.joinall(asked, timeout=5)
        assert {type(greenlet.exception) for greenlet in asked[1:]} == {ConnectionLost}


def test_command_when_its_caller_is_killed_then_no_reply_is_taken_for_another() -> None:
    with line(silent) as up:
        asking = spawn("test", up.client.api, "status")
        until(lambda: up.peer.commands[-1] == "api status")
        asking.kill()
        up.until_lost()


def test_reply_when_nobody_asked_then_connection_dropped() -> None:
    with line() as up:
        up.peer.send(reply("+OK"))
        assert "nobody asked" in up.until_lost()


def test_reply_when_a_second_one_comes_for_one_command_then_connection_dropped() -> None:
    with line(lambda _peer, _command: api_response("one") + api_response("two")) as up:
        assert up.client.api("status") == "one"
        assert "nobody asked" in up.until_lost()


def test_reply_when_not_utf8_then_replaced_and_connection_stays() -> None:
    with line(lambda _peer, _command: api_response("山田".encode("shift_jis"))) as up:
        assert "\ufffd" in up.client.api("show channels")
        assert "\ufffd" in up.client.api("show channels")


@pytest.mark.parametrize(
    "command",
    [
        "api status\n\napi shutdown",
        "api status\nconsole_execute: true",
        "api a\rb",
        "api a\x00b",
        "api a\x1bb",
        "api a\x7fb",
        "api callcenter_config agent set status 'reload' mod_event_socket",
        "api UnLoad  xyz MOD_Event_Socket",
        "api \udc80",
        "",
    ],
)
def test_command_when_freeswitch_would_misread_it_then_refused_and_nothing_sent(command: str) -> None:
    with line() as up:
        with pytest.raises(UnsafeCommand) as caught:
            up.client.send(command)
        with pytest.raises(UnsafeCommand):
            up.client.sendevent("GENERAL", {"Data": command or "\n"})
        assert not command or command not in str(caught.value)
        assert up.client.api("status") == "+OK\n"
        assert up.peer.commands[1:] == ["api status"]


@pytest.mark.parametrize("name", ["Job-UUID\nX", "a: b", "", " a", "ä"])
def test_header_name_when_it_is_none_then_refused(name: str) -> None:
    with line() as up, pytest.raises(UnsafeCommand):
        up.client.sendevent("GENERAL", {name: "x"})


@pytest.mark.parametrize(
    ("names", "subclasses"), [(["HEARTBEAT CUSTOM"], []), (["X\n"], []), ([], ["a b"]), (["ALL\nx"], ["a"])]
)
def test_subscription_when_its_names_are_none_then_refused(names: list[str], subclasses: list[str]) -> None:
    with line() as up, pytest.raises(UnsafeCommand):
        up.client.subscribe(names, subclasses)


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
    with line(on_event=lambda _event: stuck.wait(timeout=30), stall_s=0.1) as up:
        sending = spawn("test", up.peer.send, *(heartbeat(number) for number in range(60_000)))
        until(lambda: up.lost)
        assert "not taken" in up.lost[0]
        assert up.client.hand_over.discarded > 0
        stuck.set()
        up.until_lost()
        sending.kill()

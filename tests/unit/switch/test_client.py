"""Log-in and commands of one connection: nothing is sent that would be misread, no reply is taken for another."""

from __future__ import annotations

import logging
import time

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
from tests.unit.switch.connected import line, silent
from tests.unit.switch.scripted import (
    PASSWORD,
    Answer,
    Peer,
    api_response,
    reply,
    switch,
    until,
)

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
        gevent.joinall(asked, timeout=60)
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

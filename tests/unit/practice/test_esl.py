"""The event socket over a real connection, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator

import gevent
import pytest
from gevent import socket

from fs_app.practice.config import contract_floor
from fs_app.practice.esl import connection
from fs_app.practice.phones import Behaviour
from fs_app.practice.switch import PracticeSwitch

GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


class Client:
    """A plain client: sends lines, reads frames."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._buffer = b""

    def send(self, text: str) -> None:
        self.sock.sendall(text.encode() + b"\n\n")

    def frame(self) -> tuple[dict[str, str], str]:
        """Headers and body of the next frame; ``EOFError`` at the end."""
        while b"\n\n" not in self._buffer:
            self._read()
        head, _, self._buffer = self._buffer.partition(b"\n\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        length = int(headers.get("Content-Length", "0"))
        while len(self._buffer) < length:
            self._read()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return headers, body.decode()

    def _read(self) -> None:
        data = self.sock.recv(65_536)
        if not data:
            raise EOFError
        self._buffer += data

    def ask(self, text: str) -> str:
        """Reply-Text or body of the next frame."""
        self.send(text)
        headers, body = self.frame()
        return headers.get("Reply-Text", body)


@pytest.fixture
def switch() -> Iterator[PracticeSwitch]:
    switch = PracticeSwitch(contract_floor("secret"))
    switch.start()
    yield switch
    switch.stop()


@pytest.fixture
def client(switch: PracticeSwitch) -> Client:
    client = Client(switch.port)
    assert client.frame()[0] == {"Content-Type": "auth/request"}
    assert client.ask("auth secret") == "+OK accepted"
    return client


def test_log_in_when_password_is_wrong_then_refused_and_closed(switch: PracticeSwitch) -> None:
    client = Client(switch.port)
    client.frame()
    assert client.ask("auth guess") == "-ERR invalid"
    assert client.frame() == ({"Content-Type": "text/disconnect-notice", "Content-Length": "67"}, GOODBYE)
    with pytest.raises(EOFError):
        client.frame()


def test_log_in_when_other_commands_come_first_then_nothing_runs(switch: PracticeSwitch) -> None:
    client = Client(switch.port)
    client.frame()
    assert client.ask("api status") == "-ERR command not found"
    assert client.ask("auth secret") == "+OK accepted"


def test_log_in_when_userauth_then_accepted_in_the_domain(switch: PracticeSwitch) -> None:
    for user, reply in (("panel@default:secret", "+OK accepted"), ("panel@elsewhere:secret", "-ERR invalid")):
        client = Client(switch.port)
        client.frame()
        assert client.ask(f"userauth {user}") == reply


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("nonsense", "-ERR command not found"),
        ("event", "-ERR no keywords supplied"),
        ("event plain NONSENSE", "-ERR no keywords supplied"),
        ("event plain CHANNEL_CREATE NONSENSE CUSTOM callcenter::info", "+OK event listener enabled plain"),
        ("event json ALL", "+OK event listener enabled json"),
        ("noevents", "-ERR not listening for events"),
        ("filter Unique-ID abc", "+OK filter added. [Unique-ID]=[abc]"),
        ("filter delete all", "+OK filter deleted. [all][]"),
        ("filter Unique-ID", "-ERR invalid syntax"),
        ("api create_uuid_", "-ERR create_uuid_ Command not found!\n"),
        ("api uuid_exists x\r", "false"),
        ("API strepoch", None),
        ("linger", "-ERR not controlling a session"),
        ("sendmsg gone\ncall-command: hangup", "-ERR invalid session id [gone]"),
    ],
)
def test_reply_when_command_is_sent_then_as_mod_event_socket(client: Client, command: str, reply: str | None) -> None:
    answer = client.ask(command)
    assert answer == reply if reply is not None else answer.isdigit()


def test_exit_when_sent_then_bye_notice_and_end(client: Client) -> None:
    assert client.ask("exit") == "+OK bye"
    assert client.frame()[1] == GOODBYE
    with pytest.raises(EOFError):
        client.frame()


def test_job_when_own_uuid_is_given_then_event_brings_it_back(client: Client) -> None:
    client.ask("event json BACKGROUND_JOB")
    client.send("bgapi originate {a=1}user/1099@default &park()\nJob-UUID: my-own-1")
    assert client.frame()[0] == {
        "Content-Type": "command/reply",
        "Reply-Text": "+OK Job-UUID: my-own-1",
        "Job-UUID": "my-own-1",
    }
    headers, body = client.frame()
    event = json.loads(body)
    assert headers["Content-Type"] == "text/event-json"
    assert (event["Job-UUID"], event["Job-Command"]) == ("my-own-1", "originate")
    assert event["Job-Command-Arg"] == "{a=1}user/1099@default &park()"
    assert (event["_body"], event["Content-Length"]) == ("-ERR USER_NOT_REGISTERED\n", "25")


def test_job_when_plain_then_body_stands_after_its_own_length(client: Client) -> None:
    client.ask("event plain BACKGROUND_JOB")
    client.ask("bgapi strepoch")
    body = client.frame()[1]
    head, _, result = body.partition("\n\n")
    assert head.splitlines()[-1] == f"Content-Length: {len(result)}"
    assert result.isdigit()


def test_events_when_plain_then_values_are_percent_encoded(client: Client, switch: PracticeSwitch) -> None:
    client.ask("event plain CHANNEL_CREATE CHANNEL_CALLSTATE")
    switch.caller("0312345678", "Evil\nEvent-Name: FAKE").dial("5010")
    created = client.frame()[1]
    assert "Caller-Caller-ID-Name: Evil%0AEvent-Name%3A%20FAKE\n" in created
    assert "Channel-Name: sofia/external/0312345678%40127.0.0.1\n" in created
    assert created.endswith("\n\n")
    state = client.frame()[1]
    assert "variable_" in created
    assert "variable_" not in state
    assert "Original-Channel-Call-State: DOWN\n" in state


def test_events_when_bytes_are_not_utf8_then_go_through_as_they_came(client: Client, switch: PracticeSwitch) -> None:
    client.ask("event plain CHANNEL_CREATE")
    switch.caller("0312345678", b"\x8d\xb2\x93\xa1".decode("utf-8", "surrogateescape")).dial("5010")
    assert "Caller-Caller-ID-Name: %8D%B2%93%A1\n" in client.frame()[1]


def test_sequence_when_two_listen_then_the_same_event_has_the_same_number(
    client: Client, switch: PracticeSwitch
) -> None:
    other = Client(switch.port)
    other.frame()
    other.ask("auth secret")
    for each in (client, other):
        each.ask("event json CUSTOM callcenter::info")
    client.send("api callcenter_config agent add a@default Callback")
    one, two = json.loads(client.frame()[1]), json.loads(other.frame()[1])
    assert one["Event-Sequence"] == two["Event-Sequence"]
    assert (one["CC-Action"], one["Core-UUID"]) == ("agent-add", two["Core-UUID"])


def test_custom_when_subclass_is_not_asked_for_then_not_sent(client: Client) -> None:
    client.ask("event json CUSTOM sofia::register")
    assert client.ask("api callcenter_config agent add a@default Callback") == "+OK\n"
    assert client.ask("nixevent CUSTOM sofia::register") == "+OK events nixed"


def test_filter_when_set_then_everything_else_is_dropped(client: Client) -> None:
    client.ask("event json CUSTOM callcenter::info BACKGROUND_JOB")
    client.ask("filter CC-Agent b@default")
    client.ask("api callcenter_config agent add a@default Callback")
    client.send("api callcenter_config agent add b@default Callback")
    assert json.loads(client.frame()[1])["CC-Agent"] == "b@default"


def test_blocking_api_when_it_waits_then_events_wait_too_and_come_after_the_reply(
    client: Client, switch: PracticeSwitch
) -> None:
    switch.phone("9001").behaviour = Behaviour("answer", 0.2)
    client.ask("event json CHANNEL_CREATE CHANNEL_ANSWER")
    client.send("api originate user/9001 &park()")
    assert client.frame()[1].startswith("+OK ")
    assert [json.loads(client.frame()[1])["Event-Name"] for _ in range(2)] == ["CHANNEL_CREATE", "CHANNEL_ANSWER"]


def test_private_event_when_sent_to_a_listening_leg_then_its_mode_changes(
    client: Client, switch: PracticeSwitch
) -> None:
    switch.phone("9001").behaviour = switch.phone("1002").behaviour = Behaviour("answer")
    call = switch.phone("1001").dial("1002")
    gevent.sleep(0.2)
    client.ask(f"api originate {{origination_uuid=sup}}user/9001 &eavesdrop({call.uuid})")
    gevent.sleep(0.1)
    assert switch.hears("1001") == {"1002"}
    assert client.ask("sendevent CUSTOM\nUnique-ID: sup\neavesdrop-command: 2").startswith("+OK ")
    gevent.sleep(0.1)  # read with the next frame
    assert switch.hears("1001") == {"1002", "9001"}


def test_event_when_sent_by_a_client_then_everybody_gets_it(client: Client) -> None:
    client.ask("event json CUSTOM my::event")
    client.send("sendevent CUSTOM\nEvent-Subclass: my::event\nNote: hello\nContent-Length: 2\n\nhi")
    frames = [client.frame() for _ in range(2)]
    event = next(json.loads(body) for headers, body in frames if headers["Content-Type"] == "text/event-json")
    assert (event["Note"], event["_body"]) == ("hello", "hi")


def test_listener_when_it_does_not_read_then_it_is_dropped_and_others_go_on(
    switch: PracticeSwitch, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MAX_QUEUE", 50)
    client.ask("event json ALL")
    for index in range(20_000):
        switch.core.bus.fire("HEARTBEAT", lambda: [("Filler", "x" * 500)])
        if index % 1000 == 0:
            gevent.sleep(0)
    other = Client(switch.port)
    other.frame()
    assert other.ask("auth secret") == "+OK accepted"
    with pytest.raises((EOFError, OSError)):
        while True:
            client.frame()


def test_restart_when_switch_is_killed_then_sockets_drop_and_the_port_is_back(
    client: Client, switch: PracticeSwitch
) -> None:
    port = switch.port
    switch.restart()
    with pytest.raises((EOFError, OSError)):
        client.frame()
    again = Client(port)
    again.frame()
    assert again.ask("auth secret") == "+OK accepted"


def test_cut_when_called_then_calls_go_on(client: Client, switch: PracticeSwitch) -> None:
    call = switch.caller("0312345678").dial("5010")
    switch.cut()
    with pytest.raises((EOFError, OSError)):
        client.frame()
    assert switch.core.channels.find(call.uuid) is call

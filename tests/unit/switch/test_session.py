"""A session against a scripted switch: who is told what and when, through losses, restarts, silence and refusals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import gevent
import pytest
import structlog
from gevent.event import Event as Flag

from fs_app.greenlets import spawn
from fs_app.switch.client import CommandRefused, CommandTimeout, ConnectionLost, UnsafeCommand
from fs_app.switch.event import Event
from fs_app.switch.link import Subscription
from fs_app.switch.session import EVENT_NAMES, NodeAddress, SwitchSession, Timing
from tests.unit.switch.scripted import (
    CORE,
    PASSWORD,
    Answer,
    Answers,
    Peer,
    ScriptedSwitch,
    background_job,
    framed,
    heartbeat,
    obliging,
    reply,
    switch,
    until,
)

OTHER_CORE = "00000000-0000-4000-8000-000000000001"
QUICK = Timing(connect=2.0, silent=30.0, probe=0.2, first_retry=0.01, longest_retry=0.05, stable=30.0)


class Told:
    """A session and what it told, in the order in which it did."""

    def __init__(
        self, port: int, timing: Timing, on_up: Callable[[SwitchSession, str], None] | None, **options: object
    ) -> None:
        self.log: list[str] = []
        self.events: list[Event] = []
        self._then = on_up
        node = NodeAddress("main", "127.0.0.1", port, None, PASSWORD)
        given: dict[str, object] = {"node": node, **options}
        self.session = SwitchSession(
            given.pop("node"),  # type: ignore[arg-type]
            on_event=self._on_event,
            on_up=self._on_up,
            on_down=lambda reason: self.log.append(f"down {reason}"),
            timing=timing,
            **given,  # type: ignore[arg-type]
        )

    def _on_event(self, event: Event) -> None:
        self.events.append(event)
        self.log.append(f"event {event.get(b'Event-Sequence')}")

    def _on_up(self, session: SwitchSession, core: str) -> None:
        self.log.append(f"up {core}")
        if self._then is not None:
            self._then(session, core)

    @property
    def ups(self) -> list[str]:
        return [entry for entry in self.log if entry.startswith("up")]

    @property
    def downs(self) -> list[str]:
        return [entry for entry in self.log if entry.startswith("down")]


@contextmanager
def session(
    answers: Answers | None = None,
    timing: Timing = QUICK,
    on_up: Callable[[SwitchSession, str], None] | None = None,
    **options: object,
) -> Iterator[tuple[ScriptedSwitch, Told]]:
    with switch(answers) as scripted:
        told = Told(scripted.port, timing, on_up, **options)
        told.session.start()
        try:
            yield scripted, told
        finally:
            told.session.close()


def job_of(command: str) -> str:
    return command.partition("Job-UUID: ")[2]


# ---- coming up


def test_start_when_switch_is_there_then_subscribed_before_up_and_two_connections() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        assert told.log == [f"up {CORE}"]
        assert told.session.up
        assert len(scripted.live) == 2
        assert scripted.subscriber.commands[1] == f"event plain {' '.join(EVENT_NAMES)} CUSTOM callcenter::info"
        assert scripted.subscriber is not scripted.commander


def test_start_when_events_come_before_up_then_they_wait_for_it() -> None:
    def eager(peer: Peer, command: str) -> Answer:
        if command.startswith("event "):
            return reply("+OK event listener enabled plain") + heartbeat(1) + heartbeat(2)
        return obliging(peer, command)

    with session(eager) as (_, told):
        until(lambda: len(told.log) == 3)
        assert told.log == [f"up {CORE}", "event 1", "event 2"]


def test_start_when_resync_takes_long_then_events_come_meanwhile_and_commands_work() -> None:
    go_on = Flag()

    def resync(session: SwitchSession, _core: str) -> None:
        assert session.api("show channels as json") == "+OK\n"
        go_on.wait(timeout=5)

    with session(on_up=resync) as (scripted, told):
        until(lambda: told.ups)
        scripted.subscriber.send(heartbeat(1))
        until(lambda: told.events)
        go_on.set()


def test_start_when_core_may_not_be_asked_for_then_up_without_it_and_no_second_up_by_events() -> None:
    def denying(peer: Peer, command: str) -> Answer:
        return reply("-ERR permission denied") if command.startswith("api ") else obliging(peer, command)

    with session(denying) as (scripted, told):
        until(lambda: told.ups)
        scripted.subscriber.send(heartbeat(1), heartbeat(2))
        until(lambda: len(told.events) == 2)
        assert told.ups == ["up "]
        assert told.session.core_uuid == CORE


def test_start_when_nobody_listens_then_tries_again_until_there() -> None:
    with switch() as scripted:
        port = scripted.port
    told = Told(port, QUICK, None)
    told.session.start()
    try:
        until(lambda: told.session.failures >= 3)
        assert (told.session.error_id, told.session.up, told.log) == ("switch_unreachable", False, [])
        with pytest.raises(ConnectionLost):
            told.session.api("status")
    finally:
        told.session.close()


def test_start_when_password_is_wrong_then_told_by_id_and_not_hammered() -> None:
    timing = replace(QUICK, longest_retry=0.3)
    with switch() as scripted, structlog.testing.capture_logs() as logs:
        told = Told(
            scripted.port, timing, None, node=NodeAddress("main", "127.0.0.1", scripted.port, None, "wr0ng-one")
        )
        told.session.start()
        began = time.monotonic()
        until(lambda: len(scripted.peers) == 3)
        told.session.close()
    assert time.monotonic() - began >= 0.5
    assert told.session.error_id == "switch_password_refused"
    assert [entry["error"] for entry in logs if entry["event"] == "switch_down"] == ["switch_password_refused"]
    assert "wr0ng-one" not in f"{logs} {told.session.reason} {told.session.node!r}"


def test_pause_when_failures_go_on_then_doubles_to_the_cap_with_jitter() -> None:
    timing = Timing()
    one = SwitchSession(
        NodeAddress("main", "127.0.0.1"), on_event=print, on_up=print, on_down=print, timing=timing, jitter=lambda: 1.0
    )
    pauses = []
    for one.failures in (1, 2, 3, 6, 7, 1000):
        pauses.append(round(one._pause(), 3))
    assert pauses == [0.2, 0.4, 0.8, 6.4, 10.0, 10.0]
    one._jitter = lambda: 0.0
    assert one._pause() == 5.0


# ---- going down


@pytest.mark.parametrize("which", ["subscriber", "commander"])
def test_loss_when_either_connection_dies_then_both_close_down_once_and_up_again(which: str) -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        first = list(scripted.live)
        getattr(scripted, which).close()
        until(lambda: len(told.ups) == 2)
        assert told.log == [f"up {CORE}", "down closed by the switch", f"up {CORE}"]
        until(lambda: all(peer.gone for peer in first), "both old connections to be closed")
        assert len(scripted.live) == 2


def test_loss_when_calls_wait_then_all_fail_at_once() -> None:
    def silent(peer: Peer, command: str) -> Answer:
        return None if command == "api slow" else obliging(peer, command)

    with session(silent) as (scripted, told):
        until(lambda: told.ups)
        job = spawn("test", told.session.job, "originate user/1001 &park", 30.0)
        until(lambda: told.session.pending_jobs == 1 and scripted.commander.commands[-1].startswith("bgapi"))
        slow = spawn("test", told.session.api, "slow", 30.0)
        behind = spawn("test", told.session.api, "status", 30.0)
        until(lambda: scripted.commander.commands[-1] == "api slow")
        scripted.subscriber.reset()
        gevent.joinall([job, slow, behind], timeout=2)
        assert [type(asked.exception) for asked in (job, slow, behind)] == [ConnectionLost] * 3


def test_loss_when_connection_was_stable_then_back_off_begins_anew() -> None:
    timing = replace(QUICK, stable=0.0)
    with session(timing=timing) as (scripted, told):
        for number in range(1, 4):
            until(lambda number=number: len(told.ups) == number)
            scripted.subscriber.close()
            until(lambda number=number: len(told.downs) == number)
            assert told.session.failures == 1


def test_resync_when_it_fails_then_connection_made_anew() -> None:
    def fails_once(session: SwitchSession, _core: str) -> None:
        if session.connects == 1:
            raise ValueError("a bug")

    with session(on_up=fails_once) as (_, told), structlog.testing.capture_logs() as logs:
        until(lambda: len(told.ups) == 2 and told.session.up)
        assert told.log == [f"up {CORE}", "down resync failed (ValueError)", f"up {CORE}"]
        assert "switch_resync_failed" in [entry["event"] for entry in logs]


def test_resync_when_switch_is_lost_meanwhile_then_down_comes_after_it() -> None:
    def asks_twice(session: SwitchSession, _core: str) -> None:
        if session.connects == 1:
            with pytest.raises(ConnectionLost):
                session.api("die")
            told.log.append("resync ended")

    def dying(peer: Peer, command: str) -> Answer:
        if command == "api die":
            peer.close()
            return None
        return obliging(peer, command)

    with switch(dying) as scripted:
        told = Told(scripted.port, QUICK, asks_twice)
        told.session.start()
        until(lambda: len(told.ups) == 2)
        assert told.log[:3] == [f"up {CORE}", "resync ended", "down closed by the switch"]
        told.session.close()


def test_close_when_up_then_no_down_and_nothing_left_open() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        told.session.close()
        until(lambda: not scripted.live)
        assert told.downs == []
        with pytest.raises(ConnectionLost):
            told.session.api("status")


def test_close_when_called_inside_the_resync_then_ends() -> None:
    with session(on_up=lambda session, _core: session.close()) as (scripted, told):
        until(lambda: told.ups and not scripted.live)
        assert told.downs == []


# ---- the switch was started anew


def test_core_when_other_after_a_loss_then_up_with_the_new_one() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        scripted.core = OTHER_CORE
        for peer in scripted.live:
            peer.close()
        until(lambda: len(told.ups) == 2)
        assert told.ups == [f"up {CORE}", f"up {OTHER_CORE}"]


def test_core_when_other_in_an_event_then_up_again_before_that_event() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        job = spawn("test", told.session.job, "originate user/1001 &park", 30.0)
        until(lambda: scripted.commander.commands[-1].startswith("bgapi"))
        scripted.subscriber.send(heartbeat(1), heartbeat(2, OTHER_CORE), heartbeat(3, OTHER_CORE))
        until(lambda: len(told.events) == 3)
        assert told.log == [f"up {CORE}", "event 1", f"up {OTHER_CORE}", "event 2", "event 3"]
        with pytest.raises(ConnectionLost):
            job.get(timeout=2)


# ---- silence


def test_silence_when_switch_answers_then_connection_stays() -> None:
    with session(timing=replace(QUICK, silent=0.05)) as (scripted, told):
        until(lambda: told.session.silences >= 2)
        assert told.log == [f"up {CORE}"]
        assert scripted.subscriber.commands[-1].startswith("api ")
        assert scripted.commander.commands[-1].startswith("api ")


@pytest.mark.parametrize("deaf", ["events", "commands"])
def test_silence_when_one_connection_does_not_answer_then_dropped_and_made_anew(deaf: str) -> None:
    mute = Flag()

    def mutable(peer: Peer, command: str) -> Answer:
        return None if mute.is_set() and peer.subscribed == (deaf == "events") else obliging(peer, command)

    with session(mutable, replace(QUICK, silent=0.2)) as (_, told):
        until(lambda: told.ups)
        mute.set()
        until(lambda: told.downs)
        assert "no reply" in told.downs[0]
        mute.clear()
        until(lambda: len(told.ups) >= 2)


def test_silence_when_any_events_come_then_no_probe() -> None:
    with session(timing=replace(QUICK, silent=0.2)) as (scripted, told):
        until(lambda: told.ups)
        for number in range(30):
            scripted.subscriber.send(heartbeat(number))
            gevent.sleep(0.02)  # The rhythm of this test's heart.
        assert told.session.silences == 0


# ---- commands and jobs


def test_job_when_result_comes_then_its_output() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        job = spawn("test", told.session.job, "originate user/1001 &park")
        until(lambda: scripted.commander.commands[-1].startswith("bgapi originate"))
        scripted.subscriber.send(background_job(job_of(scripted.commander.commands[-1]), "-ERR NO_ANSWER\n"))
        assert job.get(timeout=2) == "-ERR NO_ANSWER\n"
        until(lambda: [event.name for event in told.events] == ["BACKGROUND_JOB"])


def test_job_when_result_comes_before_the_reply_then_not_missed() -> None:
    def hasty(peer: Peer, command: str) -> Answer:
        if command.startswith("bgapi "):
            scripted.subscriber.send(background_job(job_of(command), "+OK 1\n"))
            until(lambda: told.events)
        return obliging(peer, command)

    with session(hasty) as (scripted, told):
        until(lambda: told.ups)
        assert told.session.job("status", 2.0) == "+OK 1\n"


def test_job_when_its_result_is_lost_then_only_it_times_out() -> None:
    with session() as (_, told):
        until(lambda: told.ups)
        with pytest.raises(CommandTimeout):
            told.session.job("originate user/1001 &park", 0.1)
        assert told.session.pending_jobs == 0
        assert told.session.api("status") == "+OK\n"


def test_job_when_not_started_then_command_refused_and_forgotten() -> None:
    def denying(peer: Peer, command: str) -> Answer:
        return reply("-ERR permission denied") if command.startswith("bgapi") else obliging(peer, command)

    with session(denying) as (_, told):
        until(lambda: told.ups)
        with pytest.raises(CommandRefused, match="permission denied"):
            told.session.job("shutdown")
        with pytest.raises(UnsafeCommand):
            told.session.bgapi("status\n\napi shutdown")
        assert told.session.pending_jobs == 0


def test_jobs_when_10_000_are_pending_then_each_gets_its_own_result() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        jobs = [spawn("test", told.session.job, f"originate user/{number} &park", 60.0) for number in range(10_000)]
        commander, subscriber = scripted.commander, scripted.subscriber
        until(lambda: len(commander.commands) >= 10_002, deadline_s=40)
        assert told.session.pending_jobs == 10_000
        for command in reversed(commander.commands[2:]):
            number = command.partition("user/")[2].partition(" ")[0]
            subscriber.send(background_job(job_of(command), f"+OK {number}\n"))
        gevent.joinall(jobs, timeout=40)
        assert [job.value for job in jobs] == [f"+OK {number}\n" for number in range(10_000)]
        assert told.session.pending_jobs == 0


def test_jobs_when_10_000_are_pending_and_switch_is_lost_then_all_fail_at_once() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        failures: list[type[Exception]] = []

        def wait_for_a_job() -> None:
            try:
                told.session.job("originate user/1 &park", 60.0)
            except ConnectionLost as error:
                failures.append(type(error))

        for _ in range(10_000):
            spawn("test", wait_for_a_job)
        commander = scripted.commander
        until(lambda: len(commander.commands) >= 5_000, deadline_s=40)
        began = time.monotonic()
        commander.reset()
        until(lambda: len(failures) == 10_000, deadline_s=20)
        assert time.monotonic() - began < 5.0


def test_bgapi_when_sent_then_its_id_comes_back_at_once() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        job = told.session.bgapi("uuid_kill 1")
        assert scripted.commander.commands[-1] == f"bgapi uuid_kill 1\nJob-UUID: {job}"


def test_sendevent_when_sent_then_over_the_commands_connection() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        told.session.sendevent("GENERAL", {"eavesdrop-command": "2"})
        assert scripted.commander.commands[-1] == "sendevent GENERAL\neavesdrop-command: 2"


def test_subscription_when_json_then_events_and_jobs_work_the_same() -> None:
    with session(subscription=Subscription(("HEARTBEAT",), (), "json")) as (scripted, told):
        until(lambda: told.ups)
        job = spawn("test", told.session.job, "status")
        until(lambda: scripted.commander.commands[-1].startswith("bgapi"))
        job_uuid = job_of(scripted.commander.commands[-1])
        body = f'{{"Event-Name":"BACKGROUND_JOB","Job-UUID":"{job_uuid}","_body":"+OK\\n"}}'
        scripted.subscriber.send(framed(body.encode(), "text/event-json"))
        assert job.get(timeout=2) == "+OK\n"


# ---- addresses


@pytest.mark.parametrize(
    ("text", "name", "host", "port", "user", "password"),
    [
        ("esl://:ClueCon@pbx1:8021", "pbx1", "pbx1", 8021, None, "ClueCon"),
        ("esl://:ClueCon@pbx1", "pbx1", "pbx1", 8021, None, "ClueCon"),
        ("esl://pbx1", "pbx1", "pbx1", 8021, None, ""),
        (
            "tokyo=esl://board@default:p%40ss%2F%3A%25@10.0.0.1:9021/",
            "tokyo",
            "10.0.0.1",
            9021,
            "board@default",
            "p@ss/:%",
        ),
        ("osaka=esl://board@:secret@pbx2", "osaka", "pbx2", 8021, "board@pbx2", "secret"),
        ("esl://board%40site.jp:a:b@[::1]:8021", "::1", "::1", 8021, "board@site.jp", "a:b"),
        ("esl://:p@ss=esl@h", "h", "h", 8021, None, "p@ss=esl"),
    ],
)
def test_address_when_sound_then_read(
    text: str, name: str, host: str, port: int, user: str | None, password: str
) -> None:
    node = NodeAddress.parse(text)
    assert (node.name, node.host, node.port, node.user, node.password) == (name, host, port, user, password)
    assert not password or password not in repr(node)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pbx1:8021",
        "http://:s3cret@pbx1",
        "esl://:s3cret@",
        "esl://:s3cret@pbx1:0",
        "esl://:s3cret@pbx1:70000",
        "esl://:s3cret@pbx1:x",
        "esl://:s3cret@pbx1/path",
        "esl://:s3cret%0A@pbx1",
        "bad name=esl://:s3cret@pbx1",
        "s3cretesl://pbx1",
        "esl://a b:s3cret@pbx1",
    ],
)
def test_address_when_faulty_then_told_what_without_the_password(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        NodeAddress.parse(text)
    assert "s3cret" not in str(caught.value)

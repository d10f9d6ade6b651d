"""A session against a scripted switch: how it comes up, and how often it tries."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import structlog
from gevent.event import Event as Flag

from fs_app.switch.client import ConnectionLost
from fs_app.switch.session import EVENT_NAMES, NodeAddress, SwitchSession, Timing
from tests.unit.switch.running_session import QUICK, Told, session
from tests.unit.switch.scripted import CORE, Answer, Peer, heartbeat, obliging, reply, switch, until


def test_start_when_switch_is_there_then_subscribed_before_up_and_two_connections() -> None:
    with session() as (scripted, told):
        until(lambda: told.ups)
        assert told.log == [f"up {CORE}"]
        assert told.session.up
        assert len(scripted.live) == 2
        *filters, events = scripted.subscriber.commands[1 : len(EVENT_NAMES) + 3]
        assert events == f"event plain {' '.join(EVENT_NAMES)} CUSTOM callcenter::info"
        whole = [name for name in (*EVENT_NAMES, "CUSTOM") if name != "CHANNEL_EXECUTE"]
        assert filters == [*(f"filter Event-Name {name}" for name in whole), "filter Application eavesdrop"]
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

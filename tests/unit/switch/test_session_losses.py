"""A session against a scripted switch: who is told what through losses, silence and a switch that was started anew."""

from __future__ import annotations

from dataclasses import replace

import gevent
import pytest
import structlog
from gevent.event import Event as Flag

from fs_app.greenlets import spawn
from fs_app.switch.client import ConnectionLost
from fs_app.switch.session import SwitchSession
from tests.unit.switch.running_session import OTHER_CORE, QUICK, Told, session
from tests.unit.switch.scripted import CORE, Answer, Peer, heartbeat, obliging, switch, until

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
    with session(timing=replace(QUICK, silent=0.05, probe=5.0)) as (scripted, told):
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
    with session(timing=replace(QUICK, silent=1.0)) as (scripted, told):
        until(lambda: told.ups)
        for number in range(25):
            scripted.subscriber.send(heartbeat(number))
            gevent.sleep(0.1)  # The rhythm of this test's heart.
        assert told.session.silences == 0

"""A session against a scripted switch: commands, and jobs whose results come later."""

from __future__ import annotations

import time

import gevent
import pytest

from fs_app.greenlets import spawn
from fs_app.switch.client import CommandRefused, CommandTimeout, ConnectionLost, UnsafeCommand
from fs_app.switch.link import Subscription
from tests.contract.patience import slowness
from tests.unit.switch.running_session import job_of, session
from tests.unit.switch.scripted import Answer, Peer, background_job, framed, obliging, reply, until


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
        assert time.monotonic() - began < 5.0 * slowness()


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

"""The simulated people behave like people, the same way for the same seed, and leave others' decisions alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

import pytest

from fs_app.practice.clock import ManualClock
from fs_app.practice.people.crowd import Crowd, CrowdConfig, crowd_floor
from fs_app.practice.people.rhythms import Rhythms
from fs_app.practice.switch import PracticeSwitch
from tests.unit.practice import floor as floors
from tests.unit.practice.floor import Floor


def lively(**settings: float) -> Floor:
    config = CrowdConfig(**settings)  # type: ignore[arg-type]
    floor = Floor(crowd_floor(config, "secret"))
    Crowd(floor.switch, config).start()
    return floor


def actions(floor: Floor) -> Counter[str]:
    return Counter(event.get("CC-Action") or event["Event-Name"] for event in floor.eyes.events)


def test_floor_when_half_an_hour_passes_then_all_of_daily_life_happens() -> None:
    floor = lively(agents=12, queues=3, calls_per_minute=6, seed=3)
    floor.advance(1800)
    seen = actions(floor)
    assert 120 < seen["member-queue-start"] < 260
    assert seen["bridge-agent-start"] > seen["member-queue-start"] * 0.7
    ends = Counter(e["CC-Cause"] for e in floor.named("member-queue-end"))
    assert ends["Terminated"] > 100
    assert ends["Cancel"] >= 1
    assert seen["CHANNEL_HOLD"] > 3
    assert seen["bridge-agent-fail"] > 3
    assert seen["agent-status-change"] > 12
    assert floor.named("agent-status-get"), "nobody called out by himself"
    gone = [phone for phone in floor.switch.core.phones.everyone() if phone.outside and not phone.calls]
    assert len(gone) <= 12, "phones of callers who are gone must be forgotten"


def test_floor_when_seed_is_the_same_then_the_same_people_call() -> None:
    def callers(seed: int) -> list[tuple[str, str]]:
        floor = lively(agents=6, queues=2, calls_per_minute=6, seed=seed)
        floor.advance(600)
        return [(e["CC-Member-CID-Name"], e["CC-Member-CID-Number"]) for e in floor.named("member-queue-start")]

    assert callers(5) == callers(5)
    assert callers(5) != callers(6)


AREAS = ("090", "080", "070", "011", "045", "052", "075", "082", "092", "03", "06")


def test_numbers_when_people_call_then_none_can_exist() -> None:
    floor = lively(agents=6, queues=2, calls_per_minute=30, seed=2)
    floor.advance(120)
    for event in floor.named("member-queue-start"):
        number = event["CC-Member-CID-Number"]
        area = next(code for code in AREAS if number.startswith(code))
        assert number[len(area)] == "0"
        assert number.isdigit()


def test_status_when_set_by_somebody_else_then_left_alone_for_half_an_hour() -> None:
    floor = lively(agents=8, queues=1, calls_per_minute=0, seed=4, speed=20)
    floor.advance(30)
    for index in range(8):
        floor.api(f"callcenter_config agent set status {1001 + index}@default 'Logged Out'")
    floor.eyes.events.clear()
    floor.advance(29 * 60)
    assert floor.named("agent-status-change") == []
    floor.advance(3600)
    assert floor.named("agent-status-change")


def test_speed_when_higher_then_more_happens_in_the_same_time() -> None:
    slow, fast = (lively(agents=12, queues=2, calls_per_minute=6, speed=speed) for speed in (1, 10))
    for floor in (slow, fast):
        floor.advance(120)
    assert actions(fast)["member-queue-start"] > 4 * actions(slow)["member-queue-start"]


def test_supervisor_when_a_monitoring_call_comes_then_picked_up_after_about_two_seconds() -> None:
    floor = lively(agents=12, queues=1, calls_per_minute=30, seed=1)
    floor.advance(120)
    leg = next(row["uuid"] for row in floor.json("agent list") if row["state"] == "In a queue call")
    replies = floor.bgapi(f"originate {{eavesdrop_enable_dtmf=false}}user/9001@default &eavesdrop({leg})")
    floor.advance(1.2)
    assert replies == []
    floor.advance(1.6)
    assert replies
    assert replies[0].startswith("+OK ")


def test_load_when_500_agents_and_200_calls_a_minute_then_well_under_one_core() -> None:
    config = CrowdConfig(agents=500, queues=5, calls_per_minute=200)
    switch = PracticeSwitch(crowd_floor(config, "secret"), ManualClock())
    eyes = _Frames()
    switch.core.bus.listen(eyes)
    switch.start()
    Crowd(switch, config).start()
    began = time.process_time()
    switch.clock.advance(60)  # type: ignore[attr-defined]
    used = time.process_time() - began
    switch.stop()
    assert eyes.count > 3000
    assert used < 30, f"{used:.1f} s of processor time for a minute"


class _Frames:
    def __init__(self) -> None:
        self.count = 0

    def wants(self, name: str, subclass: str) -> bool:
        return name not in ("CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE", "PRESENCE_IN")

    def deliver(self, event: floors.Event) -> None:
        event.frame("plain")
        self.count += 1


@pytest.mark.parametrize(
    "settings", [{"agents": 0}, {"queues": 0}, {"calls_per_minute": -1}, {"speed": 0}, {"agents": 30_000}]
)
def test_settings_when_out_of_range_then_refused(settings: dict) -> None:
    with pytest.raises(ValueError, match="must be"):
        CrowdConfig(**settings)


def test_talk_when_many_calls_per_agent_then_shorter() -> None:
    assert Rhythms(1, 1, 12, 6).mean_talk_s > Rhythms(1, 1, 12, 12).mean_talk_s >= 20


def test_process_when_started_then_says_ready_and_ends_with_its_parent() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fs_app.practice", "--agents", "3", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"SASAYAKI_PRACTICE_PASSWORD": "secret", "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    word, port = process.stdout.readline().split()
    assert word == b"READY"
    assert int(port) > 0
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def test_process_when_no_password_then_one_line_and_78() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fs_app.practice"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "SASAYAKI_PRACTICE_PASSWORD" in done.stderr

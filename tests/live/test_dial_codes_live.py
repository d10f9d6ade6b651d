"""What only a real FreeSWITCH can show of the dial codes: its log at its loudest, and fifty calls at once."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.dial_settings import numbers, waive
from tests.contract.dialling import Exchange, exchange
from tests.contract.esl import Esl, Event
from tests.contract.floor import Floor
from tests.contract.patience import slowness, wait
from tests.live.rig.driver import LiveDriver

pytestmark = pytest.mark.live
A1 = "1001@default"
AT_ONCE = 50


@pytest.fixture
def codes(rig: LiveDriver, center: Center, floor: Floor, tmp_path: Path) -> Iterator[Exchange]:
    floor.agent("1001", status="On Break")
    center.until_known(A1)
    with exchange(rig, center, tmp_path / "prompts") as found:
        yield found


def test_log_when_it_tells_everything_then_no_key_of_a_dial_code_is_in_it(
    codes: Exchange, center: Center, rig: LiveDriver
) -> None:
    dial_id, password = center.dial_logins["ann"]
    codes.esl.api("fsctl loglevel debug")
    log = rig.folder / "log" / "freeswitch.log"
    before = log.stat().st_size
    try:
        caller = codes.caller()
        caller.dial("0010")
        caller.logs_in((dial_id, password))
        caller.hangs_up_after("signed_in")
        wait(lambda: caller.leg in log.read_text(errors="replace")[before:])
    finally:
        codes.esl.api("fsctl loglevel notice")
    told = log.read_text(errors="replace")[before:]
    assert "Call python script" in told, "the log is not at its loudest"
    assert [line for line in told.splitlines() if "DTMF" in line and "RECV" in line] == []
    assert (password in told, f"[{dial_id}]" in told) == (False, False)


def stamp(event: Event) -> float:
    """When FreeSWITCH made the event (s)."""
    return int(event["Event-Date-Timestamp"]) / 1e6


def collect(esl: Esl, name: str, count: int, limit_s: float = 20.0, **headers: str) -> dict[str, Event]:
    """``count`` events of as many calls, by call."""
    found: dict[str, Event] = {}
    while len(found) < count:
        event = esl.wait(name, limit_s, **headers)
        found.setdefault(event.uuid, event)
    return found


def told(what: str, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return f"{what}: median {statistics.median(ordered) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, n={len(ordered)}"


def show(line: str) -> None:
    """For who runs the test: pytest shows it with -s or -rA."""
    sys.stdout.write(line + "\n")


@pytest.mark.alone  # the two seconds are measured
def test_fifty_calls_at_once_are_all_answered_in_time(codes: Exchange, center: Center, rig: LiveDriver) -> None:
    waive(center)
    phone = rig.phone("1001")
    phone.dial("0029")
    collect(codes.esl, "CHANNEL_HANGUP_COMPLETE", 1)  # redis is loaded into FreeSWITCH by now
    codes.esl.events.clear()
    for _ in range(AT_ONCE):
        phone.dial("0090")
    plain = collect(codes.esl, "CHANNEL_EXECUTE", AT_ONCE, Application="echo")
    begun = collect(codes.esl, "CHANNEL_EXECUTE", AT_ONCE, Application="answer")
    show(told("0090, dialplan only, answer to echo", [stamp(plain[u]) - stamp(begun[u]) for u in plain]))
    phone.hang_up()
    collect(codes.esl, "CHANNEL_HANGUP_COMPLETE", AT_ONCE)
    codes.esl.events.clear()
    for _ in range(AT_ONCE):
        phone.dial("0029")
    begun = collect(codes.esl, "CHANNEL_EXECUTE", AT_ONCE, Application="python")
    spoken = collect(codes.esl, "PLAYBACK_START", AT_ONCE)
    times = [stamp(spoken[u]) - stamp(begun[u]) for u in spoken]
    show(told("0029, script to first word", times))
    said = {Path(event["Playback-File-Path"]).stem for event in spoken.values()}
    assert said == {"status_is"}
    assert max(times) < 2.0 * slowness()
    ended = collect(codes.esl, "CHANNEL_HANGUP_COMPLETE", AT_ONCE)
    assert len(ended) == AT_ONCE


@pytest.mark.alone
def test_fifty_people_log_in_at_once_from_outside(codes: Exchange, center: Center, rig: LiveDriver) -> None:
    numbers(center, n5023="status_menu")
    dial_id, password = center.dial_logins["ann"]
    people = [rig.caller(f"0904444{index:04}") for index in range(AT_ONCE)]
    for person in people:
        person.dial("5023")
    codes.esl.wait("PLAYBACK_START")
    wait(lambda: all(person.state == "talking" for person in people))
    for keys in (dial_id, password):
        for person in people:
            person.press(f"{keys}#")
    menus: dict[str, Event] = {}
    prompts: dict[str, list[Event]] = {}
    while len(menus) < AT_ONCE:
        event = codes.esl.wait("PLAYBACK_START", 25)
        prompts.setdefault(event.uuid, []).append(event)
        if "status_menu" in event["Playback-File-Path"]:
            menus[event.uuid] = event
        assert "unavailable" not in event["Playback-File-Path"]
    times = [stamp(menus[u]) - stamp(prompts[u][-2]) for u in menus]
    show(told("5023, from the question for the password to the menu (a key or two are still typed)", times))

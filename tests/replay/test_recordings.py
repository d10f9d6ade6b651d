"""Recorded streams of a real FreeSWITCH 1.10.12: at each marked moment the board says what the recording's page says.

``expected.json`` holds, for each recording, the agents it starts with and the board after each marked line, written down
from the pages (``page`` quotes them).
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from fs_app.floor.documents import document
from fs_app.floor.facts import TimePassed
from fs_app.floor.fold import apply

from .playback import RECORDINGS, Line, Playback, agent, doubled, read, shuffled, tier, with_holes

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())


CALLS = {"queue_call", "on_hold", "internal_call", "outbound_call", "external_call"}


def playback(name: str, lines: list[Line], wrap_up_s: int = 0) -> Playback:
    story = EXPECTED[name]
    agents = tuple(agent(a, status, wrap_up_s=wrap_up_s) for a, status in story["agents"].items())
    play = Playback(agents, tuple(tier(story["queue"], a) for a in story["agents"]))
    play.begin(lines[0].at - 1, lines[0].core)
    return play


def test_every_recording_has_an_expectation() -> None:
    assert set(RECORDINGS) == set(EXPECTED)


@pytest.mark.parametrize("name", RECORDINGS)
def test_board_at_each_marked_moment_equals_what_the_page_says(name: str) -> None:
    lines = read(name)
    play = playback(name, lines)
    moments = {m["after_line"]: m for m in EXPECTED[name]["moments"]}
    for number, line in enumerate(lines, 1):
        play.play(line)
        if number in moments:
            assert play.board() == moments[number]["board"], moments[number]["page"]
    assert max(moments) <= len(lines)


def end_of(name: str, lines: list[Line]) -> dict[str, object]:
    play = playback(name, lines)
    for line in lines:
        play.play(line)
    return play.board()


@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("seed", range(5))
def test_events_shuffled_within_50_ms_end_in_the_same_board(name: str, seed: int) -> None:
    lines = read(name)
    assert end_of(name, shuffled(lines, random.Random(seed))) == end_of(name, lines)


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_event_doubled_ends_in_the_same_board(name: str) -> None:
    lines = read(name)
    assert end_of(name, doubled(lines)) == end_of(name, lines)


@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("offset", range(10))
def test_every_tenth_event_missing_then_a_resync_ends_in_the_same_board(name: str, offset: int) -> None:
    lines = read(name)
    whole, holed = playback(name, lines), playback(name, lines)
    for line in lines:
        whole.play(line)
    for line in with_holes(lines, 10, offset):
        holed.play(line)
    truth = whole.reading(lines[-1].at + 1, lines[-1].core, None)
    apply(holed.floor, truth._replace(begun=holed.floor.serial))
    apply(whole.floor, truth._replace(begun=whole.floor.serial))
    got, wanted = holed.board(), whole.board()
    for board in (got, wanted):  # counters and notes tell of the past, which a resync cannot bring back
        board.pop("lost"), board.pop("answered")
        board["agents"] = {a: text.replace(" no_answer", "") for a, text in board["agents"].items()}
    assert got == wanted


@pytest.mark.parametrize("wrap_up_s", [0, 60])
@pytest.mark.parametrize("name", RECORDINGS)
def test_what_follows_a_call_begins_once_and_at_its_end(name: str, wrap_up_s: int) -> None:
    """mod_callcenter says that a queue call is over 20 to 100 ms after the phone is free: that makes no period of its own."""
    lines = read(name)
    play = playback(name, lines, wrap_up_s)
    seen: dict[str, list[tuple[str, float]]] = {ident: [] for ident in play.floor.agents}
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        play.play(line)
        if following is not None and following.at == line.at:
            continue  # of one step of the switch's clock only the last is a period
        for ident, periods in seen.items():
            doc = document(play.floor, "agent", ident)
            if periods[-1:] != [(doc["code"], doc["since"])]:
                periods.append((doc["code"], doc["since"]))
    for periods in seen.values():
        for (call, _), (first, since), (then, until) in zip(periods, periods[1:], periods[2:], strict=False):
            brief = call in CALLS and {first, then} <= {"available", "wrap_up"} and until - since < 0.5
            assert not brief, periods


def times(play: Playback) -> dict[str, tuple[float, ...]]:
    docs = {a: document(play.floor, "agent", a) for a in play.floor.agents}
    return {a: (d["since"], d["talk_since"] or 0, d["hold_since"] or 0) for a, d in docs.items()}


@pytest.mark.parametrize(
    ("name", "line"), [("hold-and-resume", 45), ("hold-and-resume", 36), ("outbound-call-by-agent", 24)]
)
def test_since_times_after_a_restart_of_the_controller_are_the_same(name: str, line: int) -> None:
    lines = read(name)
    before = playback(name, lines)
    for one in lines[:line]:
        before.play(one)
    after = playback(name, lines)
    apply(after.floor, before.reading(lines[line - 1].at, lines[0].core, None)._replace(begun=after.floor.serial))
    busy = "1001@default"
    assert times(after)[busy] == times(before)[busy]


def test_since_of_a_call_is_its_bridge_and_of_a_hold_its_hold() -> None:
    lines = read("hold-and-resume")
    play = playback("hold-and-resume", lines)
    bridge = next(one.at for one in lines if one.event.name == "CHANNEL_BRIDGE")
    hold = next(one.at for one in lines if one.event.name == "CHANNEL_HOLD")
    for one in lines[:45]:
        play.play(one)
    assert times(play)["1001@default"] == (hold, bridge, hold)


def test_restarted_switch_has_no_calls_and_keeps_what_people_chose() -> None:
    lines = read("freeswitch-restart")
    play = playback("freeswitch-restart", lines)
    for one in lines[:57]:
        play.play(one)
    play.resync(lines[57].at, lines[57].core)
    board = play.board()
    assert board["agents"] == {"1001": "available", "1002": "on_break"}
    assert board["waiting"] == []


def test_swapped_priorities_are_seen_by_the_next_reading() -> None:
    lines = read("priority-change")
    play = playback("priority-change", lines)
    for one in lines[:68]:
        play.play(one)
    play.tiers = (tier("support@default", "1001@default", 5), tier("support@default", "1002@default", 1))
    play.resync(lines[67].at)
    levels = {a: document(play.floor, "agent", a)["tiers"]["support@default"] for a in play.floor.agents}
    assert levels == {"1001@default": 5, "1002@default": 1}
    assert play.board()["waiting"] == ["Goro in support"]


def test_supervision_is_remembered_for_a_minute_and_then_forgotten() -> None:
    lines = read("listen-whisper-barge")
    play = playback("listen-whisper-barge", lines)
    for one in lines:
        play.play(one)
    assert [s.state for s in play.floor.supervisions.values()] == ["ended"]
    apply(play.floor, TimePassed(lines[-1].at + 120))
    assert not play.floor.supervisions

"""Recordings: what stays out of them, what stays in, and that a replay of one is the same again."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import gevent
import pytest

from fs_app.switch.client import EventSocket
from fs_app.switch.event import Event, JsonEvent, PlainEvent
from fs_app.switch.pseudonyms import Pseudonyms
from fs_app.switch.recorder import Recorder, as_headers, main, read_recording
from fs_app.switch.replay import ReplayServer, plain_event
from fs_app.switch.session import EVENT_NAMES, EVENT_SUBCLASSES, NodeAddress, SwitchSession
from tests.unit.switch.scripted import CORE, PASSWORD, heartbeat, switch, until

ROOT = Path(__file__).parents[3]
LEG = "f8c7ec43-fbb9-4ee2-a322-031234567891"
CREATE = {
    "Event-Name": "CHANNEL_CREATE",
    "Core-UUID": CORE,
    "Event-Date-Timestamp": "1795346553773394",
    "Event-Sequence": "1234567",
    "Unique-ID": LEG,
    "Channel-Name": "sofia/external/0312345679@127.0.0.1",
    "Caller-Username": "0312345679",
    "Caller-Caller-ID-Name": "Hanako Yamada",
    "Caller-Caller-ID-Number": "0312345679",
    "Caller-Destination-Number": "5010",
    "Caller-Channel-Created-Time": "1795346553773394",
    "Caller-Context": "public",
    "variable_cc_queue_joined_epoch": "1795346553",
    "variable_sip_full_from": '"Hanako Yamada" <sip:0312345679@127.0.0.1>;tag=89NH72t3FZKeQ',
    "variable_sip_contact_params": "Hanako%20Yamada",
    "variable_effective_caller_id_name": "山田太郎",
    "variable_last_arg": "山田太郎様 +81312345679",
    "variable_digits_dialed": "4711",
    "variable_DP_MATCH": ["5010", "0312345679"],
    "CC-Agent": "1001@default",
    "CC-Queue": "support@default",
}
JOB = {
    "Event-Name": "BACKGROUND_JOB",
    "Event-Date-Timestamp": "1795346553873394",
    "Job-UUID": "j1",
    "_body": "+OK 0312345679\n",
}


def recorded(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(path: Path, *events: dict[str, object]) -> Path:
    recorder = Recorder(path, pseudonyms=Pseudonyms(b"seed"))
    for event in events:
        assert recorder.write(JsonEvent(event))
    recorder.close()
    return path


# ---- pseudonyms


def test_recording_when_written_then_no_number_or_name_of_a_person_is_in_it(tmp_path: Path) -> None:
    text = write(tmp_path / "r.jsonl", CREATE, JOB).read_text()
    without_uuids = text.replace(LEG, "")
    for secret in ("0312345679", "81312345679", "Hanako", "Yamada", "山田", "4711"):
        assert secret not in without_uuids


def test_recording_when_written_then_a_number_is_the_same_one_everywhere_and_as_long(tmp_path: Path) -> None:
    first, second = recorded(write(tmp_path / "r.jsonl", CREATE, JOB))
    number = str(first["Caller-Caller-ID-Number"])
    assert re.fullmatch(r"0\d{9}", number)
    assert first["Caller-Username"] == number
    assert first["Channel-Name"] == f"sofia/external/{number}@127.0.0.1"
    assert first["variable_DP_MATCH"] == ["5010", number]
    assert second["_body"] == f"+OK {number}\n"
    assert str(first["variable_sip_full_from"]).startswith(f'"{first["Caller-Caller-ID-Name"]}" <sip:{number}@')


def test_recording_when_written_then_what_the_floor_needs_stays(tmp_path: Path) -> None:
    (first,) = recorded(write(tmp_path / "r.jsonl", CREATE))
    kept = [
        "Event-Name",
        "Core-UUID",
        "Event-Date-Timestamp",
        "Event-Sequence",
        "Unique-ID",
        "Caller-Destination-Number",
    ]
    kept += ["Caller-Channel-Created-Time", "variable_cc_queue_joined_epoch", "CC-Agent", "CC-Queue", "Caller-Context"]
    assert {name: first[name] for name in kept} == {name: CREATE[name] for name in kept}
    assert list(first) == list(CREATE)


def test_pseudonyms_when_numbers_differ_then_they_differ_too() -> None:
    numbers = [f"03{number:08}" for number in range(2000)]
    replaced = Pseudonyms(b"seed").replaced({"X": numbers})["X"]
    assert len(set(replaced)) == 2000
    assert {len(number) for number in replaced} == {10}


def test_pseudonyms_when_another_recording_then_others() -> None:
    header = {"Caller-Caller-ID-Number": "0312345679"}
    assert Pseudonyms().replaced(header) != Pseudonyms().replaced(header)


def test_pseudonyms_when_a_short_name_stands_inside_a_word_then_that_word_stays() -> None:
    replaced = Pseudonyms().replaced({"Caller-Caller-ID-Name": "Al", "Call-State": "Also Al and Walter"})
    assert replaced["Call-State"] == "Also Name1 and Walter"


# ---- the file


def test_recorder_when_full_then_stops_with_a_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorder = Recorder(path, max_bytes=4000)
    taken = [recorder.write(JsonEvent(CREATE)) for _ in range(10)]
    recorder.close()
    assert recorder.full
    assert not taken[-1]
    assert path.stat().st_size == recorder.bytes <= 4000
    assert len(recorded(path)) == recorder.events == sum(taken) > 0


def test_recorder_when_file_exists_then_it_is_not_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", CREATE)
    with pytest.raises(FileExistsError):
        Recorder(path)
    assert len(recorded(path)) == 1


def test_recorder_when_file_is_made_then_only_its_owner_may_read_it(tmp_path: Path) -> None:
    assert write(tmp_path / "r.jsonl", CREATE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("line", ["{", "[]", '{"a":1}'])
def test_recording_when_a_line_is_no_event_then_told_which(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"Event-Name":"HEARTBEAT"}\n' + line + "\n")
    with pytest.raises(ValueError, match="line 2"):
        list(read_recording(path))


# ---- from a switch to a file and back


def test_recorder_when_events_come_plain_then_the_same_as_from_json() -> None:
    arrays = CREATE | {"variable_long": "x\r\nEvent-Name: FAKE"}
    assert as_headers(PlainEvent(b"\n" + plain_event(arrays))) == arrays
    assert as_headers(JsonEvent(arrays)) == arrays
    assert as_headers(PlainEvent(b"\n" + plain_event(JOB)))["_body"] == JOB["_body"]


@pytest.mark.parametrize("format", ["plain", "json"])
def test_replay_when_subscribed_then_the_recorded_events_and_only_those_asked_for(tmp_path: Path, format: str) -> None:
    agent = {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "agent-status-change"}
    limit = {"Event-Name": "CUSTOM", "Event-Subclass": "limit::usage"}
    path = write(tmp_path / "r.jsonl", CREATE, {"Event-Name": "CHANNEL_DATA"}, limit, agent, JOB)
    server = ReplayServer(path, speed=0)
    server.start()
    events: list[Event] = []
    client = EventSocket("127.0.0.1", server.port, "any", on_event=events.append)
    client.connect()
    client.subscribe(EVENT_NAMES, EVENT_SUBCLASSES, format)
    until(lambda: len(events) == 3)
    client.close()
    server.stop()
    wanted = [event for event in recorded(path) if event["Event-Name"] in EVENT_NAMES or "CC-Action" in event]
    assert [{k: v for k, v in as_headers(event).items() if k != "Content-Length"} for event in events] == wanted


def test_replay_when_at_double_speed_then_takes_half_the_time(tmp_path: Path) -> None:
    later = CREATE | {"Event-Date-Timestamp": "1795346554173394"}
    server = ReplayServer(write(tmp_path / "r.jsonl", CREATE, later), speed=2.0)
    server.start()
    times: list[float] = []
    client = EventSocket(
        "127.0.0.1", server.port, "any", on_event=lambda _event: times.append(gevent.get_hub().loop.now())
    )
    client.connect()
    client.subscribe(["CHANNEL_CREATE"])
    until(lambda: len(times) == 2)
    client.close()
    server.stop()
    assert 0.15 < times[1] - times[0] < 0.4


def test_replay_when_a_session_connects_then_up_and_commands_are_refused(tmp_path: Path) -> None:
    server = ReplayServer(write(tmp_path / "r.jsonl", CREATE, JOB), speed=0)
    server.start()
    ups: list[str] = []
    events: list[Event] = []
    session = SwitchSession(
        NodeAddress("replay", "127.0.0.1", server.port, None, "any"),
        on_event=events.append,
        on_up=lambda _session, core: ups.append(core),
        on_down=ups.append,
    )
    session.start()
    until(lambda: len(events) == 2)
    assert session.api("show channels as json").startswith("-ERR")
    session.close()
    server.stop()
    assert ups == [CORE]


# ---- the commands


def test_record_when_run_against_a_switch_then_a_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.jsonl"
    with switch() as scripted:
        monkeypatch.setenv("SASAYAKI_FREESWITCH", f"main=esl://:{PASSWORD}@127.0.0.1:{scripted.port}")
        done = gevent.Greenlet.spawn(main, [str(path), "--seconds", "30", "--max-mb", "1"])
        scripted.subscriber.send(heartbeat(1), heartbeat(2), *[heartbeat(3)] * 20_000)
        assert done.get(timeout=20) == 0
    assert [event["Event-Sequence"] for event in recorded(path)[:3]] == ["1", "2", "3"]
    assert path.stat().st_size <= 1 << 20


def test_record_when_password_is_wrong_then_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with switch() as scripted:
        monkeypatch.setenv("SASAYAKI_FREESWITCH", f"esl://:wr0ng@127.0.0.1:{scripted.port}")
        assert main([str(tmp_path / "r.jsonl"), "--seconds", "10"]) == 77
    told = capsys.readouterr().err
    assert "wrong password" in told
    assert "wr0ng" not in told


@pytest.mark.parametrize("url", ["esl://:s3cret@127.0.0.1", "s3cret"])
def test_record_when_address_is_faulty_or_shows_a_password_then_refused(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "r.jsonl"), "--url", url]) == 78
    assert "s3cret" not in capsys.readouterr().err
    assert not (tmp_path / "r.jsonl").exists()


@pytest.mark.parametrize("script", ["record", "replay"])
def test_script_when_asked_for_help_then_says_how_it_is_used(script: str, tmp_path: Path) -> None:
    out = subprocess.run(
        [ROOT / "scripts" / script, "--help"],
        check=False,
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert out.returncode == 0, out.stderr
    assert f"scripts/{script}" in out.stdout

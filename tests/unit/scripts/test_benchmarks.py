"""The benchmarks' own parts: their streams are what FreeSWITCH would send, and their page keeps what was measured."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from fs_app.floor.fold import apply
from fs_app.floor.state import Floor
from fs_app.switch.snapshot import read_switch
from fs_app.switch.translate import translate
from fs_app.switch.wire import Framer
from scripts.benchmarks import mix, report
from scripts.benchmarks.__main__ import BENCHMARKS
from scripts.benchmarks.click import Script
from scripts.benchmarks.clients import viewers
from scripts.benchmarks.floor_plan import FloorPlan
from scripts.benchmarks.processes import Process, scripted_switch
from scripts.benchmarks.scripted_switch import PASSWORD
from scripts.benchmarks.scripted_switch import Script as Answers
from scripts.benchmarks.streams import WANTED
from tests.contract.esl import Esl

PLAN = FloorPlan(agents=30, queues=4, channels=20)
ROOT = Path(__file__).resolve().parents[3]


def folded(count: int) -> tuple[Floor, Counter[str]]:
    """A floor that has read the plan and heard ``count`` events of the mix, and how often each kind of event came."""
    floor, kinds = Floor("fs"), Counter[str]()
    answers = Answers(PLAN)
    apply(floor, read_switch(lambda line: answers.api(line).decode(), floor))
    framer = Framer()
    events = mix.events(PLAN, WANTED, lanes=5, at_us=time.time_ns() // 1000)
    for frame in framer.feed(b"".join(islice(events, count))):
        event = frame.event()
        kinds[event.name] += 1
        fact = translate(event)
        if fact is not None:
            apply(floor, fact)
    return floor, kinds


def test_stream_of_the_mix_when_read_by_the_product_then_every_event_is_one_that_freeswitch_sends() -> None:
    floor, kinds = folded(3_000)
    assert sum(kinds.values()) == 3_000
    assert {"CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE", "CUSTOM"} <= kinds.keys()
    assert len(floor.agents) >= PLAN.agents, "the plan's agents are on the floor"
    assert sum(queue.answered for queue in floor.queues.values()) > 0, "calls were answered in it"


def test_stream_of_the_mix_when_long_then_no_channel_lives_twice() -> None:
    events = mix.events(PLAN, WANTED, lanes=5, at_us=time.time_ns() // 1000)
    created = Counter(
        re.findall(rb"\nUnique-ID: (\S+)", event)[0]
        for event in islice(events, 4_000)
        if b"Event-Name: CHANNEL_CREATE\n" in event
    )
    assert len(created) > 100
    assert max(created.values()) == 1


def test_floor_plan_when_read_as_a_switch_then_every_call_is_under_way() -> None:
    floor, answers = Floor("fs"), Answers(PLAN)
    apply(floor, read_switch(lambda line: answers.api(line).decode(), floor))
    assert len(floor.legs) == PLAN.channels
    assert len(floor.members) == PLAN.waiting
    assert len(floor.queues) == PLAN.queues


def test_status_changes_when_applied_then_each_is_another_status_than_before() -> None:
    floor, answers = Floor("fs"), Answers(PLAN)
    apply(floor, read_switch(lambda line: answers.api(line).decode(), floor))
    seen = []
    for event in mix.status_changes(PLAN, 0, 3 * PLAN.agents):
        fact = translate(Framer().feed(event)[0].event())
        assert fact is not None
        before = {name: agent.status for name, agent in floor.agents.items()}
        apply(floor, fact)
        seen += [name for name, agent in floor.agents.items() if agent.status != before[name]]
    assert seen == [PLAN.agent(number % PLAN.agents) for number in range(3 * PLAN.agents)]


@contextmanager
def switch() -> Iterator[tuple[Process, int, Esl]]:
    """A scripted switch that tells its commands, and a connection that hears its events."""
    with scripted_switch(PLAN, "--tell") as (process, port), Esl(f"esl://:{PASSWORD}@127.0.0.1:{port}", "ALL") as esl:
        yield process, port, esl


def test_scripted_switch_when_a_status_is_set_then_told_confirmed_and_the_job_done() -> None:
    agent = PLAN.agent(0)
    with switch() as (process, port, esl):
        script = Script(port, PASSWORD)
        began = time.monotonic()
        script.bgapi(f"callcenter_config agent set status {agent} 'On Break'")
        told = process.told()
        assert told["command"] == f"bgapi callcenter_config agent set status {agent} 'On Break'"
        assert began <= told["at"] <= time.monotonic()
        assert esl.wait("cc:agent-status-change", CC_Agent=agent, CC_Agent_Status="On Break")
        assert esl.wait("BACKGROUND_JOB").body == "+OK\n"
        script.close()


def test_scripted_switch_when_paced_then_events_come_evenly_and_bear_the_moment_they_left(tmp_path: Path) -> None:
    file = tmp_path / "changes"
    file.write_bytes(b"".join(mix.status_changes(PLAN, 0, 20)))
    with switch() as (process, _, esl):
        process.say(f"send {file} 100")
        began = process.told()
        events = [esl.wait("cc:agent-status-change") for _ in range(20)]
    assert float(events[-1]["arrived"]) - began >= 19 / 100
    stamps = [int(event["Event-Date-Timestamp"]) for event in events]
    assert stamps == sorted(set(stamps))
    assert abs(stamps[-1] / 1e6 - time.time()) < 30


def test_viewers_when_events_come_in_pieces_then_each_new_status_counts_once_with_its_delay() -> None:
    row = {"agent": "1001@default", "status": {"since": 100.0}}
    event = b'event: change\nid: 7\ndata: {"agents":[%s]}\n\n' % str(row).replace("'", '"').encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%b\r\n" % (len(event), event)
    whole = head + chunk + chunk
    viewer = viewers.Viewer(sock=None, request=b"")  # type: ignore[arg-type] # nothing is sent
    viewer.arrived = [(100.010, whole[:50]), (100.030, whole[50 : len(head) + len(chunk)]), (100.9, chunk)]
    assert viewers.delays_ms([viewer], begun=99.0) == [pytest.approx(30.0, abs=0.5)]


def test_viewers_when_answers_are_polled_then_read_by_their_length() -> None:
    body = b'{"agents":[{"agent":"1001@default","status":{"since":100.0}}]}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    viewer = viewers.Viewer(sock=None, request=b"")  # type: ignore[arg-type] # nothing is sent
    viewer.arrived = [(100.5, answer + answer[:30]), (102.0, answer[30:])]
    assert viewers.delays_ms([viewer], begun=99.0) == [pytest.approx(500.0, abs=0.5)]


def test_percentile_when_asked_then_the_value_below_which_that_share_lies() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert report.percentile(values, 0.5) == 51.0
    assert report.percentile(values, 0.99) == 100.0
    assert report.percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(
    ("got", "limit", "most", "met"),
    [(2.9, 3.0, False, False), (3.0, 3.0, False, True), (60.0, 60.0, True, True), (60.1, 60.0, True, False)],
)
def test_verdict_when_the_bound_is_reached_then_met(got: float, limit: float, most: bool, met: bool) -> None:
    assert report.is_met(report.wanted("it", got, limit, most=most)) is met


def test_page_when_written_then_each_table_stands_between_its_marks_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- one -->\nold\n<!-- /one -->\nbetween\n<!-- two -->\n<!-- /two -->\nafter\n")
    report.write([report.Table("one", ["a"], [["1"]], ["fine"]), report.Table("two", [], verdicts=["none"])], 3, page)
    text = page.read_text()
    assert "old" not in text
    assert "<!-- one -->\n| a |\n| --- |\n| 1 |\n\n- fine\n\nMeasured in 3 rounds on " in text
    assert text.startswith("before\n")
    assert text.endswith("between\n<!-- two -->\n- none\n<!-- /two -->\nafter\n")


def test_page_when_it_has_no_place_for_a_table_then_refused_and_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(ValueError, match="no place"):
        report.write([report.Table("one", ["a"], [["1"]])], 1, page)
    assert page.read_text() == "nothing\n"


def test_page_of_this_repository_then_it_has_a_place_for_every_benchmark() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    names = {found for name in BENCHMARKS for found in re.findall(rf"<!-- ({name}[a-z-]*) -->", text)}
    assert {name.partition("-")[0] for name in names} == set(BENCHMARKS)
    assert all(f"<!-- /{name} -->" in text for name in names)

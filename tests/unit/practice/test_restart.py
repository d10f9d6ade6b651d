"""What a crash of the switch leaves behind."""

from __future__ import annotations

import json

from tests.unit.practice.floor import Floor


def test_state_when_killed_in_a_call_then_rows_are_kept_and_calls_are_gone() -> None:
    floor = Floor()
    busy, idle = floor.agent("1001"), floor.agent("1002")
    floor.api(f"callcenter_config agent set status {idle} 'On Break'")
    floor.api(f"callcenter_config tier set level support@default {busy} 4")
    floor.talking()
    floor.switch.caller("0312345679", "Hanako").dial("5010")
    floor.advance(1)
    before = floor.switch.core.bus.core_uuid
    floor.eyes.events.clear()

    floor.switch.restart()
    floor.advance(5)

    assert floor.switch.core.bus.core_uuid != before
    assert [e for e in floor.eyes.events if e["Event-Name"] != "HEARTBEAT"] == []
    assert floor.api("show channels as json") == '{"row_count": 0}\n'
    row = floor.row(busy)
    assert (row["status"], row["state"], row["uuid"], row["calls_answered"]) == ("Available", "Waiting", "", "1")
    assert row["last_bridge_end"] == "0"
    assert floor.row(idle)["status"] == "On Break"
    assert {(tier["state"], tier["level"]) for tier in floor.json("tier list")} == {("Ready", "4"), ("Ready", "1")}
    members = floor.members()
    assert {(member["state"], member["session_uuid"], member["abandoned_epoch"]) for member in members} == {
        ("Abandoned", "", "0")
    }
    assert {member["serving_agent"] for member in members} == {busy, ""}
    assert len(json.loads(floor.api("show registrations as json"))["rows"]) == 8
    floor.advance(100)
    assert floor.members() == []


def test_next_call_when_switch_is_back_then_answered() -> None:
    floor = Floor()
    floor.agent("1001")
    floor.talking()
    floor.switch.restart()
    floor.advance(1)
    assert floor.switch.phone("1001").state == "idle"
    floor.talking(number="0312345699")
    assert floor.row("1001@default")["state"] == "In a queue call"
    assert floor.switch.hears("1001") == {"0312345699"}


def test_heartbeat_when_time_passes_then_every_twenty_seconds() -> None:
    floor = Floor()
    floor.advance(61)
    beats = floor.named("HEARTBEAT")
    assert len(beats) == 3
    assert "Heartbeat-Interval" not in beats[0]
    assert beats[0]["Up-Time"].startswith("0 years, 0 days, 0 hours, 0 minutes, 20 seconds")

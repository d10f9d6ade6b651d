"""The practice switch tells the same story as a real FreeSWITCH in each recorded scene with supervisors."""

from __future__ import annotations

from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import Floor, recording, story, ticks


def supervise(floor: Floor, extension: str, leg: str, onward: str = "&eavesdrop({leg})") -> str:
    """A supervisor whose phone answers at once; the uuid of his leg."""
    floor.switch.phone(extension).behaviour = Behaviour("answer")
    uuid = floor.api("create_uuid")
    floor.api(
        f"originate {{origination_uuid={uuid},eavesdrop_enable_dtmf=false}}user/{extension} {onward.format(leg=leg)}"
    )
    floor.advance(0.3)
    return uuid


def test_story_when_supervisor_listens_and_leaves_then_as_recorded(floor: Floor) -> None:
    _, leg = floor.talking()
    floor.advance(1)
    supervise(floor, "9001", leg)
    floor.advance(5)
    floor.switch.phone("9001").hang_up()
    floor.advance(1)
    floor.switch.caller("0312345678").hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("listen-whisper-barge"))


def test_story_when_supervisor_takes_over_then_as_recorded(floor: Floor) -> None:
    member, leg = floor.talking()
    supervisor = supervise(floor, "9001", leg)
    assert floor.api(f"uuid_bridge {member} {supervisor}") == f"+OK {supervisor}\n"
    floor.advance(3)
    assert floor.switch.hears("9001") == {"0312345678"}
    assert floor.switch.hears("0312345678") == {"9001"}
    floor.switch.caller("0312345678").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("take-over"))


def test_story_when_agent_is_followed_to_next_call_then_as_recorded(floor: Floor) -> None:
    _, leg = floor.talking()
    supervisor = supervise(floor, "9001", leg, "'eavesdrop:{leg},park' inline")
    floor.advance(3)
    floor.switch.phone("1001").hang_up()
    floor.advance(5)
    floor.switch.caller("0312345699", "Jiro").dial("5010")
    floor.advance(1.2)
    leg = floor.leg("1001")
    floor.switch.phone("1001").answer()
    floor.advance(0.1)
    floor.api(f"uuid_transfer {supervisor} 'eavesdrop:{leg},park' inline")
    floor.advance(6)
    assert floor.switch.hears("9001") == {"0312345699", "1001"}
    floor.api(f"uuid_kill {supervisor}")
    floor.advance(0.5)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("follow-agent-two-calls"))


def test_story_when_agent_holds_and_listener_moves_then_as_recorded(floor: Floor) -> None:
    member, leg = floor.talking()
    supervisor = supervise(floor, "9001", leg)
    silent = "set:eavesdrop_whisper_aleg=false,set:eavesdrop_whisper_bleg=false,eavesdrop"
    floor.switch.phone("1001").hold()
    floor.advance(3)
    floor.api(f"uuid_transfer {supervisor} '{silent}:{member}' inline")
    floor.advance(3)
    floor.api(f"uuid_transfer {supervisor} '{silent}:{leg}' inline")
    floor.advance(3)
    floor.switch.phone("1001").resume()
    floor.advance(3)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("hold-and-resume"))


def test_story_when_three_supervisors_come_and_go_then_as_recorded(floor: Floor) -> None:
    _, leg = floor.talking()
    for extension in ("9001", "9002", "9003"):
        supervise(floor, extension, leg)
    for extension in ("9003", "9002"):
        floor.switch.phone(extension).hang_up()
        floor.advance(1)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("two-supervisors"))

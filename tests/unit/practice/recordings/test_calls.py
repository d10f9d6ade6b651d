"""The practice switch tells the same story as a real FreeSWITCH in each recorded scene, event by event.

Where two of FreeSWITCH's threads raced in a recording both orders are right: ``ticks`` compares each burst of events
without its order.
"""

from __future__ import annotations

from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import Floor, recording, story, ticks

CONFIRM = "group_confirm_key=1,group_confirm_file=p.wav,group_confirm_timeout=8"
MOBILE = f"[leg_timeout=12]user/1001@default,[leg_timeout=25,{CONFIRM}]sofia/gateway/carrier/"


def test_story_when_agent_answers_and_customer_hangs_up_then_as_recorded(floor: Floor) -> None:
    floor.switch.caller("0312345678", "Taro").dial("5010")
    floor.advance(1.3)
    floor.switch.phone("1001").answer()
    floor.advance(1.7)
    floor.switch.caller("0312345678").hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("answered-queue-call"))


def test_story_when_caller_abandons_then_as_recorded(floor: Floor) -> None:
    floor.api("callcenter_config agent set status 1001@default 'On Break'")
    floor.eyes.events.clear()
    caller = floor.switch.caller("0312345679", "Hanako")
    caller.dial("5010")
    floor.advance(4)
    caller.hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("abandoned-in-queue"))


def test_story_when_first_agent_does_not_answer_then_next_is_offered_as_recorded(floor: Floor) -> None:
    floor.api("callcenter_config agent set contact 1001@default [leg_timeout=4]user/1001@default")
    floor.api("callcenter_config agent set no_answer_delay_time 1001@default 3")
    floor.agent("1002", level=2)
    floor.eyes.events.clear()
    floor.switch.caller("0312345678", "Taro").dial("5010")
    floor.advance(5.5)
    floor.switch.phone("1002").answer()
    floor.advance(0.5)
    floor.switch.phone("1002").hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("no-answer-then-next-agent"))


def test_story_when_caller_vanishes_between_answer_and_bridge_then_as_recorded(floor: Floor) -> None:
    floor.switch.phone("1001").behaviour = Behaviour("answer")
    caller = floor.switch.caller("0312345678", "Taro")
    caller.dial("5010")
    while not floor.named("members-count")[1:]:
        floor.advance(0.001)
    caller.hang_up()
    floor.advance(4)
    assert story(floor.eyes.events) == story(recording("caller-hangs-up-at-answer"))
    rows = floor.members()
    assert [(row["state"], row["session_uuid"], row["serving_agent"]) for row in rows] == [
        ("Abandoned", "", "1001@default")
    ]


def test_story_when_mobile_confirms_with_key_then_as_recorded(floor: Floor) -> None:
    floor.api(f"callcenter_config agent set contact 1001@default {MOBILE}09011112222")
    floor.switch.caller("09011112222").behaviour = Behaviour("answer", 0.8, press="1", press_after_s=2.3)
    floor.eyes.events.clear()
    floor.switch.caller("0312345678", "Taro").dial("5010")
    floor.advance(6)
    floor.switch.caller("0312345678").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("mobile-press-1"))


def test_story_when_voicemail_answers_then_as_recorded(floor: Floor) -> None:
    floor.api(f"callcenter_config agent set contact 1001@default {MOBILE}09033334444")
    floor.api("callcenter_config agent set no_answer_delay_time 1001@default 3")
    floor.switch.caller("09033334444").behaviour = Behaviour("answer", 0.8)
    floor.eyes.events.clear()
    floor.switch.caller("0312345678", "Taro").dial("5010")
    floor.advance(6)
    floor.switch.phone("1001").answer()
    floor.advance(0.6)
    floor.switch.phone("1001").hang_up()
    floor.advance(1.5)
    floor.switch.caller("0312345692", "Rokuro").dial("5010")
    floor.advance(12.15)
    floor.switch.caller("0312345692").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("mobile-voicemail-not-confirmed"))


def test_story_when_agent_calls_out_then_no_offer_meanwhile_as_recorded(floor: Floor) -> None:
    floor.switch.caller("0312349999").behaviour = Behaviour("answer", 1.2)
    floor.switch.phone("1001").dial("0312349999")
    floor.advance(1.5)
    floor.switch.caller("0312345681", "Saburo").dial("5010")
    floor.advance(1.5)
    floor.switch.caller("0312349999").hang_up()
    floor.advance(1.3)
    floor.switch.phone("1001").answer()
    floor.advance(0.6)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("outbound-call-by-agent"))


def test_story_when_agents_call_each_other_then_as_recorded(floor: Floor) -> None:
    floor.agent("1002")
    floor.api("callcenter_config tier del support@default 1001@default")
    floor.eyes.events.clear()
    floor.switch.phone("1001").dial("1002")
    floor.advance(1.2)
    floor.switch.phone("1002").answer()
    floor.advance(0.4)
    floor.switch.caller("0312345682", "Goro").dial("5010")
    floor.advance(1.3)
    floor.switch.phone("1002").answer()
    floor.advance(0.3)
    phone = floor.switch.phone("1002")
    phone.hang_up_call(phone.in_hand())
    floor.advance(0.5)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("internal-call-agent-to-agent"))


def test_story_when_agent_transfers_blindly_then_as_recorded(floor: Floor) -> None:
    floor.switch.phone("1003").behaviour = Behaviour("answer")
    floor.switch.caller("0312345678", "Taro").dial("5010")
    floor.advance(1.3)
    floor.switch.phone("1001").answer()
    floor.advance(0.7)
    floor.switch.phone("1001").transfer("1003")
    floor.advance(2)
    floor.switch.phone("1003").hang_up()
    floor.advance(1)
    assert ticks(floor.eyes.events) == ticks(recording("blind-transfer-by-agent"))


def test_story_when_two_phones_answer_ring_all_at_once_then_one_is_orphaned_as_recorded() -> None:
    floor = Floor()
    floor.agent("1001", "ringall@default")
    floor.agent("1002", "ringall@default")
    floor.eyes.events.clear()
    floor.switch.caller("0312345678", "Taro").dial("5011")
    floor.advance(2)
    floor.switch.phone("1002").answer()
    floor.switch.phone("1001").answer()
    floor.advance(4)
    orphan = floor.leg("1001")
    floor.switch.phone("1002").hang_up()
    floor.advance(1)
    assert floor.switch.hears("1001") == set()
    floor.switch.caller("0312345699", "Yoshi").dial("5011")
    floor.advance(0.3)
    floor.switch.caller("0312345699").hang_up()
    floor.advance(0.3)
    floor.api(f"uuid_kill {orphan}")
    floor.advance(1)
    assert sorted(story(floor.eyes.events)) == sorted(story(recording("ring-all-race")))


def test_story_when_agent_goes_through_all_statuses_then_as_recorded(floor: Floor) -> None:
    def status(value: str) -> None:
        assert floor.api(f"callcenter_config agent set status 1001@default {value}") == "+OK\n"

    for value in ("'Logged Out'", "Available", "'On Break'", "'Available (On Demand)'", "Available"):
        status(value)
    caller = floor.switch.caller("0312345678", "Taro")
    caller.dial("5010")
    floor.advance(0.5)
    status("'On Break'")
    floor.advance(0.7)
    floor.switch.phone("1001").behaviour = Behaviour("answer")
    status("Available")
    floor.advance(0.6)
    status("'On Break'")
    floor.advance(0.2)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    status("'Available (On Demand)'")
    caller.dial("5010")
    floor.advance(1.4)
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert floor.row("1001@default")["state"] == "Idle"
    floor.api("callcenter_config agent set state 1001@default Waiting")
    status("available")
    status("Available (On Demand)")
    floor.advance(1)
    assert sorted(story(floor.eyes.events)) == sorted(story(recording("status-changes")))


def test_story_when_priorities_are_swapped_while_a_caller_waits_then_as_recorded(floor: Floor) -> None:
    floor.agent("1002", level=2)
    floor.eyes.events.clear()
    floor.talking()
    floor.switch.phone("1001").hang_up()
    floor.advance(2)
    later = int(floor.api("strepoch")) + 3
    for agent in ("1001@default", "1002@default"):
        floor.api(f"callcenter_config agent set ready_time {agent} {later}")
    floor.switch.caller("0312345691", "Shiro").dial("5010")
    floor.advance(0.5)
    assert floor.api("callcenter_config tier set level support@default 1001@default 5") == "+OK\n"
    assert floor.api("callcenter_config tier set level support@default 1002@default 1") == "+OK\n"
    floor.advance(4)
    floor.switch.phone("1002").answer()
    floor.advance(0.5)
    floor.switch.phone("1002").hang_up()
    floor.advance(1)
    assert story(floor.eyes.events) == story(recording("priority-change"))

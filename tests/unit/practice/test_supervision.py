"""Listening, whispering, stepping in, taking over: who hears whom, as measured on FreeSWITCH 1.10.12."""

from __future__ import annotations

import pytest

from fs_app.practice.esl.connection import Connection
from fs_app.practice.esl.packet import Packet
from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import Floor

CUSTOMER, AGENT, ONE, TWO, THREE = "0312345678", "1001", "9001", "9002", "9003"


@pytest.fixture
def floor() -> Floor:
    floor = Floor()
    floor.agent(AGENT)
    for supervisor in (ONE, TWO, THREE):
        floor.switch.phone(supervisor).behaviour = Behaviour("answer")
    return floor


def join(floor: Floor, supervisor: str, target: str, **variables: str) -> str:
    uuid = floor.api("create_uuid")
    given = {"origination_uuid": uuid, "eavesdrop_enable_dtmf": "false", **variables}
    block = ",".join(f"{name}={value}" for name, value in given.items())
    assert floor.api(f"originate {{{block}}}user/{supervisor}@default &eavesdrop({target})") == f"+OK {uuid}\n"
    floor.advance(0.1)
    return uuid


def mode(floor: Floor, uuid: str, keys: str) -> None:
    floor.switch.core.executor.private_event(floor.switch.core.channels.by_uuid[uuid], {"eavesdrop-command": keys})
    floor.advance(0.03)  # the listening leg reads it with its next frame


def heard(floor: Floor, *who: str) -> list[set[str]]:
    return [floor.switch.hears(number) for number in who]


@pytest.mark.parametrize(
    ("keys", "agent", "customer"),
    [
        ("0", {CUSTOMER}, {AGENT}),
        ("1", {CUSTOMER}, {AGENT, ONE}),
        ("2", {CUSTOMER, ONE}, {AGENT}),
        ("3", {CUSTOMER, ONE}, {AGENT, ONE}),
    ],
)
def test_sound_when_listener_on_agent_leg_then_mode_decides(floor: Floor, keys: str, agent: set, customer: set) -> None:
    _, leg = floor.talking()
    mode(floor, join(floor, ONE, leg), keys)
    assert heard(floor, AGENT, CUSTOMER, ONE) == [agent, customer, {AGENT, CUSTOMER}]


def test_sound_when_listener_on_member_leg_then_the_numbers_swap(floor: Floor) -> None:
    member, _ = floor.talking()
    uuid = join(floor, ONE, member)
    mode(floor, uuid, "2")
    assert heard(floor, AGENT, CUSTOMER, ONE) == [{CUSTOMER}, {AGENT, ONE}, {AGENT, CUSTOMER}]
    mode(floor, uuid, "1")
    assert heard(floor, AGENT, CUSTOMER, ONE) == [{CUSTOMER, ONE}, {AGENT}, {AGENT, CUSTOMER}]


def test_sound_when_three_supervisors_then_later_ones_hear_earlier_whispers(floor: Floor) -> None:
    _, leg = floor.talking()
    join(floor, ONE, leg)
    mode(floor, join(floor, TWO, leg), "2")
    assert heard(floor, AGENT, CUSTOMER, ONE, TWO) == [
        {CUSTOMER, TWO},
        {AGENT},
        {CUSTOMER, AGENT},
        {CUSTOMER, AGENT},
    ]
    mode(floor, join(floor, THREE, leg), "3")
    assert heard(floor, AGENT, CUSTOMER, ONE, TWO, THREE) == [
        {CUSTOMER, TWO, THREE},
        {AGENT, THREE},
        {CUSTOMER, AGENT, THREE},
        {CUSTOMER, AGENT, THREE},
        {CUSTOMER, AGENT, TWO},
    ]


def test_sound_when_two_whisper_then_the_later_hears_the_earlier(floor: Floor) -> None:
    _, leg = floor.talking()
    for supervisor in (ONE, TWO):
        mode(floor, join(floor, supervisor, leg), "2")
    assert heard(floor, AGENT, ONE, TWO) == [{CUSTOMER, ONE, TWO}, {CUSTOMER, AGENT}, {CUSTOMER, AGENT, ONE}]


def test_sound_when_agent_holds_then_silence_on_agent_leg_and_music_for_customer(floor: Floor) -> None:
    _, leg = floor.talking()
    uuid = join(floor, ONE, leg)
    floor.switch.phone(AGENT).hold()
    floor.advance(0.5)
    mode(floor, uuid, "2")
    assert heard(floor, AGENT, CUSTOMER, ONE) == [set(), {"music"}, set()]


def test_sound_when_agent_holds_and_listener_moves_to_member_leg_then_customer_and_music(floor: Floor) -> None:
    member, leg = floor.talking()
    uuid = join(floor, ONE, leg, eavesdrop_whisper_bleg="true")
    floor.switch.phone(AGENT).hold()
    floor.advance(0.5)
    silent = "set:eavesdrop_whisper_aleg=false,set:eavesdrop_whisper_bleg=false"
    assert floor.api(f"uuid_transfer {uuid} '{silent},eavesdrop:{member}' inline") == "+OK\n"
    floor.advance(0.1)
    assert heard(floor, CUSTOMER, ONE) == [{"music"}, {CUSTOMER, "music"}]
    mode(floor, uuid, "2")
    assert heard(floor, CUSTOMER) == [{"music", ONE}]
    mode(floor, uuid, "1")
    assert heard(floor, AGENT, CUSTOMER) == [set(), {"music"}]


def test_sound_when_hold_music_is_not_on_the_holding_leg_then_silence(floor: Floor) -> None:
    _, leg = floor.talking()
    floor.api(f"uuid_setvar {leg} hold_music")
    floor.switch.phone(AGENT).hold()
    floor.advance(0.5)
    assert heard(floor, CUSTOMER) == [set()]


def test_mode_when_whisper_variable_is_set_then_begins_with_it(floor: Floor) -> None:
    _, leg = floor.talking()
    join(floor, ONE, leg, eavesdrop_whisper_bleg="true")
    assert heard(floor, AGENT, CUSTOMER) == [{CUSTOMER, ONE}, {AGENT}]


def test_whisper_when_only_the_agent_s_side_is_tapped_then_nobody_hears_it(floor: Floor) -> None:
    _, leg = floor.talking()
    mode(floor, join(floor, ONE, leg, eavesdrop_bridge_aleg="true"), "2")
    assert heard(floor, AGENT, ONE) == [{CUSTOMER}, {AGENT}]


@pytest.mark.parametrize(("enabled", "customer"), [("true", {AGENT, ONE}), ("false", {AGENT})])
def test_phone_keys_when_pressed_then_obeyed_only_if_enabled(floor: Floor, enabled: str, customer: set) -> None:
    _, leg = floor.talking()
    join(floor, ONE, leg, eavesdrop_enable_dtmf=enabled)
    floor.switch.phone(ONE).press("1")
    assert heard(floor, CUSTOMER) == [customer]


def test_mode_change_when_commanded_then_no_event_and_star_ends_it(floor: Floor) -> None:
    _, leg = floor.talking()
    uuid = join(floor, ONE, leg)
    floor.eyes.events.clear()
    for keys in "0123x":
        mode(floor, uuid, keys)
    assert floor.eyes.events == []
    mode(floor, uuid, "*")
    floor.advance(0.1)
    assert [e["Event-Name"] for e in floor.eyes.events[:2]] == ["MEDIA_BUG_STOP", "CHANNEL_EXECUTE_COMPLETE"]
    assert floor.api(f"uuid_exists {uuid}") == "false"


def test_listener_when_target_is_gone_then_ok_and_hung_up_without_a_bug(floor: Floor) -> None:
    _, leg = floor.talking()
    floor.switch.phone(AGENT).hang_up()
    floor.advance(1)
    floor.eyes.events.clear()
    join(floor, ONE, leg)
    names = [e["Event-Name"] for e in floor.eyes.events]
    assert "MEDIA_BUG_START" not in names
    assert (
        names.index("CHANNEL_EXECUTE")
        < names.index("CHANNEL_EXECUTE_COMPLETE")
        < names.index("CHANNEL_HANGUP_COMPLETE")
    )


def test_bug_list_when_somebody_listens_then_names_the_target(floor: Floor) -> None:
    _, leg = floor.talking()
    assert floor.api(f"uuid_buglist {leg}") == "<media-bugs>\n</media-bugs>\n"
    join(floor, ONE, leg)
    assert f"<function>eavesdrop</function>\n  <target>{leg}</target>" in floor.api(f"uuid_buglist {leg}")


def test_group_when_required_and_target_is_of_another_then_refused(floor: Floor) -> None:
    _, leg = floor.talking()
    join(floor, ONE, leg, eavesdrop_require_group="red")
    assert floor.named("MEDIA_BUG_START") == []
    floor.api(f"uuid_setvar {leg} eavesdrop_group blue,red")
    join(floor, ONE, leg, eavesdrop_require_group="red")
    assert len(floor.named("MEDIA_BUG_START")) == 1


def test_sendevent_when_session_is_gone_then_ok_all_the_same(floor: Floor) -> None:
    listener = Connection(floor.switch.core, None, lambda _: None)  # type: ignore[arg-type]
    packet = Packet("sendevent CUSTOM", {"unique-id": "gone", "eavesdrop-command": "2"}, {"unique-id": "Unique-ID"})
    packet.names["eavesdrop-command"] = "eavesdrop-command"
    assert len(listener.send_event("CUSTOM", packet)) == 36


def test_limit_when_supervised_and_taken_over_then_counts_on_and_transfer_gives_it_back(floor: Floor) -> None:
    member, leg = floor.talking()
    uuid = join(floor, ONE, leg)
    assert floor.api("limit_usage hash inbound company1") == "1"
    floor.api(f"uuid_bridge {member} {uuid}")
    floor.advance(0.5)
    assert floor.api("limit_usage hash inbound company1") == "1"
    assert floor.api("hash_dump limit") == "L/inbound_company1/1/0/0/0\n"
    floor.api(f"uuid_transfer {member} 1002 XML default")
    floor.advance(0.5)
    assert floor.api("limit_usage hash inbound company1") == "0"
    assert floor.api("hash_dump limit") == "-ERR no reply\n"


def test_keys_when_bound_then_told_as_a_job_and_not_obeyed(floor: Floor) -> None:
    _, leg = floor.talking()
    steps = "clear_digit_action:all^bind_digit_action:us,2,api:bgapi,echo key 2^digit_action_set_realm:us"
    uuid = floor.api(f"originate user/{ONE} 'm:^:{steps}^eavesdrop:{leg}' inline").split()[1]
    floor.advance(0.1)
    floor.switch.phone(ONE).press("2")
    floor.advance(0.1)
    assert [(e["Job-Command"], e["_body"]) for e in floor.named("BACKGROUND_JOB")] == [("echo", "key 2")]
    assert heard(floor, AGENT) == [{CUSTOMER}]
    floor.api(f"uuid_recv_dtmf {uuid} 3")
    assert heard(floor, AGENT) == [{CUSTOMER, ONE}]


def test_notice_when_played_then_starts_and_ends_by_itself(floor: Floor) -> None:
    _, leg = floor.talking()
    assert floor.api(f"uuid_displace {leg} start tone_stream://%(100,50,880) 0 mux") == "+OK Success\n"
    assert [e["Media-Bug-Function"] for e in floor.named("MEDIA_BUG_START")] == ["displace"]
    floor.advance(0.1)
    assert floor.named("MEDIA_BUG_STOP") == []
    floor.advance(0.1)
    assert len(floor.named("MEDIA_BUG_STOP")) == 1
    assert floor.api(f"uuid_displace {leg} stop tone_stream://%(100,50,880)") == "-ERR Operation failed\n"


def test_sound_when_it_goes_past_the_switch_then_listeners_hear_nothing_until_it_is_back(floor: Floor) -> None:
    member, leg = floor.talking()
    join(floor, ONE, leg)
    assert floor.api(f"uuid_media off {leg}") == "+OK Success\n"
    assert heard(floor, AGENT, CUSTOMER, ONE) == [{CUSTOMER}, {AGENT}, set()]
    assert floor.api(f"uuid_getvar {member} signal_bridge") == "true"
    assert floor.api(f"uuid_media {leg}") == "+OK Success\n"
    assert heard(floor, ONE) == [{AGENT, CUSTOMER}]
    floor.switch.phone(AGENT).hang_up()
    floor.advance(1)
    assert floor.row("1001@default")["state"] == "Waiting"

"""The legs of an agent's contact: one after the other, delayed, confirmed, standing, and through a loopback."""

from __future__ import annotations

import dataclasses

from fs_app.practice.config import SwitchConfig, contract_floor
from fs_app.practice.phones import Behaviour
from tests.unit.practice.dispatching import CALLER
from tests.unit.practice.floor import Floor


def test_sequential_contact_when_caller_leaves_then_ghost_call_to_the_second_number() -> None:
    floor = Floor()
    agent = floor.agent("1001", contact="user/1001@default|sofia/gateway/carrier/09011112222")
    channel = floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    floor.switch.caller(CALLER).hang_up()
    floor.advance(1)
    assert floor.switch.caller("09011112222").state == "ringing"
    assert floor.row(agent)["state"] == "Receiving"
    assert floor.api(f"uuid_exists {channel.uuid}") == "false"
    assert f'"uuid":"{channel.uuid}"' in floor.api("show channels as json")
    floor.eyes.events.clear()
    floor.switch.caller("09011112222").answer()
    floor.advance(0.5)
    assert [e["CC-Agent-Bridged"] for e in floor.named("bridge-agent-end")] == ["false"]
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["ORIGINATOR_CANCEL"]
    assert floor.api("show channels as json") == '{"row_count": 0}\n'


def test_delayed_leg_when_caller_leaves_during_the_delay_then_it_ends_without_create() -> None:
    floor = Floor()
    floor.agent("1001", contact="user/1001@default,[leg_delay_start=8]sofia/gateway/carrier/09011112222")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(2)
    assert "09011112222" not in floor.api("show channels as json")
    floor.switch.caller(CALLER).hang_up()
    floor.advance(20)
    mobile = [e for e in floor.eyes.events if e.get("Channel-Name") == "sofia/external/09011112222"]
    assert [e["Event-Name"] for e in mobile] == ["CHANNEL_CALLSTATE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"]
    assert floor.row("1001@default")["state"] == "Waiting"


def test_confirmation_when_prompt_is_missing_then_only_that_leg_ends() -> None:
    config: SwitchConfig = dataclasses.replace(contract_floor(), missing_sounds=("gone.wav",))
    floor = Floor(config)
    confirm = "group_confirm_key=1,group_confirm_file=gone.wav,group_confirm_timeout=8"
    floor.agent("1001", contact=f"user/1001@default,[{confirm}]sofia/gateway/carrier/09011112222")
    floor.switch.caller("09011112222").behaviour = Behaviour("answer", 0.5)
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(2)
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["DESTINATION_OUT_OF_ORDER"]
    assert floor.switch.phone("1001").state == "ringing"
    assert floor.named("bridge-agent-fail") == []


def test_callcenter_break_when_called_then_agent_is_free_while_the_call_goes_on() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    _, leg = floor.talking()
    assert floor.api(f"callcenter_break agent {leg}") == "-ERR no reply\n"
    floor.advance(0.5)
    assert floor.row(agent)["state"] == "Waiting"
    assert floor.switch.hears("1001") == {CALLER}
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert len(floor.named("bridge-agent-end")) == 1


def test_standby_agent_when_offered_then_his_standing_leg_is_bridged() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.switch.phone("1001").behaviour = Behaviour("answer")
    uuid = floor.api("originate user/1001 &park()").split()[1]
    floor.api(f"callcenter_config agent set type {agent} uuid-standby")
    floor.api(f"callcenter_config agent set uuid {agent} {uuid}")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    assert floor.row(agent)["state"] == "In a queue call"
    assert floor.switch.hears("1001") == {CALLER}


def test_loopback_contact_when_answered_then_the_leg_behind_it_talks() -> None:
    floor = Floor()
    agent = floor.agent("1001", contact="loopback/1001/default")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    assert floor.switch.phone("1001").state == "ringing"
    leg = floor.leg("1001")
    floor.switch.phone("1001").answer()
    floor.advance(1)
    assert floor.named("bridge-agent-start")[0]["CC-Agent-UUID"] == leg
    assert floor.row(agent)["uuid"] == leg
    assert (floor.switch.hears("1001"), floor.switch.hears(CALLER)) == ({CALLER}, {"1001"})
    assert "loopback" not in floor.api("show channels as json")
    floor.switch.caller(CALLER).hang_up()
    floor.advance(1)
    assert floor.api("show channels as json") == '{"row_count": 0}\n'


def test_loopback_leg_when_bridged_then_sound_passes_through_both_ends() -> None:
    floor = Floor()
    for extension in ("1001", "1002"):
        floor.switch.phone(extension).behaviour = Behaviour("answer")
    assert floor.api("originate loopback/1001/default 1002").startswith("+OK")
    floor.advance(1)
    assert (floor.switch.hears("1001"), floor.switch.hears("1002")) == ({"1002"}, {"1001"})
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert floor.switch.phone("1002").state == "idle"

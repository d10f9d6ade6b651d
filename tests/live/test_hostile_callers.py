"""What a caller can put into an event by what he sends: line breaks, bytes that are no UTF-8, somebody else's name."""

from __future__ import annotations

import pytest

from tests.contract.esl import Esl
from tests.contract.floor import Floor
from tests.live.rig.driver import LiveDriver

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Evil%0AEvent-Name: FAKE%0d%0a", "Evil\nEvent-Name: FAKE\r\n"),
        ("Evil\r\n Event-Name: FAKE", "Evil\r\n Event-Name: FAKE"),
        ("日本 太郎", "日本 太郎"),
    ],
)
def test_display_name_when_it_holds_line_breaks_then_they_are_data_and_no_header(
    rig: LiveDriver, floor: Floor, name: str, shown: str
) -> None:
    rig.caller("0312345678", name).dial("5010")
    start = floor.esl.wait("cc:member-queue-start")
    assert start["CC-Member-CID-Name"] == shown
    assert start["Event-Name"] == "CUSTOM"
    with Esl(rig.esl_url) as other:
        other.command("event json CHANNEL_CREATE")
        rig.caller("0398765432", name).dial("5010")
        assert other.wait("CHANNEL_CREATE")["Caller-Caller-ID-Name"] == shown


def test_user_part_when_it_holds_a_line_break_then_the_channel_name_has_it(rig: LiveDriver, floor: Floor) -> None:
    rig.caller("0312345678").dial("5010", shown="03%0AEvent-Name%3A%20FAKE@127.0.0.1")
    create = floor.esl.wait("CHANNEL_CREATE")
    assert create["Caller-Caller-ID-Number"] == "03\nEvent-Name: FAKE"
    assert "\n" in create["Channel-Name"]


def test_presence_id_when_a_phone_names_another_in_from_then_only_user_name_tells_the_truth(
    rig: LiveDriver, floor: Floor
) -> None:
    rig.phone("1002").dial("0312349999", shown="1001@default")
    create = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    assert (create["Channel-Presence-ID"], create["Caller-Username"]) == ("1001@default", "1001")
    assert (create["variable_user_name"], create["variable_sip_auth_username"]) == ("1002", "1002")


def test_outside_caller_when_he_names_an_agent_in_from_then_no_user_name(rig: LiveDriver, floor: Floor) -> None:
    rig.caller("0312345678").dial("5010", shown="1001@default")
    create = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    assert create["Caller-Username"] == "1001"
    assert not {"variable_user_name", "variable_sip_auth_username", "Channel-Presence-ID"} & set(create)

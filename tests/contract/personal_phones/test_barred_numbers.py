"""Numbers that lead back to the centre, and numbers that may not be rung any more: refused, and taken from who has one."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import Rejected
from fs_app.store.announce import DIAL_CODES, SettingsChannel
from fs_app.store.dial_codes import DialCodes
from tests.contract.center import ANN, BOSS, Center
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.personal_phones.terminals import A1, MOBILE, contact, put_queue, put_site, set_terminal

SUPPORT_LINE, SIGN_IN_LINE = "0312345678", "0355556666"


def refused(center: Center, number: str) -> str:
    with pytest.raises(Rejected) as caught:
        set_terminal(center, "external", number=number)
    return caught.value.error


def until_alarm(center: Center, *alarms: str) -> None:
    wait(lambda: center.row()["alarms"] == list(alarms), lambda: center.row()["alarms"])


def test_f1_the_numbers_of_queues_and_those_with_a_function_are_the_centres_own(
    center: Center, floor: Floor, agent: str
) -> None:
    before = contact(floor)
    put_queue(center, number=SUPPORT_LINE)
    with center.database() as database:
        DialCodes(database).change_outside([("+81 3 5555 6666", "sign_in")], lambda _: None)
    SettingsChannel(center.redis).announce(DIAL_CODES)
    assert refused(center, SUPPORT_LINE) == "number_not_allowed"
    assert refused(center, SIGN_IN_LINE) == "number_not_allowed"
    assert contact(floor) == before
    assert set_terminal(center, "external", number="0312345679")["number"] == "0312345679"


@pytest.mark.parametrize("kind", ["external", "both"])
def test_f1_who_is_rung_at_a_number_that_may_not_be_rung_any_more_is_rung_at_the_extension_again(
    center: Center, floor: Floor, agent: str, kind: str
) -> None:
    before = contact(floor)
    set_terminal(center, kind, number=MOBILE, **({"extension": "1001", "delay_s": 5} if kind == "both" else {}))
    put_site(center, outside_allow="+8180")
    wait(lambda: contact(floor).endswith("user/1001@default"), lambda: contact(floor))
    assert contact(floor) == before
    until_alarm(center, "number_barred")
    assert (center.row()["terminal"], center.code()) == ("1001", "available")
    (asked, *_) = [row for row in center.deeds("agent.set_terminal") if row["source"] == "system"]
    assert asked["args"] == {"kind": "extension", "extension": "1001", "why": "number_not_allowed"}
    center.stop_and_start_controller()
    until_alarm(center, "number_barred")
    set_terminal(center, "external", number="08011112222")
    until_alarm(center)


def test_f1_a_queues_number_that_an_agent_is_rung_at_is_taken_from_him(
    center: Center, floor: Floor, agent: str
) -> None:
    set_terminal(center, "external", number=SUPPORT_LINE)
    put_queue(center, number=SUPPORT_LINE)
    wait(lambda: contact(floor) == "user/1001@default", lambda: contact(floor))
    until_alarm(center, "number_barred")


def test_f1_without_a_free_extension_he_takes_no_calls_until_he_has_another_terminal(
    center: Center, floor: Floor, agent: str
) -> None:
    set_terminal(center, "external", number=MOBILE)
    floor.agent("1002", contact="user/1001@default")
    center.until_known("1002@default")
    put_site(center, own_numbers=[MOBILE])
    center.until_code("logged_out")
    until_alarm(center, "number_barred")
    for actor in (BOSS, ANN):
        with pytest.raises(Rejected) as caught:
            center.ask("status.set", actor, agent=agent, status="available")
        assert caught.value.error == "number_not_allowed"
    put_site(center, own_numbers=[])
    until_alarm(center)
    center.ask("status.set", agent=agent, status="available")
    assert floor.agent_row(A1)["status"] == "Available"

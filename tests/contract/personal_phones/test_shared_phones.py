"""One extension, two agents: whoever comes second is refused, and where both are rung already the board says so."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import Rejected
from tests.contract.center import ANN, BOSS, Center
from tests.contract.driver import answers
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1, A2 = "1001@default", "1002@default"


def test_f1_available_is_refused_where_somebody_else_works_at_the_agents_extension(
    center: Center, floor: Floor, agent: str
) -> None:
    center.ask("status.set", agent=agent, status="logged_out")
    floor.agent("1002", contact="user/1001@default")
    center.until_known(A2)
    for actor in (BOSS, ANN):
        with pytest.raises(Rejected) as caught:
            center.ask("status.set", actor, agent=agent, status="available")
        assert (caught.value.error, caught.value.cause) == ("extension_taken", A2)
    assert floor.agent_row(agent)["status"] == "Logged Out"
    floor.driver.phone("1001").behave(answers(0.2))
    floor.call()
    center.until_code("queue_call", A2)
    center.ask("status.set", agent=A2, status="logged_out", after_call=True)
    center.ask("status.set", agent=agent, status="available")
    assert floor.agent_row(agent)["status"] == "Available"


def test_two_who_are_rung_at_one_extension_already_are_an_alarm_until_one_of_them_is_not(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.agent("1002", contact="user/1001@default")

    def alarms() -> list[list[str]]:
        return [center.documents("agent").get(name, {"alarms": []})["alarms"] for name in (A1, A2)]

    wait(lambda: alarms() == [["shared_phone"], ["shared_phone"]], alarms)
    center.ask("status.set", agent=A2, status="on_break")
    wait(lambda: alarms() == [[], []], alarms)
    floor.config(f"agent set status {A2} Available")
    wait(lambda: alarms() == [["shared_phone"], ["shared_phone"]], alarms)
    floor.config(f"agent set contact {A2} user/1002@default")
    wait(lambda: alarms() == [[], []], alarms)

"""Priorities over restarts of switch and controller: what was set here holds, what was set by hand is left."""

from __future__ import annotations

import time

from tests.contract.center import Center
from tests.contract.driver import SUPPORT, Driver
from tests.contract.esl import Esl
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused

A1 = "1001@default"


def level(driver: Driver) -> str:
    with Esl(driver.esl_url) as esl:
        rows = Floor(driver, esl).rows("queue list tiers", SUPPORT)
    return str(rows[0]["level"])


def by_hand(driver: Driver, agent: str, number: int) -> None:
    with Esl(driver.esl_url) as esl:
        assert esl.api(f"callcenter_config tier set level {SUPPORT} {agent} {number}") == "+OK\n"


def by_system(center: Center) -> list[tuple[str, str]]:
    rows = [row for row in center.audit_rows() if row["command"] == "agent.set_priority" and row["source"] == "system"]
    return [(row["outcome"], row["args"]["why"]) for row in rows]


def test_c3_a_priority_holds_again_after_a_restart_of_the_switch_that_brought_another(
    center: Center, driver: Driver, agent: str
) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=7)
    by_hand(driver, agent, 3)
    driver.restart()
    wait(lambda: level(driver) == "7", "told again", 20)
    wait(lambda: center.row(queue=SUPPORT)["priority"] == 7)
    wait(lambda: by_system(center) == [("asked", "restart"), ("confirmed", "restart")], lambda: by_system(center))


def test_c3_a_priority_holds_again_when_switch_and_controller_were_restarted_together(
    center: Center, driver: Driver, agent: str
) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=7)
    center.kill_controller()
    by_hand(driver, agent, 3)
    driver.restart()
    center.start_controller()
    center.until_live()
    wait(lambda: level(driver) == "7", "told again", 20)
    wait(lambda: by_system(center) == [("asked", "restart"), ("confirmed", "restart")], lambda: by_system(center))


def test_c3_a_level_that_somebody_sets_by_hand_on_the_running_switch_is_left_and_shown(
    center: Center, driver: Driver, agent: str
) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=7)
    by_hand(driver, agent, 3)
    center.kill_controller()
    center.start_controller()
    center.until_live()
    wait(lambda: center.row(queue=SUPPORT)["priority"] == 3, "the board shows what rings")
    # Rounds of what is kept are every two seconds: nothing may happen in the next one.
    round_over = time.time() + 2.5
    wait(lambda: time.time() > round_over or level(driver) != "3", "a round passes")
    assert level(driver) == "3"
    assert by_system(center) == []


def test_t11_a_priority_for_a_time_whose_end_passes_while_no_controller_runs_is_ended_by_the_next(
    center: Center, driver: Driver, agent: str
) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=5)
    end = time.time() + 4
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=9, until=end)
    center.kill_controller()
    wait(lambda: time.time() > end, "its time is over")
    assert level(driver) == "9"
    center.start_controller()
    center.until_live()
    wait(lambda: level(driver) == "5", "the one before holds again")
    wait(lambda: by_system(center)[-1:] == [("confirmed", "time_is_over")], lambda: by_system(center))


def test_c3_a_priority_that_somebody_sets_while_others_are_told_again_after_a_restart_is_not_undone(
    center: Center, driver: Driver, floor: Floor
) -> None:
    names = [floor.agent(str(1001 + number), status="Logged Out") for number in range(40)]
    for name in names:
        center.until_known(name)
        center.ask("priority.set", agent=name, queue=SUPPORT, priority=7)
    center.kill_controller()
    for name in names:
        by_hand(driver, name, 2)
    driver.restart()
    center.start_controller()
    center.until_live()
    wait(lambda: by_system(center), "the round begins", 20)
    center.ask("priority.set", agent=names[-1], queue=SUPPORT, priority=3)
    wait(lambda: center.row(names[0], SUPPORT)["priority"] == 7, "the first is told again")
    wait(lambda: len(by_system(center)) >= 2 * (len(names) - 1), lambda: by_system(center), 20)
    round_over = time.time() + 2.5
    wait(lambda: time.time() > round_over or center.row(names[-1], SUPPORT)["priority"] != 3, "a round passes")
    assert center.row(names[-1], SUPPORT)["priority"] == 3


def test_c3_a_change_of_a_priority_for_a_time_is_undone_with_its_end_and_what_follows_it(
    center: Center, driver: Driver, agent: str
) -> None:
    def put(priority: int, **more: object) -> dict[str, object]:
        return center.ask("priority.set", agent=agent, queue=SUPPORT, priority=priority, **more)

    until = time.time() + 6
    put(5)
    put(1, until=until)
    told = put(3)
    assert (told["before"], told["before_until"], told["before_then"]) == (1, until, 5)
    put(1, until=told["before_until"], then=told["before_then"])
    assert level(driver) == "1"
    wait(lambda: level(driver) == "5", "back to what was there before all this", 20)
    told = put(7)
    assert (told["before"], told["before_until"], told["before_then"]) == (5, None, None)
    assert refused(center, "priority.set", agent=agent, queue=SUPPORT, priority=1, then=5) == "invalid_request"
    assert (
        refused(center, "priority.set", agent=agent, queue=SUPPORT, priority=1, until=time.time() + 9, then=16)
        == "priority_out_of_range"
    )

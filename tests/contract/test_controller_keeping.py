"""What the controller keeps over time and over restarts, against a switch: own statuses, settings, activity, wishes for later."""

from __future__ import annotations

import time

from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected
from fs_app.floor.statuses import Status
from fs_app.store.activity_pages import PeriodFilters, read_periods
from tests.contract.center import BOSS, Center
from tests.contract.driver import RING, SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1 = "1001@default"
TRAINING = Status("training", "On Break", "star", "teal", (("ja", "研修"), ("en", "Training")), agents_may_choose=False)
AGENT = Actor("a1", USER, "Agent one", agent=A1)


def refusal(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> str:
    try:
        center.ask(kind, actor, **args)
    except Rejected as rejected:
        return rejected.error
    return "none"


def restart(center: Center) -> None:
    """As after kill -9."""
    center.kill_controller()
    center.start_controller()
    center.until_live()


def periods(center: Center, agent: str = A1) -> list[tuple[str, float, float | None, str | None]]:
    """Code, beginning, end and queue of each period, oldest first."""
    with center.database() as database:
        rows = read_periods(database, PeriodFilters(agents=[agent])).rows
    return [(row["code"], row["since"], row["until"], row["queue"]) for row in reversed(rows)]


def without_gap(found: list[tuple[str, float, float | None, str | None]]) -> bool:
    ends, starts = [end for _, _, end, _ in found[:-1]], [start for _, start, _, _ in found[1:]]
    return ends == starts and found[-1][2] is None


# -- statuses that the site defined


def test_a_status_defined_while_the_controller_runs_is_chosen_at_once_and_kept(
    center: Center, floor: Floor, agent: str
) -> None:
    assert refusal(center, "status.set", agent=agent, status="training") == "status_not_selectable"
    center.define(TRAINING)
    wait(lambda: refusal(center, "status.set", agent=agent, status="training") == "none", "the new book is used", 2.0)
    center.until_code("training")
    assert floor.agent_row(agent)["status"] == "On Break"
    restart(center)
    center.until_code("training")
    center.retire("training")
    wait(lambda: refusal(center, "status.set", agent=agent, status="training") == "status_not_selectable", "", 2.0)
    assert center.code() == "training", "whoever is in a retired status stays in it"
    assert center.ask("status.set", agent=agent, status="available")["status"] == "available"


def test_a_status_that_agents_may_not_choose_is_chosen_for_them_only(center: Center, floor: Floor, agent: str) -> None:
    center.define(TRAINING)
    wait(lambda: refusal(center, "status.set", agent=agent, status="training") == "none", "the new book is used", 2.0)
    center.ask("status.set", agent=agent, status="available")
    assert refusal(center, "status.set", AGENT, agent=agent, status="training") == "status_not_selectable"
    assert refusal(center, "status.set", AGENT, agent=agent, status="away") == "none"


def test_a_status_that_stands_for_another_of_the_switch_now_reads_as_the_plain_one(
    center: Center, floor: Floor, agent: str
) -> None:
    center.define(TRAINING)
    wait(lambda: refusal(center, "status.set", agent=agent, status="training") == "none", "the new book is used", 2.0)
    center.until_code("training")
    center.change("training", switch_status="Logged Out")
    center.until_code("on_break")
    assert floor.agent_row(agent)["status"] == "On Break", "nobody is changed by a definition"


# -- queues


def test_a_queues_settings_hold_from_the_next_call_on(center: Center, floor: Floor, agent: str) -> None:
    center.notices(SUPPORT, monitor=True, wrap_up_s=40)
    wait(lambda: center.documents("queue")[SUPPORT]["notices"] == ["monitor"], "read at once", 2.0)
    call = floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: floor.agent_row(agent)["wrap_up_time"] == "40", lambda: floor.agent_row(agent))
    call.customer.hang_up()
    center.until_code("wrap_up")
    until = center.documents("agent")[agent]["until"]
    assert 35 < until - time.time() <= 42


# -- priorities


def test_a_priority_names_the_one_before_so_that_it_can_be_undone(center: Center, floor: Floor, agent: str) -> None:
    first = center.ask("priority.set", agent=agent, queue=SUPPORT, priority=7)
    assert (first["before"], first["priority"]) == (1, 7)
    assert center.audit_args("agent.set_priority")[-1]["before"] == 1
    undone = center.ask("priority.set", agent=agent, queue=SUPPORT, priority=first["before"])
    assert undone["before"] == 7
    assert [row["level"] for row in floor.rows("queue list tiers", SUPPORT)] == ["1"]


def test_a_priority_for_a_time_that_is_made_longer_still_goes_back_to_the_first(
    center: Center, floor: Floor, agent: str
) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=5)
    for level, seconds in ((9, 60.0), (11, 1.0)):
        center.ask("priority.set", agent=agent, queue=SUPPORT, priority=level, until=time.time() + seconds)
    wait(lambda: [r["level"] for r in floor.rows("queue list tiers", SUPPORT)] == ["5"], "it went back", 20)


def test_a_priority_for_a_time_when_it_is_set_for_good_stays(center: Center, floor: Floor, agent: str) -> None:
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=9, until=time.time() + 1.0)
    assert center.ask("priority.set", agent=agent, queue=SUPPORT, priority=9)["until"] is None
    time_over = time.time() + 1.2
    wait(lambda: time.time() > time_over, "the time that was given up is over")
    center.ask("priority.set", agent=agent, queue=SUPPORT, priority=10)
    restart(center)
    wait(lambda: center.row(queue=SUPPORT)["priority"] == 10)
    assert [row["level"] for row in floor.rows("queue list tiers", SUPPORT)] == ["10"]


# -- after this call


def test_a_status_asked_for_while_ringing_survives_a_restart(center: Center, floor: Floor, agent: str) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    center.ask("status.set", agent=agent, status="away", after_call=True)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "away")
    restart(center)
    assert center.documents("agent")[agent]["after_call"] == "away"
    assert floor.driver.phone("1001").state == "ringing", "the call is left alone"
    floor.driver.phone("1001").answer()
    wait(lambda: floor.agent_row(agent)["status"] == "On Break", lambda: floor.agent_row(agent))
    caller.hang_up()
    center.until_code("away")
    wait(lambda: center.audit()[-1] == ("agent.set_status", "confirmed", ""), center.audit)


def test_a_status_asked_for_while_ringing_can_be_cancelled(center: Center, floor: Floor, agent: str) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    center.ask("status.set", agent=agent, status="away", after_call=True)
    wait(lambda: center.documents("agent")[agent]["after_call"] == "away")
    answer = center.ask("status.set", agent=agent, status="available", after_call=True)
    assert answer["after_call"] is None
    assert center.audit()[-1] == ("agent.set_status", "failed", "cancelled")
    floor.driver.phone("1001").answer()
    center.until_code("queue_call")
    caller.hang_up()
    center.until_code("available")
    assert floor.agent_row(agent)["status"] == "Available"


def test_a_status_asked_for_twice_while_ringing_is_the_last_one_asked_for(
    center: Center, floor: Floor, agent: str
) -> None:
    caller, _ = floor.call()
    center.until_code("ringing")
    for status in ("away", "away", "logged_out"):
        center.ask("status.set", agent=agent, status=status, after_call=True)
    asked = [row for row in center.audit() if row[0] == "agent.set_status"]
    # The second «away» changes nothing; the first is given up only when the switch has taken what replaces it.
    assert [row[1:] for row in asked] == [("asked", ""), ("asked", ""), ("failed", "replaced")]
    floor.driver.phone("1001").answer()
    wait(lambda: floor.agent_row(agent)["status"] == "Logged Out", lambda: floor.agent_row(agent))
    caller.hang_up()
    center.until_code("logged_out")


# -- activity


def test_b14_a_period_that_is_open_at_a_restart_is_continued_and_not_doubled(
    center: Center, floor: Floor, agent: str
) -> None:
    center.ask("status.set", agent=agent, status="away", reason="meeting")
    wait(lambda: [p[0] for p in periods(center)][-1:] == ["away"], lambda: periods(center))
    before = periods(center)
    restart(center)
    center.until_code("away")
    center.ask("status.set", agent=agent, status="available")
    wait(lambda: periods(center)[-1][0] == "available", lambda: periods(center))
    after = periods(center)
    assert after[: len(before) - 1] == before[:-1], "what was over stays as it was"
    assert [code for code, *_ in after] == [*[code for code, *_ in before], "available"]
    assert after[len(before) - 1][1] == before[-1][1], "the open one began when it began"
    assert without_gap(after)


def test_b14_a_call_that_goes_on_over_a_restart_is_one_period(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: periods(center)[-1][0] == "queue_call", lambda: periods(center))
    began = periods(center)[-1][1]
    restart(center)
    center.until_code("queue_call")
    call.customer.hang_up()
    center.until_code("available")
    wait(lambda: periods(center)[-1][0] == "available", lambda: periods(center))
    calls = [period for period in periods(center) if period[0] == "queue_call"]
    assert [(start, queue) for _, start, _, queue in calls] == [(began, SUPPORT)]
    assert without_gap(periods(center))


def test_b14_a_status_that_changed_while_no_controller_ran_is_found_by_the_next_one(
    center: Center, floor: Floor, agent: str
) -> None:
    wait(lambda: periods(center), "the first period is written")
    center.kill_controller()
    floor.config(f"agent set status {agent} 'On Break'")
    center.start_controller()
    center.until_live()
    center.until_code("on_break")
    wait(lambda: periods(center)[-1][0] == "on_break", lambda: periods(center))
    found = periods(center)
    assert [code for code, *_ in found].count("on_break") == 1
    assert without_gap(found)


def test_g2_wrap_up_after_a_call_is_linked_to_its_queue_and_chosen_wrap_up_is_not(
    center: Center, floor: Floor, agent: str
) -> None:
    center.notices(SUPPORT, wrap_up_s=60)
    wait(lambda: center.ask("queue.foresee", queue=SUPPORT), "the queue is known")
    call = floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: floor.agent_row(agent)["wrap_up_time"] == "60", lambda: floor.agent_row(agent))
    call.customer.hang_up()
    center.until_code("wrap_up")
    wait(lambda: periods(center)[-1][0] == "wrap_up", lambda: periods(center))
    restart(center)
    center.until_code("wrap_up")
    center.ask("wrap_up.end", agent=agent)
    center.until_code("available")
    center.ask("status.set", agent=agent, status="wrap_up")
    center.until_code("wrap_up")
    wait(lambda: [p[0] for p in periods(center)].count("wrap_up") == 2, lambda: periods(center))
    assert [queue for code, _, _, queue in periods(center) if code == "wrap_up"] == [SUPPORT, None]
    assert without_gap(periods(center))


# -- nobody's call is taken away


def test_b9_a_status_for_a_phone_that_began_to_ring_leaves_it_ringing(center: Center, floor: Floor, agent: str) -> None:
    floor.driver.phone("1001").behave(RING)
    floor.call()
    center.until_code("ringing")
    assert refusal(center, "status.set", agent=agent, status="logged_out") == "agent_ringing"
    assert floor.driver.phone("1001").state == "ringing"
    assert floor.agent_row(agent)["status"] == "Available"


# -- hands


def test_g4_a_raised_hand_is_seen_outlives_the_controller_and_is_lowered_at_log_out(
    center: Center, floor: Floor, agent: str
) -> None:
    raised = center.ask("hand.raise", AGENT, agent=agent)["since"]
    assert refusal(center, "hand.raise", BOSS, agent=agent) == "permission_denied"
    assert center.ask("hand.raise", AGENT, agent=agent)["since"] == raised, "it is up already"
    wait(lambda: center.row(queue=SUPPORT)["hand_since"] == raised)
    restart(center)
    assert center.row(queue=SUPPORT)["hand_since"] == raised
    assert center.ask("hand.lower", BOSS, agent=agent)["since"] is None
    wait(lambda: center.row()["hand_since"] is None)
    commands = [row for row in center.audit() if "hand" in row[0]]
    assert commands == [
        ("agent.raise_hand", "confirmed", ""),
        ("agent.raise_hand", "failed", "permission_denied"),
        ("agent.lower_hand", "confirmed", ""),
    ]
    center.ask("hand.raise", AGENT, agent=agent)
    wait(lambda: center.row()["hand_since"] is not None)
    floor.config(f"agent set status {agent} 'Logged Out'")
    center.until_code("logged_out")
    assert center.row()["hand_since"] is None
    assert refusal(center, "hand.raise", AGENT, agent=agent) == "agent_logged_out"

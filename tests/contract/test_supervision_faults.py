"""Faults in each state of a supervision: nobody is left listening unseen, calls go on, the board is true within two seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.contract.center import Center
from tests.contract.driver import MUSIC, RING, answers
from tests.contract.esl import EVENTS, Esl
from tests.contract.faults import FAULTS, TRUE_WITHIN_S, Fault
from tests.contract.floor import Floor
from tests.contract.patience import wait

FIRST, SECOND, THIRD, NEXT = "0312345671", "0312345672", "0312345673", "0312345674"
"""Customers of agents 1001, 1002 and 1003, and the one who calls 1003 next."""


@dataclass
class Scene:
    """Three calls, each listened to on a phone of its own; supervisions by extension."""

    center: Center
    floor: Floor
    ids: dict[str, str]

    def state(self, extension: str, state: str, **more: object) -> None:
        """Within two seconds the board says so."""
        told = self.center.until_state(self.ids[extension], state, TRUE_WITHIN_S)
        assert {name: told[name] for name in more} == more


def calls(center: Center, floor: Floor) -> None:
    for extension, number in (("1001", FIRST), ("1002", SECOND), ("1003", THIRD)):
        agent = floor.agent(extension)  # the others are in a call by now, so that the queue can only ring this one
        wait(lambda agent=agent: center.documents("agent").get(agent, {}).get("tiers"))
        floor.answered_call(extension, number)
        center.until_code("queue_call", agent)
    for extension in ("9001", "9002", "9003"):
        floor.driver.phone(extension).behave(answers(0))


def joining(center: Center, floor: Floor) -> Scene:
    """9001 rings, 9002 monitors, 9003 whispers."""
    calls(center, floor)
    floor.driver.phone("9001").behave(RING)
    asked = {"agent": "1001@default", "mode": "monitor", "extension": "9001"}
    ids = {"9001": center.ask("supervision.start", **asked)["id"]}
    center.until_state(ids["9001"], "ringing")
    wait(lambda: floor.driver.phone("9001").state == "ringing")
    ids["9002"] = center.supervise("monitor", "9002", agent="1002@default")
    ids["9003"] = center.supervise("whisper", "9003", agent="1003@default")
    return Scene(center, floor, ids)


def changing(center: Center, floor: Floor) -> Scene:
    """9001 barges, 9002 whispers into a call on hold, 9003 waits for the agent's next call."""
    calls(center, floor)
    ids = {"9001": center.supervise("barge", "9001")}
    ids["9002"] = center.supervise("whisper", "9002", agent="1002@default")
    ids["9003"] = center.supervise("monitor", "9003", agent="1003@default", follow=True)
    floor.driver.phone("1002").hold()
    floor.driver.caller(THIRD).hang_up()
    wait(lambda: center.documents("supervision")[ids["9002"]]["silent"])
    center.until_state(ids["9003"], "following")
    return Scene(center, floor, ids)


@FAULTS
def test_what_happens_to_those_who_join_while_nobody_looks_is_seen_afterwards(
    center: Center, floor: Floor, fault: Fault
) -> None:
    scene = joining(center, floor)
    with fault(center, floor):
        floor.driver.phone("9001").answer()
        floor.driver.phone("9003").hang_up()
        wait(lambda: floor.driver.phone("9003").state == "idle")
    scene.state("9001", "listening")
    scene.state("9002", "listening")
    scene.state("9003", "ended")
    assert [center.code(f"{one}@default") for one in ("1001", "1002", "1003")] == ["queue_call"] * 3
    floor.hear({"9001": {FIRST, "1001"}, "9002": {SECOND, "1002"}, "9003": set(), "1001": {FIRST}, "1003": {THIRD}})
    # A listener who left unseen leaves no place in which the next one would count as listening before he does.
    floor.driver.phone("9003").behave(RING)
    again = center.ask("supervision.start", agent="1003@default", mode="monitor", extension="9003")["id"]
    wait(lambda: floor.driver.phone("9003").state == "ringing")
    center.until_state(again, "ringing")


@FAULTS
def test_a_phone_that_declines_while_nobody_looks_is_free_again_at_once(
    center: Center, floor: Floor, agent: str, fault: Fault
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    phone = floor.driver.phone("9001")
    phone.behave(RING)
    asked = {"agent": agent, "mode": "monitor", "extension": "9001"}
    declined = center.ask("supervision.start", **asked)["id"]
    center.until_state(declined, "ringing")
    wait(lambda: phone.state == "ringing")
    with fault(center, floor):
        phone.reject()
        wait(lambda: phone.state == "idle")
    center.until_state(declined, "failed", TRUE_WITHIN_S)
    phone.behave(answers(0))
    center.until_state(center.ask("supervision.start", **asked)["id"], "listening")
    floor.hear({"9001": {call.customer.number, "1001"}})
    wait(lambda: ("supervision.start", "failed") in [row[:2] for row in center.audit()], center.audit)


@FAULTS
def test_holds_and_next_calls_while_nobody_looks_are_followed_afterwards(
    center: Center, floor: Floor, fault: Fault
) -> None:
    scene = changing(center, floor)
    with fault(center, floor):
        floor.driver.phone("1002").resume()
        floor.answered_call("1003", NEXT)  # the only one who is free
        floor.driver.caller(FIRST).hang_up()
        wait(lambda: floor.driver.phone("9001").state == "idle")
    scene.state("9001", "ended")
    scene.state("9003", "listening")
    wait(lambda: not center.documents("supervision")[scene.ids["9002"]]["on_member"], limit_s=TRUE_WITHIN_S)
    scene.state("9002", "listening", mode="whisper", silent=False)
    floor.hear(
        {
            "9002": {SECOND, "1002"},
            "1002": {SECOND, "9002"},
            SECOND: {"1002"},
            "9003": {NEXT, "1003"},
            "1003": {NEXT},
            NEXT: {"1003"},
        }
    )


@FAULTS
def test_a_call_taken_over_goes_on_whatever_falls(center: Center, floor: Floor, agent: str, fault: Fault) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone("9001")
    supervisor.behave(answers(0))
    ident = center.supervise()
    center.ask("supervision.take_over", id=ident)
    with fault(center, floor):
        assert supervisor.state == "talking"
    center.until_code("available", limit_s=TRUE_WITHIN_S)
    floor.hear({"9001": {call.customer.number}, call.customer.number: {"9001"}, "1001": set()})


@pytest.mark.parametrize("scene", [joining, changing])
def test_a_killed_switch_ends_every_supervision_with_its_cause(
    center: Center, floor: Floor, scene: Callable[[Center, Floor], Scene]
) -> None:
    ids = scene(center, floor).ids
    floor.driver.restart()
    center.until_live(20)
    for extension, ident in ids.items():
        told = wait(lambda ident=ident: _over(center, ident), lambda: center.documents("supervision"), TRUE_WITHIN_S)
        assert told["cause"] in ("SWITCH_RESTARTED", "unconfirmed"), (extension, told)
    assert {center.code(f"{one}@default") for one in ("1001", "1002", "1003")} == {"available"}
    with Esl(floor.driver.esl_url, EVENTS) as esl:
        again = Floor(floor.driver, esl)
        again.answered_call("1001", NEXT)
        center.until_code("queue_call")


def _over(center: Center, ident: str) -> dict[str, object] | None:
    told = center.documents("supervision")[ident]
    return told if told["state"] in ("ended", "failed") else None


def test_a_listener_whom_nobody_remembers_is_ended_and_the_call_goes_on(
    center: Center, floor: Floor, agent: str
) -> None:
    """The controller was killed and Redis lost its memory: whoever listens then listens unseen."""
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone("9001")
    supervisor.behave(answers(0))
    center.supervise()
    center.kill_controller()
    center.redis.flushall()
    center.start_controller()
    wait(lambda: supervisor.state == "idle", "it is ended soon", 20)
    floor.hear({"1001": {call.customer.number}, call.customer.number: {"1001"}})
    wait(lambda: ("guard.unowned_supervision", "confirmed", "") in center.audit(), center.audit)


def test_a_controller_that_starts_before_redis_waits_for_its_memory_before_it_ends_anybody(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    supervisor = floor.driver.phone("9001")
    supervisor.behave(answers(0))
    ident = center.supervise("whisper")
    center.kill_controller()
    center.kill_redis()
    center.start_controller()
    wait(lambda: "redis_away" in center.log.read_text(), "it says that it waits", 20)
    wait(
        lambda: "switch_live" in center.log.read_text().rpartition("no supervision is ended")[2],
        "the switch is read",
    )
    tries = center.log.read_text().count("redis_away") + 8
    wait(
        lambda: center.log.read_text().count("redis_away") > tries,
        "two seconds of it, and more than one look at the legs",
    )
    center.start_redis()
    center.until_live()
    center.until_state(ident, "listening", TRUE_WITHIN_S)
    assert supervisor.state == "talking"
    customer = call.customer.number
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001"}})
    assert MUSIC not in floor.driver.hears(customer)

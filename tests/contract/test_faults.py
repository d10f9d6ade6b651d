"""Faults of everything around the controller: afterwards the board is true within two seconds, nothing late, nothing twice."""

from __future__ import annotations

import threading
import time

import orjson
import pytest

from fs_app.floor.errors import Rejected
from fs_app.store.inbox import CommandClient
from tests.contract.center import BOSS, Center
from tests.contract.driver import answers
from tests.contract.esl import EVENTS, Esl
from tests.contract.faults import event_socket_cut
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.contract.refusals import refused

A1 = "1001@default"
TRUE_WITHIN_S = 2.0


def link(center: Center) -> str:
    return str(center.meta()["link"]["state"])


def links_told(center: Center) -> list[str]:
    """Every state of the link that was published, however short."""
    told = [orjson.loads(entry[b"d"]) for _, entry in center.redis.xrange("sasayaki:stream")]
    return [one["meta"]["link"]["state"] for one in told if one.get("meta")]


def test_a_killed_switch_is_shown_as_down_and_its_calls_are_gone_when_it_is_back(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    seen: list[str] = []

    def ask() -> bool:
        """Refused all the time: the agent is in a call until the switch is away."""
        seen.append(refused(center, "status.set", agent=agent, status="away"))
        return seen[-1] == "switch_unavailable"

    watcher = threading.Thread(target=lambda: wait(ask, seen, 20))
    watcher.start()
    wait(lambda: seen)
    floor.driver.restart()
    watcher.join(30)
    assert set(seen) == {"agent_in_call", "switch_unavailable"}
    wait(lambda: "down" in links_told(center))
    center.until_live(20)
    center.until_code("available", limit_s=TRUE_WITHIN_S)
    assert not center.documents("member")
    assert center.ask("status.set", agent=agent, status="away")["status"] == "away"


def test_a_cut_event_socket_loses_nothing_that_happened_meanwhile(center: Center, floor: Floor, agent: str) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    since = center.documents("agent")[agent]["talk_since"]
    with event_socket_cut(center, floor):
        call.customer.hang_up()
    wait(lambda: "down" in links_told(center), "what is cut is told")
    center.until_live()
    center.until_code("available", limit_s=TRUE_WITHIN_S)
    with Esl(floor.driver.esl_url, EVENTS) as esl:
        again = Floor(floor.driver, esl)
        again.answered_call("1001", number="0398765432")
        center.until_code("queue_call")
        talking = center.documents("agent")[agent]["talk_since"]
        assert talking > since
        floor.driver.cut()
        center.until_live()
        wait(lambda: center.documents("agent")[agent]["talk_since"] == talking, "the same call, the same clock")
    assert center.code() == "queue_call"


def test_a_restarted_redis_gets_the_whole_board_again(center: Center, floor: Floor, agent: str) -> None:
    """Numbers only grow, whatever Redis remembers: it may come back as it was a second before, too, when all was quiet."""

    def newest() -> int:
        found = center.redis.xrevrange("sasayaki:stream", count=1)
        return int(found[0][0].split(b"-")[0]) if found else 0

    call = floor.answered_call()
    center.until_code("queue_call")
    before = newest()
    center.kill_redis()
    call.customer.hang_up()
    center.start_redis()
    wait(lambda: newest() > before, newest, TRUE_WITHIN_S)
    center.until_code("available", limit_s=TRUE_WITHIN_S)
    assert center.ask("status.set", agent=agent, status="away")["status"] == "away"


def test_a_redis_that_lost_its_memory_gets_the_whole_board_again(center: Center, floor: Floor, agent: str) -> None:
    center.redis.flushall()
    floor.answered_call()
    center.until_code("queue_call")
    wait(lambda: center.meta()["link"]["state"] == "live", "links are told again too")
    assert center.documents("queue")


def test_a_killed_controller_comes_back_with_the_same_clocks_and_adopts_the_listeners(
    center: Center, floor: Floor, agent: str
) -> None:
    call = floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="whisper", extension="9001")
    center.until_state(started["id"], "listening")
    before = center.documents("agent")[agent]
    epoch = center.meta()["epoch"]
    center.kill_controller()
    center.start_controller()
    wait(lambda: center.meta()["epoch"] != epoch and link(center) == "live")
    after = center.documents("agent")[agent]
    for clock in ("code", "since", "talk_since", "hold_since"):
        assert after[clock] == before[clock], clock
    assert center.documents("supervision")[started["id"]]["state"] == "listening"
    customer = call.customer.number
    floor.hear({"9001": {customer, "1001"}, "1001": {customer, "9001"}, customer: {"1001"}})
    assert center.ask("supervision.mode", id=started["id"], mode="monitor")["mode"] == "monitor"
    floor.hear({"1001": {customer}})
    center.ask("supervision.stop", id=started["id"])
    wait(lambda: floor.driver.phone("9001").state == "idle")


def test_a_listener_who_left_while_the_controller_was_dead_is_not_listed(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.answered_call()
    center.until_code("queue_call")
    floor.driver.phone("9001").behave(answers(0))
    started = center.ask("supervision.start", agent=agent, mode="monitor", extension="9001")
    center.until_state(started["id"], "listening")
    center.kill_controller()
    floor.driver.phone("9001").hang_up()
    center.start_controller()
    center.until_state(started["id"], "ended")
    assert center.code() == "queue_call"


def test_what_was_asked_of_a_dead_controller_is_never_carried_out(center: Center, floor: Floor, agent: str) -> None:
    center.kill_controller()
    wait(lambda: refused(center, "status.set", timeout_s=0.5, agent=agent, status="away") == "switch_unavailable")
    center.redis.set("sasayaki:alive", "{}", ex=10)
    client = CommandClient(center.redis)
    with pytest.raises(Rejected) as caught:
        client.ask("status.set", BOSS, {"agent": agent, "status": "away"}, timeout_s=0.3)
    assert caught.value.error == "unconfirmed"
    epoch = center.meta()["epoch"]
    center.start_controller()
    wait(lambda: center.meta()["epoch"] != epoch and link(center) == "live")
    assert center.ask("priority.set", agent=agent, queue="support@default", priority=3)["priority"] == 3
    assert floor.agent_row(agent)["status"] == "Available"


@pytest.mark.timeout(600)
def test_a_status_racing_with_an_incoming_call_never_takes_it_away(center: Center, floor: Floor, agent: str) -> None:
    """200 callers, each met by a status change at another moment of the dispatcher's 100 ms: whose phone was to ring rings."""
    phone, changed, refusals = floor.driver.phone("1001"), [], []
    for number in range(200):
        caller = floor.driver.caller(f"03{10000000 + number}", "Racer")
        caller.dial("5010")
        meet = time.monotonic() + (number % 40) * 0.005
        while time.monotonic() < meet:
            pass
        try:
            center.ask("status.set", agent=agent, status="away")
            changed.append(caller.number)
        except Rejected as rejected:
            assert rejected.error == "agent_ringing"
            wait(lambda: phone.state == "ringing", "the call that refused the change still rings")
            refusals.append(caller.number)
        caller.hang_up()
        # Gone for the switch too: else «available» below would offer him rightly, and read here as a cancelled offer.
        floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Caller_ID_Number=caller.number, Call_Direction="inbound")
        wait(lambda: phone.state == "idle" and floor.agent_row(agent)["state"] == "Waiting")
        if changed[-1:] == [caller.number]:
            center.ask("status.set", agent=agent, status="available")
    events = floor.esl.gather(1.0)
    offered = {e["CC-Member-CID-Number"] for e in events if e.get("CC-Action") == "agent-offering"}
    assert changed, "some changes come before the offer"
    assert refusals, "some come too late"
    assert offered & set(changed) == set(), "an offer that had begun was cancelled"
    assert offered >= set(refusals)

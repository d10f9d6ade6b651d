"""From «listen to this call» to the INVITE at the supervisor's phone, beside a bare ``bgapi originate`` of the same leg.

On the practice floor, and on a real FreeSWITCH where one is on ``PATH``. Both in turn in one run: every try rings the phone
while a queue call is under way, and is hung up before the next.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.orders import RingSupervisor
from fs_app.switch.orders import Api, DialPlan, build
from scripts.benchmarks.click import Script, comparison, script
from scripts.benchmarks.processes import Failed, until
from scripts.benchmarks.report import Table
from scripts.benchmarks.service import Client, service
from tests.contract.driver import DOMAIN, Phone
from tests.contract.esl import EVENTS, Esl
from tests.contract.floor import Floor, QueueCall
from tests.contract.practice_driver import PracticeDriver
from tests.live.rig.driver import LiveDriver

TRIES = 200
WARM_UP = 5
PAUSE_S = 0.02
MOST_MS = (15, 40)
AGENT, LISTENER = "1001", "9001"
BOSS = Actor("boss", ADMINISTRATOR, "Boss", extensions=(LISTENER,))


@dataclass(frozen=True)
class Rig:
    """A switch with a queue call under way, the supervisor's phone, and when that was last rung (``time.monotonic``)."""

    esl_url: str
    call: QueueCall
    phone: Phone
    rung_at: Callable[[], float]


def run(rounds: int) -> list[Table]:
    """One table for each switch; 200 tries whatever the rounds, because they make one distribution."""
    with practice() as rig:
        tables = [_measure("invite-practice", "on the practice floor", rig)]
    if shutil.which("freeswitch") is None:
        missing = "on FreeSWITCH: not measured, no freeswitch on PATH"
        return [*tables, Table("invite-freeswitch", [], verdicts=[missing])]
    with freeswitch() as rig:
        return [*tables, _measure("invite-freeswitch", "on FreeSWITCH", rig)]


@contextmanager
def practice() -> Iterator[Rig]:
    """The practice floor that the contract tests use."""
    driver = PracticeDriver()
    driver.start()
    try:
        with _call_under_way(driver, driver.esl_url) as call:
            yield Rig(driver.esl_url, call, driver.phone(LISTENER), driver.bell(LISTENER))
    finally:
        driver.stop()


@contextmanager
def freeswitch() -> Iterator[Rig]:
    """The rig of the live tests, its event socket without the relay before it."""
    driver = LiveDriver()
    try:
        driver.start()
        with _call_under_way(driver, driver.direct_esl_url) as call:
            phone = driver.phone(LISTENER)
            yield Rig(driver.direct_esl_url, call, phone, lambda: phone.rung_at)
    finally:
        driver.stop()


@contextmanager
def _call_under_way(driver: PracticeDriver | LiveDriver, esl_url: str) -> Iterator[QueueCall]:
    with Esl(esl_url, EVENTS) as esl:
        floor = Floor(driver, esl)
        floor.agent(AGENT)
        call = floor.answered_call(AGENT)
    yield call


def _measure(name: str, where: str, rig: Rig) -> Table:
    switch = urlsplit(rig.esl_url)
    delays: dict[str, list[float]] = {"ours": [], "bare": []}
    with service(rig.esl_url, [BOSS]) as center, script(int(switch.port or 0), str(switch.password)) as bare:
        client = center.log_in(BOSS.login)
        until(lambda: _in_call(client), "agent in a call")
        for number in range(TRIES + WARM_UP):
            ours, theirs = click(rig, client), command(rig, bare)
            if number >= WARM_UP:
                delays["ours"].append(ours)
                delays["bare"].append(theirs)
    return comparison(name, f"INVITE {where}", "a bare bgapi originate", delays, MOST_MS)


def _in_call(client: Client) -> bool:
    return any(row["status"]["code"] == "queue_call" for row in client.ask("GET", "/board")["agents"])


def click(rig: Rig, client: Client) -> float:
    """ms from the panel's call to the INVITE."""
    body = {"agent": f"{AGENT}@{DOMAIN}", "mode": "monitor", "extension": LISTENER}
    while True:
        began = _at_rest(rig)
        try:
            ident = client.ask("POST", "/supervisions", body)["id"]
            break
        except Failed as refused:
            if "terminal_busy" not in str(refused):
                raise  # else the hang-up of the try before has not come round yet
    rung = _rung(rig, began)
    client.ask("DELETE", f"/supervisions/{ident}")
    return (rung - began) * 1000


def command(rig: Rig, bare: Script) -> float:
    """ms from a script's ``bgapi`` with the very line that the product would send to the INVITE."""
    leg = str(uuid4())
    order = RingSupervisor(leg, uuid4().hex, LISTENER, rig.call.agent_leg, mode=0, follow=False)
    line = cast("Api", build(order, DialPlan(DOMAIN))[0]).line
    began = _at_rest(rig)
    bare.bgapi(line)
    rung = _rung(rig, began)
    bare.bgapi(f"uuid_kill {leg}")
    return (rung - began) * 1000


def _at_rest(rig: Rig) -> float:
    until(lambda: rig.phone.state == "idle", "end of the ringing")
    time.sleep(PAUSE_S)
    return time.monotonic()


def _rung(rig: Rig, began: float) -> float:
    until(lambda: rig.rung_at() >= began, "INVITE")
    return rig.rung_at()

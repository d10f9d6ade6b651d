"""A small call centre in the tests' own hands: a practice switch whose phones do what a test says, and ``serve`` for it.

Nobody calls and nobody answers unless a test says so. Six agents, three queues; two supervisors who edit ``support`` and
view ``ringall``, one who reads Japanese and one who reads English; two administrators likewise; and two agents' own
accounts.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fs_app.floor.statuses import Status
from fs_app.practice.config import QueueConfig, SwitchConfig
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.audit import AuditLog, system
from fs_app.store.durable import database_url, open_database
from fs_app.store.passwords import Passwords
from fs_app.store.statuses import CustomStatuses
from tests.contract.driver import RING, Phone, answers
from tests.contract.esl import Esl
from tests.contract.practice_driver import PracticeDriver

from .serving import LIMIT_S, PASSWORD, Product, serve, until

SUPPORT, RINGALL, TOPDOWN = "support@default", "ringall@default", "topdown@default"
NUMBERS = {SUPPORT: "5010", RINGALL: "5011", TOPDOWN: "5012"}
EXTENSIONS = ("1001", "1002", "1003", "1004", "1005", "1006")
SUPERVISORS_PHONES = ("9001", "9002", "9003")
ANNA, BEN, CARL, DORA, EMMA, FRED = (f"{extension}@default" for extension in EXTENSIONS)
"""Anna and Ben work for ``support`` alone, Carl for ``support`` and ``ringall``, Dora and Emma for ``ringall`` alone; Fred
is in training from the beginning, and left alone."""
STAFF = (ANNA, BEN, CARL, DORA, EMMA)
TIERS = {
    SUPPORT: {ANNA: 1, BEN: 2, CARL: 3},
    RINGALL: {CARL: 1, DORA: 1, EMMA: 2},
    TOPDOWN: {FRED: 1},
}
CUSTOMER = "0312345678"

SUPERVISOR = {"ja": "suzuki", "en": "smith"}
ADMINISTRATOR = {"ja": "kanri", "en": "boss"}
AGENT = {"ja": "anna", "en": "ben"}
MINA = "mina"
"""A supervisor who tries out what one does with one's own account."""
TRAINING = Status("training", "On Break", "star", "violet", (("ja", "研修中"), ("en", "Training")), limit_min=1)
NAMES = {"suzuki": "鈴木 一郎", "smith": "Sam Smith", "kanri": "管理 花子", "boss": "Barbara Boss"}
PHONES = {
    "suzuki": ("9001", "9003"),
    "smith": ("9002", "9003"),
    "kanri": ("9001", "9002", "9003"),
    "boss": ("9001", "9002", "9003"),
}


class Center:
    """The switch, its people, and the product in front of it."""

    def __init__(self, driver: PracticeDriver, esl: Esl, product: Product) -> None:
        self.driver, self.esl, self.product = driver, esl, product
        self._elsewhere = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.order("POST", "/session", {"login": ADMINISTRATOR["ja"], "password": PASSWORD})

    def reconnect(self) -> None:
        """The tests' own event socket, after the switch dropped it."""
        self.esl.close()
        self.esl = Esl(self.driver.esl_url)

    # -- people at phones

    def phone(self, extension: str) -> Phone:
        return self.driver.phone(extension)

    def ringing(self, extension: str) -> Phone:
        """The phone, once it rings: the page may say so a moment before."""
        phone = self.phone(extension)
        until(lambda: phone.state == "ringing", f"{extension} does not ring")
        return phone

    def customer(self, number: str = CUSTOMER, name: str = "Taro") -> Phone:
        return self.driver.caller(number, name)

    def dial(self, queue: str = SUPPORT, number: str = CUSTOMER, name: str = "Taro") -> Phone:
        """Somebody calls a queue; the phone."""
        caller = self.customer(number, name)
        caller.dial(NUMBERS[queue])
        return caller

    def only(self, *agents: str) -> None:
        """These take calls, the others are logged out."""
        for agent in STAFF:
            self.set_status(agent, "Available" if agent in agents else "Logged Out")

    def talk(self, agent: str = ANNA, queue: str = SUPPORT, number: str = CUSTOMER, name: str = "Taro") -> Phone:
        """A call of the queue that this agent has answered; the customer's phone."""
        self.only(agent)
        extension = agent.partition("@")[0]
        self.phone(extension).behave(answers(0.05))
        caller = self.dial(queue, number, name)
        until(lambda: self.phone(extension).state == "talking", f"{agent} does not talk")
        until(lambda: self.row(agent)["state"] == "In a queue call", f"{agent} is in no call of the queue")
        return caller

    def agents_leg(self, agent: str = ANNA) -> str:
        """uuid of the leg to the agent's phone."""
        extension = agent.partition("@")[0]
        rows = self.esl.api_json("show channels as json").get("rows", [])
        found = next(row for row in rows if row["name"].startswith(f"sofia/internal/{extension}@"))
        return str(found["uuid"])

    # -- mod_callcenter

    def config(self, command: str) -> None:
        assert self.esl.api(f"callcenter_config {command}") == "+OK\n", command

    def set_status(self, agent: str, status: str) -> None:
        self.config(f"agent set status {agent} '{status}'")

    def row(self, agent: str) -> dict[str, Any]:
        """The agent as mod_callcenter has it."""
        return next(row for row in self._rows("agent list") if row["name"] == agent)

    def status(self, agent: str) -> str:
        return str(self.row(agent)["status"])

    def level(self, queue: str, agent: str) -> int:
        rows = self._rows("tier list")
        return next(int(row["level"]) for row in rows if (row["queue"], row["agent"]) == (queue, agent))

    def _rows(self, arguments: str) -> list[dict[str, Any]]:
        data = f'{{"command":"callcenter_config","data":{{"arguments":"{arguments}"}}}}'
        reply = self.esl.api_json(f"json {data}")
        assert reply["status"] == "success", reply
        return list(reply["response"])

    def calm(self) -> None:
        """Nobody talks, everybody is available, with the priorities of the beginning."""
        self.driver.hang_up_all()
        for extension in (*EXTENSIONS, *SUPERVISORS_PHONES):
            self.phone(extension).behave(RING)
        for agent in STAFF:
            row = self.row(agent)
            if row["status"] != "Available":
                self.set_status(agent, "Available")
            if str(row["wrap_up_time"]) != "0":
                self.config(f"agent set wrap_up_time {agent} 0")
            self.config(f"agent set ready_time {agent} 0")
        for queue, members in TIERS.items():
            for agent, level in members.items():
                if self.level(queue, agent) != level:
                    # By the panel: mod_callcenter tells nobody of a tier that it was told to change.
                    self.order("PUT", f"/queues/{queue}/agents/{agent}/priority", {"priority": level})

    # -- what an administrator does somewhere else

    def order(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """A request to the API that must succeed; its JSON."""
        request = urllib.request.Request(
            f"{self.product.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self._elsewhere.open(request, timeout=LIMIT_S) as sent:
            found: dict[str, Any] = json.loads(sent.read() or b"{}")
            return found

    def set_wrap_up(self, queue: str, seconds: int | None) -> None:
        """The queue's own wrap-up time; returns once the controller has read it, with a notice that it is told together with."""
        notice = seconds is not None
        settings = {"label": None, "wrap_up_s": seconds, "monitor_notice": False, "whisper_notice": notice}
        self.order("PUT", f"/queues/{queue}/settings", settings)

        def is_read() -> bool:
            row = next(row for row in self.order("GET", "/board")["queues"] if row["queue"] == queue)
            return ("whisper" in row["notices"]) == notice

        until(is_read, "the settings are not read")


def _people(folder: Path) -> None:
    """The accounts, made before anything runs, by what the command line uses."""
    (folder / "var").mkdir(parents=True)
    database = open_database(database_url("", folder / "var"))
    accounts = Accounts(database, AuditLog(database), Passwords(), lambda _: None)

    def add(login: str, role: str, language: str, agent: str | None = None) -> None:
        new = NewAccount(login, NAMES.get(login, login), role, language, agent, PHONES.get(login, ()))
        accounts.add(new, PASSWORD, system("cli"), must_change=False)

    for language in ("ja", "en"):
        add(ADMINISTRATOR[language], "administrator", language)
        add(SUPERVISOR[language], "supervisor", language)
        accounts.grant(SUPERVISOR[language], SUPPORT, "edit", system("cli"))
        accounts.grant(SUPERVISOR[language], RINGALL, "view", system("cli"))
    add(MINA, "supervisor", "ja")
    add(AGENT["ja"], "user", "ja", ANNA)
    add(AGENT["en"], "user", "en", BEN)
    CustomStatuses(database).add(TRAINING, lambda _: None)
    database.close()


def _floor() -> SwitchConfig:
    strategies = {SUPPORT: "longest-idle-agent", RINGALL: "ring-all", TOPDOWN: "top-down"}
    queues = tuple(QueueConfig(name, NUMBERS[name], strategy=strategy) for name, strategy in strategies.items())
    return SwitchConfig(queues, EXTENSIONS, SUPERVISORS_PHONES, track_internal=False, password="contract")


def _hire(esl: Esl) -> None:
    """Agents and tiers, by the commands that a site's own script would send."""
    commands = []
    for agent in (*STAFF, FRED):
        commands.append(f"agent add {agent} Callback")
        commands.append(f"agent set contact {agent} [leg_timeout=60]user/{agent}")
        commands.append(f"agent set status {agent} 'Available'")
    for queue, members in TIERS.items():
        commands += [f"tier add {queue} {agent} {level} 1" for agent, level in members.items()]
    for command in commands:
        assert esl.api(f"callcenter_config {command}") == "+OK\n", command


@contextmanager
def center(folder: Path) -> Iterator[Center]:
    """Everything started, ended at the close."""
    driver = PracticeDriver(_floor())
    driver.start()
    try:
        esl = Esl(driver.esl_url)
        _hire(esl)
        _people(folder)
        outside = "sofia/gateway/carrier/{number}"
        with serve(folder, SASAYAKI_FREESWITCH=driver.esl_url, SASAYAKI_EXTERNAL_DIAL=outside) as product:
            started = Center(driver, esl, product)
            started.order("PUT", f"/agents/{FRED}/status", {"status": "training"})
            yield started
    finally:
        driver.stop()

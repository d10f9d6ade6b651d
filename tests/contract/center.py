"""A controller of our own in front of a switch: real processes, a real Valkey, and the panel's end of Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import update

from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, USER, Actor
from fs_app.floor.board import agent_row
from fs_app.floor.statuses import Status, StatusBook
from fs_app.serve.valkey import arguments
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.announce import QUEUES, STATUSES, AccountsChannel, SettingsChannel
from fs_app.store.audit import AuditLog, system
from fs_app.store.audit_pages import Filters
from fs_app.store.connect import connect
from fs_app.store.durable import Database, database_url, open_database
from fs_app.store.inbox import CommandClient
from fs_app.store.live import LiveReader
from fs_app.store.passwords import Passwords
from fs_app.store.queue_settings import QueueSetting, QueueSettings
from fs_app.store.sessions import Sessions
from fs_app.store.site_settings import SiteSettings
from fs_app.store.statuses import CustomStatuses
from fs_app.store.tables import sessions
from tests.contract.patience import LIMIT_S, wait
from tests.forks import Process

ANN = Actor("ann", USER, "Ann", locale="en", agent="1001@default", extensions=("1001",))
EDITOR = Actor("edith", SUPERVISOR, "Edith", extensions=("9001",), grants={"support@default": "edit"})
VIEWER = Actor("vera", SUPERVISOR, "Vera", extensions=("9002",), grants={"support@default": "view"})
BOSS = Actor("boss", ADMINISTRATOR, "Boss", extensions=("9001", "9002", "9003", "09011112222"))

_prepared: list[tuple[bytes, dict[str, tuple[str, str]]]] = []
"""A database with the accounts that every test has, and their dial logins."""


class Center:
    """Valkey and controller for one switch. ``folder`` holds their files."""

    def __init__(self, folder: Path, esl_url: str) -> None:
        self.folder, self.esl_url = folder, esl_url
        self.socket = folder / "valkey.sock"
        self.redis = connect(f"unix://{self.socket}")
        self._valkey: subprocess.Popen[bytes] | None = None
        self._controller: Process | None = None
        self.log = folder / "controller.log"
        self._gone: str | None = None
        self.dial_logins: dict[str, tuple[str, str]] = {}
        """Login -> dial ID and dial password."""

    # -- processes

    def start(self) -> None:
        """Up and live; the account ``boss`` exists."""
        self.start_redis()
        self._account()
        self.start_controller()
        self.until_live()

    def start_redis(self) -> None:
        self._valkey = subprocess.Popen(arguments(self.socket.name), cwd=self.folder, stdout=subprocess.DEVNULL)
        wait(self._redis_answers, "no valkey")

    def _redis_answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except Exception:
            return False

    def kill_redis(self) -> None:
        assert self._valkey is not None
        self._valkey.kill()
        self._valkey.wait()

    def start_controller(self) -> None:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SASAYAKI_")} | {
            "SASAYAKI_FREESWITCH": self.esl_url,
            "SASAYAKI_REDIS_URL": f"unix://{self.socket}",
            "SASAYAKI_EXTERNAL_DIAL": "sofia/gateway/carrier/{number}",
            "SASAYAKI_DATA_DIR": str(self.folder / "var"),
        }
        with self.log.open("ab") as log:
            self._controller = Process(["controller"], environ, log.fileno())

    def kill_controller(self) -> None:
        """As kill -9. What it published stays in Redis as it was."""
        assert self._controller is not None
        self._gone = self.meta().get("epoch")
        self._controller.send_signal(signal.SIGKILL)
        self._controller.wait()

    @contextmanager
    def hung_controller(self) -> Iterator[None]:
        """It hears everything and does nothing, until the end of the block."""
        assert self._controller is not None
        self._controller.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._controller.send_signal(signal.SIGCONT)

    def stop_and_start_controller(self) -> None:
        """An orderly restart with calls running."""
        assert self._controller is not None
        self._gone = self.meta()["epoch"]
        self._controller.terminate()
        self._controller.wait(10)
        self.start_controller()
        self.until_live()

    def stop(self) -> None:
        for process in (self._controller, self._valkey):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(10)

    def _account(self) -> None:
        """The accounts that every test has: made once in a run, because hashing passwords takes its time, then copied."""
        made = self.folder / "var" / "sasayaki.sqlite"
        made.parent.mkdir(exist_ok=True)
        if not _prepared:
            database = open_database(database_url("", made.parent))
            accounts = Accounts(database, AuditLog(database), Passwords(), lambda _: None)
            for actor in (BOSS, EDITOR, ANN):
                self.add(accounts, actor)
            database.close()
            _prepared.append((made.read_bytes(), dict(self.dial_logins)))
        content, dial_logins = _prepared[0]
        made.write_bytes(content)
        self.dial_logins.update(dial_logins)

    def add(self, accounts: Accounts, actor: Actor) -> None:
        """An account with its rights."""
        new = NewAccount(actor.login, actor.name, actor.role, actor.locale, actor.agent, actor.extensions)
        made, password = accounts.add(new, "correct horse battery", system("cli"), must_change=False)
        self.dial_logins[actor.login] = (made.dial_id, password)
        for queue, right in actor.grants.items():
            accounts.grant(actor.login, queue, right, system("cli"))

    def account(self, actor: Actor) -> None:
        """One more account, as an administrator would make it."""
        with self.database() as database:
            self.add(self._accounts(database), actor)

    # -- what the panel sees and asks

    def ask(self, kind: str, actor: Actor = BOSS, timeout_s: float = LIMIT_S, **args: Any) -> Any:
        """A command; its result, or Rejected."""
        return CommandClient(self.redis).ask(kind, actor, args, timeout_s=timeout_s)

    def documents(self, kind: str) -> dict[str, dict[str, Any]]:
        return {d["id"]: d for d in LiveReader(self.redis).picture().documents.get(kind, [])}

    def meta(self) -> dict[str, Any]:
        found = LiveReader(self.redis).picture().documents.get("meta", [])
        return found[0] if found else {"link": {"state": "none"}}

    def row(self, agent: str = "1001@default", queue: str | None = None, actor: Actor = BOSS) -> dict[str, Any]:
        return agent_row(self.documents("agent")[agent], actor, queue, StatusBook(), str)

    def code(self, agent: str = "1001@default") -> str:
        found = self.documents("agent").get(agent)
        return found["code"] if found else "nobody"

    def until_live(self, limit_s: float = LIMIT_S) -> None:
        def live() -> bool:
            told = self.meta()
            return bool(told["link"]["state"] == "live" and told["epoch"] != self._gone)

        wait(live, lambda: self.log.read_text()[-2000:], limit_s)

    def until_known(self, agent: str) -> None:
        """The controller has read a new agent's tiers, as it soon does."""
        wait(lambda: self.documents("agent").get(agent, {}).get("tiers"), f"the tiers of {agent} are not read")

    def until_code(self, code: str, agent: str = "1001@default", limit_s: float = LIMIT_S) -> None:
        wait(lambda: self.code(agent) == code, lambda: f"{agent} is {self.code(agent)}, not {code}", limit_s)

    def until_state(self, supervision: str, state: str, limit_s: float = LIMIT_S) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            found = self.documents("supervision").get(supervision)
            return found if found and found["state"] == state else None

        found: dict[str, Any] = wait(there, lambda: self.documents("supervision"), limit_s)
        return found

    def supervise(self, mode: str = "monitor", extension: str = "9001", actor: Actor = BOSS, **more: Any) -> str:
        """Listening to agent 1001 on a phone that picks up at once; gives the supervision's id."""
        asked: dict[str, Any] = {"agent": "1001@default", "mode": mode, "extension": extension} | more
        started: str = self.ask("supervision.start", actor, **asked)["id"]
        self.until_state(started, "listening")
        return started

    def grant(self, login: str, queue: str, right: str) -> None:
        """As an administrator would in the panel."""
        with self.database() as database:
            self._accounts(database).grant(login, queue, right, system("cli"))

    def notices(
        self, queue: str, *, monitor: bool = False, whisper: bool = False, wrap_up_s: int | None = None
    ) -> None:
        """A queue's settings, as an administrator would set them in the panel."""
        setting = QueueSetting(
            queue, "boss", time.time(), wrap_up_s=wrap_up_s, monitor_notice=monitor, whisper_notice=whisper
        )
        with self.database() as database:
            QueueSettings(database).put(setting, lambda _: None)
        SettingsChannel(self.redis).announce(QUEUES)

    def site(self, **changes: Any) -> None:
        """Settings of the whole site, as an administrator would set them in the panel."""
        with self.database() as database:
            SiteSettings(database, AuditLog(database)).change(changes, BOSS)

    def define(self, status: Status) -> None:
        """A status of the site's own, as an administrator would define it in the panel."""
        with self.database() as database:
            CustomStatuses(database).add(status, lambda _: None)
        SettingsChannel(self.redis).announce(STATUSES)

    def change(self, code: str, **values: Any) -> None:
        """Another definition of a status."""
        with self.database() as database:
            CustomStatuses(database).change(
                code, lambda own: replace(own, status=replace(own.status, **values)), lambda _: None
            )
        SettingsChannel(self.redis).announce(STATUSES)

    def retire(self, code: str) -> None:
        """Nobody may choose it any more."""
        with self.database() as database:
            CustomStatuses(database).change(code, lambda own: replace(own, retired=True), lambda _: None)
        SettingsChannel(self.redis).announce(STATUSES)

    def log_in(self, login: str) -> str:
        """A session as the panel begins one: what an ``Actor.session`` names."""
        with self.database() as database:
            account, store = self._accounts(database).get(login), Sessions(database)
            store.begin(account, "192.0.2.7", "a browser")
            return f"session:{store.of(account)[0].id}"

    def log_out(self, login: str, session: str) -> None:
        """End it, as its owner would in the panel."""
        with self.database() as database:
            Sessions(database).end(self._accounts(database).get(login), int(session.partition(":")[2]))

    def age(self, session: str, **ages_s: float) -> None:
        """Let a session look as if it had begun (``created_at``) or been used (``seen_at``) so long ago."""
        now, ident = time.time(), int(session.partition(":")[2])
        values = {column: now - age_s for column, age_s in ages_s.items()}
        with self.database() as database:
            database.write(lambda c: c.execute(update(sessions).where(sessions.c.id == ident).values(values)))

    def _accounts(self, database: Database) -> Accounts:
        return Accounts(database, AuditLog(database), Passwords(), AccountsChannel(self.redis).announce)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The controller's database, from another process."""
        database = open_database(database_url("", self.folder / "var"))
        try:
            yield database
        finally:
            database.close()

    def audit_args(self, command: str) -> list[dict[str, Any]]:
        """What was noted of each «asked» of a command, oldest first."""
        with self.database() as database:
            rows = AuditLog(database).page(Filters(command=command, outcome="asked")).rows
        return [row["args"] for row in reversed(rows)]

    def audit_rows(self) -> list[dict[str, Any]]:
        """Every row, oldest first."""
        with self.database() as database:
            return list(reversed(AuditLog(database).page(Filters()).rows))

    def deeds(self, command: str) -> list[dict[str, Any]]:
        """Every row of a command in the audit, oldest first."""
        with self.database() as database:
            rows = AuditLog(database).page(Filters(command=command)).rows
        return list(reversed(rows))

    def audit(self) -> list[tuple[str, str, str]]:
        """Command, outcome and cause of every row, oldest first."""
        return [(r["command"], r["outcome"], r["cause"]) for r in self.audit_rows()]

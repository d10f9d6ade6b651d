"""The replies that a real 1.10.12 gave in the middle of a queue call, to be changed and read again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fs_app.floor import facts
from fs_app.floor.documents import document
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor
from fs_app.switch.snapshot import read_switch
from tests import replay

RECORDED: dict[str, Any] = json.loads(
    (Path(replay.__file__).parent / "recordings/answered-queue-call.snapshot.json").read_text()
)
CORE = "46474769-003e-4b1b-a56a-30abd82b59a0"
OTHER_CORE = "ffffffff-003e-4b1b-a56a-30abd82b59a0"
CALLER, AGENT_LEG = "3abff117-d62f-45bd-a940-b5a54c639c64", "f7d286fc-5aa6-4fd6-8f65-387a501165d0"
AGENT = "1001@default"
NOW = 1795346550.0
GONE = "-ERR No such channel!\n"


class Switch:
    """Answers as recorded, and keeps what it was asked. ``replies`` may be changed by a test."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.core = CORE
        recorded = copy.deepcopy(RECORDED)
        self.channels: list[dict[str, Any]] = recorded["show_channels_as_json"]["rows"]
        self.bridges: list[dict[str, Any]] = [{"uuid": CALLER, "b_uuid": AGENT_LEG, "callstate": "ACTIVE"}]
        members = recorded["callcenter_config queue list members"]
        self.tables: dict[str, Any] = {
            name: recorded[f"callcenter_config {name}"] for name in ("agent list", "queue list", "tier list")
        } | {"member list": members, "queue list agents": recorded["callcenter_config agent list"]}
        self.tables["queue list tiers"] = self.tables["tier list"]
        self.dumps = {CALLER: recorded["uuid_dump member leg json"], AGENT_LEG: recorded["uuid_dump agent leg json"]}
        self.alive = {CALLER, AGENT_LEG}
        self.replies: dict[str, str] = {}

    def ask(self, line: str) -> str:
        self.asked.append(line)
        assert "\n" not in line
        name, _, rest = line.partition(" ")
        if line in self.replies or name in self.replies:
            return self.replies.get(line) or self.replies[name]
        answers: dict[str, Callable[[str], str]] = {
            "global_getvar": lambda _: self.core,
            "json": self._callcenter,
            "show": self._show,
            "uuid_dump": self._dump,
            "uuid_exists": lambda uuid: "true" if uuid in self.alive else "false",
        }
        return answers[name](rest)

    def rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.tables[table]["response"]
        return rows

    def _callcenter(self, text: str) -> str:
        request = json.loads(text)
        assert request["command"] == "callcenter_config"
        return json.dumps(self.tables[request["data"]["arguments"]]) + "\n"

    def _show(self, what: str) -> str:
        rows = {"channels as json": self.channels, "bridged_calls as json": self.bridges}[what]
        return json.dumps({"row_count": len(rows), "rows": rows} if rows else {"row_count": 0}) + "\n"

    def _dump(self, uuid: str) -> str:
        if uuid not in self.alive:
            return GONE
        return "".join(f"{name}: {quote(str(value)) or '_undef_'}\n" for name, value in self.dumps[uuid].items())

    def asked_of(self, command: str) -> list[str]:
        return [line for line in self.asked if line.startswith(command)]


def read(switch: Switch, floor: Floor | None = None) -> facts.SwitchRead:
    return read_switch(switch.ask, floor or Floor(), now=lambda: NOW)


def floor_of(switch: Switch) -> Floor:
    floor = Floor()
    apply(floor, read(switch, floor))
    return floor


def agent(floor: Floor, ident: str = AGENT) -> dict[str, Any]:
    found = document(floor, "agent", ident)
    assert found is not None
    return found

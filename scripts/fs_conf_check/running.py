"""``--esl``: the same questions put to the running switch, whatever its configuration comes from. Asks; orders nothing."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from scripts.fs_conf_check import script_rules
from scripts.fs_conf_check.agent_rules import agent_findings
from scripts.fs_conf_check.dialplan_rules import NEEDED
from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.queue_rules import queue_findings

Ask = Callable[[str], str]
"""Sends one ``api`` command and returns its reply."""
WHERE = "running"
HOLES = (
    (
        (1, 10, 7),
        "SIP messages and subscriptions without a log-in, and floods that end it (CVE-2021-37624, -41157, -41105, -41145)",
    ),
    ((1, 10, 10), "a telephone call that writes outside its memory (CVE-2023-40018, -40019)"),
    ((1, 10, 11), "one packet that ends the encryption of a call (CVE-2023-51443)"),
)
"""A version before the first number has the hole."""


def check(ask: Ask) -> Iterator[Finding]:
    """All findings about a running switch."""
    yield from _version(ask("version"))
    for name, (level, purpose) in NEEDED.items():
        if ask(f"module_exists {name}").strip() == "false":
            yield Finding(
                level,
                "module-missing",
                WHERE,
                f"{name} is not loaded.",
                f"{purpose[0].upper()}{purpose[1:]}.",
                f'fs_cli -x "load {name}", and add it to modules.conf.xml.',
            )
    yield from _floor(ask)
    yield from _prompts(ask)
    if not ask("global_getvar hold_music").strip():
        yield Finding(
            NOTE,
            "no-global-hold-music",
            WHERE,
            "There is no global variable hold_music.",
            "Hold music then depends on every extension exporting it to the agent's leg.",
            "Add hold_music to vars.xml.",
        )


def _version(told: str) -> Iterator[Finding]:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", told)
    if found is None:
        return
    version = (int(found[1]), int(found[2]), int(found[3]))
    for fixed, hole in HOLES:
        if version < fixed:
            yield Finding(
                SERIOUS,
                "version-with-hole",
                WHERE,
                f"FreeSWITCH {found[0]} has a known hole, mended in {'.'.join(map(str, fixed))}.",
                f"{hole[0].upper()}{hole[1:]}.",
                "Install the vendor's present version.",
            )
    if version < (1, 11):
        yield Finding(
            NOTE,
            "version-before-1-11",
            WHERE,
            f"FreeSWITCH {found[0]} is before 1.11.",
            "Who reaches the event socket makes it reserve memory before any log-in (CVE-2026-49840), and phones may send "
            "commands as messages unless enable-chat is off.",
            "Keep the event socket on the loopback address, and install the vendor's present version.",
        )


def _prompts(ask: Ask) -> Iterator[Finding]:
    folder = ask("global_getvar prompts").strip()
    if not folder or folder.startswith("-") or any(sign.isspace() for sign in folder):
        yield script_rules.no_prompts(WHERE)
        return

    def there(name: str) -> bool:
        return ask(f"file_exists {folder}/8000/{name}.wav").strip() == "true"

    yield from script_rules.prompts(WHERE, folder, there)


def _rows(ask: Ask, arguments: str) -> list[dict[str, Any]]:
    reply = ask('json {"command":"callcenter_config","data":{"arguments":"' + arguments + '"}}')
    try:
        rows = json.loads(reply).get("response")
    except (json.JSONDecodeError, AttributeError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _floor(ask: Ask) -> Iterator[Finding]:
    tiers = defaultdict(list)
    odd = []
    for row in _rows(ask, "tier list"):
        tiers[row.get("queue", "")].append((row.get("agent", ""), row.get("level", ""), row.get("position", "")))
        if row.get("level", "1") not in map(str, range(1, 16)):
            odd.append(f"{row.get('agent')} in {row.get('queue')} ({row.get('level')})")
    for row in _rows(ask, "queue list"):
        parameters = {name.replace("_", "-"): str(value) for name, value in row.items()}
        yield from queue_findings(WHERE, str(row.get("name", "")), parameters, tiers[row.get("name", "")])
    for row in _rows(ask, "agent list"):
        yield from agent_findings(WHERE, row.get("name", ""), row.get("contact", ""), row.get("status", ""))
        yield from _stuck(ask, row)
    if odd:
        yield Finding(
            WARNING,
            "level-out-of-range",
            WHERE,
            f"{len(odd)} tiers have a level outside 1-15: {', '.join(odd[:4])}.",
            "The panel shows them as they are, and offers 1 to 15 only.",
            "Set them in the panel, or callcenter_config tier set level QUEUE AGENT 1.",
        )


def _stuck(ask: Ask, row: dict[str, Any]) -> Iterator[Finding]:
    calls = str(row.get("external_calls_count", "0"))
    if calls.isdigit() and int(calls) > 0 and ask("show channels count").strip().startswith("0 total"):
        yield Finding(
            WARNING,
            "stuck-external-calls",
            WHERE,
            f"«{row.get('name')}» counts {calls} outside calls, and there is no call at all.",
            "Queues skip this agent for ever: callcenter_track ran twice on one channel.",
            "Reload mod_callcenter at night; in the dialplan run callcenter_track only where cc_tracked_agent is empty.",
        )

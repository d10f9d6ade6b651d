"""Single things that a switch is asked: whether it has an extension, how many calls with the outside it allows.

Changes nothing on the switch and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fs_app.switch.dial import DOMAIN, EXTENSION, FOLDER, DialPlan, UnsafeOrder, match

Ask = Callable[[str], str]
"""Runs one API line on the commands connection and gives its body; raises what the session raises."""
OUTSIDE_CALLS = "outbound_calls"
"""The global variable by which a switch's configuration limits calls out, under the key ``hash outbound all``."""


def extension_exists(ask: Ask, dial: DialPlan, extension: str) -> bool:
    """Whether the directory has the extension; True where the site dials extensions in another way than ``user/``.

    ``user_exists`` answers the bare word (seen on 1.10.12).
    """
    if "user/{extension}@{domain}" not in dial.extension_dial:
        return True
    try:
        who = f"{match(EXTENSION, extension, 'extension')} {match(DOMAIN, dial.domain, 'domain')}"
    except UnsafeOrder:
        return False
    return ask(f"user_exists id {who}").strip() == "true"


def outside_calls(ask: Ask) -> int | None:
    """How many calls out the switch allows at once; None where it sets no number or cannot count (no mod_hash)."""
    told = ask(f"global_getvar {OUTSIDE_CALLS}").strip()
    if not (told.isascii() and told.isdigit() and len(told) < 7):
        return None
    return int(told) if ask("module_exists mod_hash").strip() == "true" else None


def prompts_folder(ask: Ask) -> str:
    """Where the switch's prompts lie; empty where its configuration names no folder, or one that a dial string cannot hold."""
    told = ask("global_getvar prompts").strip()
    return told if FOLDER.fullmatch(told) else ""

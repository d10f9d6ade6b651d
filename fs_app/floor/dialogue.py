"""What is said on the telephone when somebody dials a code: who he is, what he wants, what became of it. Pure.

A dialogue is a generator. It gives out what it needs next (keys from the caller, a login checked, a wish carried out) and
gets that back; at its end it returns the last word. Texts are ids of prompts (fs_conf/voices/prompts.toml).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple

from fs_app.floor import commands
from fs_app.floor.statuses import prompt_of

TRIES = 3
"""How often one thing is asked for before the call ends."""
PAGE = 9
"""Choices read out at a time, where there are more than keys; 0 then goes on."""
MORE = ""
"""In the place of a status: the next page."""
MODES = {"0": commands.MONITOR, "2": commands.WHISPER, "3": commands.BARGE}
OUTSIDE = ("sign_in", "sign_out", "status_menu")
WRONG_WAIT = "wrong_wait"
OFF = "off"
"""Called.function of a code that is kept for another day."""


@dataclass(frozen=True, slots=True)
class Called:
    """What was dialled. ``status`` belongs to the function ``set_status``; ``inside``: from a phone that has logged in."""

    function: str
    status: str | None = None
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """The account that the caller turned out to be. ``choices``: the statuses he may choose, in their order."""

    login: str
    agent: str | None = None
    choices: tuple[str, ...] = ()


# -- what a dialogue needs; beside each, what it gets back


class Keys(NamedTuple):
    """Say this and take the keys up to # (``str``). ``most`` 0: only say it, to the end."""

    say: tuple[str, ...]
    least: int = 1
    most: int = 20


class Owner(NamedTuple):
    """Whose phone is it, where the site lets that stand for a dial password? (``Person`` or None)"""


class Vouched(NamedTuple):
    """The same, for the account with this dial ID. (``Person`` or None)"""

    dial_id: str


class Login(NamedTuple):
    """Are these somebody's? (``Person``, or ``str``: the prompt that says why not)"""

    dial_id: str
    password: str

    def __repr__(self) -> str:
        return "Login"


class Wish(NamedTuple):
    """Carry it out (``str``: empty when done, else the prompt of the refusal). ``only_ask``: would it be refused?"""

    kind: str
    args: dict[str, Any]
    only_ask: bool = False


class Shown(NamedTuple):
    """Which status does the agent's row show? (``str``, empty where there is no such agent)"""

    agent: str


class Answers(NamedTuple):
    """Which agent answers at this extension? (``str``, empty for nobody)"""

    extension: str


class End(NamedTuple):
    """The last word. ``listens``: the caller's leg now hears a call, and nothing more is said to it."""

    say: tuple[str, ...] = ()
    ok: bool = False
    listens: bool = False


Need = Keys | Owner | Vouched | Login | Wish | Shown | Answers
Talk = Generator[Need, Any, End]
GOODBYE = End(("goodbye",))


def dialogue(called: Called) -> Talk:
    """From «who are you?» to the last word."""
    if called.function == OFF:
        return End(("code_off",))
    if called.function not in _PARTS or not (called.inside or called.function in OUTSIDE):
        return End(("code_unknown" if called.inside else "number_unknown",))
    person = yield from _identify(called)
    if isinstance(person, End):
        return person
    if called.function != "listen" and person.agent is None:
        return End(("no_agent",))
    return (yield from _PARTS[called.function](called, person))


def _identify(called: Called) -> Generator[Need, Any, Person | End]:
    """The caller's account. A wrong ID and a wrong password sound the same."""
    owner = (yield Owner()) if called.inside else None
    if owner is not None:
        return owner  # type: ignore[no-any-return]
    before: tuple[str, ...] = ()
    for _ in range(TRIES):
        dial_id = yield from _digits((*before, "dial_id"))
        if not dial_id:
            return GOODBYE
        found = (yield Vouched(dial_id)) if called.inside else None
        if found is None:
            password = yield Keys(("dial_password",))
            found = yield Login(dial_id, password)
        if isinstance(found, Person):
            return found
        if found == WRONG_WAIT:
            return End((WRONG_WAIT,))
        before = (found,)
    return End(before)


def _digits(say: tuple[str, ...], most: int = 20) -> Generator[Need, Any, str]:
    """Keys, asked for again while none come; empty when none came at all."""
    for _ in range(TRIES):
        keys: str = yield Keys(say, most=most)
        if keys:
            return keys
    return ""


def _last(refusal: str, *done: str) -> End:
    return End((refusal,)) if refusal else End(done, ok=True)


def _sign_in(_: Called, person: Person) -> Talk:
    return _last((yield Wish("status.set", {"agent": person.agent, "status": "available"})), "signed_in")


def _sign_out(_: Called, person: Person) -> Talk:
    return _last((yield Wish("status.set", {"agent": person.agent, "status": "logged_out"})), "signed_out")


def _sign_in_extension(_: Called, person: Person) -> Talk:
    extension = yield from _digits(("extension",))
    if not extension:
        return GOODBYE
    return _last((yield Wish("dial.sign_in_at", {"agent": person.agent, "extension": extension})), "signed_in")


def _set_status(called: Called, person: Person) -> Talk:
    return (yield from _change(person, called.status or ""))


def _change(person: Person, status: str) -> Talk:
    refusal = yield Wish("status.set", {"agent": person.agent, "status": status})
    return _last(refusal, "status_now", prompt_of(status))


def _status_menu(_: Called, person: Person) -> Talk:
    """Every status that he may choose, each with its key; more than ten are read out in pages."""
    pages = _pages(person.choices)
    page = 0
    before: tuple[str, ...] = ("status_menu",)
    for _turn in range(TRIES + len(pages)):
        keys = pages[page]
        names = [(prompt_of(choice) if choice else "menu_more", f"key_{key}") for key, choice in keys.items()]
        key = yield Keys((*before, *(part for name in names for part in name)), most=1)
        if chosen := keys.get(key):
            return (yield from _change(person, chosen))
        on = chosen == MORE
        page = (page + 1) % len(pages) if on else page
        before = () if on else ("key_unknown",) if key else ("status_menu",)
    return GOODBYE


def _pages(choices: tuple[str, ...]) -> list[dict[str, str]]:
    """Key → the status that it chooses, or ``MORE``."""
    if len(choices) <= PAGE + 1:
        return [{str((place + 1) % 10): choice for place, choice in enumerate(choices)}]
    parts = [choices[start : start + PAGE] for start in range(0, len(choices), PAGE)]
    return [{str(place + 1): choice for place, choice in enumerate(part)} | {"0": MORE} for part in parts]


def _read_back(_: Called, person: Person) -> Talk:
    code = yield Shown(person.agent or "")
    return End(("status_is", prompt_of(code)), ok=True) if code else End(("unknown_agent",))


def _raise_hand(_: Called, person: Person) -> Talk:
    return _last((yield Wish("hand.raise", {"agent": person.agent})), "hand_raised")


def _lower_hand(_: Called, person: Person) -> Talk:
    return _last((yield Wish("hand.lower", {"agent": person.agent})), "hand_lowered")


def _listen(_: Called, person: Person) -> Talk:
    """Whom, then how; the caller's own leg joins after he was told what he will be."""
    extension = yield from _digits(("monitor_target",))
    if not extension:
        return GOODBYE
    agent = yield Answers(extension)
    if not agent:
        return End(("unknown_agent",))
    refusal = yield Wish("dial.listen", {"agent": agent, "mode": commands.MONITOR}, only_ask=True)
    mode: str | None = None
    before: tuple[str, ...] = ()
    for _turn in range(TRIES if not refusal else 0):
        key = yield Keys((*before, "monitor_mode"), most=1)
        mode, before = MODES.get(key), ("key_unknown",) if key else ()
        if mode is not None:
            break
    if mode is None:
        return End((refusal,)) if refusal else GOODBYE
    wish = Wish("dial.listen", {"agent": agent, "mode": mode})
    refusal = yield wish._replace(only_ask=True)
    if not refusal:
        yield Keys((f"{mode}_starts",), least=0, most=0)
        refusal = yield wish
    return End((refusal,)) if refusal else End(ok=True, listens=True)


_PARTS = {
    "sign_in": _sign_in,
    "sign_in_extension": _sign_in_extension,
    "sign_out": _sign_out,
    "status_menu": _status_menu,
    "set_status": _set_status,
    "status_readback": _read_back,
    "listen": _listen,
    "raise_hand": _raise_hand,
    "lower_hand": _lower_hand,
}

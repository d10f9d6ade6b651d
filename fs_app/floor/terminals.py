"""Where an agent is rung, decided on the state of now: his extension, an outside number, both, or what he had before us."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fs_app.floor import by_phone, commands, errors, orders, permissions
from fs_app.floor.actor import USER, Actor
from fs_app.floor.decide import Decision, known_agent, known_queue, require
from fs_app.floor.entities import Agent
from fs_app.floor.errors import Rejected
from fs_app.floor.phones import Terminal, extensions_of, terminal_of
from fs_app.floor.state import Floor

DELAYS_S = range(1, 31)
"""Longer would leave no time to ring and to ask for the key: mod_callcenter ends an offer after 60 s by default."""
_EXTENSION = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of an agent: whether his outside phone asks for a key, and the contact that was there before ours."""

    confirm: bool = True
    original: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the site sets for outside phones: the number they show (see ``orders.OutsidePhone``), and how the key is asked for."""

    caller_id: str = orders.CALLERS_NUMBER
    rounds: int = 3
    pause_s: int = 2


def set_terminal(floor: Floor, actor: Actor, wish: commands.SetTerminal, kept: Kept, site: Site) -> Decision:
    """The order that rings him there; none when it is so already. An outside number was read and allowed before.

    Back at the extension of the contact that was there before ours means that contact, whatever else it holds.
    """
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, permissions.CHANGE_TERMINAL, floor, agent, wish.queue)
    _check(floor, actor, agent, wish, kept)
    order = order_of(agent, wish, kept, site)
    same = isinstance(order, orders.RestoreAgentContact) and order.contact == agent.contact
    return Decision(() if same else (order,), queue=wish.queue)


def _check(floor: Floor, actor: Actor, agent: Agent, wish: commands.SetTerminal, kept: Kept) -> None:
    """Raises Rejected for what is asked for wrongly or by the wrong person."""
    if wish.kind not in commands.TERMINALS or not isinstance(wish.confirm, bool | None):
        raise Rejected(errors.INVALID_REQUEST)
    if wish.confirm not in (None, kept.confirm):
        require(actor, permissions.CHANGE_CONFIRMATION, floor, agent, wish.queue)
    if wish.kind == commands.ORIGINAL and not kept.original:
        raise Rejected(errors.NO_ORIGINAL)
    if wish.kind == commands.ORIGINAL:
        for rung in extensions_of(kept.original):
            _require_free(floor, agent, rung.partition("@")[0])
    if wish.kind == commands.BOTH and (type(wish.delay_s) is not int or wish.delay_s not in DELAYS_S):
        raise Rejected(errors.INVALID_REQUEST)
    extension = extension_of(wish)
    if extension is not None:
        _check_extension(floor, actor, agent, extension, kept)


def extension_of(wish: commands.SetTerminal) -> str | None:
    """The extension that is asked for; None where none is."""
    if wish.kind == commands.EXTENSION:
        return wish.number or ""
    return (wish.extension or "") if wish.kind == commands.BOTH else None


def _check_extension(floor: Floor, actor: Actor, agent: Agent, extension: str, kept: Kept) -> None:
    """Digits; free; and one's own for who may manage nobody, except on the phone, where the dial password names it."""
    if not _EXTENSION.fullmatch(extension):
        raise Rejected(errors.INVALID_NUMBER)
    if actor.role == USER and actor.source != "dial" and extension not in _own(actor, agent, kept):
        raise Rejected(errors.PERMISSION_DENIED)
    _require_free(floor, agent, extension)


def _require_free(floor: Floor, agent: Agent, extension: str) -> None:
    taken_by = by_phone.taken_by(floor, agent.id, extension)
    if taken_by:
        raise Rejected(errors.EXTENSION_TAKEN, taken_by)


def _own(actor: Actor, agent: Agent, kept: Kept) -> set[str]:
    rung = {terminal_of(agent.contact).extension, terminal_of(kept.original).extension}
    return {*actor.extensions, agent.id.partition("@")[0], *rung}


def order_of(agent: Agent, wish: commands.SetTerminal, kept: Kept, site: Site) -> orders.Order:
    """The order that rings an agent at a terminal that may be his."""
    extension = extension_of(wish)
    before = terminal_of(kept.original) if kept.original else Terminal("other")
    if wish.kind == commands.ORIGINAL or (
        wish.kind == commands.EXTENSION and before == Terminal("extension", extension or "")
    ):
        return orders.RestoreAgentContact(agent.id, orders.OldContact(kept.original))
    confirm = kept.confirm if wish.confirm is None else wish.confirm
    outside = None
    if wish.kind != commands.EXTENSION:
        outside = outside_phone(wish.number or "", wish.delay_s if wish.kind == commands.BOTH else 0, confirm, site)
    return orders.SetAgentContact(agent.id, extension, outside)


def outside_phone(number: str, delay_s: int | None, confirm: bool, site: Site) -> orders.OutsidePhone:
    """An outside phone as the site wants it to ring."""
    return orders.OutsidePhone(number, delay_s or 0, confirm, site.rounds, site.pause_s, site.caller_id)

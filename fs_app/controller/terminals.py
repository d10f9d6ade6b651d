"""Terminals carried out: where an agent is rung. What the switch had before the first of ours is kept and given back."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk, Result, send
from fs_app.controller.node import Node
from fs_app.floor import commands, orders, terminals
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Agent
from fs_app.floor.errors import EXTENSION_UNKNOWN, NUMBER_NOT_ALLOWED, Rejected
from fs_app.floor.phones import rings_by_us, terminal_of
from fs_app.store.site_settings import Site
from fs_app.store.terminals import KeptTerminal

CENTRES_NUMBER = "centre"


def set_terminal(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Answers once agent-contact-change has proved it."""
    wish = commands.SetTerminal(**args)
    if wish.kind in (commands.EXTERNAL, commands.BOTH):
        wish = replace(wish, number=desk.numbering.dialled(wish.number or ""))
    node = desk.node_of_agent(wish.agent)
    if wish.kind in (commands.EXTERNAL, commands.BOTH) and not node.dial.external_dial:
        raise Rejected(NUMBER_NOT_ALLOWED)  # SASAYAKI_EXTERNAL_DIAL says how, and here it says nothing
    kept = kept_of(desk.terminals.of(wish.agent), node.floor.agents.get(wish.agent))
    site = outside_site(desk.site())
    terminals.set_terminal(node.floor, actor, wish, kept, site)
    extension = terminals.extension_of(wish)
    if extension is not None and not node.extension_exists(extension):
        raise Rejected(EXTENSION_UNKNOWN)
    noted = {"kind": wish.kind, "extension": extension, "delay_s": wish.delay_s, "confirm": wish.confirm}
    told = {name: value for name, value in noted.items() if value is not None}
    row = desk.audit.asked(actor, "agent.set_terminal", wish.agent, wish.queue, told, request_id)
    with audited(desk.audit, row):
        for order in terminals.set_terminal(node.floor, desk.askers.again(actor), wish, kept, site).orders:
            ring_at(node, wish.agent, order, desk.proof_s)
    confirm = kept.confirm if wish.confirm is None else wish.confirm
    _remember(desk, node, actor, wish, terminals.Kept(confirm, kept.original))
    return _told(node.floor.agents[wish.agent], wish, confirm=confirm)


def ring_at(node: Node, agent: str, order: orders.Order, proof_s: float) -> None:
    """Order a contact and wait for its proof; nothing where the switch has it already."""
    if isinstance(order, orders.SetAgentContact) and node.contact(order) == node.floor.agents[agent].contact:
        return
    began = node.floor.serial
    send(node, (order,), node.pending.expect(lambda floor: floor.agents[agent].contact_serial > began), proof_s)


def kept_of(row: KeptTerminal | None, agent: Agent | None) -> terminals.Kept:
    """What is remembered. A contact that somebody else wrote since is the one to give back from now on."""
    confirm, original = (row.confirm, row.original_contact) if row is not None else (True, "")
    contact = agent.contact if agent is not None else ""
    ours = rings_by_us(contact) or (row is not None and row.contact == contact)
    return terminals.Kept(confirm, original if ours or not contact else contact)


def outside_site(site: Site) -> terminals.Site:
    """The site's settings as outside phones are ordered with them; where the centre's number is not given, the caller's."""
    caller_id = site.outside_caller_id
    if caller_id == CENTRES_NUMBER:
        caller_id = site.centre_number or orders.CALLERS_NUMBER
    return terminals.Site(caller_id, site.outside_rounds, site.outside_pause_s)


def _remember(desk: Desk, node: Node, actor: Actor, wish: commands.SetTerminal, kept: terminals.Kept) -> None:
    agent = node.floor.agents[wish.agent]
    number = wish.number if wish.kind in (commands.EXTERNAL, commands.BOTH) else None
    desk.terminals.put(
        KeptTerminal(
            wish.agent, wish.kind, terminals.extension_of(wish), number, wish.delay_s or 0, kept.confirm,
            agent.contact, kept.original, actor.login, time.time(),
        )
    )  # fmt: skip
    show_kept(node, agent, kept)


def show_kept(node: Node, agent: Agent, kept: terminals.Kept) -> None:
    """Let the agent's row say whether a key is asked for, and whether something is there to go back to."""
    restorable = bool(kept.original) and kept.original != agent.contact
    if (agent.confirm, agent.restorable) != (kept.confirm, restorable):
        agent.confirm, agent.restorable = kept.confirm, restorable
        node.floor.touch("agent", agent.id)
        node.touched()


def _told(agent: Agent, wish: commands.SetTerminal, *, confirm: bool) -> Result:
    now = terminal_of(agent.contact)
    number = wish.number if wish.kind != commands.ORIGINAL else now.outside or now.extension
    extension = terminals.extension_of(wish) or now.extension or None
    delay_s = wish.delay_s if wish.kind == commands.BOTH else None
    return {
        "agent": agent.id, "kind": wish.kind, "number": number, "extension": extension, "delay_s": delay_s,
        "confirm": confirm,
    }  # fmt: skip

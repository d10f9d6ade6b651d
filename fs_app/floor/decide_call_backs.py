"""Decides wishes about call-backs on the state of now, like ``decide``: orders, or ``Rejected`` with the reason."""

from __future__ import annotations

from fs_app.floor import call_backs, commands, decide, entities, errors, orders, permissions
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Agent, CallBack
from fs_app.floor.errors import Rejected
from fs_app.floor.phones import Terminal, terminal_of
from fs_app.floor.state import Floor


def own_phone(floor: Floor, actor: Actor) -> tuple[Agent, Terminal]:
    """The actor's own agent and the outside number at which he is signed in; an extension dials by itself."""
    if actor.agent is None:
        raise Rejected(errors.PERMISSION_DENIED)
    agent = decide.known_agent(floor, actor, actor.agent)
    terminal = terminal_of(agent.contact)
    if not terminal.outside:
        raise Rejected(errors.NO_OUTSIDE_PHONE)
    return agent, terminal


def start(
    floor: Floor, actor: Actor, wish: commands.StartCallBack, *, ident: str, legs: tuple[str, str], now: float
) -> tuple[orders.RingForCallBack, CallBack]:
    """Ring the actor's own phone for a customer. ``legs`` are fresh ids for his leg and the customer's.

    Both numbers of ``wish`` have been read and allowed by the settings before; his own is what his contact says now.
    """
    agent, terminal = own_phone(floor, actor)
    decide.require(actor, permissions.CALL_BACK, floor, agent, None)
    before = call_backs.of_agent(floor, agent.id)
    if decide.is_offered(floor, agent) or (before is not None and before.live):
        raise Rejected(errors.AGENT_RINGING)
    if not wish.shown:
        raise Rejected(errors.NO_CENTRE_NUMBER)
    call_back = CallBack(
        ident, actor.login, agent.id, wish.number, legs[0], legs[1], session=actor.session, asked_at=now
    )
    return orders.RingForCallBack(
        legs[0], legs[1], ident, agent.id, terminal.outside, wish.number, wish.shown
    ), call_back


def cancel(floor: Floor, actor: Actor, wish: commands.CancelCallBack) -> tuple[CallBack, tuple[orders.Order, ...]]:
    """Hang up one's own; nothing to order when it is over."""
    call_back = floor.call_backs.get(wish.call_back)
    if call_back is None:
        raise Rejected(errors.UNKNOWN_CALL_BACK)
    if call_back.login != actor.login and not actor.is_administrator:
        raise Rejected(errors.PERMISSION_DENIED)
    return call_back, (orders.HangUp(call_back.leg),) if call_back.live else ()


def may_be_cancelled(call_back: CallBack) -> bool:
    """Up to the talk; a talk is ended at the phone or in the panel all the same, and is then no cancelled call-back."""
    return call_back.state in (entities.RINGING_YOU, entities.CALLING_CUSTOMER)

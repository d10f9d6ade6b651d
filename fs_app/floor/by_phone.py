"""What is particular to wishes that come from a telephone: which extension may be used, on whose right a call is heard."""

from __future__ import annotations

from fs_app.floor import commands, decide, errors, orders, statuses
from fs_app.floor.actor import Actor
from fs_app.floor.decide import Decision
from fs_app.floor.display import show, talking_leg
from fs_app.floor.entities import Agent, Supervision
from fs_app.floor.errors import Rejected
from fs_app.floor.phones import extensions_of
from fs_app.floor.state import Floor


def taken_by(floor: Floor, agent: str, extension: str) -> str:
    """Who else is signed in and rung at this extension (digits); empty for nobody."""
    others = (a for a in floor.agents.values() if a.id != agent and a.status != statuses.LOGGED_OUT)
    for other in others:
        if any(rung.partition("@")[0] == extension for rung in extensions_of(other.contact)):
            return other.id
    return ""


def queue_for(floor: Floor, actor: Actor, agent: Agent) -> str | None:
    """The queue on whose right an actor listens who has selected none: the call's own, else one where he may."""
    call = show(floor, agent).queue
    if call or actor.is_administrator:
        return call or None
    return next((queue for queue in sorted(agent.tiers) if actor.right(queue) == "edit"), None)


def join_supervision(
    floor: Floor, actor: Actor, wish: commands.StartSupervision, *, ident: str, leg: str, now: float
) -> Decision:
    """As ``decide.start_supervision``, but for the leg that is dialling: it is up, and whoever dials has proved who he is.

    So any telephone will do, and none is rung. Raises Rejected as from the panel.
    """
    agent = decide.known_agent(floor, actor, wish.agent)
    decide.require(actor, decide.ACTION_OF[wish.mode], floor, agent, wish.queue)
    if any(s.live and s.extension == wish.extension for s in floor.supervisions.values()):
        raise Rejected(errors.ALREADY_SUPERVISING)
    own, watched = floor.legs.get(leg), talking_leg(floor, agent)
    if own is None or watched is None:
        raise Rejected(errors.NOT_MONITORABLE)
    if own.owner == agent.id:
        raise Rejected(errors.OWN_CALL)
    target, on_member = decide.watched_leg(floor, watched.uuid)
    supervision = Supervision(
        ident, actor.login, actor.name, agent.id, wish.mode, wish.extension, wish.queue, leg, target,
        follow=wish.follow, asked_at=now, on_member=on_member,
    )  # fmt: skip
    order = orders.JoinSupervisor(leg, ident, target, decide.MODE_DIGIT[wish.mode], wish.follow)
    return Decision((order,), supervision, wish.queue)

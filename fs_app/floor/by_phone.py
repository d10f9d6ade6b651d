"""What is particular to wishes that come from a telephone: which extension may be used, on whose right a call is heard."""

from __future__ import annotations

from fs_app.floor import statuses
from fs_app.floor.actor import Actor
from fs_app.floor.display import show
from fs_app.floor.entities import Agent
from fs_app.floor.phones import extensions_of
from fs_app.floor.state import Floor


def is_taken(floor: Floor, agent: str, extension: str) -> bool:
    """Whether somebody else who is signed in is rung at this extension (digits)."""
    others = (a for a in floor.agents.values() if a.id != agent and a.status != statuses.LOGGED_OUT)
    return any(rung.partition("@")[0] == extension for other in others for rung in extensions_of(other.contact))


def queue_for(floor: Floor, actor: Actor, agent: Agent) -> str | None:
    """The queue on whose right an actor listens who has selected none: the call's own, else one where he may."""
    call = show(floor, agent).queue
    if call or actor.is_administrator:
        return call or None
    return next((queue for queue in sorted(agent.tiers) if actor.right(queue) == "edit"), None)

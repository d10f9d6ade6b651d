"""The call that a supervision is about: the agent's own leg of it, and what may be done to it.

An agent may have two calls at once (a customer on hold, a colleague asked meanwhile); his row shows one of them. What is
supervised is the one that the supervisor joined, and rights are decided on that one.
"""

from __future__ import annotations

from fs_app.floor.entities import Leg, Supervision
from fs_app.floor.state import Floor


def leg_of(floor: Floor, supervision: Supervision) -> Leg | None:
    """The agent's leg of the supervised call, held or not; None when he is not in that call (any more)."""
    agent = floor.agents.get(supervision.agent)
    if agent is None or not supervision.target:
        return None
    legs = (floor.legs[u] for u in agent.legs if u in floor.legs)
    return next((leg for leg in legs if leg.peer and supervision.target in (leg.uuid, leg.peer)), None)

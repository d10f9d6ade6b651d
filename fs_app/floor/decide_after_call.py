"""Decides whether a status «after this call» can be taken back, and to what: like ``decide``, on the state of now."""

from __future__ import annotations

from fs_app.floor import commands, errors, permissions
from fs_app.floor.actor import Actor
from fs_app.floor.decide import Decision, is_offered, known_agent, known_queue, require, status_order
from fs_app.floor.display import show, wished_in_call
from fs_app.floor.errors import Rejected
from fs_app.floor.state import Floor


def cancel_after_call(floor: Floor, actor: Actor, wish: commands.CancelAfterCall) -> Decision:
    """What waits for the end of the ringing is merely forgotten; what was set in the call is set back to what was before.

    Nothing to order when nobody asked for anything (any more): a call that has ended took its wish with it.
    """
    agent = known_agent(floor, actor, wish.agent)
    known_queue(floor, actor, wish.queue)
    require(actor, permissions.CHANGE_STATUS_LATER, floor, agent, wish.queue)
    before = wished_in_call(floor, agent, show(floor, agent).state)
    if agent.id in floor.deferred or not before:
        return Decision(queue=wish.queue)
    if is_offered(floor, agent):
        raise Rejected(errors.AGENT_RINGING)
    return Decision((status_order(agent, floor.book.switch_status(before)),), queue=wish.queue, status=before)

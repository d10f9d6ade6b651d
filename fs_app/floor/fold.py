"""The fold: one fact in, the state moved on. Late and doubled facts never move it backwards.

``apply`` never fails on a fact that is out of order or about something unknown; it is pure arithmetic on ``Floor``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from fs_app.floor import agents, call_backs, channels, facts, listening, members, resync
from fs_app.floor.state import Floor


def apply(floor: Floor, fact: facts.Fact) -> None:
    """Move the floor on by one fact. What may look different afterwards is in ``floor.touched``."""
    floor.serial += 1
    floor.now = max(floor.now, fact.at)
    _HANDLERS[type(fact)](floor, fact)


def _time_passed(floor: Floor, fact: facts.TimePassed) -> None:
    for name in list(floor.wrapping):
        agent = floor.agents.get(name)
        if agent is not None and agent.wrap_up_until > fact.at:
            continue
        floor.wrapping.discard(name)
        if agent is not None and agent.wrap_up_until:
            floor.rest(name, agent.wrap_up_until)
            agent.wrap_up_until = 0.0
    listening.tidy(floor, fact.at)
    call_backs.tidy(floor, fact.at)


_HANDLERS: dict[type, Callable[[Floor, Any], None]] = cast(
    "dict[type, Callable[[Floor, Any], None]]",
    {
        facts.ChannelSeen: channels.channel_seen,
        facts.ChannelCallState: channels.call_state,
        facts.ChannelAnswered: channels.answered,
        facts.ChannelsBridged: channels.bridged,
        facts.ChannelsUnbridged: channels.unbridged,
        facts.ChannelHeld: channels.held,
        facts.ChannelResumed: channels.resumed,
        facts.ChannelRenamed: channels.renamed,
        facts.ChannelHungUp: channels.hung_up,
        facts.EavesdropExecuted: listening.eavesdrop_executed,
        facts.ListeningStarted: listening.listening_started,
        facts.KeyPressed: listening.key_pressed,
        facts.ListeningStopped: listening.listening_stopped,
        facts.AgentAdded: agents.agent_added,
        facts.AgentStatusSet: agents.status_set,
        facts.AgentStateSet: agents.state_set,
        facts.AgentContactSet: agents.contact_set,
        facts.AgentNamed: agents.named,
        facts.OfferStarted: agents.offer_started,
        facts.OfferFailed: agents.offer_failed,
        facts.OfferAnswered: agents.offer_answered,
        facts.QueueCallEnded: agents.queue_call_ended,
        facts.MemberJoined: members.member_joined,
        facts.MemberLeft: members.member_left,
        facts.TierRead: agents.tier_read,
        facts.TimePassed: _time_passed,
        facts.SwitchRead: resync.switch_read,
    },
)

"""Facts about legs: seen, answered, bridged, held, renamed, hung up."""

from __future__ import annotations

from fs_app.floor import agents, call_backs, facts, outcomes
from fs_app.floor.entities import Agent, Leg
from fs_app.floor.listening import leg_ended, supervisor_bridged
from fs_app.floor.state import Floor


def channel_seen(floor: Floor, fact: facts.ChannelSeen) -> None:
    """A leg exists, or a resync says what it is."""
    leg = floor.leg(fact.uuid)
    if leg is None:
        return
    learn(floor, leg, fact)
    call_backs.leg_seen(floor, leg.uuid)
    floor.touch_leg(leg)


def learn(floor: Floor, leg: Leg, fact: facts.ChannelSeen) -> None:
    """Fill in what a leg is; what later words said of its course stays."""
    leg.known, leg.inbound = True, fact.inbound
    leg.extension = fact.extension
    if not leg.extension and floor.phones.owner(fact.presence):
        leg.extension = fact.presence
    leg.side, leg.queue, leg.member, leg.member_channel = fact.side, fact.queue, fact.member, fact.member_channel
    leg.supervision, leg.call_back = fact.supervision, fact.call_back
    leg.caller_name, leg.caller_number, leg.destination = fact.caller_name, fact.caller_number, fact.destination
    leg.dials_code = leg.dials_code or (fact.inbound and fact.destination in floor.dial_codes)
    leg.created_at = fact.created_at or fact.at
    if leg.callstate_seq <= fact.seq:
        leg.callstate, leg.callstate_seq = fact.callstate, fact.seq
    if (fact.side == "agent" or fact.call_back) and fact.agent:
        leg.owner = fact.agent
        floor.agent(fact.agent).legs.add(leg.uuid)
    floor.own(leg)


def call_state(floor: Floor, fact: facts.ChannelCallState) -> None:
    """The newest call state of a leg."""
    leg = floor.leg(fact.uuid)
    if leg is None or fact.seq < leg.callstate_seq:
        return
    leg.callstate, leg.callstate_seq = fact.callstate, fact.seq
    floor.touch_leg(leg)


def answered(floor: Floor, fact: facts.ChannelAnswered) -> None:
    """Somebody, or something, picked up."""
    leg = floor.leg(fact.uuid)
    if leg is None:
        return
    leg.answered_at = leg.answered_at or fact.at
    outcomes.picked_up(floor, leg)
    floor.touch_leg(leg)


def bridged(floor: Floor, fact: facts.ChannelsBridged) -> None:
    """Two legs hear each other; a member among them waits no longer."""
    a, b = floor.leg(fact.a), floor.leg(fact.b)
    for channel in (fact.a, fact.b):
        member = floor.member_of_channel.get(channel)
        if member is not None:
            floor.drop_member(member, channel, fact.seq, answered=True)
    if a is None or b is None or fact.seq < max(a.peer_seq, b.peer_seq):
        return
    floor.link(a, b, fact.at, fact.seq)
    supervisor_bridged(floor, fact.at, fact.a, fact.b)
    call_backs.legs_bridged(floor, fact.a, fact.b, fact.at)


def unbridged(floor: Floor, fact: facts.ChannelsUnbridged) -> None:
    """Two legs no longer hear each other."""
    for uuid in (fact.a, fact.b):
        leg = floor.leg(uuid) if uuid else None
        if leg is None or fact.seq < leg.peer_seq:
            continue
        if not leg.peer or not fact.b or leg.peer in (fact.a, fact.b):
            if leg.peer:
                floor.unlink(leg, fact.at, fact.seq)
            leg.peer_seq = fact.seq


def held(floor: Floor, fact: facts.ChannelHeld) -> None:
    """The phone of this leg holds its peer."""
    _hold(floor, fact.uuid, fact.seq, fact.at)


def resumed(floor: Floor, fact: facts.ChannelResumed) -> None:
    """The held peer is taken back."""
    _hold(floor, fact.uuid, fact.seq, 0.0)


def _hold(floor: Floor, uuid: str, seq: int, held_at: float) -> None:
    leg = floor.leg(uuid)
    if leg is None or seq < leg.held_seq:
        return
    leg.held_at, leg.held_seq = held_at, seq
    floor.touch_leg(leg)


def renamed(floor: Floor, fact: facts.ChannelRenamed) -> None:
    """The leg goes on under another id."""
    leg = floor.legs.pop(fact.old, None)
    if leg is None:
        return
    floor.gone_legs.add(fact.old)
    leg.uuid = fact.new
    floor.legs[fact.new] = leg
    if leg.owner:
        floor.agents[leg.owner].legs.discard(fact.old)
        floor.agents[leg.owner].legs.add(fact.new)
    peer = floor.legs.get(leg.peer)
    if peer is not None and peer.peer == fact.old:
        peer.peer = fact.new
    member = floor.member_of_channel.pop(fact.old, None)
    if member is not None:
        floor.member_of_channel[fact.new] = member
        floor.members[member].channel = fact.new
    floor.touch_leg(leg)


def hung_up(floor: Floor, fact: facts.ChannelHungUp) -> None:
    """The leg has ended, and with it whatever needed it."""
    member = floor.member_of_channel.get(fact.uuid)
    if member is not None:
        floor.drop_member(member, fact.uuid, fact.seq, answered=False)
    leg_ended(floor, fact.uuid, fact.at, fact.cause, by_phone=fact.by_phone)
    call_backs.leg_ended(floor, fact.uuid, fact.at, fact.cause)
    leg = floor.legs.get(fact.uuid)
    owner = floor.agents.get(leg.owner) if leg is not None else None
    floor.drop_leg(fact.uuid, fact.at, fact.seq)
    if leg is not None and owner is not None and leg.side == "agent":
        outcomes.hung_up(owner, leg, fact.cause)
        agents.leg_of_call_ended(floor, owner, leg, fact.at)
        _close_silent_offer(floor, owner, leg, fact)


def _close_silent_offer(floor: Floor, agent: Agent, leg: Leg, fact: facts.ChannelHungUp) -> None:
    """A loser of ring-all may end without bridge-agent-fail (seen on 1.10.12): his last ringing leg ends the offer."""
    still = any(floor.legs[u].member == leg.member for u in agent.legs if u in floor.legs)
    if not still and fact.cause == "LOSE_RACE":
        agent.ring_outcome = agent.ring_outcome or outcomes.TAKEN
        floor.close_offer(agent, leg.member, fact.at, fact.seq)

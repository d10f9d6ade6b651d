"""A whole resync applied to the floor: what the switch itself says wins, except where events have said more since.

One path for start, reconnect, a restarted FreeSWITCH and the regular reading every 30 s.
"""

from __future__ import annotations

from fs_app.floor import agents, call_backs, channels, entities, facts, rows, statuses
from fs_app.floor.entities import Agent, Member, Tier
from fs_app.floor.listening import leg_ended, recount, supervisor_bridged
from fs_app.floor.state import Floor


def switch_read(floor: Floor, fact: facts.SwitchRead) -> None:
    """Apply one reading. A new core has none of the old one's legs, members, offers or sequence numbers."""
    if floor.core and fact.core != floor.core:
        forget_calls(floor, fact.at)
    floor.core = fact.core
    _queues(floor, fact)
    _agents(floor, fact)
    _tiers(floor, fact)
    newer = frozenset(uuid for uuid, leg in floor.legs.items() if leg.serial > fact.begun)
    _legs(floor, fact)
    recount(floor, fact, newer)
    call_backs.settle(floor, fact.at)
    _members(floor, fact)
    _settle_offers(floor, fact)
    _external_counts(floor)


def _external_counts(floor: Floor) -> None:
    for agent in floor.agents.values():
        agent.external_stuck = agent.external_stuck + 1 if agent.external_calls and not agent.legs else 0


def is_unsettled(floor: Floor) -> bool:
    """Whether a leg of ours was ordered and nobody knows whether it came: to be read again soon."""
    ringing = (s for s in floor.supervisions.values() if s.state == entities.RINGING and not s.ordered)
    return any(s.leg not in floor.legs for s in ringing) or call_backs.is_unsettled(floor)


def forget_calls(floor: Floor, at: float) -> None:
    """FreeSWITCH was restarted: all calls are gone, and its event numbers begin anew."""
    for supervision in list(floor.supervisions.values()):
        leg_ended(floor, supervision.leg, at, "SWITCH_RESTARTED")
    for uuid in list(floor.legs):
        call_backs.leg_ended(floor, uuid, at, "SWITCH_RESTARTED")
        floor.drop_leg(uuid, at, 0)
    for call_back in list(floor.call_backs.values()):
        call_backs.leg_ended(floor, call_back.leg, at, "SWITCH_RESTARTED")
    for member in list(floor.members):
        floor.drop_member(member, "", 0, answered=None)
    for agent in floor.agents.values():
        agent.offers.clear()
        agent.closed_offers.clear()
        agent.status_seq = agent.state_seq = 0
    floor.offering.clear()
    floor.bugs.clear()
    floor.bug_seqs.clear()
    floor.bug_serials.clear()
    floor.gone_legs.clear()
    floor.gone_members.clear()


def _queues(floor: Floor, fact: facts.SwitchRead) -> None:
    for row in fact.queues:
        queue = floor.queue(row.queue)
        queue.strategy, queue.tier_rules, queue.skip_external = row.strategy, row.tier_rules, row.skip_external
        floor.touch("queue", row.queue)
    for gone in floor.queues.keys() - {row.queue for row in fact.queues}:
        del floor.queues[gone]
        floor.touch("queue", gone)


def _agents(floor: Floor, fact: facts.SwitchRead) -> None:
    contacts = {a.id: a.contact for a in floor.agents.values()}
    for row in fact.agents:
        agent = floor.agents.get(row.agent)
        first = agent is None or not agent.state_at
        if agent is None:
            agent = floor.agents[row.agent] = Agent(row.agent)
        _agent_row(floor, agent, row, fact)
        if first:
            agent.state_at = fact.at
            began = max(row.last_status_change, row.last_bridge_end)
            agent.idle_since = max(agent.idle_since, began)
            agent.chosen_since = agent.chosen_since or row.last_status_change
    for gone in floor.agents.keys() - {row.agent for row in fact.agents}:
        if floor.agents[gone].status_serial <= fact.begun and not floor.agents[gone].legs:
            del floor.agents[gone]
            floor.touch("agent", gone)
    if contacts != {a.id: a.contact for a in floor.agents.values()}:
        floor.reread_phones()


def _agent_row(floor: Floor, agent: Agent, row: rows.AgentRow, fact: facts.SwitchRead) -> None:
    if agent.status_serial <= fact.begun and row.status != agent.status:
        agents.set_status(floor, agent, row.status, row.last_status_change or fact.at)
    if agent.status == statuses.LOGGED_OUT:  # he left while nobody of ours looked
        agents.lower_hand(floor, agent.id)
    if agent.state_serial <= fact.begun:
        agent.state = row.state
    if agent.contact_serial <= fact.begun:
        agent.contact = row.contact
    wrap_up_s = row.wrap_up_s if agent.wrap_up_serial <= fact.begun else agent.wrap_up_s
    before = agent.wrap_up_s, agent.ready_at, agent.external_calls
    agent.wrap_up_s, agent.ready_at, agent.external_calls = wrap_up_s, row.ready_at, row.external_calls
    changed = before != (agent.wrap_up_s, agent.ready_at, agent.external_calls)
    if row.last_bridge_end > agent.last_bridge_end:
        agent.last_bridge_end = row.last_bridge_end
        changed = True
    if changed:
        agents.start_wrap_up(floor, agent)
    floor.touch("agent", agent.id)


def _tiers(floor: Floor, fact: facts.SwitchRead) -> None:
    listed: dict[str, dict[str, Tier]] = {}
    for row in fact.tiers:
        listed.setdefault(row.agent, {})[row.queue] = Tier(row.level, row.position, row.state)
    for agent in floor.agents.values():
        tiers = _with_newer(agent, listed.get(agent.id, {}), fact.begun)
        if tiers == agent.tiers:
            continue
        for queue in tiers.keys() | agent.tiers.keys():
            if queue in tiers:
                floor.queue(queue).agents.add(agent.id)
            elif queue in floor.queues:
                floor.queues[queue].agents.discard(agent.id)
            floor.touch("queue", queue)
        agent.tiers = tiers
        floor.touch("agent", agent.id)
        for supervision in floor.supervisions.values():
            if supervision.agent == agent.id:
                floor.touch("supervision", supervision.id)  # who may see it depends on the agent's queues


def _with_newer(agent: Agent, listed: dict[str, Tier], begun: int) -> dict[str, Tier]:
    """The tiers of a reading, with those of this agent that were read by themselves since it began."""
    agent.tier_serials = {queue: serial for queue, serial in agent.tier_serials.items() if serial > begun}
    kept = {queue: tier for queue, tier in agent.tiers.items() if queue in agent.tier_serials}
    return {queue: tier for queue, tier in listed.items() if queue not in agent.tier_serials} | kept


def _legs(floor: Floor, fact: facts.SwitchRead) -> None:
    listed = {row.uuid for row in fact.channels}
    for uuid in [u for u, leg in floor.legs.items() if u not in listed and leg.serial <= fact.begun]:
        leg_ended(floor, uuid, fact.at, "")
        call_backs.leg_ended(floor, uuid, fact.at, "")
        floor.drop_leg(uuid, fact.at, 0)
    for supervision in list(floor.supervisions.values()):
        missing = supervision.leg not in listed and supervision.leg not in floor.legs
        just_asked = supervision.state == entities.RINGING and supervision.asked_at > fact.at - entities.CREATED_S
        if supervision.live and missing and not supervision.ordered and not just_asked:
            leg_ended(floor, supervision.leg, fact.at, "")
    for row in fact.channels:
        known = floor.legs.get(row.uuid)
        fresh = known is None or known.serial <= fact.begun
        leg = known if known is not None else floor.leg(row.uuid)
        if leg is None or not fresh:
            continue
        channels.learn(floor, leg, row)
        leg.callstate = row.callstate
        leg.answered_at = leg.answered_at or row.answered_at
        leg.held_at = (leg.held_at or row.held_at) if row.callstate == "HELD" else 0.0
    for row in fact.channels:
        _relink(floor, row, fact)
    for supervision in list(floor.supervisions.values()):
        # Taken over while nobody listened to the events: what is remembered as listening is a call with a customer.
        leg = floor.legs.get(supervision.leg)
        if leg is not None and leg.peer:
            supervisor_bridged(floor, fact.at, leg.uuid, leg.peer)


def _relink(floor: Floor, row: facts.ChannelSeen, fact: facts.SwitchRead) -> None:
    leg = floor.legs.get(row.uuid)
    if leg is None or leg.peer == row.peer or (leg.peer_seq and leg.serial > fact.begun):
        return
    peer = floor.legs.get(row.peer)
    if peer is not None:
        floor.link(leg, peer, row.bridged_at or fact.at, max(leg.peer_seq, peer.peer_seq))
    elif leg.peer and not row.peer:
        floor.unlink(leg, fact.at, leg.peer_seq)


def _members(floor: Floor, fact: facts.SwitchRead) -> None:
    waiting = {r.member: r for r in fact.members if r.state in ("Waiting", "Trying") and r.channel in floor.legs}
    for uuid in [u for u, m in floor.members.items() if u not in waiting and m.serial <= fact.begun]:
        floor.drop_member(uuid, "", 0, answered=None)
    for row in waiting.values():
        leg = floor.legs[row.channel]
        ended = floor.gone_members.end(row.member)
        is_gone = row.member in floor.gone_members and ended.channel == row.channel
        if row.member in floor.members or is_gone or leg.peer:
            continue
        who = row.member, row.channel, row.queue, row.name, row.number
        floor.add_member(Member(*who, row.joined_at, floor.serial, ended.seq))


def _settle_offers(floor: Floor, fact: facts.SwitchRead) -> None:
    """An agent whose state is not Receiving and whose phones are still has no offer, whatever event was missed."""
    for member, names in list(floor.offering.items()):
        for name in list(names):
            agent = floor.agents.get(name)
            if agent is None:
                names.discard(name)
                continue
            ringing = any(floor.legs[u].member == member for u in agent.legs)
            if agent.state != statuses.RECEIVING and not ringing and agent.state_serial <= fact.begun:
                floor.close_offer(agent, member, fact.at, agent.offers[member].seq)

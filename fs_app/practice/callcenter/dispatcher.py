"""The agent dispatcher: every 100 ms, who gets which caller.

Owns the pass over the members (mod_callcenter.c:2775); what happens to one offer is in ``offer``.
"""

from __future__ import annotations

from fs_app.practice.callcenter import strategies
from fs_app.practice.callcenter.member import RING_STRATEGIES
from fs_app.practice.callcenter.offer import Offer
from fs_app.practice.callcenter.rows import (
    ABANDONED,
    OFFERING,
    READY,
    RECEIVING,
    SINGLE_BOX,
    STANDBY,
    TRYING,
    WAITING,
    Agent,
    Member,
    Queue,
    Tier,
)
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.tokens import c_int

PASS_S = 0.1


class Dispatcher:
    """Runs passes until stopped."""

    def __init__(self, callcenter: CallCenter) -> None:
        self._callcenter = callcenter
        self._core = callcenter.core
        self._running = False
        self._orders: dict[str, list[strategies.Candidate]] = {}

    def start(self) -> None:
        """Begin with a pass in 100 ms."""
        self._running = True
        self._core.clock.later(PASS_S, self._again)

    def stop(self) -> None:
        """No further pass."""
        self._running = False

    def _again(self) -> None:
        if self._running:
            self._core.clock.later(PASS_S, self._again)
            self.run_pass()

    def run_pass(self) -> None:
        """One pass: members by score, each against the agents of its queue."""
        members = self._callcenter.members
        if not members:
            return
        now = self._core.clock.epoch()
        self._orders = {}
        for member in sorted(members.values(), key=lambda member: -member.score(now)):
            if member.state == ABANDONED:
                self._discard(member, now)
            elif member.state == WAITING or (member.state == TRYING and member.serving_agent in RING_STRATEGIES):
                queue = self._callcenter.queue(member.queue)
                if queue is None:
                    members.pop(member.uuid, None)
                else:
                    self._serve(member, queue, now)

    def _discard(self, member: Member, now: int) -> None:
        queue = self._callcenter.queue(member.queue)
        keep = queue.config.discard_abandoned_after if queue is not None else 0
        if (member.abandoned_epoch or member.joined_epoch) + keep < now:
            self._callcenter.members.pop(member.uuid, None)

    def _serve(self, member: Member, queue: Queue, now: int) -> None:
        config = queue.config
        ringing = config.strategy.lower() in RING_STRATEGIES
        if ringing and member.state == WAITING and not member.serving_agent:
            member.serving_agent = config.strategy
        if ringing and member.state == WAITING:
            member.state = TRYING
        if config.strategy.lower() == "ring-progressively" and self._too_early(member, queue, now):
            return
        gate = strategies.TierGate(
            apply=config.tier_rules_apply,
            wait_s=config.tier_rule_wait_second,
            multiply=config.tier_rule_wait_multiply_level,
            no_agent_no_wait=config.tier_rule_no_agent_no_wait,
            waited_s=now - member.joined_epoch,
        )
        queue.last_agent_exist_check = now
        found = False
        for agent, tier in self._order(member, queue):
            found = True
            if not gate.admits(tier.level):
                break
            if not strategies.contactable(agent, tier, now, skip_external=config.skip_agents_with_external_calls):
                continue
            if not self._offer(member, queue, agent, tier) or config.strategy.lower() != "ring-all":
                break
        if found:
            queue.last_agent_exist = now
        elif config.strategy.lower() == "top-down":
            self._note_tier(member, None)

    def _order(self, member: Member, queue: Queue) -> list[strategies.Candidate]:
        name, strategy = queue.config.name, queue.config.strategy
        if name in self._orders:
            return self._orders[name]
        agents = self._callcenter.agents
        rows = [(agents[tier.agent], tier) for tier in self._callcenter.tiers_of_queue(name) if tier.agent in agents]
        # In the order of the agents' table, as the join reads them: it decides between equals.
        place = {agent: index for index, agent in enumerate(agents)}
        rows.sort(key=lambda row: place[row[0].name])
        channel = self._core.channels.find(member.session_uuid) if strategy == "top-down" else None
        level = c_int(channel.variable("cc_last_agent_tier_level")) if channel is not None else 0
        position = c_int(channel.variable("cc_last_agent_tier_position")) if channel is not None else 0
        ordered = strategies.ordered(strategy, rows, level, position)
        if strategy.lower() not in ("top-down", "round-robin"):
            self._orders[name] = ordered
        return ordered

    def _too_early(self, member: Member, queue: Queue, now: int) -> bool:
        channel = self._core.channels.find(member.session_uuid)
        last = c_int(channel.variable("cc_last_originated_call")) if channel is not None else 0
        return bool(last) and now < last + queue.config.ring_progressively_delay

    def _note_tier(self, member: Member, tier: Tier | None) -> None:
        channel = self._core.channels.find(member.session_uuid)
        if channel is not None:
            channel.set("cc_last_agent_tier_level", None if tier is None else str(tier.level))
            channel.set("cc_last_agent_tier_position", None if tier is None else str(tier.position))

    def _offer(self, member: Member, queue: Queue, agent: Agent, tier: Tier) -> bool:
        strategy = queue.config.strategy.lower()
        if strategy in RING_STRATEGIES:
            if member.serving_agent.lower() != strategy:
                return False
        else:
            if member.state != WAITING:
                return False
            member.serving_agent, member.serving_system, member.state = agent.name, SINGLE_BOX, TRYING
        channel = self._core.channels.find(member.session_uuid)
        if strategy == "ring-progressively" and channel is not None:
            channel.set("cc_last_originated_call", str(self._core.clock.epoch()))
        if strategy == "top-down":
            self._note_tier(member, tier)
        offer = Offer(self._callcenter, queue, member, agent)
        self._callcenter.set_state(agent, RECEIVING)
        for other in self._callcenter.tiers_of_agent(agent.name):
            if other is tier:
                other.state = OFFERING
            elif other.state == READY:
                other.state = STANDBY
        self._core.clock.soon(offer.start)
        return True

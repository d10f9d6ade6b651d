"""What mod_callcenter knows, and the writes that fire events.

Owns the tables. Commands (``command``, ``json_api``), the dispatcher and the offers change them only through here where
an event belongs to the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_app.practice.callcenter import report
from fs_app.practice.callcenter.rows import (
    ABANDONED,
    AVAILABLE,
    LOGGED_OUT,
    RECEIVING,
    SINGLE_BOX,
    WAITING,
    Agent,
    Member,
    Queue,
    Tier,
)
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core

if TYPE_CHECKING:
    from fs_app.practice.callcenter.offer import Offer


class CallCenter:
    """Agents, tiers, members and queues of one switch."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.agents: dict[str, Agent] = {}
        self.tiers: dict[tuple[str, str], Tier] = {}
        self.members: dict[str, Member] = {}
        self.queues: dict[str, Queue] = {}
        self.offers: set[Offer] = set()
        """Offers under way, from ringing to the end of the call."""
        self.talking: dict[str, Offer] = {}
        """Bridged offers by the agent leg's uuid."""
        self.load_all()

    def connecting(self, channel: Channel) -> bool:
        """Whether an agent is being rung for this caller."""
        return any(offer.is_for(channel) for offer in self.offers)

    def load_all(self) -> None:
        """Load every configured queue, as the module does at start."""
        self.queues = {config.name: Queue(config) for config in self.core.config.queues}

    def queue(self, name: str) -> Queue | None:
        """The queue of that name; one that was unloaded is loaded again by being asked for (mod_callcenter.c:814)."""
        queue = self.queues.get(name)
        if queue is None:
            config = next((config for config in self.core.config.queues if config.name == name), None)
            if config is not None:
                queue = self.queues[name] = Queue(config)
        return queue

    def tiers_of_agent(self, agent: str) -> list[Tier]:
        """The agent's tiers, in the order they were added."""
        return [tier for tier in self.tiers.values() if tier.agent == agent]

    def tiers_of_queue(self, queue: str) -> list[Tier]:
        """The queue's tiers, in the order they were added."""
        return [tier for tier in self.tiers.values() if tier.queue == queue]

    def restart(self) -> None:
        """What remains after a crash of FreeSWITCH: rows are kept, work in progress is not (mod_callcenter.c:1596)."""
        for agent in self.agents.values():
            agent.state, agent.uuid, agent.external_calls_count = WAITING, "", 0
        for tier in self.tiers.values():
            tier.state = "Ready"
        for member in self.members.values():
            member.state, member.session_uuid = ABANDONED, ""
        self.offers.clear()
        self.talking.clear()
        self.load_all()

    def delete_agent(self, name: str) -> None:
        """The agent and his tiers; no event, and a running call goes on (mod_callcenter.c:930)."""
        self.agents.pop(name, None)
        for key in [key for key in self.tiers if key[1] == name]:
            del self.tiers[key]

    def set_status(self, agent: Agent, status: str) -> None:
        """Write a status as it was sent, with all that follows (mod_callcenter.c:1012)."""
        now = self.core.clock.epoch()
        if status.lower() == AVAILABLE.lower():
            if agent.status != status:
                agent.status, agent.last_status_change = status, now
                agent.talk_time = agent.calls_answered = agent.no_answer_count = 0
        else:
            agent.status, agent.last_status_change = status, now
            self._cancel_offer(agent)
        report.agent_status(self.core, agent.name, status)

    def _cancel_offer(self, agent: Agent) -> None:
        # Only the first row with the agent's name counts: a stale one hides a ringing offer, and in the ring strategies
        # the row has the strategy's name, so nothing is found (both seen on 1.10.12).
        for member in self.members.values():
            if (
                member.serving_agent == agent.name
                and member.serving_system == SINGLE_BOX
                and member.state != "Answered"
            ):
                self.core.channels.hangup_matching("cc_member_pre_answer_uuid", member.uuid, "ORIGINATOR_CANCEL")
                return

    def set_state(self, agent: Agent, state: str) -> None:
        """Write a state with its event; ``Receiving`` also notes the time of the offer (mod_callcenter.c:1051)."""
        agent.state = state
        if state.lower() == RECEIVING.lower():
            agent.last_offered_call = self.core.clock.epoch()
        report.agent_state(self.core, agent.name, state)

    def standby_lost(self, agent: Agent) -> None:
        """A uuid-standby agent's channel is gone (mod_callcenter.c:1887)."""
        self.set_status(agent, LOGGED_OUT)
        agent.uuid = ""

    def waiting_in(self, queue: str) -> int:
        """Members of the queue that are Waiting or Trying, as members-count counts them (mod_callcenter.c:878)."""
        return sum(
            1 for member in self.members.values() if member.queue == queue and member.state in (WAITING, "Trying")
        )

    def track(self, channel: Channel, name: str) -> None:
        """``callcenter_track``: an external call of the agent, until the channel hangs up (mod_callcenter.c:3348)."""
        agent = self.agents.get(name)
        if agent is None:
            return
        report.agent_get(self.core, name, "status", agent.status)
        agent.external_calls_count += 1
        if channel.variable("cc_tracked_agent"):
            return  # the hook is there once: a second count is never given back (seen as issue 614 upstream)
        channel.variables["cc_tracked_agent"] = name
        channel.on_hangup.append(lambda _channel: self._untrack(name))

    def _untrack(self, name: str) -> None:
        agent = self.agents.get(name)
        if agent is not None and agent.external_calls_count > 0:
            agent.external_calls_count -= 1

"""The live state of one switch's floor: entities, their indexes, and which of them the last facts touched.

It owns linking and unlinking (legs to agents, legs to legs, members to queues) so that ``fold`` can only do it one way.
"""

from __future__ import annotations

from typing import NamedTuple

from fs_app.floor.entities import Agent, CallBack, Deferred, Leg, Member, Offer, Queue, Supervision
from fs_app.floor.phones import PhoneBook
from fs_app.floor.statuses import StatusBook

GONE_KEPT = 20_000
"""How many ended legs and members are remembered, so that a late word about them raises nobody from the dead."""


class End(NamedTuple):
    """How something ended: on which channel, and the number of the last event that told of it (0: none did).

    Numbers and not times tell what came first: FreeSWITCH stamps all events of 20 ms alike (switch_time.c:311).
    """

    channel: str = ""
    seq: int = 0


class Gone:
    """Ids that have ended, the newest ``GONE_KEPT`` of them."""

    def __init__(self) -> None:
        self._ids: dict[str, End] = {}

    def add(self, ident: str, channel: str = "", seq: int = 0) -> None:
        """Remember an end; the oldest fifth is forgotten when full."""
        self._ids[ident] = End(channel, seq)
        if len(self._ids) > GONE_KEPT:
            for old in list(self._ids)[: GONE_KEPT // 5]:
                del self._ids[old]

    def __contains__(self, ident: str) -> bool:
        return ident in self._ids

    def end(self, ident: str) -> End:
        """How it ended; of no channel and number 0 where nothing is known of an end."""
        return self._ids.get(ident, End())

    def back(self, ident: str) -> None:
        """It goes on after all."""
        self._ids.pop(ident, None)

    def clear(self) -> None:
        """Forget all: after a restart of the switch no old word can arrive."""
        self._ids.clear()


class Floor:
    """Everything known of one switch. ``fold.apply`` changes it; everybody else reads."""

    def __init__(self, node: str = "fs", book: StatusBook | None = None) -> None:
        self.node = node
        self.book = book or StatusBook()
        self.core = ""
        self.day = ""
        self.now = 0.0
        self.serial = 0
        self.agents: dict[str, Agent] = {}
        self.queues: dict[str, Queue] = {}
        self.legs: dict[str, Leg] = {}
        self.members: dict[str, Member] = {}
        self.supervisions: dict[str, Supervision] = {}
        self.call_backs: dict[str, CallBack] = {}
        self.member_of_channel: dict[str, str] = {}
        self.supervision_of_leg: dict[str, str] = {}
        self.call_back_of_leg: dict[str, str] = {}
        self.supervisions_of_target: dict[str, set[str]] = {}
        self.gone_legs = Gone()
        self.gone_members = Gone()
        self.phones = PhoneBook()
        self.bugs: dict[str, int] = {}
        self.bug_seqs: dict[int, None] = {}
        self.bug_serials: dict[str, int] = {}
        """Leg -> when the last word on its bugs came: a reading that began earlier knows less."""
        self.offering: dict[str, set[str]] = {}
        self.wrapping: set[str] = set()
        self.touched: dict[tuple[str, str], None] = {}
        self.deferred: dict[str, Deferred] = {}
        self.answered: set[str] = set()
        """Agents who took a queue call since the controller last looked (to set the queue's wrap-up time in time)."""
        self.keys: list[tuple[str, str]] = []
        self.no_line: set[str] = set()
        """Agents for whose outside phone no line was free, since the controller last looked."""
        self.missed: dict[str, tuple[str, str]] = {}
        """Agent -> the status that he gets for offers that his outside phone missed, and the queue that says so."""
        self.intended: dict[str, tuple[str, float]] = {}
        self.dial_codes: frozenset[str] = frozenset()
        """Every number that reaches a dial code, as it is dialled."""

    def begin_day(self, day: str) -> None:
        """A new day (any text that differs from the day before's): queues count from nothing again."""
        for queue in self.queues.values() if self.day not in ("", day) else ():
            queue.answered = queue.abandoned = 0
            self.touch("queue", queue.id)
        self.day = day

    # -- touching ----------------------------------------------------------------------------------------------------

    def touch(self, kind: str, ident: str) -> None:
        """Note that an entity's picture may have changed (``agent``, ``queue``, ``member`` or ``supervision``)."""
        self.touched[kind, ident] = None

    def touch_leg(self, leg: Leg) -> None:
        """What is shown of a leg is shown on its agent's row, and on that of the agent at the other end."""
        if leg.owner:
            self.touched["agent", leg.owner] = None
        peer = self.legs.get(leg.peer) if leg.peer else None
        if peer is not None and peer.owner:
            self.touched["agent", peer.owner] = None

    def take_touched(self) -> list[tuple[str, str]]:
        """All entities touched since the last call, in order of first touch; with an agent also who listens to him."""
        heard = [("supervision", s.id) for s in self.supervisions.values() if ("agent", s.agent) in self.touched]
        taken, self.touched = list(self.touched | dict.fromkeys(heard)), {}
        return taken

    # -- agents and queues -------------------------------------------------------------------------------------------

    def agent(self, ident: str) -> Agent:
        """The agent of that name, made when a word about him comes before his row."""
        found = self.agents.get(ident)
        if found is None:
            found = self.agents[ident] = Agent(ident)
            self.reread_phone(found)
        return found

    def queue(self, ident: str) -> Queue:
        """The queue of that name, made when a word about it comes before its row."""
        found = self.queues.get(ident)
        if found is None:
            found = self.queues[ident] = Queue(ident)
        return found

    def reread_phones(self) -> None:
        """Any contacts may have changed: whose phone is whose, for the legs that are up as well."""
        self.phones.rebuild((a.id, a.contact) for a in self.agents.values())
        for leg in self.legs.values():
            self.own(leg)

    def reread_phone(self, agent: Agent) -> None:
        """One agent is new or has another contact."""
        before = set(self.phones.beside(agent.id))
        self.phones.read(agent.id, agent.contact)
        for other in before.union(self.phones.beside(agent.id)):
            self.touch("agent", other)
        for leg in self.legs.values():
            self.own(leg)

    def own(self, leg: Leg) -> None:
        """Give a leg to the agent whose phone it is."""
        told = leg.side == "agent" or leg.call_back
        owner = leg.owner if told and leg.owner else self.phones.owner(leg.extension)
        if owner == leg.owner and (not owner or leg.uuid in self.agents[owner].legs):
            return
        before = self.agents.get(leg.owner)
        if before is not None:
            before.legs.discard(leg.uuid)
            self.touch("agent", before.id)
        leg.owner = owner
        if owner:
            self.agent(owner).legs.add(leg.uuid)
            self.touch("agent", owner)

    # -- legs --------------------------------------------------------------------------------------------------------

    def leg(self, uuid: str) -> Leg | None:
        """The leg, made when a word about it comes before its CHANNEL_CREATE; None when it has already ended."""
        found = self.legs.get(uuid)
        if found is None:
            if uuid in self.gone_legs:
                return None
            found = self.legs[uuid] = Leg(uuid)
        found.serial = self.serial
        return found

    def link(self, a: Leg, b: Leg, at: float, seq: int) -> None:
        """Two legs hear each other; whoever they were bridged to before, they are no longer."""
        for leg, other in ((a, b), (b, a)):
            if leg.peer and leg.peer != other.uuid:
                self.unlink(leg, at, seq)
        for leg, other in ((a, b), (b, a)):
            if leg.peer != other.uuid:
                leg.bridged_at = at
            leg.peer, leg.peer_seq = other.uuid, seq
            self.touch_leg(leg)

    def unlink(self, leg: Leg, at: float, seq: int) -> None:
        """A leg no longer hears its peer. The end of a talk restarts both agents' time in their status."""
        peer = self.legs.get(leg.peer)
        self.touch_leg(leg)
        for one in (leg, peer):
            if one is None or (one is peer and one.peer != leg.uuid):
                continue
            one.peer, one.peer_seq, one.bridged_at = "", seq, 0.0
            self.rest(one.owner, at)

    def drop_leg(self, uuid: str, at: float, seq: int) -> None:
        """A leg has ended: no index may name it any more."""
        self.gone_legs.add(uuid)
        leg = self.legs.pop(uuid, None)
        self.bugs.pop(uuid, None)
        self.bug_serials.pop(uuid, None)
        if leg is None:
            return
        if leg.peer:
            self.unlink(leg, at, seq)
        agent = self.agents.get(leg.owner)
        if agent is not None:
            agent.legs.discard(uuid)
            if leg.dials_code and not leg.supervision:
                self.touch("agent", leg.owner)
            else:
                self.rest(leg.owner, at)

    def rest(self, agent: str, at: float) -> None:
        """Something of an agent's ended at ``at``: his time in the status shown next counts from there."""
        found = self.agents.get(agent)
        if found is not None:
            found.idle_since = max(found.idle_since, at)
            self.touch("agent", agent)

    # -- members -----------------------------------------------------------------------------------------------------

    def add_member(self, member: Member) -> None:
        """A caller waits, perhaps again."""
        self.gone_members.back(member.uuid)
        self.members[member.uuid] = member
        self.member_of_channel[member.channel] = member.uuid
        self.queue(member.queue).members.add(member.uuid)
        self.touch("member", member.uuid)
        self.touch("queue", member.queue)

    def drop_member(self, uuid: str, channel: str, seq: int, *, answered: bool | None) -> None:
        """A caller waits no longer; counted once, as answered or lost (None: not counted, the switch forgot him).

        ``seq`` is the number of the event that says so, 0 for a reading. A word about an earlier stay ends no later one.
        """
        member = self.members.get(uuid)
        if member is None:
            if seq >= self.gone_members.end(uuid).seq:
                self.gone_members.add(uuid, channel, seq)
            return
        if 0 < seq < member.seq:
            return
        self.gone_members.add(uuid, member.channel, max(seq, member.seq))
        del self.members[uuid]
        self.member_of_channel.pop(member.channel, None)
        queue = self.queue(member.queue)
        queue.members.discard(uuid)
        if answered is not None:
            queue.answered += answered
            queue.abandoned += not answered
        self.touch("member", uuid)
        self.touch("queue", member.queue)

    # -- offers ------------------------------------------------------------------------------------------------------

    def open_offer(self, agent: Agent, offer: Offer) -> None:
        """The agent's phones are about to ring, unless a newer word has already ended this offer."""
        if agent.closed_offers.get(offer.member, -1) > offer.seq:
            return
        known = agent.offers.get(offer.member)
        if known is None or known.seq < offer.seq:
            agent.offers[offer.member] = offer
            self.offering.setdefault(offer.member, set()).add(agent.id)
            agent.no_answer = False
        self.touch("agent", agent.id)
        self.touch("member", offer.member)

    def close_offer(self, agent: Agent, member: str, at: float, seq: int) -> None:
        """The ringing for that member has ended, one way or the other."""
        agent.closed_offers[member] = max(seq, agent.closed_offers.get(member, 0))
        if len(agent.closed_offers) > 50:
            del agent.closed_offers[next(iter(agent.closed_offers))]
        offer = agent.offers.get(member)
        if offer is not None and offer.seq <= seq:
            del agent.offers[member]
            ringing = self.offering[member]
            ringing.discard(agent.id)
            if not ringing:
                del self.offering[member]
            self.rest(agent.id, at)
            self.touch("member", member)

    def close_offers_of(self, member: str, at: float, seq: int) -> None:
        """The member is no longer to be had: nobody's phone rings for him with reason."""
        for name in list(self.offering.get(member, ())):
            self.close_offer(self.agents[name], member, at, seq)

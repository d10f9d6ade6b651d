"""A small floor to set scenes on: two queues, three agents, and calls made in one line."""

from __future__ import annotations

from itertools import count

from fs_app.floor import facts, rows
from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, USER, Actor
from fs_app.floor.documents import agent_document
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor

A1 = "1001@default"
SALES, SUPPORT = "sales@default", "support@default"
BOSS = Actor("boss", ADMINISTRATOR, "Boss", extensions=("9001", "9002"))
EDITOR = Actor("edith", SUPERVISOR, "Edith", extensions=("9001",), grants={SUPPORT: "edit", SALES: "view"})
VIEWER = Actor("vera", SUPERVISOR, "Vera", extensions=("9002",), grants={SUPPORT: "view"})
AGENT = Actor("a1", USER, "Agent one", agent=A1)
_uuids = count(1)


def uuid() -> str:
    """A fresh channel id."""
    return f"00000000-0000-4000-8000-{next(_uuids):012x}"


class Stage:
    """A floor with a clock that the test moves; ``1001`` is in support and sales, ``1002`` in sales, ``1003`` in none."""

    def __init__(self, wrap_up_s: int = 0) -> None:
        self.floor = Floor("fs")
        self.now = 1000.0
        self.seq = 0
        names = ("1001@default", "1002@default", "1003@default")
        self.agents = tuple(
            rows.AgentRow(n, "Available", "Waiting", f"user/{n}", "", wrap_up_s, 0, 0, 0, 500.0, 0, 0, 0) for n in names
        )
        self.tiers = (
            rows.TierRow(SUPPORT, names[0], "Ready", 1, 1),
            rows.TierRow(SALES, names[0], "Ready", 3, 1),
            rows.TierRow(SALES, names[1], "Ready", 2, 1),
        )
        queues = tuple(rows.QueueRow(q, "longest-idle-agent", False, True) for q in (SUPPORT, SALES))
        self.do(facts.SwitchRead(self.now, 0, "core", 0, self.agents, self.tiers, queues, (), ()))

    def do(self, fact: facts.Fact) -> None:
        """One fact."""
        apply(self.floor, fact)

    def say(self, kind: type, *args: object, **more: object) -> None:
        """One fact of ``kind``, one second after the last."""
        self.now += 1
        self.seq += 1
        self.do(kind(self.now, self.seq, *args, **more))

    def offer(self, agent: str = "1001@default", queue: str = SUPPORT) -> tuple[str, str, str]:
        """A caller joins and the agent's phone rings; gives member, caller's leg and agent's leg."""
        member, caller, leg = uuid(), uuid(), uuid()
        self.say(facts.ChannelSeen, caller, True, caller_name="Taro", caller_number="0312345678", side="member")
        self.say(facts.MemberJoined, member, caller, queue, "Taro", "0312345678")
        self.say(facts.AgentStateSet, agent, "Receiving")
        self.say(facts.OfferStarted, agent, queue, member, caller)
        self.say(
            facts.ChannelSeen, leg, False, extension=agent, side="agent", agent=agent, queue=queue, member=member,
            member_channel=caller, caller_name="Taro", caller_number="0312345678",
        )  # fmt: skip
        return member, caller, leg

    def talk(self, agent: str = "1001@default", queue: str = SUPPORT) -> tuple[str, str, str]:
        """A queue call that has been answered and bridged."""
        member, caller, leg = self.offer(agent, queue)
        self.say(facts.ChannelAnswered, leg)
        self.say(facts.OfferAnswered, agent, queue, member, caller, leg)
        self.say(facts.ChannelsBridged, caller, leg)
        self.say(facts.AgentStateSet, agent, "In a queue call")
        return member, caller, leg

    def internal(self) -> tuple[str, str]:
        """1001 talks with 1003."""
        a, b = uuid(), uuid()
        self.say(facts.ChannelSeen, a, True, extension="1001@default", destination="1003", caller_number="1001")
        self.say(facts.ChannelSeen, b, False, extension="1003@default", destination="1003", caller_number="1001")
        self.say(facts.ChannelsBridged, a, b)
        return a, b

    def eavesdrop(self, leg: str, target: str) -> None:
        """A supervisor's leg sets about listening, and the bug is there."""
        self.say(facts.EavesdropExecuted, leg, target)
        self.say(facts.ListeningStarted, target)

    def doc(self, agent: str = "1001@default") -> dict[str, object]:
        """The agent's document."""
        return agent_document(self.floor, self.floor.agents[agent])

    def code(self, agent: str = "1001@default") -> str:
        """The agent's status code."""
        return str(self.doc(agent)["code"])

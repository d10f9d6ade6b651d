"""Facts about members: callers who wait in a queue until they are bridged, leave or hang up."""

from __future__ import annotations

from fs_app.floor import facts
from fs_app.floor.entities import Member
from fs_app.floor.state import Floor


def member_joined(floor: Floor, fact: facts.MemberJoined) -> None:
    """A caller waits, unless he has already gone or been bridged.

    Who gave up and comes back to his old place bears the same id again, on another channel (mod_callcenter.c:3040).
    """
    if fact.seq <= floor.gone_members.end(fact.member).seq or fact.channel in floor.gone_legs:
        return
    leg = floor.legs.get(fact.channel)
    if leg is not None and leg.peer and leg.peer_seq > fact.seq:
        return
    who = fact.member, fact.channel, fact.queue, fact.name, fact.number
    floor.add_member(Member(*who, fact.at, floor.serial, fact.seq))


def member_left(floor: Floor, fact: facts.MemberLeft) -> None:
    """A caller left the queue, and nobody rings for him any more."""
    floor.drop_member(fact.member, fact.channel, fact.seq, answered=fact.answered)
    floor.close_offers_of(fact.member, fact.at, fact.seq)

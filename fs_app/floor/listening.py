"""Supervisions as the switch reports them: ringing, listening, following, ended.

MEDIA_BUG_START names the leg that is heard and not who hears it (seen on 1.10.12), so bugs on a leg are counted and given
to those supervisions whose own legs have executed eavesdrop on it, in that order.
"""

from __future__ import annotations

from collections.abc import Collection

from fs_app.floor import commands, entities, facts
from fs_app.floor.entities import Supervision
from fs_app.floor.state import Floor

ENDED_KEPT_S = 60.0
"""How long an ended supervision can still be asked for."""
_SEQS_KEPT = 512
_KEYS_KEPT = 100


def begin(floor: Floor, supervision: Supervision) -> None:
    """A supervision has been ordered: its leg will ring."""
    floor.supervisions[supervision.id] = supervision
    floor.supervision_of_leg[supervision.leg] = supervision.id
    watch(floor, supervision, supervision.target, on_member=supervision.on_member)


def watch(floor: Floor, supervision: Supervision, target: str, *, on_member: bool = False) -> None:
    """The supervision is (to be) on another leg; empty means on none while it follows the agent."""
    others = floor.supervisions_of_target.get(supervision.target)
    if others is not None:
        others.discard(supervision.id)
        if not others:
            del floor.supervisions_of_target[supervision.target]
    supervision.target, supervision.on_member = target, on_member
    if target:
        floor.supervisions_of_target.setdefault(target, set()).add(supervision.id)
    _touch(floor, supervision)


def move(floor: Floor, supervision: Supervision, target: str, *, on_member: bool = False) -> None:
    """The supervisor's leg is sent to another leg: listening again once the bug is reported there. Not when it has ended."""
    if not supervision.live:
        return
    if supervision.state == entities.LISTENING:
        supervision.state = entities.FOLLOWING
    supervision.adrift_at, supervision.hears = 0.0, ""
    watch(floor, supervision, target, on_member=on_member)


def let_wait(floor: Floor, supervision: Supervision) -> None:
    """A follower hears nobody until the agent's next call, which begins with its own notice. Not when it has ended."""
    if not supervision.live:
        return
    supervision.state, supervision.noticed, supervision.hears = entities.FOLLOWING, "", ""
    watch(floor, supervision, "")


def set_mode(floor: Floor, supervision: Supervision, mode: str) -> None:
    """The mode, known from our own order alone: FreeSWITCH reports none."""
    supervision.mode, supervision.settles = mode, ""
    _touch(floor, supervision)


def doubt_mode(floor: Floor, supervision: Supervision, asked: str) -> None:
    """``asked`` is about to be sent. Until the switch has taken it the louder of the two is shown, since it may be heard;
    should its answer be lost, the quieter is what shall be."""
    supervision.settles = min(supervision.settles or supervision.mode, asked, key=commands.MODES.index)
    supervision.mode = max(supervision.mode, asked, key=commands.MODES.index)
    _touch(floor, supervision)


def undo_doubt(floor: Floor, supervision: Supervision, mode: str, settles: str) -> None:
    """Nothing was sent after all."""
    supervision.mode, supervision.settles = mode, settles
    _touch(floor, supervision)


def end(floor: Floor, supervision: Supervision, at: float, state: str, cause: str) -> None:
    """Over, one way or the other; the first reason stays."""
    if not supervision.live:
        return
    supervision.state, supervision.cause, supervision.ended_at = state, supervision.why or cause, at
    floor.supervision_of_leg.pop(supervision.leg, None)
    agent = supervision.agent
    watch(floor, supervision, "")
    floor.touch("agent", agent)


def eavesdrop_executed(floor: Floor, fact: facts.EavesdropExecuted) -> None:
    """A supervisor's own leg sets about listening; the bug may have been reported before (events overtake each other)."""
    ident = floor.supervision_of_leg.get(fact.leg)
    if ident is None or fact.seq < floor.supervisions[ident].hears_seq:
        return
    supervision = floor.supervisions[ident]
    supervision.hears, supervision.hears_seq = fact.target, fact.seq
    if supervision.follow and supervision.target in floor.gone_legs:
        let_wait(floor, supervision)  # the call ended while his phone rang
    else:
        match(floor, fact.target, fact.at)


def listening_started(floor: Floor, fact: facts.ListeningStarted) -> None:
    """One more bug on the target."""
    _count(floor, fact.target, fact.seq, 1)
    match(floor, fact.target, fact.at)


def listening_stopped(floor: Floor, fact: facts.ListeningStopped) -> None:
    """One bug less; whose it was, the hang-up of his leg tells."""
    _count(floor, fact.target, fact.seq, -1)


KEYS = {"0": "monitor", "2": "whisper", "3": "barge"}


def key_pressed(floor: Floor, fact: facts.KeyPressed) -> None:
    """Remembered for the controller, which decides on it as on a click; keys of nobody's leg are dropped."""
    ident = floor.supervision_of_leg.get(fact.leg)
    mode = KEYS.get(fact.key)
    if ident is not None and mode is not None:
        floor.keys.append((ident, mode))
        del floor.keys[:-_KEYS_KEPT]


def _count(floor: Floor, target: str, seq: int, step: int) -> None:
    if seq in floor.bug_seqs or target in floor.gone_legs:
        return
    floor.bug_seqs[seq] = None
    if len(floor.bug_seqs) > _SEQS_KEPT:
        del floor.bug_seqs[next(iter(floor.bug_seqs))]
    floor.bugs[target] = floor.bugs.get(target, 0) + step
    floor.bug_serials[target] = floor.serial


def recount(floor: Floor, read: facts.SwitchRead, newer: Collection[str] = ()) -> None:
    """Who really listens, by the switch's own word: events of the time without a connection never come.

    ``newer``: legs of which events have said more since the reading began.
    """
    hearing = dict(read.hearing)
    for supervision in list(floor.supervisions.values()):
        leg = floor.legs.get(supervision.leg)
        target = hearing.get(supervision.leg, "")
        told = any(floor.bug_serials.get(one, 0) > read.begun for one in (supervision.target, target))
        if not supervision.live or leg is None or told or supervision.leg in newer:
            continue
        if target and target != supervision.target:
            agent = floor.agents.get(supervision.agent)
            watch(floor, supervision, target, on_member=agent is None or target not in agent.legs)
        if target or supervision.state == entities.LISTENING:
            supervision.hears = target
        if supervision.state == entities.LISTENING and not target:
            supervision.state = entities.FOLLOWING
            _touch(floor, supervision)
        elif supervision.leg in hearing and not target and supervision.follow and supervision.target not in floor.legs:
            let_wait(floor, supervision)  # the call ended while his phone rang
        elif target and supervision.state != entities.LISTENING:
            _listens(floor, supervision, read.at)
    for target in {*floor.bugs, *hearing.values()} - {""}:
        if floor.bug_serials.get(target, 0) <= read.begun:
            floor.bugs[target] = sum(heard == target for heard in hearing.values())


def match(floor: Floor, target: str, at: float) -> None:
    """Give bugs that nobody has yet to those supervisions of this leg that have set about listening to it."""
    mine = [floor.supervisions[s] for s in floor.supervisions_of_target.get(target, ())]
    free = floor.bugs.get(target, 0) - sum(s.state == entities.LISTENING for s in mine)
    waiting = [s for s in mine if s.live and s.state != entities.LISTENING and s.hears == target]
    for supervision in sorted(waiting, key=lambda s: s.hears_seq)[: max(free, 0)]:
        _listens(floor, supervision, at)


def _listens(floor: Floor, supervision: Supervision, at: float) -> None:
    supervision.state = entities.LISTENING
    supervision.since = supervision.since or at
    _touch(floor, supervision)


def _is_answered(floor: Floor, supervision: Supervision) -> bool:
    leg = floor.legs.get(supervision.leg)
    return leg is not None and leg.answered_at > 0


def supervisor_bridged(floor: Floor, at: float, a: str, b: str) -> None:
    """A supervisor's leg that is bridged is no listener any more: he has taken the call over."""
    for leg in (a, b):
        ident = floor.supervision_of_leg.get(leg)
        if ident is not None:
            supervision = floor.supervisions[ident]
            supervision.why = ""  # the agent's leg may be reported gone before
            end(floor, supervision, at, entities.ENDED, "taken_over")


NORMAL, CALL_ENDED, HUNG_UP, UNSEEN = "NORMAL_CLEARING", "call_ended", "hung_up", "ended_unseen"
NOT_CONFIRMED = "not_confirmed"


def leg_ended(floor: Floor, uuid: str, at: float, cause: str, *, by_phone: bool = False) -> None:
    """The supervisor's leg is gone (``by_phone``: his phone ended it), or the watched leg is."""
    ident = floor.supervision_of_leg.get(uuid)
    if ident is not None:
        supervision = floor.supervisions[ident]
        answered, failed = _is_answered(floor, supervision), supervision.state == entities.RINGING
        if failed and answered and supervision.outside:
            cause = NOT_CONFIRMED
        elif cause == NORMAL and answered:
            cause = HUNG_UP if by_phone else CALL_ENDED
        end(floor, supervision, at, entities.FAILED if failed else entities.ENDED, cause or UNSEEN)
    for other in list(floor.supervisions_of_target.get(uuid, ())):
        supervision = floor.supervisions[other]
        if not supervision.follow:
            supervision.why = supervision.why or CALL_ENDED
        elif supervision.state != entities.RINGING:
            let_wait(floor, supervision)


def tidy(floor: Floor, at: float) -> None:
    """Forget supervisions that ended a minute ago."""
    for ident, supervision in list(floor.supervisions.items()):
        if not supervision.live and supervision.ended_at + ENDED_KEPT_S < at:
            del floor.supervisions[ident]
            floor.touch("supervision", ident)


def _touch(floor: Floor, supervision: Supervision) -> None:
    floor.touch("supervision", supervision.id)
    floor.touch("agent", supervision.agent)

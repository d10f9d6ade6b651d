"""Who hears whom while a supervisor monitors, whispers and steps in; measured on every switch, judged, and printed."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent

from fs_app import greenlets
from fs_app.check.switch import why_not
from fs_app.floor.commands import BARGE, MONITOR, WHISPER
from fs_app.selftest.parties import AGENT, CUSTOMER, PARTIES, SUPERVISOR, CannotTest, Parties
from fs_app.serve.faults import CannotStart
from fs_app.serve.practice import PracticeFloor
from fs_app.setting_rules import parts
from fs_app.settings import Settings
from fs_app.switch.errors import SwitchError
from fs_app.switch.node import NodeAddress

Hearing = dict[str, set[str]]
"""Speaker -> who hears him."""
WANTED: dict[str, Hearing] = {
    MONITOR: {CUSTOMER: {AGENT, SUPERVISOR}, AGENT: {CUSTOMER, SUPERVISOR}, SUPERVISOR: set()},
    WHISPER: {CUSTOMER: {AGENT, SUPERVISOR}, AGENT: {CUSTOMER, SUPERVISOR}, SUPERVISOR: {AGENT}},
    BARGE: {CUSTOMER: {AGENT, SUPERVISOR}, AGENT: {CUSTOMER, SUPERVISOR}, SUPERVISOR: {CUSTOMER, AGENT}},
}
TURNS = (
    (WHISPER, "from the start", PARTIES),
    (MONITOR, "switched to while it runs", PARTIES),
    (BARGE, "switched to while it runs", PARTIES),
    (WHISPER, "switched back to while it runs", (SUPERVISOR,)),
)
GRACE_S = 3.0
Say = Callable[[str], None]


def self_test(settings: Settings) -> int:
    """Test every switch that the settings name, or a practice floor; 0 only when each hears whom he must, else 1.

    Ctrl-C and SIGTERM end it, and every leg that it made.
    """
    testing = greenlets.spawn("selftest", _test_all, settings)
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, testing.kill, block=False)
    testing.join()
    if not isinstance(testing.value, int):
        _print("Ended before its time; every leg was hung up.")
        return 1
    return testing.value


def _test_all(settings: Settings) -> int:
    if not settings.practice_floor:
        nodes = [NodeAddress.parse(text) for text in parts(settings.freeswitch.get_secret_value())]
        return max([check_audio(node, _print) for node in nodes])
    _print("No FreeSWITCH is configured (SASAYAKI_FREESWITCH): this is the practice floor.")
    try:
        with _practice_floor() as address:
            return check_audio(NodeAddress.parse(address), _print)
    except CannotStart as fault:
        _print(str(fault))
        return 1


@contextmanager
def _practice_floor() -> Iterator[str]:
    floor = PracticeFloor(["--empty"], secrets.token_urlsafe(24), os.environ)
    floor.child.start()
    try:
        floor.wait_until_ready()
        yield floor.address
    finally:
        floor.child.end(GRACE_S)


def check_audio(node: NodeAddress, say: Say) -> int:
    """Test one switch; 1 when somebody hears whom he must not, or not whom he must, or it cannot be tested."""
    say(
        f"{node.name}, {node.host}:{node.port}: three parties inside the switch, no phone rings. This takes ten seconds."
    )
    parties = Parties(node)
    try:
        parties.connect()
        faults = _measure(parties, say)
    except CannotTest as cannot:
        faults = [str(cannot)]
    except SwitchError as error:
        faults = [why_not(error)]
    finally:
        parties.end()
    for fault in faults:
        say(f"WRONG: {fault}")
    say("FAILED." if faults else "All is as it must be: a whisper is heard by the agent alone.")
    return 1 if faults else 0


def _measure(parties: Parties, say: Say) -> list[str]:
    faults = []
    for number, (mode, how, speakers) in enumerate(TURNS):
        if number:
            parties.switch_mode(mode)
        else:
            parties.begin(mode)
        say(f"\n{mode}, {how}")
        say(_row("is heard by", PARTIES))
        for speaker in speakers:
            wanted = WANTED[mode][speaker]
            hearers = parties.who_hears(speaker, wanted)
            say(_row(speaker, [_cell(speaker, party, hearers, wanted) for party in PARTIES]))
            faults += [f"in {mode} the {party} hears the {speaker}." for party in PARTIES if party in hearers - wanted]
            faults += [f"in {mode} the {party} does not hear the {speaker}." for party in wanted - hearers]
    say("")
    return faults


def _cell(speaker: str, party: str, hearers: set[str], wanted: set[str]) -> str:
    heard = party in hearers
    if party == speaker and not heard:
        return "-"
    word = "yes" if heard else "no"
    return word if heard == (party in wanted) else f"{word.upper()} !"


def _row(first: str, cells: tuple[str, ...] | list[str]) -> str:
    return f"  {first:<12}" + "".join(f"{cell:<12}" for cell in cells)


def _print(line: str) -> None:
    print(line.rstrip(), flush=True)  # noqa: T201 - said to the person at the terminal

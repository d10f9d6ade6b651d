"""What a contract test needs of a switch besides its event socket: people at phones, and ears.

The practice floor and the rig around a real FreeSWITCH each implement :class:`Driver`; a test written against it runs
on both. Everything that the event socket can do (agents, tiers, statuses, originate, uuid_*, events) goes through the
event socket: the driver only plays the people, listens to the sound, and pulls the plug.

The floor that every driver starts with:

* domain ``default``; queues ``support@default`` (number 5010, longest-idle-agent), ``ringall@default`` (5011,
  ring-all), ``rr@default`` (5012, round-robin), ``progressive@default`` (5013, ring-progressively; a caller
  who comes back gets his old place), and one for each other strategy (``TOP_DOWN`` 5014 to ``RANDOM`` 5018).
  No agents, no tiers: tests make them through the event socket.
* registered phones: extensions 1001-1005 (the directory calls 1005 ``Ext 1005``) and supervisors 9001-9003; ``1099`` is a
  user without a registration. The directory's entry of 9003 sets ``eavesdrop_whisper_aleg`` and
  ``eavesdrop_enable_dtmf``, which a site may do.
* dial codes: ``00XX`` and ``800XX`` from an extension run ``fs_app.dialplan.code inside``, but for the voice tests ``0090`` and
  ``0091``; the numbers ``5021`` to ``5023``, dialled from outside, run it ``outside``.
* gateway ``carrier``: every number that begins with 0 (3-20 digits) is an outside phone behind
  ``sofia/gateway/carrier/<number>``.
* an outside caller reaches a queue by its number; an extension dials another extension, a queue number, or an outside
  number (``callcenter_track <ext>@default`` runs first, as for agents' outbound calls).
* ``hangup_after_bridge=true`` on queue callers; hold music is audible as the voice ``"music"``.
* the agents' legs carry the exported variable ``hold_music``, so a held customer hears the music.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

DOMAIN = "default"
SUPPORT = "support@default"
RINGALL = "ringall@default"
ROUND_ROBIN = "rr@default"
PROGRESSIVE = "progressive@default"
TOP_DOWN = "topdown@default"
LEAST_TALK = "talk@default"
FEWEST_CALLS = "fewest@default"
SEQUENTIAL = "order@default"
RANDOM = "random@default"
QUEUES = (
    *(SUPPORT, RINGALL, ROUND_ROBIN, PROGRESSIVE),
    *(TOP_DOWN, LEAST_TALK, FEWEST_CALLS, SEQUENTIAL, RANDOM),
)
QUEUE_NUMBERS = {queue: f"{5010 + index}" for index, queue in enumerate(QUEUES)}
EXTENSIONS = ("1001", "1002", "1003", "1004", "1005")
SUPERVISORS = ("9001", "9002", "9003")
UNREGISTERED = "1099"
GATEWAY = "carrier"
MUSIC = "music"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a phone does by itself when it is rung.

    ``kind``: ``ring`` (until the test answers or the switch gives up), ``answer`` (picks up after ``after_s`` seconds),
    ``busy`` (486), ``reject`` (603), ``not_found`` (404), ``unregistered`` (no registration any more; extensions only).
    ``press``: the key pressed ``press_after_s`` seconds after the pick-up, empty for none.
    """

    kind: str = "ring"
    after_s: float = 0.0
    press: str = ""
    press_after_s: float = 2.0


RING = Behaviour("ring")
BUSY = Behaviour("busy")
REJECT = Behaviour("reject")
NOT_FOUND = Behaviour("not_found")
UNREGISTERED_PHONE = Behaviour("unregistered")


def answers(after_s: float = 0.0, press: str = "", press_after_s: float = 2.0) -> Behaviour:
    """A phone that picks up ``after_s`` seconds after it begins to ring (0: at once, without ringing first)."""
    return Behaviour("answer", after_s, press, press_after_s)


class Phone(Protocol):
    """One telephone: an extension's (registered) or an outside one. At most one call is in hand at a time; a second one
    that arrives is treated by the same behaviour and becomes the call in hand when answered.

    Every action raises ``LookupError`` when there is no call it could act on, and returns once the switch was told
    (not once it has acted).
    """

    @property
    def number(self) -> str:
        """The extension or outside number."""
        ...

    @property
    def state(self) -> str:
        """``idle``, ``ringing`` (being rung), ``dialling`` (own call, not answered) or ``talking`` (also on hold)."""
        ...

    @property
    def shown(self) -> str:
        """The caller's number that the phone showed when it was last rung; empty before."""
        ...

    def behave(self, behaviour: Behaviour) -> None:
        """What the phone does with calls from now on, those already ringing left alone."""
        ...

    def answer(self) -> None:
        """Pick up the ringing call (the oldest, if several)."""
        ...

    def reject(self, cause: str = "USER_BUSY") -> None:
        """Refuse the ringing call: ``USER_BUSY`` (486) or ``CALL_REJECTED`` (603)."""
        ...

    def hang_up(self) -> None:
        """End every call of this phone, ringing ones too."""
        ...

    def hold(self) -> None:
        """Put the call in hand on hold (re-INVITE sendonly)."""
        ...

    def resume(self) -> None:
        """Take the held call back."""
        ...

    def press(self, digits: str) -> None:
        """Press keys (DTMF) during the call."""
        ...

    def dial(self, number: str) -> None:
        """Call ``number`` (an extension, a queue's number or an outside number beginning with 0)."""
        ...

    def transfer(self, number: str) -> None:
        """Blind-transfer the other party of the call in hand to ``number`` (REFER)."""
        ...


@runtime_checkable
class Driver(Protocol):
    """A switch with phones around it. Not started twice; ``stop`` is safe to call at any time."""

    name: str
    """``practice`` or ``freeswitch``, for test ids."""

    def start(self) -> None:
        """Bring the switch up and all phones registered; returns when the event socket accepts log-ins."""
        ...

    def stop(self) -> None:
        """Take everything down that ``start`` brought up."""
        ...

    def reset(self) -> None:
        """Between tests: hang up everything, no agents, tiers or members, every phone to ``RING`` and registered.

        The event socket and the Core-UUID stay. Returns when no channel is left.
        """
        ...

    def restart(self) -> None:
        """Kill the switch without warning (kill -9) and start it: sockets drop, new Core-UUID, the tables are kept.

        Phones forget their calls, registrations are kept. Returns when the event socket accepts log-ins.
        """
        ...

    def cut(self) -> None:
        """Drop every event socket connection in the middle of whatever it sends; the switch and its calls go on."""
        ...

    limited: str
    """Realm and key under which customers' calls are counted by ``limit hash``."""

    def limit_calls(self, most: int | None) -> None:
        """Let so many customers' calls be in the switch at once; None: as many as there are."""
        ...

    @property
    def esl_url(self) -> str:
        """``esl://:PASSWORD@127.0.0.1:PORT``."""
        ...

    def phone(self, extension: str) -> Phone:
        """The phone of an extension (1001-1005, 9001-9003). ``LookupError`` for others."""
        ...

    def caller(self, number: str, name: str = "") -> Phone:
        """The outside phone of that number (behind the carrier), showing that name. Same number, same phone."""
        ...

    def hears(self, number: str) -> set[str]:
        """Whom the phone of ``number`` hears now: the numbers of the phones whose voice arrives, and ``"music"``.

        Every phone that is talking speaks without a pause with a voice of its own. May take about a second (the live
        rig listens for that long); call it again until it is as wanted or a deadline has passed.
        """
        ...

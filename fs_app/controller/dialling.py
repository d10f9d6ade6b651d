"""Everybody who is dialling a code: one dialogue for each leg, led by what the caller types, answered within two seconds.

Owns the running dialogues and the codes. What is said is ``floor.dialogue``'s, who calls ``dial_people``'s, what is done
``dial_deeds``'.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gevent
import structlog
from gevent.pool import Pool
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from fs_app.controller.desk import Desk
from fs_app.controller.dial_deeds import UNAVAILABLE, carry
from fs_app.controller.dial_people import DialStores, People
from fs_app.controller.node import Node
from fs_app.floor import dialogue
from fs_app.floor.actor import Actor
from fs_app.floor.dialogue import Answers, Called, End, Keys, Login, Need, Owner, Person, Shown, Talk, Vouched, Wish
from fs_app.floor.display import show
from fs_app.floor.errors import UNCONFIRMED
from fs_app.store.dial_codes import RESERVED, digits_of
from fs_app.store.dial_line import Question
from fs_app.store.durable import DatabaseUnavailable

AT_ONCE = 100
"""Turns of callers side by side."""
MOST = 1000
"""Dialogues that may run: the oldest is dropped."""
LONGEST_S = 120.0
KEYS_S = 8.0
"""How long the first key is waited for (s)."""
PREFIX = "8"
"""What phones of another telephone company dial before a code (80010)."""
RETRY_S = 0.5
READ_S = 10.0
log = structlog.get_logger()
Reply = dict[str, Any]


class GivenUp(Exception):
    """The script has told its caller that nothing was changed; so nothing is."""


@dataclass(slots=True)
class Held:
    """A dialogue under way."""

    talk: Talk
    began: float
    step: int = 0
    actor: Actor | None = None
    begun: bool = False
    """Something may have been ordered in this turn."""


class Dialling:
    """Answers the scripts. ``run`` in a greenlet of its own; ``look`` now and then."""

    def __init__(self, desk: Desk, stores: DialStores, people: People) -> None:
        self._desk = desk
        self._line = stores.line
        self._codes = stores.codes
        self._people = people
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._pool = Pool(AT_ONCE)
        self._functions: Mapping[str, Any] = {}
        self._outside: Mapping[str, str] = {}
        self._read_at = 0.0
        self.turns = 0

    # -- the table of codes ------------------------------------------------------------------------------------------

    def read_codes(self) -> None:
        """Read the table; the floors are told, because who dials a code is in no call."""
        self._read_at = time.monotonic()  # set before: what is announced while this reads is read again
        self._functions = {code.number: code for code in self._codes.listed()}
        self._outside = self._codes.outside()
        numbers = (*self._functions, *RESERVED)
        dialled = frozenset(prefix + number for number in numbers for prefix in ("", PREFIX))
        for node in self._desk.nodes.values():
            node.floor.dial_codes = dialled

    def codes_changed(self) -> None:
        """Somebody changed the table: it is read at the next look, or at the next call if that comes first."""
        self._read_at = 0.0

    def look(self) -> None:
        """Read the table when due, and drop dialogues whose caller is gone. Raises what the database raises."""
        now = time.monotonic()
        if not self._read_at or now - self._read_at >= READ_S:
            self.read_codes()
        for leg, held in list(self._held.items()):
            gone = any(leg in node.floor.gone_legs for node in self._desk.nodes.values())
            if gone or now - held.began > LONGEST_S:
                self._drop(leg)

    # -- turns -------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Answer for ever."""
        while True:
            try:
                for question in self._line.questions():
                    if question is not None:
                        self._pool.wait_available(timeout=1)
                        self._pool.spawn(self._one, question)
            except RedisError as error:
                log.warning("dial_line_away", error=type(error).__name__)
                gevent.sleep(RETRY_S)

    def close(self) -> None:
        """No turn is finished any more."""
        self._pool.kill()

    def _one(self, question: Question) -> None:
        self.turns += 1
        if time.time() > question.deadline:
            log.warning("dial_question_dropped", why="past its deadline")
            return
        try:
            self._line.answer(question, self._turn(question))
        except GivenUp:
            log.info("dial_question_given_up", step=question.step)
            self._drop(question.leg)
        except RedisError as error:
            log.warning("dial_answer_lost", error=type(error).__name__)
            self._drop(question.leg)

    def _turn(self, question: Question) -> Reply:
        try:
            held = self._dialogue(question)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.error("database_away", kind="dial", error=type(error).__name__)
            held = None
        if held is None:
            return self._ended(None, End((UNAVAILABLE,)))
        held.begun = False
        try:
            need = held.talk.send(question.keys if question.step else None)
            while not isinstance(need, Keys):
                need = held.talk.send(self._get(held, question, need))
        except StopIteration as over:
            self._drop(question.leg)
            return self._ended(held, over.value or dialogue.GOODBYE)
        except (GivenUp, RedisError):
            raise
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.error("database_away", kind="dial", error=type(error).__name__)
            return self._broken(question, held)
        except Exception:
            log.exception("dial_turn_failed", step=question.step)
            return self._broken(question, held)
        held.step += 1
        return self._asks(held, need)

    def _dialogue(self, question: Question) -> Held | None:
        """The caller's dialogue; None for a turn that is not the next one of any (the run before held it)."""
        if question.step == 0:
            self._drop(question.leg)
            while len(self._held) >= MOST:
                self._drop(next(iter(self._held)))
            self._held[question.leg] = Held(self._begin(question), time.monotonic())
        held = self._held.get(question.leg)
        return held if held is not None and held.step == question.step else None

    def _begin(self, question: Question) -> Talk:
        called = self._called(question)
        if called is None:  # it may have been entered a moment ago
            self.read_codes()
            called = self._called(question)
        return dialogue.dialogue(called or Called("", inside=question.inside))

    def _called(self, question: Question) -> Called | None:
        """What the table says of the number; None where it says nothing."""
        if not self._read_at:
            self.read_codes()
        if not question.inside:
            function = self._outside.get(digits_of(question.number))
            return Called(function, inside=False) if function is not None else None
        number = question.number
        code = self._functions.get(number.removeprefix(PREFIX) if len(number) > 4 else number)
        if code is None:
            return None
        return Called(code.function if code.in_use else dialogue.OFF, code.status)

    def _drop(self, leg: str) -> None:
        held = self._held.pop(leg, None)
        if held is not None:
            held.talk.close()

    # -- what a dialogue needs ---------------------------------------------------------------------------------------

    def _get(self, held: Held, question: Question, need: Need) -> Any:
        if isinstance(need, Owner):
            return self._known(held, self._people.owner(question))
        if isinstance(need, Vouched):
            return self._known(held, self._people.vouched(question, need.dial_id))
        if isinstance(need, Login):
            found = self._people.login(question, need.dial_id, need.password)
            return found if isinstance(found, str) else self._known(held, found)
        if isinstance(need, Shown):
            return self._shown(need.agent)
        if isinstance(need, Answers):
            node = self._node(question)
            return node.floor.phones.owner(f"{need.extension}@{node.dial.domain}")
        assert isinstance(need, Wish)  # noqa: S101 - there is nothing else that a dialogue needs
        return self._wish(held, question, need)

    def _known(self, held: Held, actor: Actor | None) -> Person | None:
        held.actor = actor
        if actor is None:
            return None
        book = next(iter(self._desk.nodes.values())).floor.book
        choices = tuple(status.code for status in book.chosen.values() if status.agents_may_choose)
        return Person(actor.login, actor.agent, choices)

    def _shown(self, agent: str) -> str:
        for node in self._desk.nodes.values():
            found = node.floor.agents.get(agent)
            if found is not None:
                return show(node.floor, found).code
        return ""

    def _node(self, question: Question) -> Node:
        """The switch that the caller's leg is on."""
        nodes = list(self._desk.nodes.values())
        return next((node for node in nodes if question.leg in node.floor.legs), nodes[0])

    def _wish(self, held: Held, question: Question, wish: Wish) -> str:
        def begin() -> None:
            if not held.begun and not self._line.decide(question):
                raise GivenUp
            held.begun = True

        assert held.actor is not None  # noqa: S101 - a dialogue wishes nothing before it knows for whom
        return carry(self._desk, held.actor, question, wish, begin)

    # -- answers -----------------------------------------------------------------------------------------------------

    def _broken(self, question: Question, held: Held) -> Reply:
        self._drop(question.leg)
        return self._ended(held, End((UNCONFIRMED if held.begun else UNAVAILABLE,)))

    def _asks(self, held: Held, keys: Keys) -> Reply:
        asked = {"then": "ask", "least": keys.least, "most": keys.most, "wait_s": KEYS_S}
        return {**asked, "say": list(keys.say), "language": _language(held)}

    def _ended(self, held: Held | None, end: End) -> Reply:
        then = "listen" if end.listens else "end"
        return {"then": then, "say": list(end.say), "ok": end.ok, "language": _language(held)}


def _language(held: Held | None) -> str:
    """The account's, as soon as it is known; before that the phone system's."""
    return held.actor.locale if held is not None and held.actor is not None else ""

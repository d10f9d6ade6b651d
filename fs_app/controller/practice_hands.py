"""The practice floor's people ask for help now and then. Of their floor only the switch is simulated, and a hand is none of
its business: so they ask as a dial code would, through the same command, rights and audit.
"""

from __future__ import annotations

import random
import time
from typing import Any

import gevent
import structlog
from sqlalchemy.exc import SQLAlchemyError

from fs_app.controller.desk import Desk
from fs_app.controller.run_command import carry_out
from fs_app.floor.actor import USER, Actor
from fs_app.floor.display import talking_leg
from fs_app.floor.errors import Rejected
from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.inbox import Request

LOOK_S = 5.0
RAISED_EVERY_S = 45.0
HELPED_AFTER_S = 60.0
MOST = 3
log = structlog.get_logger()


class PracticeHands:
    """Raises and lowers hands of agents who talk. ``chance`` makes it the same again for a test."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self._desk = desk
        self._chance = chance

    def run(self) -> None:
        """For ever. Runs in a greenlet of its own."""
        while True:
            gevent.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """One round of ``LOOK_S``: perhaps somebody raises the hand, perhaps somebody has been helped."""
        floors = [node.floor for node in self._desk.nodes.values() if node.live]
        found = [(floor, agent) for floor in floors for agent in floor.agents.values()]
        raised = [agent.id for _, agent in found if agent.hand_raised_at]
        for agent in raised:
            if self._chance.random() < LOOK_S / HELPED_AFTER_S:
                self._ask("hand.lower", agent)
        talking = [agent.id for floor, agent in found if not agent.hand_raised_at and talking_leg(floor, agent)]
        if talking and len(raised) < MOST and self._chance.random() < LOOK_S / RAISED_EVERY_S:
            self._ask("hand.raise", self._chance.choice(talking))

    def _ask(self, kind: str, agent: str) -> None:
        actor = Actor("", USER, "", agent=agent, source="dial")
        args: dict[str, Any] = {"agent": agent}
        try:
            carry_out(self._desk, Request("", kind, actor, args, time.time() + LOOK_S))
        except (Rejected, SQLAlchemyError, DatabaseUnavailable) as error:
            log.info("practice_hand_not_moved", agent=agent, error=type(error).__name__)

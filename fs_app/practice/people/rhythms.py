"""How long people take for things.

Owns the distributions; all in seconds of the people's own time, which ``speed`` shortens. Seeded, so a floor can be
played again.
"""

from __future__ import annotations

import math
import random

_AVAILABLE_SHARE = 0.75
_OCCUPANCY = 0.66
WRAP_UP_S = 12


class Rhythms:
    """Durations for one floor."""

    def __init__(self, seed: int, speed: float, agents: int, calls_per_minute: float) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.speed = speed
        load = _OCCUPANCY * _AVAILABLE_SHARE * agents * 60 / calls_per_minute if calls_per_minute > 0 else 120.0
        # Calls as long as the agents can bear: queues then come and go instead of growing for ever.
        self.mean_talk_s = min(240.0, max(20.0, load - WRAP_UP_S))

    def chance(self, probability: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < probability

    def _about(self, median_s: float, spread: float) -> float:
        return self.rng.lognormvariate(math.log(median_s), spread) / self.speed

    def talk(self) -> float:
        """A call with a customer: log-normal, a few very long ones."""
        spread = 0.6
        return self._about(self.mean_talk_s / math.exp(spread * spread / 2), spread)

    def patience(self) -> float:
        """How long a caller waits for an agent before giving up."""
        return max(8.0 / self.speed, self._about(150.0, 0.7))

    def reach_phone(self) -> float:
        """From the first ring to the pick-up."""
        return max(0.8 / self.speed, self._about(3.2, 0.5))

    def supervisor_pick_up(self) -> float:
        """A supervisor who has just asked for the call."""
        return self.rng.uniform(1.4, 2.6)

    def until_hold(self, talk_s: float) -> float:
        """When in a call of ``talk_s`` the agent puts it on hold."""
        return talk_s * self.rng.uniform(0.2, 0.6)

    def hold(self) -> float:
        """A hold: looking something up."""
        return self._about(22.0, 0.5)

    def work(self) -> float:
        """Between two breaks."""
        return self._about(45 * 60.0, 0.5)

    def pause(self) -> float:
        """A break."""
        return self._about(9 * 60.0, 0.5)

    def off(self) -> float:
        """Logged out."""
        return self._about(50 * 60.0, 0.4)

    def until_own_call(self) -> float:
        """Until an agent calls somebody himself."""
        return self._about(25 * 60.0, 0.8)

    def own_talk(self) -> float:
        """A call an agent has made."""
        return self._about(70.0, 0.6)

    def until_caller(self, calls_per_minute: float, rush: float) -> float:
        """Until the next caller, ``rush`` times as many as usual."""
        return self.rng.expovariate(calls_per_minute * rush / 60) / self.speed

    def short(self, low_s: float, high_s: float) -> float:
        """Anything evenly between two durations."""
        return self.rng.uniform(low_s, high_s) / self.speed

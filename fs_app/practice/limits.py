"""The ``limit`` application's hash backend: how many calls use a resource.

Owns the counters. Counts channels that ran the application; released at hang-up and at a transfer (switch_limit.c:76).
"""

from __future__ import annotations

from collections import Counter

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers


class Limits:
    """Counters by ``realm_id``; one channel counts once per key."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.usage: Counter[str] = Counter()
        self._held: dict[str, set[str]] = {}

    def take(self, channel: Channel, realm: str, key: str, maximum: int) -> bool:
        """Count the channel; ``False`` when ``maximum`` (negative: none) is reached. Fires limit::usage when counted."""
        name = f"{realm}_{key}"
        held = self._held.setdefault(channel.uuid, set())
        if name not in held:
            if 0 <= maximum <= self.usage[name]:
                return False
            self.usage[name] += 1
            held.add(name)
        used = str(self.usage[name])
        self._core.bus.fire(
            "CUSTOM",
            lambda: _usage_headers(realm, key, used, str(maximum)),
            subclass="limit::usage",
            source=("switch_limit.c", "switch_limit_fire_event", "64"),
        )
        for variable in ("limit_usage", f"limit_usage_{name}"):
            channel.set(variable, used)
        channel.set("limit_rate", "0")
        channel.set("limit_backend", "hash")
        return True

    def release(self, channel: Channel) -> None:
        """Give back all that the channel counted."""
        for name in self._held.pop(channel.uuid, ()):
            self.usage[name] -= 1
            if not self.usage[name]:
                del self.usage[name]

    def transferred(self, channel: Channel) -> None:
        """A transfer gives the counts back unless ``limit_ignore_transfer`` is true."""
        if not channel.true("limit_ignore_transfer"):
            self.release(channel)


def _usage_headers(realm: str, key: str, used: str, maximum: str) -> Headers:
    return [
        ("backend", "hash"),
        ("realm", realm),
        ("key", key),
        ("usage", used),
        ("rate", "0"),
        ("max", maximum),
        ("ratemax", maximum),
    ]

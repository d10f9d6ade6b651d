"""The set of phones around the switch: which users exist, which have a phone, what is behind the gateway.

Owns look-ups of phones by extension and outside number. Outside phones appear when they are first needed.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.dialplan import route
from fs_app.practice.phones import Phone


class Phones:
    """Extensions' phones and outside ones."""

    def __init__(self, core: Core) -> None:
        self._core = core
        config = core.config
        self.users = set(config.extensions) | set(config.supervisors) | set(config.unregistered)
        self._inside = {
            number: Phone(core, number) for number in (*config.extensions, *config.supervisors, *config.unregistered)
        }
        for number in config.unregistered:
            self._inside[number].registered = False
        self._outside: dict[str, Phone] = {}

    def inside(self, extension: str) -> Phone:
        """The phone of an extension; ``LookupError`` for an unknown one."""
        return self._inside[extension]

    def outside(self, number: str, name: str = "") -> Phone:
        """The outside phone of ``number``, made on first use; a ``name`` given later replaces the old one."""
        phone = self._outside.get(number)
        if phone is None:
            phone = self._outside[number] = Phone(self._core, number, name, outside=True)
        elif name:
            phone.name = name
        return phone

    def forget(self, phone: Phone) -> None:
        """Drop an outside phone that nobody needs any more."""
        if not phone.calls:
            self._outside.pop(phone.number, None)

    def everyone(self) -> list[Phone]:
        """All phones there are now."""
        return [*self._inside.values(), *self._outside.values()]

    def steps(self, channel: Channel) -> list[tuple[str, str]]:
        """The dialplan for what an inbound leg dialled."""
        profile = channel.profile
        return route(self._core.config, profile.destination, profile.context, channel.variable("user_name"))

    def reset(self) -> None:
        """Phones forget their calls (the switch is gone); registrations stay."""
        for phone in self.everyone():
            phone.calls.clear()

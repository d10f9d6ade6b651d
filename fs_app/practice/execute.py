"""Running dialplan applications on channels, and moving channels to other extensions.

Owns CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE and the order of steps. What an application does is in ``applications``.
"""

from __future__ import annotations

import re
import uuid
from collections import deque
from collections.abc import Callable, Iterable

from fs_app.practice.channel import Channel, RunningApp
from fs_app.practice.clock import TICK
from fs_app.practice.core import Core
from fs_app.practice.dialplan import inline_steps, route
from fs_app.practice.eavesdrop import Eavesdrop
from fs_app.practice.events import Headers
from fs_app.practice.tokens import c_int

Application = Callable[[Core, Channel, str], RunningApp | None]
"""Starts on a channel with its data; ``None`` when it is done at once."""

MOST_TRANSFERS = 70
# Applications that an unanswered caller can meet without hearing anything; all others open early media first.
_NO_MEDIA = frozenset(
    (
        "set",
        "unset",
        "export",
        "limit",
        "bridge",
        "callcenter_track",
        "answer",
        "pre_answer",
        "hangup",
        "sched_hangup",
        "bind_digit_action",
        "clear_digit_action",
        "digit_action_set_realm",
    )
)


class Executor:
    """Executes the steps of each channel, one at a time."""

    def __init__(self, core: Core, applications: dict[str, Application]) -> None:
        self._core = core
        self._applications = applications

    def run(self, channel: Channel, steps: Iterable[tuple[str, str]]) -> None:
        """Replace what the channel had before it by these steps and begin."""
        channel.steps = deque(steps)
        self.proceed(channel)

    def proceed(self, channel: Channel) -> None:
        """Execute steps until one holds the channel; at the end of them hang up."""
        while channel.up and channel.app is None and channel.bridge is None and not channel.routing:
            if not channel.steps:
                self._core.channels.hangup(channel, "NORMAL_CLEARING")
                return
            channel.state = "CS_EXECUTE"
            name, data = channel.steps.popleft()
            self._start(channel, name, data)

    def _start(self, channel: Channel, name: str, data: str) -> None:
        application = self._applications.get(name)
        if application is None:
            self._core.channels.hangup(channel, "DESTINATION_OUT_OF_ORDER")
            return
        if name not in _NO_MEDIA and channel.direction == "inbound":
            self._core.channels.pre_answer(channel)
        channel.app_name, channel.app_data = name, data
        channel.variables["current_application"] = name
        channel.set("current_application_data", data)
        self.execute_event(channel, name, data)
        channel.app = application(self._core, channel, data)
        if channel.app is None:
            self._complete_event(channel)
        else:
            self._read_on(channel)

    def execute_on(self, channel: Channel, prefix: str) -> None:
        """Carry out the applications that variables with this beginning name, as ``app:data`` or ``app data``."""
        for name, value in list(channel.variables.items()):
            if name.startswith(prefix) and channel.up:
                application, data = re.split("[: ]", f"{value} ", maxsplit=1)
                if application in self._applications:
                    self._applications[application](self._core, channel, data.strip())

    def execute_event(self, channel: Channel, name: str, data: str) -> None:
        """CHANNEL_EXECUTE, which also is what ``show channels`` then says the channel does."""
        channel.row_app = (name, data)
        after: Headers = [("Application", name), *_data(data), ("Application-UUID", str(uuid.uuid4()))]
        if name == "uuid_bridge":
            after.pop()
        self._core.channels.fire(channel, "CHANNEL_EXECUTE", after=after)

    def _complete_event(self, channel: Channel) -> None:
        self.complete_event(channel, channel.app_name, channel.app_data)

    def complete_event(self, channel: Channel, name: str, data: str) -> None:
        """CHANNEL_EXECUTE_COMPLETE."""
        after: Headers = [
            ("Application", name),
            *_data(data),
            ("Application-Response", "_none_"),
            ("Application-UUID", str(uuid.uuid4())),
        ]
        self._core.channels.fire(channel, "CHANNEL_EXECUTE_COMPLETE", after=after)

    def complete(self, channel: Channel) -> None:
        """The running application is over by itself: report it and go on."""
        if channel.app is None:
            return
        channel.app = None
        self._complete_event(channel)
        self.proceed(channel)

    def interrupt(self, channel: Channel) -> None:
        """Take the channel out of its running application without going on."""
        app, channel.app = channel.app, None
        if app is not None:
            app.stop()
            self._complete_event(channel)

    def private_event(self, channel: Channel, headers: dict[str, str]) -> None:
        """An event for this session only: it waits until an application reads it, also over a transfer."""
        channel.told.append(headers.get("eavesdrop-command", ""))
        self._read_on(channel)

    def _read_on(self, channel: Channel) -> None:
        if channel.told and not channel.being_told:
            channel.being_told = True
            self._core.clock.later(TICK, self._read, channel)

    def _read(self, channel: Channel) -> None:
        """``eavesdrop`` and ``playback`` read one event with each frame; the others leave them (switch_ivr_async.c:2574)."""
        channel.being_told = False
        app = channel.app
        if channel.down or not getattr(app, "reads_events", False):
            return
        command = channel.told.popleft()
        if isinstance(app, Eavesdrop):
            app.command(command)
        self._read_on(channel)

    def transfer(self, channel: Channel, extension: str, dialplan: str = "", context: str = "") -> bool:
        """Send the channel elsewhere (``uuid_transfer``, REFER); ``False`` when it is hung up, or was sent on too often.

        ``dialplan`` ``inline`` takes ``app:data,app:data`` as the extension.
        """
        if channel.down or not self._may_go_on(channel):
            return False
        where = context or channel.variable("force_transfer_context") or channel.profile.context
        if dialplan.lower() == "inline":
            steps = inline_steps(extension)
        else:
            steps = route(self._core.config, extension, where, channel.variable("user_name"))
        channel.routing = True
        channel.profile.rdnis = "" if dialplan.lower() == "inline" else channel.profile.destination
        channel.profile.destination = extension
        if channel.profile.context != where:
            channel.profile.context = where
        channel.other, channel.other_type = None, ""
        if channel.bridge is not None:
            other = channel.bridge.peer_of(channel)
            self._core.clock.soon(self._core.bridges.leave_to_transfer, channel, other)
        self._core.clock.soon(self._rerouted, channel, deque(steps))
        return True

    def _may_go_on(self, channel: Channel) -> bool:
        """Counts down from 70 (switch_ivr.c:2173); whoever has none left is hung up."""
        counter = "max_session_transfers" if channel.variable("max_session_transfers") else "max_forwards"
        counted = channel.variable(counter)
        left = c_int(counted) - 1 if counted else MOST_TRANSFERS
        if left <= 0:
            self._core.channels.hangup(channel, "EXCHANGE_ROUTING_ERROR")
            return False
        channel.variables[counter] = str(left)
        return True

    def _rerouted(self, channel: Channel, steps: deque[tuple[str, str]]) -> None:
        if channel.down:
            return
        self.interrupt(channel)
        self._core.limits.transferred(channel)
        self._core.clock.soon(self._begin, channel, steps)

    def _begin(self, channel: Channel, steps: deque[tuple[str, str]]) -> None:
        if channel.down:
            return
        channel.routing = False
        if channel.direction == "inbound" and channel.answered:
            channel.state = "CS_ROUTING"
            self._core.channels.callstate(channel, "RINGING")
            channel.state = "CS_EXECUTE"
            self._core.channels.callstate(channel, "ACTIVE")
        self.run(channel, steps)


def _data(data: str) -> Headers:
    return [("Application-Data", data)] if data else []

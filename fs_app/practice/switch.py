"""A practice switch as one object: start it, connect to its event socket, drive its phones.

Owns the assembling of the parts, HEARTBEAT, and what a crash leaves behind. The people who bring it to life are in
``people``.
"""

from __future__ import annotations

import dataclasses

from fs_app.practice import media
from fs_app.practice.api import commands
from fs_app.practice.api.system_commands import up_time
from fs_app.practice.applications import APPLICATIONS
from fs_app.practice.bridges import Bridges
from fs_app.practice.bus import VERSION
from fs_app.practice.callcenter.dispatcher import Dispatcher
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.channels import Channels
from fs_app.practice.clock import Clock
from fs_app.practice.config import SwitchConfig
from fs_app.practice.core import Core
from fs_app.practice.esl.server import EslServer
from fs_app.practice.events import Headers
from fs_app.practice.execute import Executor
from fs_app.practice.limits import Limits
from fs_app.practice.phones import Phone
from fs_app.practice.registrations import Phones


class PracticeSwitch:
    """A simulated FreeSWITCH 1.10.12 with mod_callcenter, reachable over its event socket on the loopback.

    Everything runs in the gevent hub of the thread that calls ``start``; clients in the same thread must be cooperative.
    """

    def __init__(self, config: SwitchConfig, clock: Clock | None = None, port: int = 0) -> None:
        self.config = config
        self.clock = clock if clock is not None else Clock()
        self.core = Core(config, self.clock)
        self.core.channels = Channels(self.core)
        self.core.executor = Executor(self.core, APPLICATIONS)
        self.core.bridges = Bridges(self.core)
        self.core.phones = Phones(self.core)
        self.core.limits = Limits(self.core)
        self.core.callcenter = CallCenter(self.core)
        self.core.run_api = commands.run
        self._dispatcher = Dispatcher(self.core.callcenter)
        self._server = EslServer(self.core, port)
        self._beating = False

    def start(self) -> int:
        """Listen and let time run; the port."""
        port = self._server.start()
        self.clock.start()
        self._run()
        return port

    def stop(self) -> None:
        """Close everything; safe at any time."""
        self._halt()
        self._server.stop()
        self.clock.stop()

    def restart(self) -> None:
        """As ``kill -9`` and start: sockets drop, Core-UUID new, calls gone; agents, tiers and registrations kept.

        Members of before stay as ``Abandoned`` until discard-abandoned-after, agents are ``Waiting`` (freeswitch 1.10.12).
        """
        self._halt()
        self._server.stop()
        core = self.core
        core.channels.by_uuid.clear()
        core.channels.sessions = 0
        core.phones.reset()
        core.limits = Limits(core)
        core.globals.clear()
        core.callcenter.restart()
        core.bus.reset()
        core.started_at = self.clock.now()
        self._server.start()
        self.clock.start()
        self._run()

    def cut(self) -> None:
        """Drop the event socket's clients; calls go on."""
        self._server.cut()

    @property
    def port(self) -> int:
        """The event socket's port, 0 before ``start``."""
        return self._server.port

    @property
    def esl_url(self) -> str:
        """``esl://:PASSWORD@127.0.0.1:PORT``."""
        return f"esl://:{self.config.password}@127.0.0.1:{self.port}"

    def phone(self, extension: str) -> Phone:
        """The phone of an extension; ``LookupError`` for an unknown one."""
        return self.core.phones.inside(extension)

    def caller(self, number: str, name: str = "") -> Phone:
        """The outside phone of that number."""
        return self.core.phones.outside(number, name)

    def hears(self, who: str) -> set[str]:
        """Whose voices (phone numbers, and ``"music"``) arrive at a phone number, or at the phone of a leg's uuid."""
        channel = self.core.channels.find(who)
        if channel is not None:
            return media.hears(channel)
        heard: set[str] = set()
        for phone in self.core.phones.everyone():
            if phone.number == who:
                for call in phone.calls:
                    heard |= media.hears(call)
        return heard

    def clear(self) -> None:
        """Hang up everything, forget agents, tiers, members; phones as at the start. Clients stay connected."""
        core = self.core
        for channel in tuple(core.channels.by_uuid.values()):
            core.channels.hangup(channel, "MANAGER_REQUEST")
        core.callcenter.agents.clear()
        core.callcenter.tiers.clear()
        core.callcenter.members.clear()
        core.callcenter.load_all()
        for phone in core.phones.everyone():
            phone.behaviour = dataclasses.replace(phone.behaviour, kind="ring", after_s=0.0, press="")
            phone.owner = None
            phone.registered = phone.outside or phone.number not in self.config.unregistered

    def _run(self) -> None:
        self._dispatcher.start()
        self._beating = True
        self.clock.later(self.config.heartbeat_s, self._beat)

    def _halt(self) -> None:
        self._beating = False
        self._dispatcher.stop()
        self.clock.stop()

    def _beat(self) -> None:
        if not self._beating:
            return
        self.clock.later(self.config.heartbeat_s, self._beat)
        self.core.bus.fire("HEARTBEAT", self._heartbeat)

    def _heartbeat(self) -> Headers:
        core = self.core
        sessions = str(len(core.channels.by_uuid))
        return [
            ("Event-Info", "System Ready"),
            ("Up-Time", up_time(core)),
            ("FreeSWITCH-Version", VERSION),
            ("Uptime-msec", str(int((self.clock.now() - core.started_at) * 1000))),
            ("Session-Count", sessions),
            ("Max-Sessions", str(self.config.max_sessions)),
            ("Session-Per-Sec", "500"),
            ("Session-Per-Sec-Last", "0"),
            ("Session-Per-Sec-Max", "2"),
            ("Session-Per-Sec-FiveMin", "2"),
            ("Session-Since-Startup", str(core.channels.sessions)),
            ("Session-Peak-Max", str(core.channels.peak)),
            ("Session-Peak-FiveMin", str(core.channels.peak)),
            ("Idle-CPU", "86.000000"),
        ]

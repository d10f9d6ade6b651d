"""All API commands by name, and running one of them.

Owns the rule what a command that writes nothing, or does not exist, answers (mod_event_socket.c:1558-1588).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from fs_app.practice.api import channel_commands, show, system_commands
from fs_app.practice.callcenter.command import callcenter_break, callcenter_config
from fs_app.practice.callcenter.json_api import json_command
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers
from fs_app.practice.originate import Originate
from fs_app.practice.tokens import c_int, split_arguments

NO_REPLY = "-ERR no reply\n"
_COMMANDS: dict[str, Callable[[Core, str], str]] = {
    **channel_commands.COMMANDS,
    **system_commands.COMMANDS,
    "show": show.show,
    "json": lambda core, text: json_command(core.callcenter, text),
    "callcenter_config": lambda core, text: callcenter_config(core.callcenter, text),
    "callcenter_break": lambda core, text: callcenter_break(core.callcenter, text),
}
_ORIGINATE_USAGE = (
    "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] "
    "[<timeout_sec>]\n"
)


def run(core: Core, name: str, text: str, done: Callable[[str], None]) -> None:
    """Run ``name text`` and hand its reply to ``done``, at once or (``originate``) when there is one."""
    if name == "originate":
        _originate(core, text, done)
        return
    if name == "bgapi":
        done(f"+OK Job-UUID: {start_job(core, text)}\n")
        return
    command = _COMMANDS.get(name)
    if command is None:
        done(f"-ERR {name} Command not found!\n")
    else:
        done(command(core, text) or NO_REPLY)


def start_job(core: Core, text: str, job: str = "") -> str:
    """Run ``name argument`` as a job of its own: its result comes as BACKGROUND_JOB. The job's uuid."""
    job = job or str(uuid.uuid4())
    name, _, argument = text.partition(" ")

    def done(reply: str) -> None:
        headers: Headers = [("Job-UUID", job), ("Job-Command", name)]
        if argument:
            headers.append(("Job-Command-Arg", argument))
        core.bus.fire("BACKGROUND_JOB", lambda: headers, body=reply)

    core.clock.soon(run, core, name, argument, done)
    return job


def _originate(core: Core, text: str, done: Callable[[str], None]) -> None:
    args = split_arguments(text, 10)
    if not 2 <= len(args) <= 7:
        done(_ORIGINATE_USAGE)
        return
    args = ["" if arg.lower() == "undef" else arg for arg in args] + [""] * (7 - len(args))

    def answered(channel: Channel) -> None:
        done(f"+OK {channel.uuid}\n")
        core.clock.soon(_onward, core, channel, args)

    Originate(
        core,
        args[0],
        on_answer=answered,
        on_fail=lambda cause: done(f"-ERR {cause}\n"),
        cid=(args[4], args[5] or "0000000000"),
        timeout_s=float(c_int(args[6]) or 60),
    ).start()


def _onward(core: Core, channel: Channel, args: list[str]) -> None:
    """What the answered leg does: ``&app(data)``, cut at the first closing bracket, or an extension."""
    if channel.down:
        return
    where = args[1]
    if where.startswith("&") and len(where) > 1:
        name, _, data = where[1:].partition(")")[0].partition("(")
        core.executor.run(channel, [(name, data)])
    else:
        core.executor.transfer(channel, where, args[2] or "XML", args[3] or "default")

"""API commands on one channel: ``uuid_*``.

Owns their replies (mod_commands.c); what they do is done by the parts of the switch.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from fs_app.practice import hold, keys, sound, tones
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Event
from fs_app.practice.reports import Q850
from fs_app.practice.tokens import split_arguments

NO_CHANNEL = "-ERR No such channel!\n"
_OK = "+OK\n"


def uuid_exists(core: Core, text: str) -> str:
    """``true`` or ``false``, without a line end."""
    return "true" if core.channels.find(text.strip()) is not None else "false"


def uuid_kill(core: Core, text: str) -> str:
    """``<uuid> [cause]``; an unknown cause counts as NORMAL_CLEARING."""
    if not text:
        return "-USAGE: <uuid> [cause]\n"
    uuid, _, cause = text.partition(" ")
    channel = core.channels.find(uuid)
    if channel is None:
        return NO_CHANNEL
    cause = cause.strip().upper()
    core.channels.hangup(channel, cause if cause in Q850 else "NORMAL_CLEARING")
    return _OK


def uuid_transfer(core: Core, text: str) -> str:
    """``<uuid> [-bleg|-both] <extension> [dialplan] [context]``."""
    usage = "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
    args = split_arguments(text, 5)
    if len(args) < 2:
        return usage
    channel = core.channels.find(args[0])
    if channel is None:
        return NO_CHANNEL
    flag = args.pop(1).lower() if args[1].startswith("-") else ""
    if len(args) < 2:
        return usage
    rest = [*args[1:], "", ""][:3]
    targets: list[Channel] = [channel]
    if flag == "-bleg" and channel.peer is not None:
        targets = [channel.peer]
    elif flag == "-both" and channel.peer is not None:
        targets = [channel.peer, channel]
    moved = [core.executor.transfer(target, *rest) for target in targets]
    return _OK if moved[-1] else "-ERR\n"


def uuid_bridge(core: Core, text: str) -> str:
    """``<uuid> <other_uuid> [other_uuid]``: the first that can be joined."""
    args = split_arguments(text, 4)
    if len(args) < 2:
        return "-USAGE: <uuid> <other_uuid>\n"
    one = core.channels.find(args[0])
    for other_uuid in args[1:3]:
        other = core.channels.find(other_uuid)
        if one is not None and other is not None and core.bridges.uuid_bridge(one, other):
            return f"+OK {other_uuid}\n"
    return "-ERR Invalid uuid\n"


def uuid_setvar(core: Core, text: str) -> str:
    """``<uuid> <var> [value]``; no value removes the variable. ``${`` is not refused here (mod_commands.c:6148)."""
    args = split_arguments(text, 3)
    if len(args) < 2:
        return "-USAGE: <uuid> <var> [value]\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return NO_CHANNEL
    channel.set(args[1], args[2] if len(args) > 2 else None)
    return _OK


def uuid_setvar_multi(core: Core, text: str) -> str:
    """``<uuid> <var>=<value>;<var>=<value>…``."""
    uuid, _, settings = text.partition(" ")
    if not settings:
        return "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n"
    channel = core.channels.find(uuid)
    if channel is None:
        return NO_CHANNEL
    for setting in settings.split(";"):
        name, _, value = setting.partition("=")
        channel.set(name.strip(), value)
    return _OK


def uuid_getvar(core: Core, text: str) -> str:
    """``<uuid> <var>``: the bare value, ``_undef_`` when there is none."""
    args = split_arguments(text, 4)
    if len(args) < 2:
        return "-USAGE: <uuid> <var>\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return NO_CHANNEL
    value = channel.variable(args[1]) or _profile_field(channel, args[1])
    return value or "_undef_"


def _profile_field(channel: Channel, name: str) -> str:
    """Variables that stand for the caller profile."""
    profile = channel.profile
    return {
        "caller_id_name": profile.cid_name,
        "caller_id_number": profile.cid_number,
        "destination_number": profile.destination,
        "context": profile.context,
        "username": profile.username,
        "uuid": channel.uuid,
        "state": channel.state,
        "callstate": channel.callstate,
        "presence_id": channel.presence_id,
    }.get(name, "")


def uuid_dump(core: Core, text: str) -> str:
    """``<uuid> [txt|plain|json]``: all headers and variables, as an event CHANNEL_DATA."""
    args = split_arguments(text, 2)
    if not args:
        return "-USAGE: <uuid> [format]\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return NO_CHANNEL
    core.bus.sequence += 1
    stamp = core.bus.stamp("CHANNEL_DATA", source=("mod_commands.c", "uuid_dump_function", "6468"))
    event = Event("CHANNEL_DATA", [*stamp, *channel.headers(variables=True)])
    form = args[1].lower() if len(args) > 1 else "txt"
    data = event.serialize_json() if form == "json" else event.serialize_plain(encoded=form != "plain")
    return data.decode("utf-8", "surrogateescape")


def uuid_hold(core: Core, text: str) -> str:
    """``[off|toggle] <uuid> [display]``."""
    args = split_arguments(text, 4)
    if not args:
        return "-USAGE: [off|toggle] <uuid> [<display>]\n-ERR Operation failed\n"
    verb = args[0].lower() if args[0].lower() in ("off", "toggle") else ""
    uuid = (args[1] if len(args) > 1 else "") if verb else args[0]
    channel = core.channels.find(uuid)
    if channel is None:
        return "-ERR Operation failed\n"
    release = verb == "off" or (verb == "toggle" and channel.holding)
    done = hold.resume(core, channel) if release else hold.hold(core, channel)
    return "+OK Success\n" if done else "-ERR Operation failed\n"


def uuid_buglist(core: Core, text: str) -> str:
    """``<uuid>``: the media bugs on the channel as XML; an unknown channel writes nothing."""
    if not text:
        return "-USAGE: <uuid>\n"
    channel = core.channels.find(text.split(" ", maxsplit=1)[0])
    if channel is None:
        return ""
    bugs = [("eavesdrop", channel.uuid) for _ in channel.listeners] + [
        ("displace", sound) for sound in channel.displaced
    ]
    entries = "".join(
        " <media-bug>\n"
        f"  <function>{function}</function>\n"
        f"  <target>{escape(target)}</target>\n"
        "  <thread-locked>0</thread-locked>\n"
        " </media-bug>\n"
        for function, target in bugs
    )
    return f"<media-bugs>\n{entries}</media-bugs>\n"


def uuid_recv_dtmf(core: Core, text: str) -> str:
    """``<uuid> <digits>``: as if the phone had sent them."""
    args = split_arguments(text, 2)
    if len(args) < 2:
        return "-USAGE: <uuid> <dtmf_data>\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return NO_CHANNEL
    keys.pressed(core, channel, args[1].partition("@")[0], told=False)
    return _OK


def uuid_displace(core: Core, text: str) -> str:
    """``<uuid> start|stop <sound> [limit] [mux]``."""
    args = split_arguments(text, 5)
    if len(args) < 3:
        return "-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return "-ERR Cannot locate session!\n"
    done = sound.displace(core, channel, args[1].lower(), args[2])
    return "+OK Success\n" if done else "-ERR Operation failed\n"


def uuid_broadcast(core: Core, text: str) -> str:
    """``<uuid> <path> [aleg|bleg|holdb|both]``; of sounds only one tone."""
    args = split_arguments(text, 3)
    if len(args) < 2:
        return "-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n"
    channel = core.channels.find(args[0])
    if channel is None:
        return "-ERR Message not sent\n"
    return "+OK Message sent\n" if tones.speak(core, channel, args[1]) else "-ERR Message not sent\n"


def tone_detect(core: Core, text: str) -> str:
    """``<uuid> <key> <tone_spec> [flags …]``: of flags only ``r``, what comes from the leg."""
    args = split_arguments(text, 8)
    if len(args) < 3:
        return ""
    channel = core.channels.find(args[0])
    if channel is None:
        return "-ERR Cannot locate session!\n"
    tones.detect(core, channel, args[1], args[2])
    return f"+OK Enabling tone detection '{args[1]}' '{args[2]}' '{args[3] if len(args) > 3 else ''}'\n"


def uuid_media(core: Core, text: str) -> str:
    """``[off] <uuid>``: sound past the switch, or through it again."""
    args = split_arguments(text, 4)
    if not args:
        return "-USAGE: [off] <uuid>\n"
    off = args[0].lower() == "off"
    channel = core.channels.find(args[-1])
    if channel is None:
        return "-ERR Operation failed\n"
    done = sound.bypass(core, channel) if off else sound.bring_back(core, channel)
    return "+OK Success\n" if done else "-ERR Operation failed\n"


def uuid_break(core: Core, text: str) -> str:
    """``<uuid> [all]``: the music of a hold ends; nothing else is played that anybody breaks."""
    channel = core.channels.find(text.partition(" ")[0])
    if channel is None:
        return "-ERR No such channel!\n"
    if channel.held_music:
        core.bridges.stop_music(channel)
    return "+OK\n"


def uuid_answer(core: Core, text: str) -> str:
    """``<uuid>``."""
    channel = core.channels.find(text.strip())
    if channel is None:
        return NO_CHANNEL
    core.channels.answer(channel)
    return _OK


def uuid_park(core: Core, text: str) -> str:
    """``<uuid>``."""
    channel = core.channels.find(text.strip())
    if channel is None:
        return NO_CHANNEL
    core.executor.transfer(channel, "park", "inline")
    return _OK


COMMANDS = {
    "uuid_exists": uuid_exists,
    "uuid_kill": uuid_kill,
    "uuid_transfer": uuid_transfer,
    "uuid_bridge": uuid_bridge,
    "uuid_setvar": uuid_setvar,
    "uuid_setvar_multi": uuid_setvar_multi,
    "uuid_getvar": uuid_getvar,
    "uuid_dump": uuid_dump,
    "uuid_hold": uuid_hold,
    "uuid_buglist": uuid_buglist,
    "uuid_recv_dtmf": uuid_recv_dtmf,
    "uuid_displace": uuid_displace,
    "uuid_broadcast": uuid_broadcast,
    "tone_detect": tone_detect,
    "uuid_media": uuid_media,
    "uuid_break": uuid_break,
    "uuid_answer": uuid_answer,
    "uuid_park": uuid_park,
}

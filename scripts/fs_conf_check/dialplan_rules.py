"""Rules about modules, the core's settings and the dialplan around the queues."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.source import UNKNOWN
from scripts.fs_conf_check.switch_conf import Action, SwitchConf, is_true

NEEDED = {
    "mod_callcenter": (SERIOUS, "it distributes the calls: without it there is no floor"),
    "mod_event_socket": (SERIOUS, "it is the controller's only way in"),
    "mod_commands": (SERIOUS, "it holds originate, uuid_bridge, show: everything that the controller orders"),
    "mod_dptools": (SERIOUS, "it holds eavesdrop, which listening and whispering are made of"),
    "mod_sofia": (SERIOUS, "phones are rung through it"),
    "mod_dialplan_xml": (SERIOUS, "calls find their queue through it"),
    "mod_python3": (WARNING, "without it there are no dial codes; the panel works"),
    "mod_hash": (WARNING, "it counts concurrent calls (limit)"),
    "mod_tone_stream": (WARNING, "notices to agents and stand-ins for prompts are tones"),
    "mod_sndfile": (WARNING, "prompts are files of its kind"),
    "mod_local_stream": (WARNING, "hold music comes from it"),
    "mod_spy": (NOTE, "userspy at the switch's console needs it; the panel does not"),
}
_CALLERS_TEXT = re.compile(
    r"\$\{(?:caller_id_name|caller_id_number|effective_caller_id_name|destination_number|sip_[^}]*)\}"
)
_RUNS = re.compile(r"\$\{(?:system|bg_system|bgsystem|python|lua|curl|expand|eval)\(")
OUR_CODES = "dialplan/inside/10_codes.xml"
DIAL_CODES = ("0010", "0011", "0020", "0070", "0090")


def check(conf: SwitchConf) -> Iterator[Finding]:
    """All of them."""
    yield from _modules(conf)
    yield from _core(conf)
    actions = list(conf.actions())
    yield from _injection(actions)
    yield from _queue_calls(conf, actions)
    yield from _outside_calls(actions)
    yield from _tracked_again(conf)
    yield from _dial_codes(conf)


def _modules(conf: SwitchConf) -> Iterator[Finding]:
    modules = conf.modules
    for name, (level, purpose) in NEEDED.items():
        if name not in modules:
            yield Finding(
                level,
                "module-missing",
                "modules.conf.xml",
                f"{name} is not loaded.",
                f"{purpose[0].upper()}{purpose[1:]}.",
                f'Install it, add <load module="{name}"/>, and load it now with fs_cli -x "load {name}".',
            )
    if "mod_xml_curl" in modules:
        yield Finding(
            NOTE,
            "xml-from-elsewhere",
            modules["mod_xml_curl"].where,
            "Parts of the configuration come from a web server (mod_xml_curl).",
            "What it serves is not in these files and was not judged.",
            "Use --esl to judge the running switch too.",
        )


def _core(conf: SwitchConf) -> Iterator[Finding]:
    settings = conf.settings("switch.conf")
    uses_api = any(
        "sofia_contact" in parameter.get("value") for domain in conf.domains() for parameter in domain.every("param")
    )
    if "api-expansion" in settings and not is_true(settings["api-expansion"].get("value")) and uses_api:
        yield Finding(
            SERIOUS,
            "api-expansion-off",
            settings["api-expansion"].where,
            "api-expansion is off, and the directory's dial-string needs it (${sofia_contact(…)}).",
            "user/EXTENSION rings nobody: no offer reaches an agent.",
            "Set api-expansion=true and keep people's text out of contacts and dial strings; Sasayaki does.",
        )
    threads = settings["initial-event-threads"].get("value") if "initial-event-threads" in settings else "1"
    if threads.isdigit() and int(threads) > 1:
        yield Finding(
            WARNING,
            "event-threads",
            settings["initial-event-threads"].where,
            f"initial-event-threads is {threads}.",
            "Events arrive out of order; the board is right again only after the next reading, up to 30 s later.",
            "Remove initial-event-threads.",
        )
    rate = settings["sessions-per-second"].get("value") if "sessions-per-second" in settings else "30"
    if rate.isdigit() and int(rate) <= 30:
        yield Finding(
            NOTE,
            "sessions-per-second",
            settings["sessions-per-second"].where if "sessions-per-second" in settings else "switch.conf.xml",
            f"At most {rate} channels a second may be made.",
            "Every ringing phone and every supervisor is one; what is refused looks like an agent who did not answer.",
            "Set sessions-per-second to 200 for a floor of a hundred.",
        )


def _injection(actions: list[Action]) -> Iterator[Finding]:
    for action in actions:
        runs = action.application in ("system", "bgsystem", "bg_system") or _RUNS.search(action.data)
        if runs and _CALLERS_TEXT.search(action.data):
            yield Finding(
                SERIOUS,
                "callers-text-runs",
                action.element.where,
                f"Extension «{action.extension}» hands what a caller sends to «{action.application}».",
                "A caller runs commands on this machine by the name he shows.",
                "Take the caller's text out, or check it by a condition that lets digits through only.",
            )
        elif action.application in ("record_session", "record") and "${caller_id_name}" in action.data:
            yield Finding(
                WARNING,
                "callers-text-in-file-name",
                action.element.where,
                f"Extension «{action.extension}» puts the caller's name into a file name.",
                "A caller chooses where the file lies.",
                "Use ${uuid} and ${strftime(…)} only.",
            )


def _queue_calls(conf: SwitchConf, actions: list[Action]) -> Iterator[Finding]:
    by_extension = defaultdict(list)
    for action in actions:
        by_extension[action.context, action.extension].append(action)
    known = {queue.get("name") for queue in conf.callcenter("queues", "queue")}
    music_everywhere = bool(conf.source.variables.get("hold_music"))
    limited = any(action.application == "limit" for action in actions)
    for own in by_extension.values():
        calls = [action for action in own if action.application == "callcenter"]
        if not calls:
            continue
        settings = " ".join(action.data for action in own if action.application in ("set", "export", "multiset"))
        yield from _one_queue_call(calls[0], settings, known, music_everywhere)
    if not limited and any(action.application == "callcenter" for action in actions):
        yield Finding(
            NOTE,
            "no-limit",
            "dialplan",
            "No extension counts concurrent calls (limit).",
            "The panel cannot say how many lines are in use.",
            'Add <action application="limit" data="hash inbound all 30 !USER_BUSY"/> where calls come in.',
        )


def _one_queue_call(call: Action, settings: str, known: set[str], music_everywhere: bool) -> Iterator[Finding]:
    where, name = call.element.where, f"Extension «{call.extension}»"
    if not re.search(r"[$]|" + UNKNOWN, call.data) and call.data.strip() not in known:
        yield Finding(
            SERIOUS,
            "unknown-queue",
            where,
            f"{name} sends calls to the queue «{call.data}», which callcenter.conf.xml does not define.",
            "Callers there are sent on at once.",
            "Correct the name; queues are NAME@DOMAIN.",
        )
    if not re.search(r"\bhangup_after_bridge=(true|yes|1)", settings):
        yield Finding(
            WARNING,
            "no-hangup-after-bridge",
            where,
            f"{name} does not set hangup_after_bridge=true before the queue.",
            "After the agent has hung up, the caller goes on to whatever comes next in the dialplan.",
            'Add <action application="set" data="hangup_after_bridge=true"/>.',
        )
    if not music_everywhere and not re.search(r"cc_export_vars=[^ ]*hold_music", settings):
        yield Finding(
            WARNING,
            "no-hold-music",
            where,
            f"{name} does not give the agent's leg a hold_music.",
            "Music comes from the leg that holds: a customer whom an agent puts on hold hears silence and hangs up.",
            "Add set hold_music=local_stream://moh and set cc_export_vars=hold_music, or a global hold_music in vars.xml.",
        )


def _outside_calls(actions: list[Action]) -> Iterator[Finding]:
    tracked = {(action.context, action.extension) for action in actions if action.application == "callcenter_track"}
    for action in actions:
        outside = action.application == "bridge" and "sofia/gateway/" in action.data
        inside_out = action.context not in ("public",) and (action.context, action.extension) not in tracked
        if outside and inside_out:
            yield Finding(
                WARNING,
                "no-callcenter-track",
                action.element.where,
                f"Extension «{action.extension}» dials out without callcenter_track.",
                "An agent in an outside call is offered a queue call on top, and the offer counts as not answered.",
                'Before the bridge add <action application="callcenter_track" data="${user_name}@${domain_name}"/>, in a '
                "condition that lets it run once on a channel: as fs_conf/dialplan/inside/90_outside.xml has it.",
            )


def _tracked_again(conf: SwitchConf) -> Iterator[Finding]:
    """A channel whose owner is handed on comes through the dialplan again; hanging up takes off one (mod_callcenter.c:3336)."""
    contexts = conf.user_contexts
    for context in conf.contexts():
        for extension in context.every("extension") if context.get("name") in contexts else ():
            tracks = [action for action in extension.every("action") if action.get("application") == "callcenter_track"]
            if not tracks or any("cc_tracked_agent" in one.get("field") for one in extension.every("condition")):
                continue
            yield Finding(
                WARNING,
                "callcenter-track-again",
                tracks[0].where,
                f"Extension «{extension.get('name')}» may run callcenter_track a second time on one channel.",
                "An agent who is transferred by a colleague is skipped by the queues until mod_callcenter is reloaded.",
                'Put it into <condition field="${user_name}/${cc_tracked_agent}" expression="^\\d+/$" break="never">.',
            )


def _dial_codes(conf: SwitchConf) -> Iterator[Finding]:
    contexts = conf.user_contexts
    for context in conf.contexts():
        for extension in context.every("extension") if context.get("name") in contexts else ():
            if extension.get("continue") == "true" or extension.where.startswith(OUR_CODES):
                continue
            for condition in extension.all("condition"):
                taken = [code for code in DIAL_CODES if _matches(condition.get("expression"), code)]
                if condition.get("field") == "destination_number" and taken:
                    yield Finding(
                        NOTE,
                        "dial-code-taken",
                        extension.where,
                        f"Extension «{extension.get('name')}» takes {', '.join(taken)}.",
                        "Those are dial codes of Sasayaki; which one wins is a matter of their order.",
                        "Put the dial codes before it, or choose other codes.",
                    )
                    break


def _matches(expression: str, number: str) -> bool:
    """Whether a dialplan expression takes the number; one that takes everything is nobody's in particular."""
    try:
        compiled = re.compile(expression)
    except re.error:
        return False
    return bool(expression) and bool(compiled.search(number)) and not compiled.search("\x00")

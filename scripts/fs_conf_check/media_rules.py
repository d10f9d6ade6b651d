"""Rules about sound and about who may call: SIP profiles, and dialplan or directory variables that take the sound away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.switch_conf import SwitchConf, is_true
from scripts.fs_conf_check.tree import Element

TAKES_SOUND_AWAY = ("inbound-bypass-media", "bypass-media", "inbound-proxy-media", "proxy-media")
_VARIABLE = re.compile(r"(?:^|[{\[<,])\s*(?:nolocal:)?(bypass_media(?:_after_bridge)?|proxy_media)\s*=\s*(\w+)")
_PASS_THROUGH = re.compile(r"\b(G729|G723|AMR|AMR-WB)\b", re.IGNORECASE)
_NO_SOUND = "FreeSWITCH has no sound of such a call: nobody can listen, whisper, step in or record."


def check(conf: SwitchConf) -> Iterator[Finding]:
    """All of them."""
    profiles = list(conf.profiles())
    if not profiles:
        yield Finding(
            SERIOUS,
            "no-sip-profile",
            "sofia.conf.xml",
            "There is no SIP profile.",
            "No phone can log in.",
            "Add sip_profiles/internal.xml and include it in sofia.conf.xml.",
        )
    for profile in profiles:
        settings = profile.parameters("settings")
        yield from _sound(profile, settings)
        yield from _access(profile, settings)
        yield from _messages(profile, settings)
    yield from _variables(conf)
    yield from _dial_out(conf, profiles)


def _on(settings: dict[str, Element], name: str) -> bool:
    return name in settings and is_true(settings[name].get("value"))


def _value(settings: dict[str, Element], name: str) -> str:
    return settings[name].get("value") if name in settings else ""


def _sound(profile: Element, settings: dict[str, Element]) -> Iterator[Finding]:
    name = f"Profile «{profile.get('name')}»"
    for parameter in TAKES_SOUND_AWAY:
        if _on(settings, parameter):
            yield Finding(
                SERIOUS,
                "bypass-media" if "bypass" in parameter else "proxy-media",
                settings[parameter].where,
                f"{name} has {parameter}=true.",
                _NO_SOUND,
                f"Remove {parameter} (or set it to false) and restart the profile: sofia profile NAME restart.",
            )
    if "bypass-media-after-att-xfer" in _value(settings, "media-option"):
        yield Finding(
            SERIOUS,
            "bypass-media",
            settings["media-option"].where,
            f"{name} gives the sound away after an attended transfer.",
            _NO_SOUND,
            "Remove media-option=bypass-media-after-att-xfer.",
        )
    if _value(settings, "rtp-timer-name").lower() in ("", "none"):
        yield Finding(
            WARNING,
            "rtp-timer",
            profile.where,
            f"{name} names no rtp-timer-name.",
            "Sound is sent unpaced; supervisors hear it in bursts.",
            'Add <param name="rtp-timer-name" value="soft"/>.',
        )
    for parameter in ("inbound-codec-prefs", "outbound-codec-prefs", "codec-prefs"):
        if found := _PASS_THROUGH.search(_value(settings, parameter)):
            yield Finding(
                WARNING,
                "pass-through-codec",
                settings[parameter].where,
                f"{name} offers {found[1]} ({parameter}).",
                "FreeSWITCH's own modules only pass these codecs through: a call that uses one cannot be listened to.",
                f"Take {found[1]} out of the list, or install a module that decodes it.",
            )


def _access(profile: Element, settings: dict[str, Element]) -> Iterator[Finding]:
    name = f"Profile «{profile.get('name')}»"
    for parameter in ("accept-blind-auth", "accept-blind-reg"):
        if _on(settings, parameter):
            yield Finding(
                SERIOUS,
                "blind-auth",
                settings[parameter].where,
                f"{name} has {parameter}=true.",
                "Everybody who reaches the port is believed to be the extension that he names.",
                f"Remove {parameter}.",
            )
    if not _on(settings, "auth-calls") and not settings.get("apply-inbound-acl"):
        context = _value(settings, "context") or "default"
        yield Finding(
            SERIOUS if context == "default" else WARNING,
            "open-profile",
            profile.where,
            f"{name} takes calls from every address without a log-in, into the context «{context}».",
            "Everybody on the network may dial what that context offers.",
            "Name the carriers' addresses in a list of acl.conf.xml and apply it (apply-inbound-acl), or set auth-calls=true.",
        )


def _messages(profile: Element, settings: dict[str, Element]) -> Iterator[Finding]:
    if "enable-chat" in settings and not is_true(settings["enable-chat"].get("value")):
        return
    name = f"Profile «{profile.get('name')}»"
    open_to_all = _on(settings, "disable-auth-messages") or (
        "disable-auth-messages" not in settings
        and "auth-messages" in settings
        and not is_true(settings["auth-messages"].get("value"))
    )
    yield Finding(
        SERIOUS if open_to_all else WARNING,
        "commands-by-message",
        profile.where,
        f"{name} takes SIP messages {'from everybody' if open_to_all else 'from every phone that is logged in'}.",
        "In 1.10.12 and before, a message to api+COMMAND@… runs that command of FreeSWITCH, `system` included (CVE-2026-116779).",
        'Add <param name="enable-chat" value="false"/>, or install a version whose enable-chat-api-proto is off.',
    )


def _variables(conf: SwitchConf) -> Iterator[Finding]:
    places: list[tuple[str, str, str]] = [
        (action.element.where, f"Extension «{action.extension}»", action.data)
        for action in conf.actions()
        if action.application in ("set", "export", "multiset", "bridge", "originate", "bridge_export")
    ]
    for domain in conf.domains():
        for variable in domain.every("variable"):
            places.append((variable.where, "The directory", f"{variable.get('name')}={variable.get('value')}"))
    for agent in conf.callcenter("agents", "agent"):
        places.append((agent.where, f"The contact of «{agent.get('name')}»", agent.get("contact")))
    for where, who, text in places:
        for variable, value in _VARIABLE.findall(text):
            if is_true(value):
                kind = "proxy-media" if variable == "proxy_media" else "bypass-media"
                yield Finding(
                    SERIOUS, kind, where, f"{who} sets {variable}={value}.", _NO_SOUND, f"Remove {variable} there."
                )


def _dial_out(conf: SwitchConf, profiles: list[Element]) -> Iterator[Finding]:
    open_contexts = set()
    for profile in profiles:
        settings = profile.parameters("settings")
        if not _on(settings, "auth-calls") and not settings.get("apply-inbound-acl"):
            open_contexts.add(_value(settings, "context") or "default")
    for action in conf.actions():
        dials_out = action.application == "bridge" and re.search(
            r"sofia/[^,|]*\$(\d|\{destination_number\})", action.data
        )
        if dials_out and action.context in open_contexts and "user/" not in action.data:
            yield Finding(
                SERIOUS,
                "toll-fraud",
                action.element.where,
                f"Extension «{action.extension}» in the open context «{action.context}» dials what a caller asks for.",
                "Strangers telephone at your expense.",
                "Move it to the context of logged-in phones, or close the profile (see open-profile).",
            )
    if "mod_verto" in conf.modules:
        where = conf.modules["mod_verto"].where
        yield Finding(
            NOTE,
            "verto",
            where,
            "mod_verto is loaded.",
            "Its phones are seen and heard like others, but its port is one more way in.",
            "Remove it if no browser telephones through it.",
        )

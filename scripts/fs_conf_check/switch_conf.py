"""The configuration as the rules see it: sections by name, module list, profiles, queues, users, dialplan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.fs_conf_check.source import Source, read
from scripts.fs_conf_check.tree import Element, parse, place

_TRUE = ("yes", "on", "true", "t", "enabled", "active", "allow")


def is_true(value: str) -> bool:
    """What FreeSWITCH takes for true (switch_utils.h, switch_true)."""
    return value.lower() in _TRUE or (value.isdigit() and int(value) != 0)


@dataclass(frozen=True, slots=True)
class Action:
    """One application of the dialplan, with the context and extension that it stands in."""

    context: str
    extension: str
    application: str
    data: str
    element: Element


class SwitchConf:
    """One configuration folder, read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.source: Source = read(self.folder)
        self.root = parse(self.source, self.folder)
        self._configurations = {
            element.get("name"): element
            for section in self.root.all("section")
            if section.get("name") == "configuration"
            for element in section.all("configuration")
        }

    def place(self, path: Path, number: int) -> str:
        """Where a line stands, as findings name it."""
        return place(path, number, self.folder)

    def configuration(self, name: str) -> Element | None:
        """``<configuration name="….conf">``."""
        return self._configurations.get(name)

    def settings(self, name: str) -> dict[str, Element]:
        """Its ``<settings>``; empty without it."""
        found = self.configuration(name)
        return found.parameters("settings") if found else {}

    @property
    def modules(self) -> dict[str, Element]:
        """Modules that are loaded at the start."""
        lists = [self.configuration(f"{when}load_modules.conf") for when in ("pre_", "post_")]
        lists.append(self.configuration("modules.conf"))
        return {load.get("module"): load for one in lists if one for load in one.all("modules", "load")}

    def profiles(self) -> Iterator[Element]:
        """SIP profiles."""
        sofia = self.configuration("sofia.conf")
        return sofia.all("profiles", "profile") if sofia else iter(())

    def callcenter(self, group: str, tag: str) -> list[Element]:
        """``queues``/``queue``, ``agents``/``agent`` or ``tiers``/``tier``."""
        found = self.configuration("callcenter.conf")
        return list(found.all(group, tag)) if found else []

    def domains(self) -> Iterator[Element]:
        """Domains of the directory."""
        return (domain for section in self._sections("directory") for domain in section.every("domain"))

    def actions(self) -> Iterator[Action]:
        """Every action and anti-action of the dialplan."""
        for context in self.contexts():
            for extension in context.every("extension"):
                for tag in ("action", "anti-action"):
                    for element in extension.every(tag):
                        names = (context.get("name"), extension.get("name"))
                        yield Action(*names, element.get("application"), element.get("data"), element)

    def contexts(self) -> Iterator[Element]:
        """Contexts of the dialplan."""
        return (context for section in self._sections("dialplan") for context in section.all("context"))

    @property
    def user_contexts(self) -> set[str]:
        """Where calls of logged-in phones go."""
        named = {
            variable.get("value")
            for domain in self.domains()
            for variable in domain.every("variable")
            if variable.get("name") == "user_context"
        }
        return named or {"default"}

    def _sections(self, name: str) -> Iterator[Element]:
        return (section for section in self.root.all("section") if section.get("name") == name)

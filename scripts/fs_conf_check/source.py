"""The configuration's text as FreeSWITCH's own preprocessor would make it, with the origin of every line.

Does what switch_xml.c:1424 does (1.10.12), quirks included: commands work inside comments, lines with ``<include>`` or ``<?``
are dropped, what is set first counts from its line on. What would run a program (``exec``, ``exec-set``) or ask the network
(``stun-set``) is not done: its value is unknown.
"""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass, field
from pathlib import Path

MOST_FILES = 5000
MOST_BYTES = 64 * 1024 * 1024
DEEPEST = 100  # switch_xml.c:1433
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a value that only a running switch would know."""

_COMMAND = re.compile(r"<x-pre-process\b(.*?)/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'(cmd|data)\s*=\s*"([^"]*)"', re.IGNORECASE)
_HASH_COMMAND = re.compile(r'<!--#\s*(\S+)\s+"?([^"]*?)"?\s*(?:-->|$)')
_VARIABLE = re.compile(r"\$\$\{([^{}]*)\}")


class CannotRead(Exception):
    """The configuration cannot be read; the sentence says which file and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line after preprocessing and where it came from."""

    text: str
    path: Path
    number: int


@dataclass(slots=True)
class Source:
    """All lines, the global variables as they were at the end, and what was not read: includes that named nothing, files
    that could not be read, and lines that FreeSWITCH throws away with what stands on them.
    """

    lines: list[Line] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    lost: list[Line] = field(default_factory=list)
    files: int = 0
    size: int = 0


def read(folder: Path) -> Source:
    """Preprocess ``freeswitch.xml`` of a configuration folder; raises ``CannotRead``."""
    main = folder / "freeswitch.xml"
    if not main.is_file():
        raise CannotRead(
            f"{folder} holds no freeswitch.xml; name the folder that FreeSWITCH reads, such as /etc/freeswitch."
        )
    source = Source(variables=_own_variables(folder))
    _file(source, main, 0)
    return source


def _own_variables(folder: Path) -> dict[str, str]:
    """What FreeSWITCH sets before it reads (switch_core.c:1992 and around); addresses are not known here."""
    names = (
        "local_ip_v4",
        "local_ip_v6",
        "hostname",
        "switch_serial",
        "core_uuid",
        "nat_public_addr",
        "nat_private_addr",
    )
    folders = (
        "base_dir",
        "sounds_dir",
        "recordings_dir",
        "log_dir",
        "db_dir",
        "script_dir",
        "temp_dir",
        "certs_dir",
        "run_dir",
    )
    return {**dict.fromkeys((*names, *folders), UNKNOWN), "conf_dir": str(folder)}


def _file(source: Source, path: Path, depth: int) -> None:
    source.files += 1
    if depth > DEEPEST or source.files > MOST_FILES:
        raise CannotRead(f"{path}: files include each other without end.")
    try:
        data = path.read_bytes()
    except OSError as error:
        source.unread.append((str(path), error.strerror or "cannot be read"))
        return
    source.size += len(data)
    if source.size > MOST_BYTES:
        raise CannotRead(f"{path}: the configuration is larger than {MOST_BYTES // 1024 // 1024} MB.")
    in_command = False
    for number, raw in enumerate(data.decode(errors="replace").splitlines(), start=1):
        text = expand(raw, source.variables)
        if "<include>" in text or "</include>" in text or "<?" in text:
            rest = re.sub(r"</?include>|<\?.*?\?>|<!--.*?-->", "", text)
            if not in_command and re.search(r"<[A-Za-z/]", rest):
                source.lost.append(Line(text, path, number))
            continue
        if in_command:
            _, end, text = text.partition("-->")
            if not end:
                continue
            in_command = False
        in_command = _line(source, Line(text, path, number), depth)


def _line(source: Source, line: Line, depth: int) -> bool:
    """Keep or carry out one line; whether a ``<!--#`` of it goes on in the next."""
    lower = line.text.lower()
    if "x-pre-process" in lower:
        if found := _COMMAND.search(line.text):
            attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(found[1])}
            _carry_out(source, line, attributes.get("cmd", "").lower(), attributes.get("data", ""), depth)
        return False  # all else on that line is lost, as it is in FreeSWITCH
    if "<!--#" in line.text:
        before, _, rest = line.text.partition("<!--#")
        source.lines.append(Line(before + rest.partition("-->")[2], line.path, line.number))
        if found := _HASH_COMMAND.search(line.text):
            _carry_out(source, line, found[1].lower(), found[2], depth)
        return "-->" not in rest
    source.lines.append(line)
    return False


def _carry_out(source: Source, line: Line, command: str, data: str, depth: int) -> None:
    name, equals, value = (part.strip(" ") for part in data.partition("="))
    match command:
        case "set" if equals:
            source.variables[name] = value
        case "set" | "exec-set" | "stun-set" | "env-set":
            source.variables[name] = UNKNOWN
        case "include":
            pattern = data if data.startswith("/") else str(line.path.parent / data)
            found = sorted(glob.glob(pattern))
            if not found:
                source.missing.append((f"{line.path}:{line.number}", data))
            for path in found:
                _file(source, Path(path), depth + 1)
        case "exec":
            source.unread.append((f"{line.path}:{line.number}", "is the output of a program"))


def expand(text: str, variables: dict[str, str]) -> str:
    """``$${name}`` replaced; an unset one is empty (switch_xml.c, expand_vars)."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], ""), text) if "$${" in text else text

"""The preprocessed text as a tree that remembers files and lines. Reads XML only: no document type, no entities, no network."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from scripts.fs_conf_check.source import CannotRead, Source

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")


@dataclass(slots=True)
class Element:
    """One element. ``where`` is ``file:line`` below the configuration folder."""

    tag: str
    attributes: dict[str, str]
    where: str
    children: list[Element] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute, empty when it is not there."""
        return self.attributes.get(name, "")

    def all(self, *path: str) -> Iterator[Element]:
        """The elements at that path of tags below this one."""
        found = [self]
        for tag in path:
            found = [child for element in found for child in element.children if child.tag == tag]
        return iter(found)

    def every(self, tag: str) -> Iterator[Element]:
        """All elements of that tag at any depth."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.every(tag)

    def parameters(self, *path: str, tag: str = "param") -> dict[str, Element]:
        """``<param name value>`` (or ``<variable …>``) at that path, by name; the last of a repeated one counts."""
        return {element.get("name").lower(): element for element in self.all(*path, tag)}


def place(path: Path, number: int, folder: Path) -> str:
    """``file:line`` below the configuration folder, without the .. of an include."""
    path = Path(os.path.normpath(path))
    return f"{path.relative_to(folder) if path.is_relative_to(folder) else path}:{number}"


def parse(source: Source, folder: Path) -> Element:
    """The document; raises ``CannotRead`` with the place of what is no XML."""
    # Comments go first: FreeSWITCH allows -- in them and expat does not. Line breaks stay, so that lines keep their numbers.
    text = "\n".join(line.text for line in source.lines)
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    text = _LONE_AMPERSAND.sub("&amp;", text)
    text = "".join(sign if sign >= " " or sign in "\t\n" else " " for sign in text)
    return _Reader(source, folder).read(text)


class _Reader:
    def __init__(self, source: Source, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._open: list[Element] = [Element("", {}, "")]
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, text: str) -> Element:
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            raise CannotRead(f"{self._where(error.lineno)}: {expat.errors.messages[error.code]}.") from None
        return self._open[0].children[0]

    def _where(self, number: int) -> str:
        lines = self._source.lines
        if not lines:
            return "freeswitch.xml"
        line = lines[min(number, len(lines)) - 1]
        return place(line.path, line.number, self._folder)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, self._where(self._parser.CurrentLineNumber))
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _refuse(self, *_: object) -> NoReturn:
        raise CannotRead(f"{self._where(self._parser.CurrentLineNumber)}: a document type is not read here.")

"""Makes what is missing or changed, whole or not at all. Owns the folder and the list of what was made of which text."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.voice_prompts import engines
from scripts.voice_prompts.catalogue import OWN_STATUS, Prompt, Unusable

LIST = "prompts.json"
_UNSPOKEN = "unspoken "
"""In the list before the mark of a text of which no engine makes a sound, so that it is tried and told of once."""


@dataclass(slots=True)
class Outcome:
    """What came of a run: prompts as ``LANGUAGE/ID``, and why a language was left out.

    ``unspoken``: those of which no engine makes a sound, found in this run; ``still_unspoken``: how many are known of before.
    """

    made: list[str] = field(default_factory=list)
    kept: int = 0
    unspoken: list[str] = field(default_factory=list)
    still_unspoken: int = 0
    left_out: dict[str, str] = field(default_factory=dict)


def make(prompts: Iterable[Prompt], languages: Iterable[str], folder: Path) -> Outcome:
    """Bring the folder up to date. A file that this did not make is somebody's recording and is never replaced.

    A language whose engine is missing or fails is left out and told. A text that cannot be spoken gets no file, so that a
    tone stands in for it. Nothing is removed but a file whose text became such a one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maker, wanted = _Maker(folder), {prompt.id: prompt for prompt in prompts}
    try:
        for language in languages:
            maker.language(language, wanted)
    finally:
        _write_list(folder, maker.known)
    return maker.outcome


class _Maker:
    """One run. ``known`` holds of which text each prompt was made."""

    def __init__(self, folder: Path) -> None:
        self.known = _read_list(folder)
        self.outcome = Outcome()
        self._folder = folder

    def language(self, language: str, wanted: dict[str, Prompt]) -> None:
        for identity in wanted:
            former = identity.replace(OWN_STATUS, "status_", 1)
            if identity.startswith(OWN_STATUS) and former not in wanted:
                self._rename(f"{language}/{former}", f"{language}/{identity}")
        try:
            engines.check(language)
            for prompt in wanted.values():
                if language in prompt.texts:
                    self._one(language, prompt.id, prompt.texts[language])
        except Unusable as fault:
            self.outcome.left_out[language] = str(fault)

    def _rename(self, former: str, key: str) -> None:
        """Own statuses were called like built-in ones before; a recording of somebody's goes on being heard."""
        targets, before = self._targets(key), self._targets(former)
        if any(target.exists() for target in targets.values()):
            return
        for rate, target in targets.items():
            if before[rate].exists():
                os.replace(before[rate], target)
        if former in self.known:
            self.known[key] = self.known.pop(former)

    def _one(self, language: str, identity: str, text: str) -> None:
        key = f"{language}/{identity}"
        mark = hashlib.sha256(f"{engines.VERSION}\n{text}".encode()).hexdigest()
        targets = self._targets(key)
        present = [target for target in targets.values() if target.exists()]
        if present and self.known.get(key, "").startswith(_UNSPOKEN):
            del self.known[key]  # somebody recorded it meanwhile
        by_hand = present and key not in self.known
        if by_hand or (len(present) == len(targets) and self.known.get(key) == mark):
            self.outcome.kept += 1
        elif self.known.get(key) == _UNSPOKEN + mark:
            self.outcome.still_unspoken += 1
        elif self._speak(language, text, targets):
            self.known[key] = mark
            self.outcome.made.append(key)
        else:
            for target in present:
                target.unlink()  # it says what is no longer meant
            self.known[key] = _UNSPOKEN + mark
            self.outcome.unspoken.append(key)

    def _speak(self, language: str, text: str, targets: dict[int, Path]) -> bool:
        """Whether there are words in the text; raises ``Unusable`` when the engine fails on any text."""
        with tempfile.TemporaryDirectory(prefix=".making-", dir=self._folder) as name:
            ready = {rate: Path(name) / f"{rate}.wav" for rate in targets}
            try:
                _record(language, text, ready)
            except Unusable:
                _record(language, engines.SURE[language], ready)
                return False
            for rate, target in targets.items():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(ready[rate], target)
        return True

    def _targets(self, key: str) -> dict[int, Path]:
        language, _, identity = key.partition("/")
        return {rate: self._folder / language / str(rate) / f"{identity}.wav" for rate in engines.RATES}


def _record(language: str, text: str, ready: dict[int, Path]) -> None:
    """A file for each rate (Hz); raises ``Unusable``."""
    sound = engines.speak(language, text, next(iter(ready.values())).parent)
    for rate, target in ready.items():
        engines.convert(sound, rate, target)


def _read_list(folder: Path) -> dict[str, str]:
    try:
        known = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(mark) for key, mark in known.items()} if isinstance(known, dict) else {}


def _write_list(folder: Path, known: dict[str, str]) -> None:
    new = folder / f"{LIST}.new"
    new.write_text(json.dumps(dict(sorted(known.items())), indent=0) + "\n", encoding="utf-8")
    os.replace(new, folder / LIST)

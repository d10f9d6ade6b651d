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
from scripts.voice_prompts.catalogue import Prompt, Unusable

LIST = "prompts.json"


@dataclass(slots=True)
class Outcome:
    """What came of a run: prompts as ``LANGUAGE/ID``, and why a language was left out."""

    made: list[str] = field(default_factory=list)
    kept: int = 0
    removed: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def make(prompts: Iterable[Prompt], languages: Iterable[str], folder: Path) -> Outcome:
    """Bring the folder up to date. A file that this did not make is somebody's recording and is never replaced.

    A language whose engine is missing is left out and told; raises ``Unusable`` when an engine fails on a text.
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
        try:
            engines.check(language)
        except Unusable as fault:
            self.outcome.left_out[language] = str(fault)
            return
        for prompt in wanted.values():
            if language in prompt.texts:
                self._one(language, prompt.id, prompt.texts[language])
        for key in [key for key in self.known if key.startswith(f"{language}/status_")]:
            if key.partition("/")[2] not in wanted:
                self._remove(key)

    def _one(self, language: str, identity: str, text: str) -> None:
        key = f"{language}/{identity}"
        mark = hashlib.sha256(f"{engines.VERSION}\n{text}".encode()).hexdigest()
        targets = self._targets(key)
        present = [target for target in targets.values() if target.exists()]
        by_hand = present and key not in self.known
        if by_hand or (len(present) == len(targets) and self.known.get(key) == mark):
            self.outcome.kept += 1
            return
        with tempfile.TemporaryDirectory(prefix=".making-", dir=self._folder) as name:
            sound = engines.speak(language, text, Path(name))
            for rate, target in targets.items():
                ready = Path(name) / f"{rate}.wav"
                engines.convert(sound, rate, ready)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(ready, target)
        self.known[key] = mark
        self.outcome.made.append(key)

    def _remove(self, key: str) -> None:
        """A status that is no more; only what this made."""
        for target in self._targets(key).values():
            target.unlink(missing_ok=True)
        del self.known[key]
        self.outcome.removed.append(key)

    def _targets(self, key: str) -> dict[int, Path]:
        language, _, identity = key.partition("/")
        return {rate: self._folder / language / str(rate) / f"{identity}.wav" for rate in engines.RATES}


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

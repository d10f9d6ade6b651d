"""Turns a text into sound files, with the engines of the distribution. Texts go through files, never through a command line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scripts.voice_prompts.catalogue import Unusable

RATES = (8000, 16000)
"""Hz: what carriers send, and what wide-band phones can."""
LIMIT_S = 60.0
_DICTIONARY = Path("/var/lib/mecab/dic/open-jtalk/naist-jdic")
_VOICES = Path("/usr/share/hts-voice")
PACKAGES = {
    "open_jtalk": "open-jtalk open-jtalk-mecab-naist-jdic",
    "espeak-ng": "espeak-ng",
    "sox": "sox",
}
SURE = {"ja": "はい。", "en": "Yes."}
"""What an engine that works can speak."""
SILENCE_S = 0.1
"""At both ends of every prompt."""
VERSION = "1"
"""Changed when the same text shall sound different, so that all prompts are made anew."""


def check(language: str) -> None:
    """Raise ``Unusable`` with the packages to install when this language cannot be spoken here."""
    for program in ("open_jtalk" if language == "ja" else "espeak-ng", "sox"):
        if shutil.which(program) is None:
            raise Unusable(f"{program} is missing. Install it: apt-get install {PACKAGES[program]}.")
    if language == "ja":
        if not _DICTIONARY.is_dir():
            raise Unusable("The dictionary is missing. Install it: apt-get install open-jtalk-mecab-naist-jdic.")
        _voice()


def speak(language: str, text: str, scratch: Path) -> Path:
    """A WAV file in ``scratch`` with the text spoken; raises ``Unusable`` when the engine fails."""
    words, sound = scratch / "words.txt", scratch / "raw.wav"
    words.write_text(text + "\n", encoding="utf-8")
    if language == "ja":
        command = [
            "open_jtalk",
            "-x",
            str(_DICTIONARY),
            "-m",
            str(_voice()),
            "-r",
            "1.0",
            "-ow",
            str(sound),
            str(words),
        ]
    else:
        command = ["espeak-ng", "-v", "en-gb", "-s", "150", "-w", str(sound), "-f", str(words)]
    _run(command)
    if not sound.is_file() or sound.stat().st_size < 1000:
        raise Unusable(f"{command[0]} made no sound of a text in «{language}».")
    return sound


def convert(sound: Path, rate: int, target: Path) -> None:
    """For the telephone: mono, 16 bit, ``rate`` Hz, one loudness (-3 dB peak), no silence but 0.1 s at the ends.

    Raises ``Unusable`` when sox fails, and where nothing but silence is left: espeak-ng speaks «★» so.
    """
    trim = ["silence", "1", "0.02", "0.1%", "reverse", "silence", "1", "0.02", "0.1%", "reverse"]
    ends = ["pad", str(SILENCE_S), str(SILENCE_S)]
    options = ["-R", str(sound), "-r", str(rate), "-c", "1", "-b", "16", "-t", "wav", str(target)]
    _run(["sox", *options, *trim, "norm", "-3", *ends])
    if target.stat().st_size < 2 * rate * (2 * SILENCE_S + 0.05):
        raise Unusable("The engine made nothing but silence of a text.")


def _voice() -> Path:
    found = sorted(_VOICES.glob("*/*.htsvoice"))
    if not found:
        raise Unusable(
            "There is no Japanese voice. Install one: apt-get install hts-voice-nitech-jp-atr503-m001 (in contrib)."
        )
    return found[0]


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Unusable(f"{command[0]} failed: {' '.join(last)}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unusable(f"{command[0]} cannot be run ({type(error).__name__}).") from None

"""``scripts/voices``: arguments, sentences, the exit code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.voice_prompts.catalogue import LANGUAGES, Prompt, Unusable, read, statuses
from scripts.voice_prompts.make import Outcome, make

BUILT_IN = Path(__file__).resolve().parents[2] / "fs_conf" / "voices" / "prompts.toml"
DESCRIPTION = """Makes the prompts of the dial codes with the distribution's engines (open-jtalk, espeak-ng, sox), in
FOLDER/LANGUAGE/RATE/ID.wav. Running it again makes only what is missing or whose text changed; a file that somebody put there
is never replaced. A text without words («☕») gets no file, which is told once; a tone stands in for it.
Exit code: 0 all there that can be spoken, 1 a language was left out, 2 wrong arguments."""


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/voices", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the prompts go, e.g. /var/lib/sasayaki-voices")
    parser.add_argument("--catalogue", type=Path, default=BUILT_IN, metavar="FILE", help="the prompts (TOML)")
    parser.add_argument("--statuses", type=Path, metavar="FILE", help="own statuses (TOML: a table for each code)")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file: read own statuses from its database"
    )
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only this one; may be given twice")
    return parser


def prompts(options: argparse.Namespace) -> list[Prompt]:
    """All that shall be made; raises ``Unusable``."""
    found = read(options.catalogue)
    if options.statuses is not None:
        found += statuses(options.statuses)
    if options.config is not None:
        try:
            from scripts.voice_prompts.own_statuses import own_statuses  # noqa: PLC0415 - needs the environment
        except ImportError:
            raise Unusable("--config needs Sasayaki's own environment; start scripts/run once, it makes it.") from None
        found += own_statuses(options.config)
    return found


def main(argv: list[str] | None = None) -> int:
    """Make them and say what came of it; returns the exit code."""
    options = arguments().parse_args(argv)
    try:
        outcome = make(prompts(options), options.language or LANGUAGES, options.folder)
    except (Unusable, OSError) as fault:
        print(f"voices: {fault}", file=sys.stderr)
        return 1
    _say(outcome)
    return 1 if outcome.left_out else 0


def _say(outcome: Outcome) -> None:
    for language, why in outcome.left_out.items():
        print(f"voices: no prompts in «{language}», the dial codes use tones instead. {why}", file=sys.stderr)
    for key in outcome.unspoken:
        print(f"voices: «{key}» cannot be spoken, a tone stands in for it. Give it a name in words.", file=sys.stderr)
    unspoken = len(outcome.unspoken) + outcome.still_unspoken
    print(f"{len(outcome.made)} made, {outcome.kept} as they were{f', {unspoken} cannot be spoken' * bool(unspoken)}.")


if __name__ == "__main__":
    sys.exit(main())

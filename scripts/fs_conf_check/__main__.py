"""``scripts/check_fs_conf``: arguments, the screen, the exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.fs_conf_check import access_rules, dialplan_rules, media_rules, queue_rules, script_rules
from scripts.fs_conf_check.finding import LEVELS, NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.source import CannotRead
from scripts.fs_conf_check.switch_conf import SwitchConf

RULES = (access_rules.check, dialplan_rules.check, queue_rules.check, media_rules.check, script_rules.check)
DESCRIPTION = """Finds what would not work with Sasayaki in a FreeSWITCH that is there already, and says how to mend it.
Changes nothing. Exit code: 0 nothing serious, 1 something serious, 2 wrong arguments or nothing that can be read."""


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/check_fs_conf", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help="the configuration folder, e.g. /etc/freeswitch; may be left out with --esl",
    )
    parser.add_argument(
        "--esl",
        action="store_true",
        help="ask the running switch too; SASAYAKI_FREESWITCH=esl://:PASSWORD@HOST:8021 (or --config) says which one",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="Sasayaki's settings file, for --esl")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    return parser


def files(folder: Path) -> Iterator[Finding]:
    """Everything that the files show; raises ``CannotRead``."""
    conf = SwitchConf(folder)
    for rule in RULES:
        yield from rule(conf)
    for line in conf.source.lost:
        yield Finding(
            WARNING,
            "lost-line",
            conf.place(line.path, line.number),
            "Something stands on one line with <include> or </include>.",
            "FreeSWITCH throws such a line away as a whole (switch_xml.c:1479).",
            "Give <include> and </include> lines of their own.",
        )
    for where, why in conf.source.unread:
        yield Finding(
            NOTE,
            "not-read",
            where,
            f"A part of the configuration {why}.",
            "It was not judged.",
            "Run this as a user who may.",
        )


def running(config: Path | None) -> Iterator[Finding]:
    """Everything that the running switch tells."""
    try:
        from scripts.fs_conf_check.connection import questions  # noqa: PLC0415 - needs the program's environment
    except ImportError:
        raise CannotRead("--esl needs Sasayaki's own environment; start scripts/run once, it makes it.") from None
    from scripts.fs_conf_check import running as rules  # noqa: PLC0415

    with questions(config) as ask:
        yield from rules.check(ask)


def main(argv: list[str] | None = None) -> int:
    """Judge and print; returns the exit code."""
    options = arguments().parse_args(argv)
    if options.folder is None and not options.esl:
        arguments().error("name the configuration folder, such as /etc/freeswitch, or use --esl")
    try:
        found = list(files(options.folder)) if options.folder is not None else []
        if options.esl:
            found += running(options.config)
    except CannotRead as fault:
        print(f"check_fs_conf: {fault}", file=sys.stderr)
        return 2
    found = sorted(dict.fromkeys(found), key=lambda one: LEVELS.index(one.level))
    if options.json:
        print(json.dumps([one.as_dict() for one in found], ensure_ascii=False, indent=1))
    else:
        _screen(found)
    return 1 if any(one.level == SERIOUS for one in found) else 0


def _screen(found: list[Finding]) -> None:
    for one in found:
        print("\n".join(one.lines()), end="\n\n")
    counts = {level: sum(one.level == level for one in found) for level in LEVELS}
    if not found:
        print("Nothing found: Sasayaki can join as it is.")
        return
    told = ", ".join(f"{count} {level}" for level, count in counts.items() if count)
    print(f"{told}." + ("" if counts[SERIOUS] else " Nothing serious: Sasayaki can join as it is."))


if __name__ == "__main__":
    sys.exit(main())

"""The command line: ``python -m fs_app COMMAND``. Owns arguments and exit codes; every command is one call elsewhere.

Exit codes: 0 all is well, 1 it is not, 2 wrong arguments, 78 wrong settings (EX_CONFIG).
"""

# Sockets, locks and threads become cooperative before any other module sees them.
from gevent import monkey

monkey.patch_all()

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fs_app import logs
from fs_app.setting_faults import EXIT_CODE, FaultySettings
from fs_app.settings import Settings, load

PRACTICE_OPTIONS = {
    "agents": (r"[1-9][0-9]{0,3}", "1 to 9999"),
    "queues": (r"[1-9][0-9]?", "1 to 99"),
    "calls_per_minute": (r"[0-9]{1,4}(\.[0-9]+)?", "0 to 9999"),
    "seed": (r"[0-9]{1,9}", "a whole number"),
    "speed": (r"[0-9]{1,3}(\.[0-9]+)?", "1 is real time"),
}


def practice_options(text: str) -> list[str]:
    """``agents=500,speed=2`` as the practice floor's own arguments; raises ``ArgumentTypeError`` with the remedy."""
    arguments: list[str] = []
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        if name not in PRACTICE_OPTIONS:
            raise argparse.ArgumentTypeError(f"«{name}» is not known; use {', '.join(PRACTICE_OPTIONS)}")
        pattern, meaning = PRACTICE_OPTIONS[name]
        if not re.fullmatch(pattern, value):
            raise argparse.ArgumentTypeError(f"«{part}» is wrong; write {name}=NUMBER ({meaning})")
        arguments += [f"--{name.replace('_', '-')}", value]
    return arguments


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Everything in one process tree."""
    from fs_app.serve.tree import serve as run_tree

    if options.practice is not None and not settings.practice_floor:
        print("--practice: SASAYAKI_FREESWITCH names a FreeSWITCH already. Remove one of the two.", file=sys.stderr)
        return 2
    return run_tree(settings, options.config, options.practice or ())


def controller(settings: Settings, options: argparse.Namespace) -> int:
    """The one process that speaks to FreeSWITCH."""
    from fs_app.wiring.controller import run_controller

    if settings.practice_floor:
        sentence = (
            "SASAYAKI_FREESWITCH: is empty, and only serve has a practice floor. Write esl://:PASSWORD@HOST:8021."
        )
        raise FaultySettings([sentence])
    return run_controller(settings)


def panel(settings: Settings, options: argparse.Namespace) -> int:
    """The web server."""
    from fs_app.panel import Panel
    from fs_app.serve.address import listening_socket
    from fs_app.serve.faults import CannotStart

    try:
        listener = None if options.fd is not None else listening_socket(*settings.listen_address)
    except CannotStart as fault:
        print(fault, file=sys.stderr)
        return 1
    Panel(settings, options.fd if listener is None else listener.detach()).run()
    return 0


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Try everything that the settings name."""
    from fs_app.check.screen import check as try_everything

    return try_everything(settings)


def selftest(settings: Settings, options: argparse.Namespace) -> int:
    """Measure on the live switch."""
    from fs_app.selftest.audio import self_test

    return self_test(settings)


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    from fs_app.accounts_cli import add_parsers

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=_existing, metavar="FILE", help="settings as TOML; the environment wins")
    top = argparse.ArgumentParser(prog="python -m fs_app", description="Sasayaki: live supervision of a call centre.")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Settings, argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=summary, description=summary)
        command.set_defaults(run=run, process=name)
        return command

    command = add("serve", serve, "controller, panel and the embedded parts in one process tree")
    command.add_argument("--listen", metavar="HOST:PORT", help="where the panel answers")
    command.add_argument(
        "--practice",
        type=practice_options,
        metavar="agents=N,queues=N,calls_per_minute=N,seed=N,speed=N",
        help="what the practice floor is like; each part may be left out",
    )
    add("controller", controller, "the process that speaks to FreeSWITCH, alone")
    command = add("panel", panel, "the web server, alone")
    command.add_argument("--listen", metavar="HOST:PORT", help="where the panel answers")
    command.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    add("check", check, "try every setting and connection, and say what is wrong")
    command = add("selftest", selftest, "measure on the live switch, with parties of its own; no phone rings")
    command.add_argument(
        "what", choices=["audio"], help="that a whisper is heard by the agent alone; takes ten seconds"
    )
    add_parsers(commands, common)
    return top


def _existing(text: str) -> Path:
    return Path(text).resolve()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    if getattr(options, "listen", None):
        os.environ["SASAYAKI_LISTEN"] = options.listen
    try:
        settings = load(options.config)
        logs.set_up(getattr(options, "process", "cli"), settings.log_level, settings.secrets())
        code: int = options.run(settings, options)
    except FaultySettings as faulty:
        print(faulty.report(), file=sys.stderr)
        return EXIT_CODE
    return code


if __name__ == "__main__":
    sys.exit(main())

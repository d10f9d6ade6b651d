"""The peers' Python environment: made once under var/bench, from ``peers.txt``. What cannot be installed is told as missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks.processes import WORKPLACE, module

_WANTED = Path(__file__).parent / "peers.txt"
_FOLDER = WORKPLACE / "peers"
_PYTHON = str(_FOLDER / "bin" / "python")
FREESWITCH_PYTHON = Path("/usr/local/freeswitch/python")
"""Where FreeSWITCH's own build puts the binding of its C library (its default prefix)."""
# python-ESL's setup.py asks swig for an option that newer ones have dropped; classes are made in the same way without it.
_SWIG = """#!/bin/sh
for word in "$@"; do shift; [ "$word" = -classic ] || set -- "$@" "$word"; done
exec {swig} "$@"
"""


@dataclass(frozen=True)
class Peer:
    """A client beside us: its name and version, the module of ``clients`` that drives it, and what it needs around it."""

    name: str
    client: str
    python: str = sys.executable
    environ: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: object) -> list[str]:
        """Its command line."""
        return module(f"clients.{self.client}", *arguments, python=self.python)


def greenswitch() -> Peer | None:
    """As released; ours stands on the same one with its reader replaced."""
    return _installed("greenswitch", "greenswitch_client")


def genesis() -> Peer | None:
    """The ESL client for asyncio."""
    return _installed("genesis", "genesis_client", GENESIS_LOG_LEVEL="ERROR")


def python_esl() -> Peer | None:
    """The C library as its Python package."""
    return _installed("python-ESL", "c_library")


def freeswitch_esl() -> Peer | None:
    """The C library as FreeSWITCH's own tree builds it for Python."""
    if not (FREESWITCH_PYTHON / "ESL.py").exists():
        return None
    return Peer("C library of FreeSWITCH's tree", "c_library", environ={"PYTHONPATH": str(FREESWITCH_PYTHON)})


def _installed(name: str, client: str, **environ: str) -> Peer | None:
    requirement = next(line for line in _WANTED.read_text().splitlines() if line.startswith(f"{name}=="))
    _make_environment()
    if not _has(requirement):
        print(f"installing {requirement} for comparison …", file=sys.stderr)
        command = [_PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", requirement]
        subprocess.run(command, env=_with_swig(), check=False)
    return Peer(requirement.replace("==", " "), client, _PYTHON, environ) if _has(requirement) else None


def _make_environment() -> None:
    if not Path(_PYTHON).exists():
        subprocess.run([sys.executable, "-m", "venv", str(_FOLDER)], check=True)


def _has(requirement: str) -> bool:
    name, _, version = requirement.partition("==")
    code = f"from importlib.metadata import version; raise SystemExit(version({name!r}) != {version!r})"
    return subprocess.run([_PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


def _with_swig() -> dict[str, str]:
    swig = shutil.which("swig")
    environ = dict(os.environ)
    if swig is not None:
        folder = WORKPLACE / "swig"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "swig").write_text(_SWIG.format(swig=swig))
        (folder / "swig").chmod(0o755)
        environ["PATH"] = f"{folder}{os.pathsep}{environ['PATH']}"
    return environ

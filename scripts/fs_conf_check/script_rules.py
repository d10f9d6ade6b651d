"""Rules about what dial codes need besides the dialplan: prompts, and the Python that runs inside FreeSWITCH.

Both lie outside the configuration folder. They are judged where they can be seen: on the switch's own machine, or in a folder
that holds a whole system (``DIR/etc/freeswitch``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.fs_conf_check.finding import NOTE, WARNING, Finding
from scripts.fs_conf_check.source import UNKNOWN
from scripts.fs_conf_check.switch_conf import SwitchConf

CATALOGUE = Path(__file__).parents[2] / "fs_conf" / "voices" / "prompts.toml"
UNIT = "freeswitch.service"
UNITS = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
SYSTEMD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
_ENVIRONMENT = re.compile(r"^\s*Environment=\s*[\"']?(\w+)=([^\"'\n]*)", re.MULTILINE)


def check(conf: SwitchConf) -> Iterator[Finding]:
    """All of them."""
    root = conf.folder.parents[1] if conf.folder.parts[-2:] == ("etc", "freeswitch") else Path("/")
    folder = conf.source.variables.get("prompts", "")
    if folder and UNKNOWN not in folder and (at := below(root, folder)).parent.is_dir():
        yield from prompts("vars.xml", folder, lambda name: (at / "8000" / f"{name}.wav").is_file())
    if any(action.application == "python" and action.data.startswith("fs_app.dialplan") for action in conf.actions()):
        yield from _python(root)


def below(root: Path, path: str) -> Path:
    """An absolute path of the system that lies in ``root``."""
    return root / path.lstrip("/")


def prompts(where: str, folder: str, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """Which of the prompts that Sasayaki plays are not in the switch's folder."""
    wanted = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    missing = [name for name in wanted if not exists(name)]
    if missing:
        yield Finding(
            WARNING,
            "prompts-missing",
            where,
            f"{len(missing)} of {len(wanted)} prompts are not in {folder}: {', '.join(missing[:4])} …",
            "Dial codes, outside phones and call-backs play tones there, which nobody understands who was not told.",
            "Run scripts/voices on the switch's machine, as the unit sasayaki-voices does.",
        )


def no_prompts(where: str) -> Finding:
    """The switch names no folder of prompts at all."""
    return Finding(
        NOTE,
        "no-prompts",
        where,
        "There is no global variable prompts.",
        "Outside phones and call-backs hear tones instead of a spoken question.",
        "Make them with scripts/voices, and set prompts=FOLDER/ja in vars.xml.",
    )


def _python(root: Path) -> Iterator[Finding]:
    """The environment of FreeSWITCH's unit, as far as systemd's files show it."""
    files = [root / folder / UNIT for folder in UNITS]
    files += [path for folder in UNITS for path in sorted((root / folder / f"{UNIT}.d").glob("*.conf"))]
    readable = [path for path in files if path.is_file()]
    if not readable:
        return
    where = f"/{readable[-1].relative_to(root)}"
    found = dict(pair for path in readable for pair in _ENVIRONMENT.findall(path.read_text(errors="replace")))
    path = [part for part in found.get("PYTHONPATH", "").split(":") if part]
    for part in path:
        if not below(root, part).is_dir():
            yield _finding(
                "python-path-gone",
                where,
                f"PYTHONPATH names {part}, which does not exist.",
                "A folder that is missing when FreeSWITCH starts is never found later: every dial code ends in an error.",
                "Run scripts/provision, then restart FreeSWITCH.",
            )
    if not any((below(root, part) / "fs_app" / "dialplan").is_dir() for part in path):
        yield _finding(
            "no-python-path",
            where,
            "PYTHONPATH of FreeSWITCH's unit does not lead to Sasayaki's scripts.",
            "mod_python3 finds none of them: every dial code ends in an error.",
            "Put scripts/deploy/systemd/freeswitch.conf into freeswitch.service.d, and restart FreeSWITCH.",
        )
    if not any((below(root, part) / "redis" / "__init__.py").is_file() for part in path):
        yield _finding(
            "no-redis-for-python",
            where,
            "PYTHONPATH of FreeSWITCH's unit leads to no redis library.",
            "Scripts cannot ask the controller: every dial code says that the system does not answer.",
            "Add the folder site-packages of Sasayaki's own environment to PYTHONPATH, and restart FreeSWITCH.",
        )
    yield from _python_home(root, where, found.get("PATH", SYSTEMD_PATH))


def _python_home(root: Path, where: str, path: str) -> Iterator[Finding]:
    for folder in path.split(":"):
        if below(root, f"{folder}/python3").exists():
            if folder not in ("/usr/bin", "/bin"):
                yield _finding(
                    "other-python-first",
                    where,
                    f"The first python3 in the unit's PATH is {folder}/python3.",
                    "mod_python3 takes that one's home and does not find its own module: every dial code ends in an error.",
                    "Set PATH=/usr/sbin:/usr/bin:/sbin:/bin in the unit.",
                )
            return


def _finding(identity: str, where: str, what: str, breaks: str, mend: str) -> Finding:
    return Finding(WARNING, identity, where, what, breaks, mend)

"""scripts/provision into a folder: what it writes, that a second run changes nothing, and what it does with others' files."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
SCRIPT = REPOSITORY / "scripts" / "provision"
OPTIONS = ("--extensions", "1001-1003", "--number", "0312345678", "--carrier", "sip.example.net")
MORE = ("--carrier-address", "192.0.2.1/32")
DEBIAN = 'ID=debian\nVERSION_ID="12"\n'
Provision = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder that says it is Debian 12."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "os-release").write_text(DEBIAN)
    return tmp_path


@pytest.fixture
def provision(root: Path) -> Provision:
    """Run it into that folder; fails the test when it fails, unless ``refused`` is what is meant."""

    def run(*options: str, refused: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [SCRIPT, "--root", root, "--no-packages", "--no-build", *options]
        known = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}
        outcome = subprocess.run(command, env=known, capture_output=True, text=True, timeout=110, check=False)
        assert (outcome.returncode != 0) == refused, outcome.stderr
        return outcome

    return run


def picture(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file with its rights, time of change and content."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(p.relative_to(root)): (p.stat().st_mode, p.stat().st_mtime_ns, p.read_bytes()) for p in files}


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_provision_when_run_twice_then_the_second_run_changes_nothing(root: Path, provision: Provision) -> None:
    provision(*OPTIONS, *MORE, "--panel-name", "panel.example.net")
    before = picture(root)
    assert "nothing was changed" in provision(*OPTIONS, *MORE, "--panel-name", "panel.example.net").stderr
    assert picture(root) == before


def test_provision_when_only_asked_what_it_would_do_then_nothing_is_written(root: Path, provision: Provision) -> None:
    told = provision(*OPTIONS, "--dry-run").stderr
    assert set(picture(root)) == {"etc/os-release"}
    assert "would: write /etc/freeswitch/freeswitch.xml" in told
    assert "+<document type" in told


def test_provision_when_it_makes_passwords_then_they_are_random_and_nobody_else_reads_them(
    root: Path, provision: Provision
) -> None:
    told = provision(*OPTIONS).stderr
    phones = [line.split() for line in (root / "etc/sasayaki/phones.txt").read_text().splitlines()]
    assert [extension for extension, _ in phones] == ["1001", "1002", "1003"]
    switch = re.findall(r'event_socket_password=(\w+)"', (root / "etc/freeswitch/site/secrets.xml").read_text())
    passwords = [password for _, password in phones] + switch
    assert len(set(passwords)) == 4
    assert all(re.fullmatch("[0-9a-f]{48}", password) for password in passwords)
    assert not [password for password in passwords if password in told]
    settings = (root / "etc/sasayaki/sasayaki.toml").read_text()
    assert f'freeswitch = "esl://:{switch[0]}@127.0.0.1:8021"' in settings
    for name in ("phones.txt", "sasayaki.toml"):
        assert rights(root / "etc/sasayaki" / name) & 0o007 == 0
    assert rights(root / "etc/fs_cli.conf") == rights(root / "etc/sasayaki/phones.txt") == 0o600
    for path in (root / "etc/freeswitch").rglob("*.xml"):
        assert rights(path) & 0o007 == 0
    for name, (_, _, content) in picture(root).items():
        if not name.startswith(("etc/freeswitch/site", "etc/sasayaki", "etc/fs_cli.conf")):
            assert not [password for password in passwords if password.encode() in content], name


def test_provision_when_an_update_meets_a_changed_file_then_it_is_kept_and_told_of(
    root: Path, provision: Provision
) -> None:
    provision()
    changed = root / "etc/freeswitch/sip_profiles/internal.xml"
    changed.write_text("<!-- mine -->")
    told = provision("--dry-run").stderr
    assert "would: replace /etc/freeswitch/sip_profiles/internal.xml" in told
    assert "-<!-- mine -->" in told
    assert changed.read_text() == "<!-- mine -->"
    assert "it is kept as /etc/freeswitch/sip_profiles/internal.xml.orig" in provision().stderr
    assert changed.with_name("internal.xml.orig").read_text() == "<!-- mine -->"
    changed.write_text("<!-- mine again -->")
    provision()
    assert changed.with_name("internal.xml.orig").read_text() == "<!-- mine -->"
    assert changed.with_name("internal.xml.orig.1").read_text() == "<!-- mine again -->"


def test_provision_when_a_file_is_as_an_older_version_wrote_it_then_updated_without_a_copy(
    root: Path, provision: Provision
) -> None:
    provision()
    unit, manifest = "/etc/systemd/system/sasayaki-panel.service", root / "var/lib/sasayaki-provision/manifest"
    older = root / unit[1:]
    older.write_text("[Unit]\nDescription=older\n")
    checksum = subprocess.run(["sha256sum", older], capture_output=True, text=True, check=True).stdout.split()[0]
    manifest.write_text(re.sub(rf"^\w+  {unit}$", f"{checksum}  {unit}", manifest.read_text(), flags=re.MULTILINE))
    assert f"provision: update {unit}" in provision().stderr
    assert "Sasayaki: panel" in older.read_text()
    assert list(older.parent.glob("*.orig*")) == []


def test_provision_when_the_site_is_changed_then_no_update_touches_it(root: Path, provision: Provision) -> None:
    provision(*OPTIONS)
    for name in ("site.xml", "queues/support.xml", "numbers/support.xml", "phones/1001.xml", "carriers.xml"):
        (root / "etc/freeswitch/site" / name).write_text("<!-- mine -->")
    (root / "etc/sasayaki/sasayaki.toml").write_text("# mine")
    before = picture(root)
    assert "nothing was changed" in provision().stderr
    assert picture(root) == before


def test_provision_when_somebody_configured_freeswitch_then_refused_before_anything_is_replaced(
    root: Path, provision: Provision
) -> None:
    main = root / "etc/freeswitch/freeswitch.xml"
    main.parent.mkdir(parents=True)
    main.write_text("<document/>")
    told = provision(refused=True).stderr
    assert "--join" in told
    assert "--replace-configuration" in told
    assert [path.name for path in main.parent.rglob("*")] == ["freeswitch.xml"]
    provision("--replace-configuration")
    assert main.with_name("freeswitch.xml.orig").read_text() == "<document/>"


def test_provision_when_joining_then_freeswitch_is_left_alone(root: Path, provision: Provision) -> None:
    provision("--join", SASAYAKI_FREESWITCH="esl://:hunter2%40@192.0.2.7:8021")
    names = set(picture(root))
    assert not [name for name in names if "freeswitch" in name and not name.startswith("opt/")]
    assert 'freeswitch = "esl://:hunter2%40@192.0.2.7:8021"' in (root / "etc/sasayaki/sasayaki.toml").read_text()
    assert {f"etc/systemd/system/sasayaki-{name}.service" for name in ("controller", "panel", "valkey")} <= names


def test_provision_when_joining_and_nobody_says_which_then_asked(provision: Provision) -> None:
    assert "SASAYAKI_FREESWITCH" in provision("--join", refused=True).stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--domain", 'a"/><x'),
        ("--extensions", "1001-"),
        ("--extensions", "1010-1001"),
        ("--number", "03$1"),
        ("--prefix", "/opt/a b"),
        ("--carrier", "a;b"),
        ("--panel-name", "x; include /etc/shadow"),
        ("--number",),
        ("--nonsense",),
    ],
)
def test_provision_when_an_option_is_wrong_then_one_sentence_says_so(
    provision: Provision, options: tuple[str, ...]
) -> None:
    told = provision(*options, refused=True).stderr
    assert options[0] in told
    assert len([line for line in told.splitlines() if "write" not in line and "make" not in line]) <= 3


def test_provision_when_a_carriers_password_would_break_the_file_then_refused(root: Path, provision: Provision) -> None:
    told = provision("--carrier", "sip.example.net", CARRIER_PASSWORD='x"/><param', refused=True).stderr
    assert "CARRIER_PASSWORD" in told
    assert 'x"' not in told
    assert not (root / "etc/freeswitch/site/gateways/carrier.xml").exists()


def test_provision_when_the_system_is_another_then_refused(root: Path, provision: Provision) -> None:
    (root / "etc/os-release").write_text("ID=ubuntu\nVERSION_ID=24.04\n")
    assert "ubuntu 24.04" in provision(refused=True).stderr


def test_provision_when_a_link_leads_out_of_the_folder_then_nothing_is_written_there(
    root: Path, provision: Provision, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "etc/sasayaki").symlink_to(outside)
    assert "leads out of" in provision(refused=True).stderr
    assert list(outside.iterdir()) == []


def test_provision_when_a_part_left_the_program_then_an_update_removes_it(root: Path, provision: Provision) -> None:
    provision()
    prefix = root / "opt/sasayaki"
    assert (prefix / "fs_app/__main__.py").is_file()
    assert not list(prefix.rglob("__pycache__"))
    gone, own = prefix / "fs_app/old_module.py", prefix / "fs_app/not_ours.py"
    for path in (gone, own):
        path.write_text("")
    files = prefix / ".files"
    files.write_text("\n".join(sorted([*files.read_text().split(), "fs_app/old_module.py"])) + "\n")
    (prefix / ".installed").write_text("an older one")
    provision()
    assert not gone.exists()
    assert own.exists()


def test_provision_when_everything_is_put_together_then_our_own_check_finds_nothing_serious(
    root: Path, provision: Provision
) -> None:
    provision(*OPTIONS, *MORE)
    redis = root / "opt/sasayaki/.venv/lib/python3.11/site-packages/redis/__init__.py"
    redis.parent.mkdir(parents=True)  # what --no-build leaves out
    redis.touch()
    check = [REPOSITORY / "scripts" / "check_fs_conf", root / "etc/freeswitch"]
    outcome = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert (outcome.returncode, outcome.stdout) == (0, "Nothing found: Sasayaki can join as it is.\n")


BLOCK = " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF"


@pytest.mark.parametrize(
    ("name", "source", "key"),
    [
        ("a.sources", "Types: deb\nURIs: {}/\nSigned-By: /k.gpg\nSuites: bookworm\n", "Signed-By: /k.gpg"),
        (
            "a.sources",
            "URIs: http://x.example\nSigned-By: /no\n\n# c\nURIs: http://y.example {}\nSigned-By:\n"
            + BLOCK
            + "\nSuites: b\n",
            f"Signed-By:\n{BLOCK}",
        ),
        ("a.sources", "URIs: {}\nSuites: bookworm\n\nURIs: http://x.example\nSigned-By: /no\n", ""),
        ("a.list", "deb [arch=amd64 signed-by=/k.gpg] {} bookworm main\n", "Signed-By: /k.gpg"),
        ("a.list", "deb {} bookworm main\n", ""),
        ("sasayaki-contrib.sources", "URIs: {}\nSigned-By: /ours\n", ""),
    ],
)
def test_provision_when_a_source_names_its_key_then_the_one_for_contrib_names_the_same(
    root: Path, name: str, source: str, key: str
) -> None:
    """apt reads no list at all when two sources of one address differ in it."""
    folder = root / "etc/apt/sources.list.d"
    folder.mkdir(parents=True)
    (folder / name).write_text(source.replace("{}", "http://mirror.example/debian"))
    script = f'ROOT="{root}"; source scripts/provisioning/packages.sh; key_of http://mirror.example/debian'
    told = subprocess.run(
        ["bash", "-euc", script], cwd=REPOSITORY, capture_output=True, text=True, timeout=20, check=True
    )
    assert told.stdout.rstrip("\n") == key

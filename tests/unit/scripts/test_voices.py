"""scripts/voices: every prompt that is needed is in the catalogue, and made for the telephone by the distribution's engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from fs_app.floor import errors, statuses
from fs_app.floor.statuses import ON_BREAK, Status, prompt_of
from fs_app.store.statuses import CustomStatuses
from tests.unit.databases import new_database

REPOSITORY = Path(__file__).parents[3]
CATALOGUE = tomllib.loads((REPOSITORY / "fs_conf" / "voices" / "prompts.toml").read_text(encoding="utf-8"))
SHORT = '[hello]\nja = "はい。"\nen = "Yes."\n'
NOT_SPOKEN = {"invalid_number", "number_not_allowed", "priority_out_of_range"}
NOT_SPOKEN |= {"switch_unavailable", "service_unavailable", "too_many_attempts"}
NOT_SPOKEN |= {"no_outside_phone", "no_centre_number", "unknown_call_back", "no_original_terminal"}
"""Refusals of what no dial code asks for, and those that have words of their own: ``unavailable``, ``wrong_wait``."""


def voices(*options: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"PATH": path} if path is not None else {})
    command = [REPOSITORY / "scripts" / "voices", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    return tmp_path / "short.toml"


@pytest.fixture
def engines() -> None:
    for program in ("espeak-ng", "sox"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on PATH")


@pytest.fixture
def japanese(engines: None) -> None:
    if shutil.which("open_jtalk") is None or not list(Path("/usr/share/hts-voice").glob("*/*.htsvoice")):
        pytest.skip("no open_jtalk on PATH, or no voice for it")


def test_catalogue_when_read_then_every_prompt_has_both_languages() -> None:
    assert [name for name, texts in CATALOGUE.items() if set(texts) != {"ja", "en"}] == []


def test_catalogue_when_a_status_is_read_out_then_there_is_a_prompt_for_it() -> None:
    codes = {one.code for one in statuses.BUILT_IN} | statuses.CALL_CODES | {statuses.RINGING}
    assert {prompt_of(code) for code in codes} <= set(CATALOGUE)
    assert not [name for name in CATALOGUE if name.startswith(prompt_of(""))]


def test_catalogue_when_a_dial_code_is_refused_then_there_is_a_prompt_for_the_reason() -> None:
    named = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)}
    assert "permission_denied" in named
    assert named - NOT_SPOKEN <= set(CATALOGUE)


def test_catalogue_when_keys_are_offered_then_there_is_a_prompt_for_each() -> None:
    assert {f"key_{digit}" for digit in range(10)} <= set(CATALOGUE)


def test_voices_when_made_then_mono_files_for_narrow_and_wide_band(
    tmp_path: Path, catalogue: Path, japanese: None
) -> None:
    outcome = voices("--catalogue", catalogue, tmp_path / "out")
    assert (outcome.returncode, outcome.stdout) == (0, "2 made, 0 as they were.\n"), outcome.stderr
    for language in ("ja", "en"):
        for rate in (8000, 16000):
            with wave.open(str(tmp_path / "out" / language / str(rate) / "hello.wav")) as file:
                assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
                assert 0.3 < file.getnframes() / rate < 3
                loudest = max(abs(value) for value in memoryview(file.readframes(file.getnframes())).cast("h"))
                assert 0.6 < loudest / 32768 < 0.8


def test_voices_when_made_again_then_only_what_changed(tmp_path: Path, catalogue: Path, engines: None) -> None:
    command = ("--catalogue", catalogue, "--language", "en", tmp_path / "out")
    voices(*command)
    assert voices(*command).stdout == "0 made, 1 as they were.\n"
    catalogue.write_text(SHORT.replace("Yes.", "No.") + '[bye]\nen = "Bye."\n', encoding="utf-8")
    assert voices(*command).stdout == "2 made, 0 as they were.\n"
    (tmp_path / "out" / "en" / "8000" / "bye.wav").unlink()
    assert voices(*command).stdout == "1 made, 1 as they were.\n"


def test_voices_when_somebody_recorded_one_himself_then_it_is_kept(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    own = tmp_path / "out" / "en" / "8000" / "hello.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"a recording")
    assert voices("--catalogue", catalogue, "--language", "en", tmp_path / "out").returncode == 0
    assert own.read_bytes() == b"a recording"


def test_voices_when_a_site_has_its_own_statuses_then_each_gets_a_prompt_and_keeps_it_while_somebody_may_be_in_it(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    lunch = Status("lunch", ON_BREAK, "square", "amber", (("ja", "昼食"), ("en", "lunch")))
    database = new_database(tmp_path)
    book = CustomStatuses(database)
    book.add(lunch, lambda connection: None)
    (tmp_path / "settings.toml").write_text(f'data_dir = "{tmp_path}"\n')
    command = ("--config", tmp_path / "settings.toml", "--catalogue", catalogue, "--language", "en", tmp_path / "out")
    assert voices(*command).stdout == "2 made, 0 as they were.\n"
    made = tmp_path / "out" / "en" / "16000" / f"{prompt_of('lunch')}.wav"
    assert made.is_file()
    book.change("lunch", lambda own: replace(own, retired=True), lambda connection: None)
    database.close()
    assert voices(*command).stdout == "0 made, 2 as they were.\n"
    assert made.is_file()


def test_voices_when_an_own_status_is_called_like_a_prompt_then_both_are_made(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    catalogue.write_text('[status_menu]\nen = "Please choose."\n')
    own = tmp_path / "own.toml"
    own.write_text('[menu]\nja = "昼食"\nen = "Lunch menu"\n', encoding="utf-8")
    command = ("--catalogue", catalogue, "--language", "en", tmp_path / "out")
    voices(*command)
    before = (tmp_path / "out/en/8000/status_menu.wav").read_bytes()
    assert voices("--statuses", own, *command).stdout == "1 made, 1 as they were.\n"
    assert (tmp_path / "out/en/8000/status_menu.wav").read_bytes() == before
    assert (tmp_path / "out/en/8000/own_status_menu.wav").is_file()


def test_voices_when_files_of_own_statuses_have_their_former_names_then_they_are_heard_further(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    own, folder = tmp_path / "own.toml", tmp_path / "out/en/8000"
    own.write_text('[lunch]\nen = "lunch"\n')
    folder.mkdir(parents=True)
    (folder / "status_lunch.wav").write_bytes(b"a recording")
    voices("--statuses", own, "--catalogue", catalogue, "--language", "en", tmp_path / "out")
    assert {path.name: path.read_bytes()[:11] for path in folder.iterdir()} == {
        "hello.wav": (folder / "hello.wav").read_bytes()[:11],
        "own_status_lunch.wav": b"a recording",
    }


def test_voices_when_a_name_has_no_words_then_it_alone_has_no_prompt_and_that_is_told_once(
    tmp_path: Path, catalogue: Path, japanese: None
) -> None:
    own, out = tmp_path / "own.toml", tmp_path / "out"
    command = ("--catalogue", catalogue, "--statuses", own, out)
    names = {"star": "休み", "full": "昼", "late": "夜"}
    own.write_text("".join(f'[{code}]\nja = "{name}"\nen = "{code}"\n' for code, name in names.items()))
    voices(*command)
    own.write_text('[star]\nja = "☕"\nen = "★"\n[full]\nja = "。"\nen = "。"\n[late]\nja = "朝"\nen = "late"\n')
    outcome = voices(*command)
    assert (outcome.returncode, outcome.stdout) == (0, "1 made, 3 as they were, 4 cannot be spoken.\n"), outcome.stderr
    assert [line.split("»")[0] for line in outcome.stderr.splitlines()] == [
        f"voices: «{language}/own_status_{code}" for language in ("ja", "en") for code in ("star", "full")
    ]
    assert sorted(path.name for path in (out / "ja" / "8000").iterdir()) == ["hello.wav", "own_status_late.wav"]
    again = voices(*command)
    assert (again.stdout, again.stderr) == ("0 made, 4 as they were, 4 cannot be spoken.\n", "")
    (out / "ja" / "8000" / "own_status_star.wav").write_bytes(b"a recording")
    assert voices(*command).stdout == "0 made, 5 as they were, 3 cannot be spoken.\n"
    own.write_text('[star]\nja = "★"\nen = "star"\n')
    assert voices(*command).stdout == "1 made, 3 as they were.\n"
    assert (out / "ja" / "8000" / "own_status_star.wav").read_bytes() == b"a recording"


def test_voices_when_an_engine_fails_on_everything_then_that_language_is_left_out_and_the_other_made(
    tmp_path: Path, catalogue: Path, japanese: None
) -> None:
    broken = tmp_path / "bin" / "open_jtalk"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    outcome = voices("--catalogue", catalogue, tmp_path / "out", path=f"{broken.parent}:{os.environ['PATH']}")
    assert (outcome.returncode, outcome.stdout) == (1, "1 made, 0 as they were.\n")
    assert "no prompts in «ja»" in outcome.stderr
    assert (tmp_path / "out/en/8000/hello.wav").is_file()


@pytest.mark.parametrize(
    "text",
    [
        '["../x"]\nen = "Out."\n',
        '[x]\nfr = "Non."\n',
        '[x]\nen = ""\n',
        "[x]\nen = 3\n",
        "x = [",
        f'[x]\nen = "{"a" * 401}"\n',
    ],
)
def test_voices_when_the_catalogue_is_wrong_then_one_sentence_and_no_file(
    tmp_path: Path, catalogue: Path, text: str
) -> None:
    catalogue.write_text(text)
    outcome = voices("--catalogue", catalogue, tmp_path / "out")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("voices: ")
    assert not (tmp_path / "out").exists()


def test_voices_when_a_text_looks_like_an_option_or_a_command_then_it_is_only_spoken(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    mark = tmp_path / "ran"
    catalogue.write_text(f'[x]\nen = "-w {mark} $(touch {mark}) ; touch {mark}"\n')
    assert voices("--catalogue", catalogue, "--language", "en", tmp_path / "out").returncode == 0
    assert not mark.exists()


def test_voices_when_an_engine_is_missing_then_the_package_is_named(tmp_path: Path, catalogue: Path) -> None:
    for program in ("bash", "env", "python3", "dirname"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / program).symlink_to(str(shutil.which(program)))
    outcome = voices("--catalogue", catalogue, "--language", "en", tmp_path / "out", path=str(tmp_path / "bin"))
    assert outcome.returncode == 1
    assert "apt-get install espeak-ng" in outcome.stderr

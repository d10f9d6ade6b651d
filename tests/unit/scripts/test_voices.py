"""scripts/voices: every prompt that is needed is in the catalogue, and made for the telephone by the distribution's engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
import wave
from pathlib import Path

import pytest

from fs_app.floor import errors, statuses

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
    assert {f"status_{code}" for code in codes} <= set(CATALOGUE)


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


def test_voices_when_a_site_has_its_own_statuses_then_each_gets_a_prompt_and_loses_it_again(
    tmp_path: Path, catalogue: Path, engines: None
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[lunch]\nja = "昼食"\nen = "lunch"\n', encoding="utf-8")
    command = ("--catalogue", catalogue, "--language", "en", tmp_path / "out")
    voices("--statuses", own, *command)
    made = tmp_path / "out" / "en" / "16000" / "status_lunch.wav"
    assert made.is_file()
    assert voices(*command).stdout == "0 made, 1 as they were, 1 removed.\n"
    assert not made.exists()


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

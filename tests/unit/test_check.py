"""The screen of ``check`` around the switch: folder, address, Redis, database; and its exit code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from fs_app.check.screen import check
from fs_app.settings import Settings


def screen(capsys: pytest.CaptureFixture[str], tmp_path: Path, **settings: str) -> tuple[int, str]:
    code = check(Settings(**{"data_dir": str(tmp_path / "var"), "listen": "127.0.0.1:0", **settings}))
    return code, capsys.readouterr().out


def test_check_when_nothing_is_configured_then_all_is_well_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, text = screen(capsys, tmp_path)
    assert code == 0
    assert "WRONG" not in text
    assert text.splitlines()[-1].startswith("All is well")
    assert not (tmp_path / "var").exists()


def test_check_when_several_parts_are_wrong_then_one_screen_names_each_with_its_setting(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, text = screen(
            capsys,
            tmp_path,
            data_dir=str(tmp_path / "file" / "var"),
            listen=f"127.0.0.1:{taken.getsockname()[1]}",
            redis_url="redis://:tr0ub4dor@127.0.0.1:1",
            database_url="postgresql://u:tr0ub4dor@127.0.0.1:1/x",
            freeswitch="esl://:tr0ub4dor@127.0.0.1:1",
        )
    assert code == 1
    lines = text.splitlines()
    assert [line.split()[1] for line in lines if "WRONG" in line] == ["data", "address", "redis", "database", "switch"]
    for setting in ("SASAYAKI_DATA_DIR", "--listen", "SASAYAKI_REDIS_URL", "SASAYAKI_DATABASE_URL"):
        assert setting in text
    assert lines[-1] == "5 of 6 wrong."
    assert "tr0ub4dor" not in text
    assert "Traceback" not in text


def test_check_when_text_of_the_switch_would_drive_the_terminal_then_it_cannot(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from fs_app.check.finding import Finding

    assert Finding("switch", True, "FreeSWITCH\x1b[2J\nx").line().isprintable()

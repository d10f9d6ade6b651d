"""Log lines: one each, readable, not to be forged, without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from fs_app import logs

SECRET = "tr0ub4dor"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def set_up() -> Iterator[Callable[[io.StringIO], io.StringIO]]:
    before, level = list(logging.getLogger().handlers), logging.getLogger().level
    structlog.contextvars.clear_contextvars()  # of requests in tests before

    def start(stream: io.StringIO) -> io.StringIO:
        logs.set_up("panel", "info", [SECRET], stream)
        return stream

    yield start
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(level)
    logging.captureWarnings(False)


SetUp = Callable[[io.StringIO], io.StringIO]


def test_logs_when_on_a_terminal_then_a_line_is_readable(set_up: SetUp) -> None:
    out = set_up(Terminal())
    structlog.get_logger().info("link_down", node="fs1", delay_ms=12.5, why="closed by peer")
    [line] = out.getvalue().splitlines()
    assert line[12:] == ' info    panel      link_down node=fs1 delay_ms=12.5 why="closed by peer"'


def test_logs_when_not_on_a_terminal_then_each_line_is_json(set_up: SetUp) -> None:
    out = set_up(io.StringIO())
    structlog.get_logger().warning("link_down", node="fs1", name="田中\n")
    [line] = out.getvalue().splitlines()
    told = json.loads(line)
    assert (told["process"], told["level"], told["event"], told["name"]) == ("panel", "warning", "link_down", "田中\n")
    assert told["timestamp"].endswith("Z")


@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_logs_when_text_of_a_caller_has_line_breaks_and_controls_then_it_stays_one_harmless_line(
    set_up: SetUp, kind: type[io.StringIO]
) -> None:
    out = set_up(kind())
    structlog.get_logger().info("member_joined", name="x\n00:00:00 error forged\x1b[2J\u202e\x9b", **{"a\nb": 1})
    assert out.getvalue().count("\n") == 1
    if isinstance(out, Terminal):
        assert out.getvalue().rstrip("\n").isprintable()


@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_logs_when_secrets_are_logged_then_they_are_struck_out(set_up: SetUp, kind: type[io.StringIO]) -> None:
    out = set_up(kind())
    log = structlog.get_logger()
    log.info("one", text=f"auth {SECRET}", nested={"deep": [f"x{SECRET}"]})
    log.info("two", password="hunter2hunter2", api_token="hunter3hunter3", headers={"Cookie": "hunter4"})
    log.info("three", url="redis://user:hunter5@cache:6379/0")
    try:
        raise ValueError(f"refused {SECRET}")
    except ValueError:
        log.exception("four")
    logging.getLogger("library").warning("five %s", SECRET)
    text = out.getvalue()
    assert text.count("\n") == 5
    assert SECRET not in text
    assert "hunter" not in text
    assert "cache:6379" in text


def test_logs_when_an_exception_is_told_on_a_terminal_then_its_place_is_in_the_line(set_up: SetUp) -> None:
    out = set_up(Terminal())
    try:
        raise ValueError("no such queue")
    except ValueError:
        structlog.get_logger().exception("greenlet_died")
    [line] = out.getvalue().splitlines()
    assert 'exception="ValueError: no such queue (test_logs.py:' in line


def test_logs_when_below_the_level_then_nothing_is_written(set_up: SetUp) -> None:
    out = set_up(io.StringIO())
    structlog.get_logger().debug("quiet")
    logging.getLogger("library").info("quiet too")
    assert out.getvalue() == ""

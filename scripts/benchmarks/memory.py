"""The memory of the real controller on a large floor, after its first reading and after 100,000 events: row 6."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from redis import Redis

from fs_app.store.durable import database_url, open_database
from fs_app.store.live import FLOOR, STREAM
from scripts.benchmarks.clients.clock import memory_mb, peak_mb
from scripts.benchmarks.processes import WORKPLACE, product, scripted_switch, until, valkey
from scripts.benchmarks.report import Table, wanted
from scripts.benchmarks.resync import PLAN
from scripts.benchmarks.scripted_switch import PASSWORD
from scripts.benchmarks.streams import stream

EVENTS = 100_000
_QUIET_S = 1.0


def run(rounds: int) -> list[Table]:
    """One process lives through as many bursts as there are rounds."""
    table = Table("memory", ["after", "resident now (MB)", "largest so far (MB)"])
    with ExitStack() as stack:
        redis = stack.enter_context(valkey())
        client = stack.enter_context(Redis.from_url(redis))
        switch, port = stack.enter_context(scripted_switch(PLAN))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORKPLACE, prefix="data-")))
        open_database(database_url("", folder)).close()  # what a site has but at its very first start
        place = f"esl://:{PASSWORD}@127.0.0.1:{port}"
        controller = stack.enter_context(product("controller", folder, freeswitch=place, redis_url=redis))
        everything = PLAN.agents + PLAN.queues + PLAN.waiting
        until(lambda: int(client.hlen(FLOOR)) >= everything, "whole picture")
        for number in range(rounds + 1):
            if number:
                file = stack.enter_context(stream(PLAN, EVENTS, first_lap=number * EVENTS))
                switch.say(f"send {file}")
                switch.told()
                _until_quiet(client)
            after = f"{number * EVENTS:,} events" if number else "the first reading"
            pid = str(controller.pid)
            table.rows.append([after, f"{memory_mb(pid):.0f}", f"{peak_mb(pid):.0f}"])
        peak = peak_mb(str(controller.pid))
    table.verdicts.append(wanted("MB at most", peak, 150, most=True, form="{:.0f}"))
    return [table]


def _until_quiet(client: Redis) -> None:
    """No change has been written for a while: all events have been worked through."""
    last, since = "", time.monotonic()

    def quiet() -> bool:
        nonlocal last, since
        newest = str(cast("list[tuple[bytes, object]]", client.xrevrange(STREAM, count=1))[0][0])
        if newest != last:
            last, since = newest, time.monotonic()
        return time.monotonic() - since > _QUIET_S

    until(quiet, "end of the changes")

"""Many log-ins at the same moment, on a panel that runs as it does in production."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.valkey import running_valkey

from .running_panel import PASSWORD, Browser, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("sv", "supervisor")
        with site.panel():
            yield site
        site.close()


def at_once(site: Site, password: str, count: int) -> Counter[int]:
    def log_in(_: int) -> int:
        return Browser(site.port).request("POST", "/api/v1/session", {"login": "sv", "password": password})[0]

    with ThreadPoolExecutor(count) as people:
        return Counter(people.map(log_in, range(count)))


def test_log_in_of_a_whole_shift_from_one_address_lets_everybody_in(site: Site):
    assert at_once(site, PASSWORD, 30) == {200: 30}


def test_wrong_passwords_tried_all_at_once_are_no_way_round_the_limit(site: Site):
    told = at_once(site, "wrong", 30)
    assert told[401] + told[429] == 30
    assert 5 <= told[401] <= 6, "two are looked at at a time"

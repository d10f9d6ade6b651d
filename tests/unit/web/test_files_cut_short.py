"""A file that is read slowly ends with the right to read it, and its reader can tell that it is not whole."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator

import pytest

from fs_app.store.activity import Activity, Period
from fs_app.store.audit import CONFIRMED, Deed
from tests.unit.valkey import running_valkey

from .floor_documents import META, SUPPORT, agent, queue
from .running_panel import ADMIN, LIMIT_S, Browser, Site

A1 = "1001@default"
ROWS = 20_000
FILES = {"activity": ROWS, "audit": 2_000}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """Each file is larger than all that the sockets between panel and reader hold."""
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.publish_all(META, queue=[queue(SUPPORT)], agent=[agent(A1, {SUPPORT: 1})])
        written = Activity(site.database)
        for first in range(0, ROWS, 1000):  # each transaction has a limit of time, on a busy machine too
            written.begin(Period(A1, "away", 1000.0 + n, "x" * 64) for n in range(first, first + 1000))
        told = Deed(ADMIN, "account.change", args={"name": "x" * 3000})

        def write(connection) -> None:
            for _ in range(100):
                site.audit.append(connection, CONFIRMED, told)

        for _ in range(0, FILES["audit"], 100):
            site.database.write(write)
        with site.panel():
            yield site
        site.close()


def begun(site: Site, browser: Browser, file: str) -> http.client.HTTPResponse:
    """A reader who has seen the beginning of a file, and whose end of the line takes little more."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(LIMIT_S)
    line.connect(("127.0.0.1", site.port))
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    connection.sock = line
    connection.request("GET", f"/api/v1/{file}.csv", headers={"Cookie": browser.cookie})
    answer = connection.getresponse()
    assert (answer.status, len(answer.read(100))) == (200, 100)
    return answer


WITHDRAWN: dict[str, Callable[[Site], object]] = {
    "disabled": lambda site: site.accounts.change("reader", {"disabled": True}, ADMIN),
    "password reset": lambda site: site.accounts.set_password("reader", "another good one", ADMIN, must_change=True),
    "role taken": lambda site: site.accounts.change("reader", {"role": "user"}, ADMIN),
    "right withdrawn": lambda site: site.accounts.grant("reader", SUPPORT, "none", ADMIN),
}


@pytest.mark.parametrize(
    ("file", "withdrawn"),
    [
        (file, withdrawn)
        for file in FILES
        for withdrawn in WITHDRAWN
        if (file, withdrawn) != ("audit", "right withdrawn")
    ],
)
def test_a_file_breaks_off_when_the_right_to_it_goes_while_it_is_read(site: Site, file: str, withdrawn: str):
    site.account("reader", "administrator" if file == "audit" else "supervisor")
    site.accounts.grant("reader", SUPPORT, "view", ADMIN)
    answer = begun(site, site.log_in("reader"), file)
    try:
        WITHDRAWN[withdrawn](site)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
    finally:
        site.accounts.remove("reader", ADMIN)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_read_slowly_by_whoever_keeps_the_right_is_whole(site: Site, file: str):
    told = begun(site, site.log_in("admin"), file).read()
    assert told.count(b"\r\n") >= FILES[file]

"""The screen of ``check``: each part in its turn, then the sum."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from redis import AuthenticationError, RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fs_app.check.finding import Finding
from fs_app.check.switch import check_switch
from fs_app.serve import valkey
from fs_app.serve.address import answers, listening_socket
from fs_app.serve.faults import CannotStart
from fs_app.setting_rules import parts
from fs_app.settings import Settings
from fs_app.store.durable import Database, DatabaseUnavailable, database_url
from fs_app.store.tables import account_extensions
from fs_app.switch.node import NodeAddress
from fs_app.wiring.stores import open_redis

OLDEST_REDIS = (6, 2)
EXTENSIONS_TRIED = 5


def check(settings: Settings) -> int:
    """Try everything and print a line for each; 0 only when all is fine, else 1."""
    wrong = tried = 0
    for finding in findings(settings):
        print(finding.line(), flush=True)  # noqa: T201 - said to the person at the terminal
        tried += 1
        wrong += not finding.fine
    print(f"{wrong} of {tried} wrong." if wrong else f"All is well ({tried} tried).")  # noqa: T201
    return 1 if wrong else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """What came of each try, in the order in which ``serve`` needs the parts."""
    yield Finding("settings", True, "all can be read")
    yield _data_folder(settings.data_dir)
    yield _address(settings)
    yield _redis(settings)
    database, extensions = _database(settings)
    yield database
    if settings.practice_floor:
        yield Finding("switch", True, "no FreeSWITCH is configured: serve brings the practice floor")
    for text in parts(settings.freeswitch.get_secret_value()):
        yield from check_switch(NodeAddress.parse(text), settings, extensions)


def _data_folder(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            "data folder", False, f"{there} cannot be written. Give this account the right, or set SASAYAKI_DATA_DIR."
        )
    return Finding("data folder", True, str(folder) if there == folder else f"{folder} (will be made)")


def _address(settings: Settings) -> Finding:
    try:
        listening_socket(*settings.listen_address).close()
    except CannotStart as fault:
        return _already_ours(settings) or Finding("address", False, str(fault))
    return Finding("address", True, f"{settings.listen} is free")


def _already_ours(settings: Settings) -> Finding | None:
    host, port = settings.listen_address
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return Finding("address", True, f"a panel answers on {settings.listen}") if answers(address) else None


def _redis(settings: Settings) -> Finding:
    if settings.embedded_redis and not settings.valkey_socket.exists():
        try:
            valkey.binary()
        except CannotStart as fault:
            return Finding("redis", False, str(fault))
        return Finding("redis", True, "serve brings a Valkey of its own")
    remedy = "Correct SASAYAKI_REDIS_URL, or start it."
    if settings.embedded_redis:
        remedy = f"Its socket {settings.valkey_socket} is left over; it goes with the next serve."
    try:
        with open_redis(settings) as client:
            version = str(client.info("server")["redis_version"])
    except AuthenticationError:
        return Finding("redis", False, f"refuses the password. {remedy}")
    except (RedisError, OSError) as error:
        return Finding("redis", settings.embedded_redis, f"does not answer ({type(error).__name__}). {remedy}")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        return Finding("redis", False, f"is version {version}. Install Redis 6.2, Valkey 7.2 or newer.")
    return Finding("redis", True, f"answers as version {version}")


def _database(settings: Settings) -> tuple[Finding, list[str]]:
    """The finding, and some extensions that accounts use."""
    url = database_url(settings.database_url.get_secret_value(), settings.data_dir)
    kind = "PostgreSQL" if url.get_backend_name() == "postgresql" else "SQLite"
    if kind == "SQLite" and not Path(str(url.database)).exists():
        return Finding("database", True, f"SQLite, {url.database} (will be made)"), []
    database = Database(url)
    try:
        database.ping()
        found = Finding("database", True, f"{kind} answers")
    except (SQLAlchemyError, DatabaseUnavailable, OSError) as error:
        remedy = "Correct SASAYAKI_DATABASE_URL, or start it." if kind == "PostgreSQL" else "Is the file readable here?"
        return Finding("database", False, f"{kind} does not answer ({type(error).__name__}). {remedy}"), []
    else:
        return found, _extensions(database)
    finally:
        database.close()


def _extensions(database: Database) -> list[str]:
    query = select(account_extensions.c.extension).distinct().order_by("extension").limit(EXTENSIONS_TRIED)
    try:
        return list(database.read(lambda connection: connection.execute(query).scalars().all()))
    except SQLAlchemyError:
        return []  # a database that no serve has set up yet

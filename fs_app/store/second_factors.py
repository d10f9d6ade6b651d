"""Second factors: an authenticator app's key for an account, and recovery codes for the day when the phone is lost.

Owns the tables ``second_factors`` and ``recovery_codes``. Every change is audited in its own transaction. The key leaves
this module once, when it is made; recovery codes are kept as hashes only. It decides nothing about passwords.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from fs_app.floor.actor import Actor
from fs_app.store import account_rows
from fs_app.store.account_rows import Account
from fs_app.store.accounts import UNKNOWN_ACCOUNT, AccountRefused
from fs_app.store.audit import CONFIRMED, AuditLog, Deed
from fs_app.store.durable import Database
from fs_app.store.random_secrets import stored_form
from fs_app.store.tables import accounts, recovery_codes, second_factors

SECOND_FACTOR_ON = "second_factor_on"
SECOND_FACTOR_OFF = "second_factor_off"
NOT_BEGUN = "second_factor_not_begun"
WRONG_CODE = "wrong_code"
ISSUER = "Sasayaki"
STEP_S = 30
# A code of the step before or after is taken as well: clocks differ and people type slowly.
STEPS_AROUND = 1
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_SEPARATORS = re.compile(r"[\s\-_.]+")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Whether an account has one, since when (epoch s), and how many recovery codes are left."""

    on: bool
    since: float | None = None
    recovery_codes_left: int = 0


class SecondFactors:
    """The second factors of one database."""

    def __init__(self, database: Database, audit: AuditLog, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        # Looked at in place of an account that has none, so that both take as long.
        self._nobody = pyotp.random_base32()

    def of(self, account: Account) -> SecondFactor:
        """How it stands with an account."""

        def work(connection: Connection) -> SecondFactor:
            row = _row(connection, account.id)
            if row is None or row.confirmed_at is None:
                return SecondFactor(on=False)
            left = select(func.count()).where(recovery_codes.c.account_id == account.id)
            return SecondFactor(True, row.confirmed_at, connection.execute(left).scalar_one())

        return self._database.read(work)

    # -- at log-in

    def fits(self, login: str, code: str) -> bool:
        """Whether ``code`` would be taken for ``login`` now. Changes nothing, and takes as long for nobody."""
        now, hashed = self._clock(), _hashed(code)

        def work(connection: Connection) -> bool:
            key = account_rows.login_key(login)
            ident = connection.execute(select(accounts.c.id).where(accounts.c.login_key == key)).scalar()
            row = _row(connection, -1 if ident is None else ident)
            step = _step_of(row.secret if row else self._nobody, code, now)
            kept = select(recovery_codes.c.code_hash).where(
                recovery_codes.c.account_id == (-1 if row is None else row.account_id),
                recovery_codes.c.code_hash == hashed,
            )
            recovers = connection.execute(kept).first() is not None
            if row is None or row.confirmed_at is None:
                return False
            return recovers or (step is not None and step > row.last_step)

        return self._database.read(work)

    def use(self, account: Account, code: str, address: str = "", request_id: str = "") -> bool:
        """Take ``code`` for a log-in from ``address``, for this one time; False when it is wrong or was used before."""
        by = account.actor(address=address)

        def work(connection: Connection) -> bool:
            account_rows.lock(connection)
            row = _row(connection, account.id)
            if row is None or row.confirmed_at is None:
                return False
            return self._take_code(connection, row, code) or self._take_recovery(
                connection, account, code, by, request_id
            )

        return self._database.write(work)

    def _take_code(self, connection: Connection, row: Row[Any], code: str) -> bool:
        step = _step_of(row.secret, code, self._clock())
        if step is None or step <= row.last_step:
            return False
        same = second_factors.c.account_id == row.account_id
        connection.execute(update(second_factors).where(same).values(last_step=step))
        return True

    def _take_recovery(self, connection: Connection, account: Account, code: str, by: Actor, request_id: str) -> bool:
        used = delete(recovery_codes).where(
            recovery_codes.c.account_id == account.id, recovery_codes.c.code_hash == _hashed(code)
        )
        if not connection.execute(used).rowcount:
            return False
        self._write_down(connection, "own.use_recovery_code", account, by, request_id)
        return True

    # -- changing

    def begin(self, account: Account) -> tuple[str, str]:
        """A new key, not asked for before it is confirmed: as text (base32) and as the address that apps read.

        Raises ``AccountRefused(second_factor_on)``.
        """
        secret, now = pyotp.random_base32(), self._clock()

        def work(connection: Connection) -> None:
            row = _row(connection, account.id)
            if row is not None and row.confirmed_at is not None:
                raise AccountRefused(SECOND_FACTOR_ON)
            connection.execute(delete(second_factors).where(second_factors.c.account_id == account.id))
            values = {"account_id": account.id, "secret": secret, "begun_at": now, "last_step": 0}
            connection.execute(insert(second_factors).values(values))

        self._database.write(work)
        return secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER)

    def confirm(self, account: Account, code: str, by: Actor, request_id: str = "") -> list[str]:
        """Ask for codes from now on, once ``code`` shows that the app has the key; new recovery codes, shown this once.

        Raises ``AccountRefused`` (``second_factor_on``, ``second_factor_not_begun``, ``wrong_code``).
        """

        def work(connection: Connection) -> list[str]:
            account_rows.lock(connection)
            row = _row(connection, account.id)
            if row is None:
                raise AccountRefused(NOT_BEGUN)
            if row.confirmed_at is not None:
                raise AccountRefused(SECOND_FACTOR_ON)
            if not self._take_code(connection, row, code):
                raise AccountRefused(WRONG_CODE)
            same = second_factors.c.account_id == account.id
            connection.execute(update(second_factors).where(same).values(confirmed_at=self._clock()))
            self._write_down(connection, "own.confirm_second_factor", account, by, request_id)
            return _new_codes(connection, account)

        return self._database.write(work)

    def renew_recovery_codes(self, account: Account, by: Actor, request_id: str = "") -> list[str]:
        """New recovery codes, shown this once; the old ones are void. Raises ``AccountRefused(second_factor_off)``."""

        def work(connection: Connection) -> list[str]:
            row = _row(connection, account.id)
            if row is None or row.confirmed_at is None:
                raise AccountRefused(SECOND_FACTOR_OFF)
            self._write_down(connection, "own.renew_recovery_codes", account, by, request_id)
            return _new_codes(connection, account)

        return self._database.write(work)

    def remove(self, login: str, by: Actor, command: str, request_id: str = "") -> None:
        """Ask the account for no code any more. Raises ``AccountRefused(unknown_account)``; none there is a success."""

        def work(connection: Connection) -> None:
            account = account_rows.by_login(connection, login)
            if account is None:
                raise AccountRefused(UNKNOWN_ACCOUNT)
            row = _row(connection, account.id)
            connection.execute(delete(second_factors).where(second_factors.c.account_id == account.id))
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account.id))
            if row is not None and row.confirmed_at is not None:
                self._write_down(connection, command, account, by, request_id)

        self._database.write(work)

    def _write_down(self, connection: Connection, command: str, account: Account, by: Actor, request_id: str) -> None:
        deed = Deed(by, command, args={"login": account.login}, request_id=request_id)
        self._audit.append(connection, CONFIRMED, deed)


def _row(connection: Connection, account_id: int) -> Row[Any] | None:
    query = select(second_factors).where(second_factors.c.account_id == account_id)
    return connection.execute(query).one_or_none()


def _plain(code: str) -> str:
    """What somebody typed, without blanks and dashes, in half width and small letters."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", code)).casefold()


def _step_of(secret: str, code: str, now: float) -> int | None:
    """The time step whose code this is (RFC 6238), of those around now; None when it is of none."""
    typed, here = _plain(code).encode("utf-8", "surrogatepass"), int(now) // STEP_S
    found = None
    for step in range(here - STEPS_AROUND, here + STEPS_AROUND + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), typed):
            found = step
    return found


def _hashed(code: str) -> str:
    return stored_form(_plain(code))


def _new_codes(connection: Connection, account: Account) -> list[str]:
    # 80 random bits each: long enough for a fast hash, short enough to be written on paper.
    plain = [base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account.id))
    rows = [{"account_id": account.id, "code_hash": _hashed(code)} for code in plain]
    connection.execute(insert(recovery_codes), rows)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]

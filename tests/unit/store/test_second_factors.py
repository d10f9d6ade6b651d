"""Second factors and recovery codes, and the site's settings."""

from __future__ import annotations

import gevent
import pyotp
import pytest
from sqlalchemy import text

from fs_app.floor.actor import Actor
from fs_app.greenlets import spawn
from fs_app.store.account_rows import Account, NewAccount
from fs_app.store.accounts import AccountRefused, Accounts
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from fs_app.store.passwords import Passwords
from fs_app.store.second_factors import SecondFactors
from fs_app.store.site_settings import Site, SiteSettings

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
ADMIN = Actor("admin", "administrator", "Admin")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    made = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), lambda _: None)
    made.add(NewAccount("Sato", "Sato", "supervisor"), "secret", ADMIN, must_change=False)
    made.add(NewAccount("ito", "Ito", "user"), "secret", ADMIN, must_change=False)
    return made


@pytest.fixture
def sato(accounts: Accounts) -> Account:
    return accounts.get("Sato")


@pytest.fixture
def factors(database: Database, clock: Clock) -> SecondFactors:
    return SecondFactors(database, AuditLog(database), clock)


def turn_on(factors: SecondFactors, account: Account, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    secret, _ = factors.begin(account)
    app = pyotp.TOTP(secret)
    codes = factors.confirm(account, app.at(int(clock.now)), account.actor())
    clock.now += 30
    return app, codes


@BOTH
def test_second_factor_when_begun_is_asked_for_only_once_confirmed(
    factors: SecondFactors, accounts: Accounts, sato: Account, clock: Clock
) -> None:
    secret, address = factors.begin(sato)
    assert address == f"otpauth://totp/Sasayaki:Sato?secret={secret}&issuer=Sasayaki"
    assert (factors.of(sato).on, accounts.get("sato").second_factor) == (False, False)
    assert not factors.fits("sato", pyotp.TOTP(secret).at(int(clock.now)))
    with pytest.raises(AccountRefused) as refused:
        factors.confirm(sato, "000000", sato.actor())
    assert refused.value.error == "wrong_code"
    assert not accounts.get("sato").second_factor
    codes = factors.confirm(sato, pyotp.TOTP(secret).at(int(clock.now)), sato.actor())
    assert len(set(codes)) == 10
    assert (factors.of(sato).on, factors.of(sato).since, factors.of(sato).recovery_codes_left) == (True, clock.now, 10)
    assert (accounts.get("sato").second_factor, accounts.get("ito").second_factor) == (True, False)


@BOTH
def test_code_when_used_is_never_taken_again_and_no_older_one_either(
    factors: SecondFactors, sato: Account, clock: Clock
) -> None:
    app, _ = turn_on(factors, sato, clock)
    before, now = app.at(int(clock.now), counter_offset=-1), app.at(int(clock.now))
    assert factors.fits("SATO", now)
    assert factors.use(sato, now)
    assert not factors.fits("sato", now)
    assert not factors.use(sato, now)
    assert not factors.use(sato, before)
    clock.now += 30
    assert not factors.use(sato, now)
    assert factors.use(sato, app.at(int(clock.now)))


def test_code_of_the_confirmation_opens_nothing_afterwards(factors: SecondFactors, sato: Account, clock: Clock) -> None:
    secret, _ = factors.begin(sato)
    code = pyotp.TOTP(secret).at(int(clock.now))
    factors.confirm(sato, code, sato.actor())
    assert not factors.use(sato, code)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_of_a_clock_that_differs_is_taken_within_one_step(
    factors: SecondFactors, sato: Account, clock: Clock, steps: int, taken: bool
) -> None:
    app, _ = turn_on(factors, sato, clock)
    clock.now += 300
    assert factors.use(sato, app.at(int(clock.now), counter_offset=steps)) is taken


@pytest.mark.parametrize("spelt", ["{} {}", "{}-{}", " {}{} ", "wide"])
def test_code_is_taken_however_it_is_typed(factors: SecondFactors, sato: Account, clock: Clock, spelt: str) -> None:
    app, _ = turn_on(factors, sato, clock)
    code = app.at(int(clock.now))
    if spelt == "wide":
        typed = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    else:
        typed = spelt.format(code[:3], code[3:])
    assert factors.use(sato, typed)


@pytest.mark.parametrize("code", ["", " ", "x" * 2000, "\ud800", "\x00", "１２", "-" * 50, "null"])
def test_code_that_is_none_is_refused(factors: SecondFactors, sato: Account, clock: Clock, code: str) -> None:
    turn_on(factors, sato, clock)
    assert not factors.fits("sato", code)
    assert not factors.use(sato, code)
    assert not factors.fits("nobody", code)


@BOTH
def test_recovery_code_is_good_for_one_time_and_stored_as_a_hash(
    factors: SecondFactors, database: Database, sato: Account, clock: Clock
) -> None:
    _, codes = turn_on(factors, sato, clock)
    stored = database.read(lambda c: c.execute(text("select code_hash from recovery_codes")).scalars().all())
    assert not {code.replace("-", "") for code in codes} & set(stored)
    assert factors.fits("sato", codes[0])
    assert factors.use(sato, codes[0].upper().replace("-", " "))
    assert not factors.fits("sato", codes[0])
    assert not factors.use(sato, codes[0])
    assert factors.of(sato).recovery_codes_left == 9
    renewed = factors.renew_recovery_codes(sato, sato.actor())
    assert not factors.use(sato, codes[1])
    assert factors.use(sato, renewed[1])


def test_recovery_code_of_one_account_opens_no_other(
    factors: SecondFactors, accounts: Accounts, sato: Account, clock: Clock
) -> None:
    _, codes = turn_on(factors, sato, clock)
    ito = accounts.get("ito")
    turn_on(factors, ito, clock)
    assert not factors.fits("ito", codes[0])
    assert not factors.use(ito, codes[0])


@BOTH
def test_code_when_used_by_many_at_once_opens_for_one(factors: SecondFactors, sato: Account, clock: Clock) -> None:
    app, codes = turn_on(factors, sato, clock)
    for code in (app.at(int(clock.now)), codes[0]):
        tries = [spawn("use", factors.use, sato, code) for _ in range(8)]
        gevent.joinall(tries, timeout=20)
        assert [one.value for one in tries].count(True) == 1


@BOTH
def test_second_factor_when_removed_is_gone_with_its_codes_and_audited(
    factors: SecondFactors, database: Database, accounts: Accounts, sato: Account, clock: Clock
) -> None:
    app, codes = turn_on(factors, sato, clock)
    factors.remove("sato", ADMIN, "account.remove_second_factor", "r9")
    factors.remove("sato", ADMIN, "account.remove_second_factor", "r10")
    assert not accounts.get("sato").second_factor
    assert not factors.use(sato, app.at(int(clock.now)))
    assert not factors.use(sato, codes[0])
    audit = AuditLog(database)
    rows = audit.page(Filters(command="account.remove_second_factor")).rows
    assert [(r["login"], r["args"], r["request_id"]) for r in rows] == [("admin", {"login": "Sato"}, "r9")]
    assert audit.verify() is None
    with pytest.raises(AccountRefused) as refused:
        factors.renew_recovery_codes(sato, sato.actor())
    assert refused.value.error == "second_factor_off"


def test_nothing_secret_is_in_the_audit(
    factors: SecondFactors, database: Database, sato: Account, clock: Clock
) -> None:
    app, codes = turn_on(factors, sato, clock)
    factors.use(sato, codes[0])
    told = str(AuditLog(database).page(Filters()).rows)
    for secret in (app.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in told


@BOTH
def test_account_when_removed_takes_its_second_factor_along(
    factors: SecondFactors, database: Database, accounts: Accounts, sato: Account, clock: Clock
) -> None:
    turn_on(factors, sato, clock)
    accounts.add(NewAccount("boss", "Boss", "administrator"), "secret", ADMIN, must_change=False)
    accounts.remove("sato", ADMIN)
    for table in ("second_factors", "recovery_codes"):
        left = database.read(lambda c, table=table: c.execute(text(f"select count(*) from {table}")).scalar())
        assert left == 0


@BOTH
def test_site_settings_have_defaults_and_a_change_is_audited_once(database: Database) -> None:
    audit = AuditLog(database)
    site = SiteSettings(database, audit)
    assert site.read() == Site(agents_see_listening=False)
    assert site.change({"agents_see_listening": True}, ADMIN, "r1").agents_see_listening
    assert site.change({"agents_see_listening": True}, ADMIN, "r2").agents_see_listening
    assert SiteSettings(database, audit).read().agents_see_listening
    rows = audit.page(Filters(command="site.change")).rows
    assert [(r["login"], r["args"], r["request_id"]) for r in rows] == [("admin", {"agents_see_listening": True}, "r1")]

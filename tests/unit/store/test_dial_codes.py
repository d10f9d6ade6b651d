"""Dial codes, numbers with a function, and what a setting of the site may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from fs_app.floor.actor import Actor
from fs_app.store.account_rules import extension
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.dial_codes import DEFAULTS, DialCode, DialCodes, DialCodesRefused
from fs_app.store.durable import Database
from fs_app.store.setting_kinds import one_of, several, switch, whole, words
from fs_app.store.site_settings import SettingRefused, SiteSettings
from fs_app.store.statuses import CustomStatuses, Status

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
ADMIN = Actor("admin", "administrator", "Admin")


@pytest.fixture
def dial(database: Database) -> DialCodes:
    return DialCodes(database)


def nothing(_: object) -> None:
    """No audit beside it."""


def with_code(which: str, **changes: object) -> list[DialCode]:
    """The defaults with one code changed."""
    return [replace(code, **changes) if code.number == which else code for code in DEFAULTS]


@BOTH
def test_defaults_hold_while_nothing_is_stored(dial: DialCodes):
    assert {number: (code.function, code.status) for number, code in dial.codes().items()} == {
        "0010": ("sign_in", None),
        "0011": ("sign_out", None),
        "0012": ("sign_in_extension", None),
        "0020": ("status_menu", None),
        "0021": ("set_status", "available"),
        "0022": ("set_status", "wrap_up"),
        "0023": ("set_status", "on_break"),
        "0024": ("set_status", "away"),
        "0025": ("set_status", "logged_out"),
        "0029": ("status_readback", None),
        "0030": ("raise_hand", None),
        "0031": ("lower_hand", None),
        "0070": ("listen", None),
    }
    assert dial.outside() == {}


@BOTH
def test_codes_when_changed_hold_in_place_of_the_defaults(dial: DialCodes, database: Database):
    lunch = Status("lunch", "On Break", "star", "red", (("ja", "昼"), ("en", "Lunch")))
    CustomStatuses(database).add(lunch, nothing)
    codes = [*with_code("0010", number="0050"), DialCode("0026", "set_status", "lunch")]
    dial.change(codes, nothing)
    now = DialCodes(database).codes()
    assert (now["0050"].function, now["0026"].status, "0010" in now) == ("sign_in", "lunch", False)


@BOTH
def test_code_out_of_use_keeps_its_number_and_does_nothing(dial: DialCodes):
    dial.change(with_code("0070", in_use=False), nothing)
    assert "0070" not in dial.codes()
    assert DialCode("0070", "listen", None, in_use=False) in dial.listed()
    dial.change([replace(code, in_use=False) for code in DEFAULTS], nothing)
    assert dial.codes() == {}


@pytest.mark.parametrize(
    ("codes", "error", "number"),
    [
        (with_code("0010", number="0011"), "dial_number_taken", "0011"),
        (with_code("0010", number="0090"), "dial_number_taken", "0090"),
        (with_code("0010", number="1010"), "dial_number_wrong", "1010"),
        (with_code("0010", number="00100"), "dial_number_wrong", "00100"),
        (with_code("0010", number="0010\n"), "dial_number_wrong", "0010\n"),
        (with_code("0010", number="\uff10\uff10\uff11\uff10"), "dial_number_wrong", "\uff10\uff10\uff11\uff10"),
        ([*DEFAULTS, DialCode("0040", "sign_in")], "dial_function_twice", "0040"),
        ([*DEFAULTS, DialCode("0040", "set_status", "away")], "dial_function_twice", "0040"),
        ([*DEFAULTS, DialCode("0040", "set_status", "nonsense")], "dial_status_unknown", "0040"),
    ],
)
def test_codes_that_cannot_be_are_refused_and_nothing_is_written(dial: DialCodes, codes, error: str, number: str):
    with pytest.raises(DialCodesRefused) as refused:
        dial.change(codes, nothing)
    assert (refused.value.error, refused.value.number) == (error, number)
    assert dial.listed() == list(DEFAULTS)


@pytest.mark.parametrize(
    "codes",
    [
        [],
        DEFAULTS[1:],
        [*DEFAULTS, DialCode("0040", "system")],
        [*DEFAULTS, DialCode("0040", "set_status")],
        with_code("0010", status="away"),
    ],
)
def test_codes_whose_functions_are_missing_or_unknown_are_refused(dial: DialCodes, codes):
    with pytest.raises(ValueError, match="code"):
        dial.change(codes, nothing)
    assert dial.listed() == list(DEFAULTS)


@BOTH
def test_change_is_done_with_its_audit_or_not_at_all_and_only_where_something_changes(
    dial: DialCodes, database: Database
):
    def fails(_: object) -> None:
        raise RuntimeError("no audit")

    dial.change(DEFAULTS, fails)
    with pytest.raises(RuntimeError):
        dial.change(with_code("0010", number="0050"), fails)
    with pytest.raises(RuntimeError):
        dial.change_outside([("0312345678", "sign_in")], fails)
    assert (dial.listed(), dial.outside()) == (list(DEFAULTS), {})
    assert database.read(lambda c: c.execute(text("select count(*) from dial_codes")).scalar()) == 0


@BOTH
def test_outside_numbers_are_kept_as_the_digits_that_a_carrier_sends(dial: DialCodes):
    dial.change_outside([("03-1234-5678", "sign_in"), ("+81 (3) 1234 5679", "sign_out")], nothing)
    assert dial.outside() == {"0312345678": "sign_in", "81312345679": "sign_out"}
    dial.change_outside([("\uff10\uff13\uff11\uff12\uff13\uff14", "status_menu")], nothing)
    assert dial.outside() == {"031234": "status_menu"}
    dial.change_outside([], nothing)
    assert dial.outside() == {}


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ([("110", "sign_in")], "dial_number_wrong"),
        ([("0010", "sign_in")], "dial_number_wrong"),
        ([("031234abcd", "sign_in")], "dial_number_wrong"),
        ([("1" * 16, "sign_in")], "dial_number_wrong"),
        ([("", "sign_in")], "dial_number_wrong"),
        ([("${system rm}", "sign_in")], "dial_number_wrong"),
        ([("0312345678", "sign_in"), ("03-1234-5678", "sign_out")], "dial_number_taken"),
    ],
)
def test_outside_numbers_that_cannot_be_are_refused(dial: DialCodes, numbers, error: str):
    with pytest.raises(DialCodesRefused) as refused:
        dial.change_outside(numbers, nothing)
    assert refused.value.error == error
    assert dial.outside() == {}


def test_e7_outside_numbers_know_no_finer_function_than_the_status_menu(dial: DialCodes):
    for function in ("set_status", "listen", "sign_in_extension", "nonsense"):
        with pytest.raises(ValueError, match="function"):
            dial.change_outside([("0312345678", function)], nothing)


# ---- settings of the site


@BOTH
def test_site_when_its_dial_password_is_waived_inside_says_so(database: Database):
    audit = AuditLog(database)
    site = SiteSettings(database, audit)
    assert not site.read().dial_waive_inside
    assert site.change({"dial_waive_inside": True}, ADMIN, "r1").dial_waive_inside
    assert audit.page(Filters(command="site.change")).rows[0]["args"] == {"dial_waive_inside": True}


@pytest.mark.parametrize(
    "changes", [{"dial_waive_inside": 1}, {"dial_waive_inside": None}, {"nonsense": True}], ids=str
)
def test_site_setting_that_cannot_be_is_refused_with_its_name(database: Database, changes):
    site = SiteSettings(database, AuditLog(database))
    with pytest.raises(SettingRefused) as refused:
        site.change({"agents_see_listening": True} | changes, ADMIN)
    assert refused.value.name in changes
    assert not site.read().agents_see_listening


def test_site_setting_of_another_version_has_its_default(database: Database):
    row = "insert into site_settings (name, value, set_by, set_at) values ('dial_waive_inside', '\"yes\"', 'x', 1)"
    database.write(lambda c: c.execute(text(row)))
    assert SiteSettings(database, AuditLog(database)).read().dial_waive_inside is False


@pytest.mark.parametrize(
    ("kind", "good", "kept"),
    [
        (switch, True, True),
        (whole(0, 60), 0, 0),
        (one_of("caller", "queue"), "queue", "queue"),
        (words(extension), "9001", "9001"),
        (several(words(extension), 3), ["1", "2", "1"], ("1", "2")),
    ],
)
def test_kind_of_setting_when_the_value_is_one_gives_it_back(kind, good: object, kept: object):
    assert kind(good) == kept


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (switch, 1),
        (switch, "true"),
        (whole(0, 60), 61),
        (whole(0, 60), True),
        (whole(0, 60), 1.0),
        (whole(0, 60), "5"),
        (one_of("caller", "queue"), "other"),
        (one_of("caller", "queue"), ["queue"]),
        (words(extension), 9001),
        (words(extension), "x"),
        (several(words(extension), 3), "123"),
        (several(words(extension), 3), ["1", "2", "3", "4"]),
        (several(words(extension), 3), ["x"]),
    ],
)
def test_kind_of_setting_when_the_value_is_none_says_so(kind, bad: object):
    with pytest.raises(ValueError, match=r"."):
        kind(bad)

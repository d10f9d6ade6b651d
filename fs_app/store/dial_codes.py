"""What is dialled for which function: codes inside (00 and two digits), and numbers of one's own outside.

Owns the tables ``dial_codes`` and ``dial_numbers``. While nothing is stored, the default codes hold; the first change
stores them all. Who may change them, and what a function does, is for others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from fs_app.floor.statuses import BUILT_IN
from fs_app.store.durable import Database
from fs_app.store.tables import custom_statuses, dial_codes, dial_numbers

SIGN_IN = "sign_in"
SIGN_IN_EXTENSION = "sign_in_extension"
SIGN_OUT = "sign_out"
STATUS_MENU = "status_menu"
SET_STATUS = "set_status"
STATUS_READBACK = "status_readback"
LISTEN = "listen"
RAISE_HAND = "raise_hand"
LOWER_HAND = "lower_hand"
# Each has one code; a direct code, SET_STATUS, there may be for every status.
SINGLE = (SIGN_IN, SIGN_IN_EXTENSION, SIGN_OUT, STATUS_MENU, STATUS_READBACK, LISTEN, RAISE_HAND, LOWER_HAND)
FUNCTIONS = (*SINGLE, SET_STATUS)
OUTSIDE_FUNCTIONS = (SIGN_IN, SIGN_OUT, STATUS_MENU)
# The voice test and its short form: they ask nobody, and are in the switch's own dialplan.
RESERVED = ("0090", "0091")
MOST_NUMBERS = 200

NUMBER_TAKEN = "dial_number_taken"
FUNCTION_TWICE = "dial_function_twice"
UNKNOWN_STATUS = "dial_status_unknown"
WRONG_NUMBER = "dial_number_wrong"
Also = Callable[[Connection], object]
_CODE = re.compile(r"00[0-9]{2}")
_SIGNS = re.compile(r"[\s()./-]+")
_OUTSIDE = re.compile(r"[0-9]{4,15}")


@dataclass(frozen=True, slots=True)
class DialCode:
    """A code. ``status``: the status that a direct code sets. One that is not ``in_use`` is kept for another day."""

    number: str
    function: str
    status: str | None = None
    in_use: bool = True


DEFAULTS = (
    DialCode("0010", SIGN_IN),
    DialCode("0011", SIGN_OUT),
    DialCode("0012", SIGN_IN_EXTENSION),
    DialCode("0020", STATUS_MENU),
    *(DialCode(f"00{place}", SET_STATUS, status.code) for place, status in enumerate(BUILT_IN, 21)),
    DialCode("0029", STATUS_READBACK),
    DialCode("0030", RAISE_HAND),
    DialCode("0031", LOWER_HAND),
    DialCode("0070", LISTEN),
)


class DialCodesRefused(Exception):
    """Codes or numbers that cannot be; nothing changed. ``error`` has a text in the catalogues, ``number`` is meant."""

    def __init__(self, error: str, number: str) -> None:
        super().__init__(error)
        self.error = error
        self.number = number


class DialCodes:
    """The dial codes of one database. Each change takes ``also``, which is done first in its transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def codes(self) -> dict[str, DialCode]:
        """The codes in use, by number."""
        return {code.number: code for code in self.listed() if code.in_use}

    def listed(self) -> list[DialCode]:
        """All codes in the order of their numbers, those out of use too."""
        return self._database.read(_codes)

    def change(self, codes: Iterable[DialCode], also: Also) -> list[DialCode]:
        """Put these codes in place of all that were there; the same again writes nothing, and ``also`` is not done.

        Raises ``DialCodesRefused`` (``dial_number_wrong``, ``dial_number_taken``, ``dial_function_twice``,
        ``dial_status_unknown``) and ``ValueError`` for a function that is unknown or missing.
        """
        wanted = sorted(codes, key=lambda code: code.number)
        _judge(wanted)

        def work(connection: Connection) -> list[DialCode]:
            if wanted == _codes(connection):
                return wanted
            also(connection)
            known = {status.code for status in BUILT_IN} | set(connection.scalars(select(custom_statuses.c.code)))
            for code in wanted:
                if code.status is not None and code.status not in known:
                    raise DialCodesRefused(UNKNOWN_STATUS, code.number)
            connection.execute(delete(dial_codes))
            connection.execute(insert(dial_codes), [asdict(code) for code in wanted])
            return wanted

        return self._database.write(work)

    def outside(self) -> dict[str, str]:
        """The function of each number of one's own that has one, by its digits as the carrier sends them."""
        return self._database.read(_outside)

    def change_outside(self, numbers: Iterable[tuple[str, str]], also: Also) -> dict[str, str]:
        """Put these numbers, each with its function, in place of all that were there, as :meth:`change` does.

        Raises ``DialCodesRefused`` (``dial_number_wrong``, ``dial_number_taken``) and ``ValueError`` for another
        function than sign-in, sign-out and the status menu.
        """
        wanted: dict[str, str] = {}
        for typed, function in numbers:
            number = digits_of(typed)
            if not _OUTSIDE.fullmatch(number) or _CODE.fullmatch(number):
                raise DialCodesRefused(WRONG_NUMBER, typed)
            if number in wanted:
                raise DialCodesRefused(NUMBER_TAKEN, typed)
            if function not in OUTSIDE_FUNCTIONS:
                raise ValueError(f"no function of a number: {function}")
            wanted[number] = function
        wanted = dict(sorted(wanted.items()))

        def work(connection: Connection) -> dict[str, str]:
            if wanted == _outside(connection):
                return wanted
            also(connection)
            connection.execute(delete(dial_numbers))
            if wanted:
                listed = [{"number": number, "function": function} for number, function in wanted.items()]
                connection.execute(insert(dial_numbers), listed)
            return wanted

        return self._database.write(work)


def digits_of(typed: str) -> str:
    """A number as its digits: without the signs that people write between them, a leading + and wide letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", typed)).removeprefix("+")


def _judge(codes: list[DialCode]) -> None:
    numbers, functions = set(RESERVED), set[tuple[str, str | None]]()
    for code in codes:
        if not _CODE.fullmatch(code.number):
            raise DialCodesRefused(WRONG_NUMBER, code.number)
        if code.number in numbers:
            raise DialCodesRefused(NUMBER_TAKEN, code.number)
        if code.function not in FUNCTIONS or (code.function == SET_STATUS) != (code.status is not None):
            raise ValueError(f"no function of a code: {code.function}")
        if (code.function, code.status) in functions:
            raise DialCodesRefused(FUNCTION_TWICE, code.number)
        numbers.add(code.number)
        functions.add((code.function, code.status))
    if missing := {(function, None) for function in SINGLE} - functions:
        raise ValueError(f"no code for {sorted(function for function, _ in missing)}")


def _codes(connection: Connection) -> list[DialCode]:
    query = select(dial_codes).order_by(dial_codes.c.number)
    stored = [DialCode(**row) for row in connection.execute(query).mappings()]
    return stored or list(DEFAULTS)


def _outside(connection: Connection) -> dict[str, str]:
    query = select(dial_numbers.c.number, dial_numbers.c.function).order_by(dial_numbers.c.number)
    return {row.number: row.function for row in connection.execute(query)}

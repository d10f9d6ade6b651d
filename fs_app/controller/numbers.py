"""Outside numbers: read as the site's region writes them, and allowed by a list that is closed by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from fs_app.floor.errors import INVALID_NUMBER, NUMBER_NOT_ALLOWED, Rejected

_NEVER = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
        PhoneNumberType.UNKNOWN,
    }
)
"""They cost more than an ordinary call, or nobody answers there."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a number typed without + is read (``region``), and what may be rung.

    ``allow`` is a comma list of ``national`` (ordinary numbers of the region) and prefixes such as ``+81`` or ``+1212``.
    ``narrowed`` is another such list, which administrators set in the panel: what is rung is in both, so that they can
    never widen the first (empty: all of it). ``own`` are the centre's numbers, which would lead a call back to itself.
    """

    region: str = "JP"
    allow: str = "national"
    narrowed: str = ""
    own: tuple[str, ...] = ()

    def dialled(self, typed: str) -> str:
        """The digits to dial (national form for the own region, else with +).

        Raises Rejected: ``invalid_number`` for what is no number, ``number_not_allowed`` for one that may not be rung.
        """
        try:
            number = phonenumbers.parse(typed, self.region)
        except NumberParseException as error:
            raise Rejected(INVALID_NUMBER) from error
        if not phonenumbers.is_valid_number(number) or number.extension:
            raise Rejected(INVALID_NUMBER)
        # By region and not by country code: +1 is also Jamaica, +44 also Jersey, at other prices.
        home = phonenumbers.is_valid_number_for_region(number, self.region)
        if phonenumbers.number_type(number) in _NEVER or self._is_own(number):
            raise Rejected(NUMBER_NOT_ALLOWED)
        if not all(_within(listed, number, home=home) for listed in (self.allow, self.narrowed or self.allow)):
            raise Rejected(NUMBER_NOT_ALLOWED)
        if home:
            national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            return "".join(c for c in national if c.isdigit())
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def _is_own(self, number: phonenumbers.PhoneNumber) -> bool:
        return any(self._same(number, own) for own in self.own)

    def _same(self, number: phonenumbers.PhoneNumber, written: str) -> bool:
        return (number.country_code, number.national_number) == _read(written, self.region)


@lru_cache(maxsize=4096)
def _read(written: str, region: str) -> tuple[int | None, int | None] | None:
    """Country code and national number; None for what is no number."""
    try:
        number = phonenumbers.parse(written, region)
    except NumberParseException:
        return None
    return number.country_code, number.national_number


def _within(listed: str, number: phonenumbers.PhoneNumber, *, home: bool) -> bool:
    whole = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    parts = [part.strip() for part in listed.split(",") if part.strip()]
    return any(home if part == "national" else whole.startswith(part) for part in parts)


class SiteNumbering:
    """The numbering as the site has it at this moment: the settings' list, narrowed by what administrators set.

    ``narrowing`` gives the narrower list and the centre's own numbers of now; it may raise what its store raises.
    """

    def __init__(self, outer: Numbering, narrowing: Callable[[], tuple[str, tuple[str, ...]]]) -> None:
        self._outer = outer
        self._narrowing = narrowing

    def of_now(self) -> Numbering:
        """By the lists of now."""
        narrowed, own = self._narrowing()
        return replace(self._outer, narrowed=narrowed, own=own)

    def dialled(self, typed: str) -> str:
        """As ``Numbering.dialled``, by the lists of now."""
        return self.of_now().dialled(typed)

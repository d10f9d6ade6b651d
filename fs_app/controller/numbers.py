"""Outside numbers: read as the site's region writes them, and allowed by a list that is closed by default."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    region: str = "JP"
    allow: str = "national"

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
        if phonenumbers.number_type(number) in _NEVER or not self._allowed(number, home=home):
            raise Rejected(NUMBER_NOT_ALLOWED)
        if home:
            national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            return "".join(c for c in national if c.isdigit())
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def _allowed(self, number: phonenumbers.PhoneNumber, *, home: bool) -> bool:
        whole = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        allowed = [part.strip() for part in self.allow.split(",") if part.strip()]
        return any(home if part == "national" else whole.startswith(part) for part in allowed)

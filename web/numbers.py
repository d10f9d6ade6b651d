"""Outside numbers as people write them: in the national form of the site's region, others with their country's code."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_OUTSIDE = re.compile(r"\+?[0-9]{7,}")
"""Longer than any extension; a masked one has stars in it and stays as it is."""


@lru_cache(maxsize=4096)
def written(text: str, region: str) -> str:
    """``text`` with every outside number in it as ``region`` writes it: ``1001 + 09012345678`` is ``1001 + 090-1234-5678``."""
    return _OUTSIDE.sub(lambda found: _written(found.group(), region), text)


def _written(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    home = phonenumbers.is_valid_number_for_region(parsed, region)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)

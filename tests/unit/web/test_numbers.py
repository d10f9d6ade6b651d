"""Outside numbers as people write them."""

from __future__ import annotations

import pytest

from web.numbers import written


@pytest.mark.parametrize(
    ("text", "region", "shown"),
    [
        ("09012345678", "JP", "090-1234-5678"),
        ("1001 + 0312345678", "JP", "1001 + 03-1234-5678"),
        ("+12125551234", "JP", "+1 212-555-1234"),
        ("+12125551234", "US", "(212) 555-1234"),
        ("1001", "JP", "1001"),
        ("090-****-5678", "JP", "090-****-5678"),
        ("", "JP", ""),
        ("00000000", "JP", "00000000"),
    ],
)
def test_number_when_shown_then_as_the_region_writes_it(text: str, region: str, shown: str) -> None:
    assert written(text, region) == shown

"""What stays together when several workers share the run."""

from __future__ import annotations

import pytest

from tests.shares import share


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("tests/unit/web/test_board.py::test_row[practice]", "tests/unit/web/test_board.py"),
        ("tests/contract/test_offers.py::test_offer[freeswitch]", "tests/contract/test_offers.py, freeswitch"),
        ("tests/contract/test_offers.py::test_offer[practice-On Break]", "tests/contract/test_offers.py, practice"),
        ("tests/contract/test_offers.py::test_offer[a-freeswitch]", "tests/contract/test_offers.py, freeswitch"),
        ("tests/contract/dial_codes/test_a.py::test_x[practice]", "tests/contract/dial_codes/test_a.py, practice"),
        ("tests/contract/test_selftest.py::test_without_a_freeswitch", "tests/contract/test_selftest.py"),
        ("tests/browser/test_pages.py::test_page[light]", "tests/browser"),
    ],
)
def test_share_is_a_file_on_one_switch_or_the_browser(test: str, found: str) -> None:
    assert share(test) == found

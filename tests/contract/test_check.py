"""``check`` against a switch: what it says when all is well, and for each thing that is not."""

from __future__ import annotations

import dataclasses

import pytest

from fs_app.check.finding import Finding
from fs_app.check.switch import check_switch
from fs_app.settings import Settings
from fs_app.switch.node import NodeAddress
from tests.contract.driver import Driver


@pytest.fixture
def address(driver: Driver) -> NodeAddress:
    return NodeAddress.parse(driver.esl_url)


def look(address: NodeAddress, *extensions: str, **settings: str) -> list[Finding]:
    return list(check_switch(address, Settings(**{"domain": "default", **settings}), extensions))


def wrong(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if not finding.fine]


def test_check_when_the_switch_is_as_it_should_be_then_nothing_is_wrong(address: NodeAddress) -> None:
    findings = look(address, "1001", "9001", external_dial="sofia/gateway/carrier/{number}")
    assert wrong(findings) == []
    text = "\n".join(finding.text for finding in findings)
    assert "FreeSWITCH 1.10.12 at " in text
    assert "mod_callcenter is loaded" in text
    assert "knows the extensions 1001, 9001 in the domain default" in text


def test_check_when_the_password_is_wrong_then_it_says_so_without_it(address: NodeAddress) -> None:
    [text] = wrong(look(dataclasses.replace(address, password="tr0ub4dor")))
    assert "refuses the password" in text
    assert "tr0ub4dor" not in text


def test_check_when_nobody_answers_then_it_says_so(address: NodeAddress) -> None:
    [text] = wrong(look(dataclasses.replace(address, port=1)))
    assert "nobody answers" in text


def test_check_when_an_extension_or_a_domain_does_not_exist_then_they_are_named(address: NodeAddress) -> None:
    [text] = wrong(look(address, "1001", "7777"))
    assert text.startswith("does not know the extensions 7777 in the domain default.")
    [text] = wrong(look(address, "1001", domain="elsewhere.example"))
    assert "1001 in the domain elsewhere.example" in text

"""Whom the panel believes about where a request came from."""

from __future__ import annotations

import pytest
from flask import Flask, request

from fs_app.panel import BehindProxy

FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "panel.example",
    "Forwarded": "for=203.0.113.9",
}


def seen(sender: str, trusted: str, **headers: str) -> list[str]:
    app = Flask("asked")
    app.add_url_rule("/", view_func=lambda: "|".join([request.remote_addr or "", request.scheme, request.host]))
    app.wsgi_app = BehindProxy(app.wsgi_app, trusted)  # type: ignore[method-assign]
    answer = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": sender})
    return answer.text.split("|")


@pytest.mark.parametrize(
    ("sender", "trusted"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("10.0.0.5", "192.168.0.0/16,10.0.0.0/8"),
        ("::1", "::1,127.0.0.1"),
        *(
            ("::ffff:10.0.0.5", trusted)
            for trusted in ("10.0.0.5", "10.0.0.0/8", "::ffff:10.0.0.5", "::ffff:10.0.0.0/104")
        ),
    ],
)
def test_panel_when_a_trusted_proxy_forwards_then_the_browser_is_what_it_says(sender: str, trusted: str) -> None:
    assert seen(sender, trusted, **FORWARDED) == ["203.0.113.9", "https", "panel.example"]


@pytest.mark.parametrize(("sender", "trusted"), [("10.0.0.5", ""), ("127.0.0.1", "10.0.0.5"), ("::1", "127.0.0.1")])
def test_panel_when_anybody_else_says_so_then_nothing_of_it_is_believed(sender: str, trusted: str) -> None:
    address, scheme, host = seen(sender, trusted, **FORWARDED)
    assert (address, scheme, host) == (sender, "http", "localhost")


@pytest.mark.parametrize(
    ("sender", "forwarded", "told"),
    [("::ffff:192.0.2.7", "", "192.0.2.7"), ("10.0.0.5", "::ffff:192.0.2.7", "192.0.2.7"), ("::1", "", "::1")],
)
def test_panel_when_one_socket_takes_both_kinds_of_addresses_then_an_ipv4_sender_is_known_by_his_own(
    sender: str, forwarded: str, told: str
) -> None:
    """As with ``SASAYAKI_LISTEN=[::]:8080``."""
    assert seen(sender, "10.0.0.5", **({"X-Forwarded-For": forwarded} if forwarded else {}))[0] == told


def test_panel_when_a_browser_forges_a_hop_then_only_the_proxys_own_word_counts() -> None:
    forged = {**FORWARDED, "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    assert seen("10.0.0.5", "10.0.0.5", **forged)[0] == "203.0.113.9"

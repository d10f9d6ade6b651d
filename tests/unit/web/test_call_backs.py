"""One's own call-back as the panel tells it: to whoever asked for it, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fs_app.floor import call_backs
from fs_app.floor.entities import CallBack
from tests.unit.valkey import running_valkey
from web.call_backs.schemas import CallBackReply

from .floor_documents import META, agent, queue
from .running_panel import ADMIN, Browser, Site, until

SALES = "sales@d"
CUSTOMER = "0312345678"


def own_call(login: str = "ippan", **more: Any) -> dict[str, Any]:
    made = CallBack("c1", login, "1001@d", CUSTOMER, "leg", "customer leg", asked_at=100.0, **more)
    document = agent("1001@d", {SALES: 1}, contact="sofia/gateway/carrier/09011112222")
    return document | {"call_back": call_backs.document(made)}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running_valkey() as url:
        site = Site(tmp_path_factory.mktemp("site"), url)
        site.account("admin", "administrator")
        site.account("sv", "supervisor", agent="1009@d")
        site.account("ippan", "user", agent="1001@d")
        site.account("guest", "user")
        site.accounts.grant("sv", SALES, "edit", ADMIN)
        site.redis.set("sasayaki:alive", b"{}")
        site.publish_all(META, queue=[queue(SALES)], agent=[own_call()])
        with site.panel():
            yield site
        site.close()


def published(site: Site, document: dict[str, Any]) -> Browser:
    seq = site.publish(agent=[document])
    admin, user = site.log_in("admin"), site.log_in("ippan")
    until(lambda: admin.get("/api/v1/board")["seq"] == seq, "the panel has read it")
    return user


def test_own_call_back_is_told_in_every_state(site: Site):
    user = published(site, own_call())
    told = user.get("/api/v1/call-backs/c1")
    CallBackReply.model_validate(told)
    assert (told["state"], told["number"], told["since"], told["ended_at"]) == ("ringing_you", CUSTOMER, None, None)
    assert "leg" not in told
    user = published(site, own_call(state="failed", party="customer", cause="USER_BUSY", ended_at=110.0))
    told = user.get("/api/v1/call-backs")["call_backs"]
    assert [(one["state"], one["party"], one["cause"], one["ended_at"]) for one in told] == [
        ("failed", "customer", "USER_BUSY", 110.0)
    ]
    assert published(site, agent("1001@d", {SALES: 1})).get("/api/v1/call-backs")["call_backs"] == []


@pytest.mark.parametrize("who", ["admin", "sv", "guest"])
def test_call_back_of_somebody_else_is_shown_to_nobody(site: Site, who: str):
    published(site, own_call())
    browser = site.log_in(who)
    assert browser.get("/api/v1/call-backs")["call_backs"] == []
    assert browser.request("GET", "/api/v1/call-backs/c1")[1]["id"] == "unknown_call_back"
    if who != "guest":
        for path in ("/board", "/agents/1001@d"):
            assert CUSTOMER not in str(browser.get(f"/api/v1{path}"))


def test_call_back_that_another_account_asked_for_is_not_told_to_the_agent_of_now(site: Site):
    user = published(site, own_call("before"))
    assert user.get("/api/v1/call-backs")["call_backs"] == []


def test_agent_in_detail_says_whether_he_is_oneself(site: Site):
    user = published(site, own_call())
    assert user.get("/api/v1/agents/1001@d")["own"] is True
    assert site.log_in("admin").get("/api/v1/agents/1001@d")["own"] is False

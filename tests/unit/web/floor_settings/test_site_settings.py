"""The site's settings, and outside numbers: for administrators, in one form, audited."""

from __future__ import annotations

import json
from typing import Any

from fs_app.store.audit_pages import Filters
from tests.unit.web.floor_settings.announced import heard
from tests.unit.web.running_panel import Browser, Site


def test_site_is_for_administrators_and_a_change_is_audited(running: Site, admin: Browser, sv: Browser):
    told_first = admin.get("/api/v1/site")
    assert (told_first["agents_see_listening"], told_first["dial_waive_inside"]) == (False, False)
    told: list[Any] = []
    assert heard(
        running, lambda: told.append(admin.request("PUT", "/api/v1/site", {"agents_see_listening": True}))
    ) == ["site"]
    assert told[0][1] == told_first | {"agents_see_listening": True}, "what is left out stays"
    assert running.log_in("ippan").get("/api/v1/session/agent")["listened"] is True
    assert admin.request("PUT", "/api/v1/site", {"agents_see_listening": "yes"})[1]["id"] == "invalid_request"
    assert sv.request("GET", "/api/v1/site")[0] == 403
    assert sv.request("PUT", "/api/v1/site", {"agents_see_listening": False})[0] == 403
    rows = running.audit.page(Filters(command="site.change", outcome="confirmed")).rows
    assert [(row["login"], row["args"]) for row in rows] == [("admin", {"agents_see_listening": True})]
    assert json.dumps(running.audit.page(Filters(command="site.change", outcome="failed")).rows[0]["login"]) == '"sv"'


def test_outside_numbers_are_written_in_one_form_and_a_change_is_audited(running: Site, admin: Browser, sv: Browser):
    wish = {
        "centre_number": "０３－9876－5432",
        "own_numbers": ["03-5555-6666", "+81 3 5555 7777"],
        "outside_allow": "+8190, +8180",
    }
    kept = {
        "centre_number": "0398765432",
        "own_numbers": ["0355556666", "+81355557777"],
        "outside_allow": "+8190,+8180",
    }
    status, told, _ = admin.request("PUT", "/api/v1/site", wish)
    assert (status, {name: told[name] for name in kept}) == (200, kept)
    rows = running.audit.page(Filters(command="site.change", outcome="confirmed")).rows
    assert (rows[0]["login"], rows[0]["args"]) == ("admin", kept)
    assert sv.request("PUT", "/api/v1/site", wish)[0] == 403
    for wrong in (
        {"centre_number": "Tanaka"},
        {"own_numbers": ["0312345678", "x"]},
        {"own_numbers": "0312345678"},
        {"outside_allow": "0312"},
        {"outside_allow": "all"},
        {"outside_allow": "+8190;+1"},
    ):
        assert admin.request("PUT", "/api/v1/site", wrong)[1]["id"] == "invalid_request", wrong
    assert admin.request("PUT", "/api/v1/site", {"centre_number": "", "own_numbers": [], "outside_allow": ""})[0] == 200


def test_site_when_it_says_which_number_outside_phones_show_then_one_of_three(admin: Browser):
    first = admin.get("/api/v1/site")
    assert (first["outside_caller_id"], first["outside_rounds"], first["outside_pause_s"]) == ("caller", 3, 2)
    wish = {"outside_caller_id": "queue", "outside_rounds": 5, "outside_pause_s": 1}
    assert admin.request("PUT", "/api/v1/site", wish)[1] == first | wish
    for wrong in ({"outside_caller_id": "0312345678"}, {"outside_rounds": 6}, {"outside_pause_s": 0}):
        assert admin.request("PUT", "/api/v1/site", wrong)[1]["id"] == "invalid_request"

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from fs_app.floor.actor import Actor
from fs_app.store.audit_pages import Filters
from web.services import Services
from web.spreadsheet import defused

from .conftest import Clock

SV = Actor("sv", "supervisor", "SV", address="192.0.2.1")


def test_audit_when_read_shows_wish_and_outcome(admin: FlaskClient, services: Services):
    asked = services.audit.asked(SV, "agent.set_status", "1001@default", "support@default", {"status": "away"}, "r1")
    services.audit.outcome(asked, "unconfirmed", "no answer")
    rows = admin.get("/api/v1/audit?agent=1001@default").json["audit"]
    assert [(r["outcome"], r["refers_to"], r["cause"]) for r in rows] == [
        ("unconfirmed", asked, "no answer"),
        ("asked", None, ""),
    ]
    assert (rows[1]["args"], rows[1]["login"], rows[1]["queue"]) == ({"status": "away"}, "sv", "support@default")


def test_audit_when_turned_page_by_page_shows_each_row_once(admin: FlaskClient, services: Services):
    for n in range(7):
        services.audit.asked(SV, "agent.set_status", f"{n}@default")
    seen, cursor = [], ""
    while True:
        page = admin.get(f"/api/v1/audit?command=agent.set_status&limit=3{cursor}").json
        seen += [row["agent"] for row in page["audit"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"{n}@default" for n in range(6, -1, -1)]


def test_audit_when_filtered_by_time_is_half_open(admin: FlaskClient, services: Services, clock: Clock):
    start = clock.now
    for n in range(3):
        clock.now = start + 100 + n
        services.audit.asked(SV, "agent.set_status", f"{n}@default")
    rows = admin.get(f"/api/v1/audit?since={start + 100}&before={start + 102}").json["audit"]
    assert [row["agent"] for row in rows] == ["1@default", "0@default"]
    assert rows[0]["at"] == start + 101


def test_audit_as_csv_is_whole_readable_and_itself_audited(admin: FlaskClient, services: Services):
    for n in range(600):
        services.audit.asked(SV, "agent.set_status", f"{n}@default", args={"n": n})
    answer = admin.get("/api/v1/audit.csv?command=agent.set_status")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["agent"] for row in rows] == [f"{n}@default" for n in range(599, -1, -1)]
    assert rows[0]["args"] == '{"n":599}'
    assert services.audit.page(Filters(command="audit.export")).rows[0]["login"] == "admin"


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "＠x", "|cmd", "\n=1", "　=1"]
)
def test_csv_when_a_value_is_a_formula_makes_it_text(admin: FlaskClient, services: Services, evil: str):
    services.audit.asked(Actor(evil, "user", evil), evil, evil, evil, {"a": evil}, evil)
    text = admin.get("/api/v1/audit.csv?limit=1".replace("?limit=1", "")).data.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if evil in row["command"]]
    assert len(rows) == 1
    for name in ("login", "command", "agent", "queue", "request_id"):
        assert rows[0][name] == "'" + evil, name


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (5, "5"), (-5, "-5"), ("plain", "plain"), ("a=b", "a=b"), (True, "True")]
)
def test_csv_when_a_value_is_harmless_leaves_it(value: object, cell: str):
    assert defused(value) == cell

from __future__ import annotations

import orjson
import pytest
from flask.testing import FlaskClient
from redis import Redis

from web.services import Services


def floor(redis: Redis, state: str = "live", *, alive: bool = True) -> None:
    node = {"name": "fs1", "state": state, "since": 1.0, "delay_ms": 1.0}
    meta = {"epoch": "e", "practice": True, "link": {"state": state, "since": 1.0, "nodes": [node]}}
    redis.hset("sasayaki:floor", "meta", orjson.dumps(meta))
    if alive:
        redis.set("sasayaki:alive", b"{}", ex=30)


def test_healthz_answers_without_a_session_and_without_other_parts(nobody: FlaskClient, services: Services):
    services.database.close()
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True})


def test_readyz_when_all_is_there_names_each_part(nobody: FlaskClient, redis: Redis):
    floor(redis)
    answer = nobody.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ok": True,
        "switch": {"ok": True, "controller": True, "nodes": [{"name": "fs1", "ok": True}]},
        "redis": {"ok": True},
        "database": {"ok": True},
    }


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (lambda services, redis: floor(redis, "down"), "switch"),
        (lambda services, redis: redis.delete("sasayaki:alive"), "switch"),
        (lambda services, redis: redis.flushall(), "switch"),
        (lambda services, redis: services.database.close(), "database"),
    ],
)
def test_readyz_when_a_part_is_away_says_which(nobody: FlaskClient, services: Services, redis: Redis, spoil, part: str):
    floor(redis)
    spoil(services, redis)
    answer = nobody.get("/readyz")
    assert answer.status_code == 503
    told = answer.json
    assert {name: told[name]["ok"] for name in ("switch", "redis", "database")} == {
        name: name != part for name in ("switch", "redis", "database")
    }


def test_readyz_when_redis_is_away_says_so(without_redis: FlaskClient):
    told = without_redis.get("/readyz").json
    assert (told["redis"]["ok"], told["switch"]["ok"], told["database"]["ok"]) == (False, False, True)


def test_metrics_count_requests_by_action_and_tell_of_the_switch(nobody: FlaskClient, redis: Redis):
    floor(redis)
    nobody.get("/api/v1/session")
    text = nobody.get("/metrics").text
    assert 'sasayaki_http_requests_total{action="session.read",status="401"} 1.0' in text
    assert 'sasayaki_switch_up{node="fs1"} 1.0' in text
    assert "sasayaki_controller_up 1.0" in text
    redis.flushall()
    text = nobody.get("/metrics").text
    assert "sasayaki_controller_up 0.0" in text
    assert 'node="fs1"' not in text


def test_metrics_tell_the_controllers_own_numbers_while_it_runs(nobody: FlaskClient, redis: Redis):
    floor(redis)
    figures = {
        "nodes": {
            "switch_events": {"fs1": 12, "fs2": 3},
            "switch_delay_seconds": {"fs1": 0.004},
            "unheard_of": {"fs1": 1},
        },
        "controller": {"controller_commands": 7, "controller_documents": 40, "controller_commands_dropped_late": 1},
    }
    redis.set("sasayaki:alive", orjson.dumps({"epoch": "e", "at": 1.0, "figures": figures}), ex=30)
    text = nobody.get("/metrics").text
    assert 'sasayaki_switch_events_total{node="fs1"} 12.0' in text
    assert 'sasayaki_switch_events_total{node="fs2"} 3.0' in text
    assert 'sasayaki_switch_delay_seconds{node="fs1"} 0.004' in text
    assert "# TYPE sasayaki_switch_delay_seconds gauge" in text
    assert "sasayaki_controller_commands_total 7.0" in text
    assert "sasayaki_controller_commands_dropped_late_total 1.0" in text
    assert "sasayaki_controller_documents 40.0" in text
    assert "unheard_of" not in text
    redis.delete("sasayaki:alive")
    assert "sasayaki_switch_events" not in nobody.get("/metrics").text

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from web import pages


@pytest.fixture
def built(tmp_path: Path, monkeypatch) -> Path:
    """A front end as Vite leaves it: an entry with styles and one shared piece."""
    manifest = tmp_path / "static" / "app" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    told = {
        "_shared.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"]},
        "src/main.ts": {
            "file": "assets/main-1.js",
            "isEntry": True,
            "imports": ["_shared.js"],
            "css": ["assets/main-1.css"],
        },
    }
    manifest.write_text(json.dumps(told))
    (manifest.parent / "assets").mkdir()
    (manifest.parent / "assets" / "main-1.js").write_text("export {}")
    monkeypatch.setattr(pages, "MANIFEST", manifest)
    monkeypatch.setattr(pages, "STATIC", tmp_path / "static")
    pages._assets.cache_clear()
    return manifest


def test_shell_loads_what_was_built_and_holds_no_script_of_its_own(nobody: FlaskClient, built: Path):
    page = nobody.get("/")
    assert page.status_code == 200
    for name in ("main-1.js", "main-1.css", "shared-1.js", "shared-1.css"):
        assert f"/static/app/assets/{name}" in page.text
    assert page.text.count("<script") == 1
    assert 'data-practice="true"' in page.text
    assert "data-locale" not in page.text


def test_shell_when_built_anew_loads_the_new_files(nobody: FlaskClient, built: Path):
    nobody.get("/")
    built.write_text(json.dumps({"src/main.ts": {"file": "assets/main-2.js", "isEntry": True}}))
    os.utime(built, ns=(1, 1))
    assert "main-2.js" in nobody.get("/").text


def test_shell_for_somebody_is_in_the_accounts_language(admin: FlaskClient, built: Path):
    assert '<html lang="ja">' in admin.get("/").text
    admin.patch("/api/v1/session", json={"locale": "en"})
    assert 'data-locale="en"' in admin.get("/me").text


@pytest.mark.parametrize("path", ["/monitor", "/accounts", "/accounts/sv", "/audit"])
def test_page_without_a_session_is_the_shell_with_401_so_that_log_in_can_happen_there(nobody, built, path: str):
    page = nobody.get(path)
    assert page.status_code == 401
    assert "<sasayaki-app" in page.text


@pytest.mark.parametrize(
    ("path", "status"), [("/monitor", 403), ("/accounts", 403), ("/audit", 403), ("/", 200), ("/me", 200)]
)
def test_page_that_a_user_may_not_open_is_refused(user: FlaskClient, built: Path, path: str, status: int):
    page = user.get(path)
    assert page.status_code == status
    assert "<sasayaki-app" in page.text


def test_built_files_may_be_kept_for_good_and_others_not(nobody: FlaskClient, built: Path):
    kept = nobody.get("/static/app/assets/main-1.js")
    assert kept.status_code == 200
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in nobody.get("/static/app/manifest.json").headers["Cache-Control"]


def test_shell_when_nothing_was_built_says_what_to_do(nobody: FlaskClient, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(pages, "MANIFEST", tmp_path / "manifest.json")
    page = nobody.get("/")
    assert page.status_code == 503
    assert "scripts/run" in page.text

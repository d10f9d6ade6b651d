"""Settings: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from fs_app.setting_faults import FaultySettings
from fs_app.settings import PREFIX, ROOT, Settings, load

SECRET = "tr0ub4dor"


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def write(folder: Path, text: str) -> Path:
    path = folder / "sasayaki.toml"
    path.write_text(text)
    return path


def faults(config: Path | None = None) -> list[str]:
    with pytest.raises(FaultySettings) as caught:
        load(config)
    return caught.value.faults


def test_settings_when_nothing_is_set_then_the_practice_floor_on_the_own_machine() -> None:
    settings = load()
    assert settings.practice_floor
    assert settings.embedded_redis
    assert settings.listen_address == ("127.0.0.1", 8080)
    assert settings.data_dir == ROOT / "var"


def test_settings_when_file_and_environment_differ_then_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write(tmp_path, 'listen = "127.0.0.1:1111"\nSASAYAKI_REGION = "DE"\n')
    monkeypatch.setenv("SASAYAKI_LISTEN", "[::1]:2222")
    settings = load(config)
    assert settings.listen_address == ("::1", 2222)
    assert settings.region == "DE"


def test_settings_when_the_environment_is_empty_then_the_file_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SASAYAKI_LISTEN", "")
    assert load(write(tmp_path, 'listen = "127.0.0.1:1111"')).listen == "127.0.0.1:1111"


def test_settings_when_the_file_holds_a_list_then_it_reads_as_comma_separated(tmp_path: Path) -> None:
    config = write(tmp_path, 'freeswitch = ["a=esl://:x@h1", "b=esl://:y@h2:8022"]')
    assert load(config).freeswitch.get_secret_value() == "a=esl://:x@h1,b=esl://:y@h2:8022"


def test_settings_when_several_are_wrong_then_all_are_told_at_once_with_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write(tmp_path, 'listen = "nowhere"\ncolour = "red"\npanel_workers = 0\n')
    monkeypatch.setenv("SASAYAKI_REGION", "Japan")
    monkeypatch.setenv("SASAYAKI_LISTN", "x")
    told = faults(config)
    assert len(told) == 5
    text = "\n".join(told)
    assert "SASAYAKI_LISTN: there is no such setting. Did you mean SASAYAKI_LISTEN?" in text
    assert "colour (in sasayaki.toml): there is no such setting." in text
    assert "listen (in sasayaki.toml): has no port" in text
    assert "panel_workers (in sasayaki.toml): is too small. Write 1 or more." in text
    assert "SASAYAKI_REGION: is not a country." in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FREESWITCH", f"esl://:{SECRET}@"),
        ("FREESWITCH", f"http://:{SECRET}@host:8021"),
        ("FREESWITCH", f"esl://:{SECRET}@a,esl://:{SECRET}@a:8022"),
        ("FREESWITCH", f"x y=esl://:{SECRET}@a"),
        ("FREESWITCH", f"esl://:{SECRET}@a:0"),
        ("FREESWITCH", f"a=esl://:{SECRET}@h1,a=esl://:{SECRET}@h2"),
        ("REDIS_URL", f"http://:{SECRET}@host"),
        ("REDIS_URL", f"redis://:{SECRET}@"),
        ("REDIS_URL", f"sentinel://:{SECRET}@host:26379"),
        ("REDIS_URL", f"redis://:{SECRET} x@host"),
        ("REDIS_URL", f"redis://:{SECRET}@[host"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@host/x"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@host"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LISTEN", "[::g]:80"),
        ("LISTEN", "a b:80"),
        ("DOMAIN", "a b"),
        ("DOMAIN", "a;b"),
        ("EXTENSION_DIAL", "user/1001"),
        ("EXTENSION_DIAL", "user/{extension}@{host}"),
        ("EXTENSION_DIAL", "user/{extension}|user/2"),
        ("EXTENSION_DIAL", "user/{extension}${system(id)}"),
        ("EXTENSION_DIAL", "user/{extension} &park"),
        ("EXTENSION_DIAL", "{extension}"),
        ("EXTERNAL_DIAL", "sofia/gateway/carrier/{extension}"),
        ("EXTERNAL_DIAL", "sofia/gateway/carrier/{number}\n"),
        ("EXTERNAL_ALLOW", "81"),
        ("EXTERNAL_ALLOW", "national,+0"),
        ("REGION", "jp"),
        ("SESSION_IDLE_S", "soon"),
        ("PANEL_WORKERS", "1000"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("LOG_LEVEL", "loud"),
        ("PRACTICE", "perhaps"),
    ],
)
def test_settings_when_a_value_is_wrong_then_its_name_and_remedy_are_told_but_no_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    [fault] = faults()
    assert re.fullmatch(rf"SASAYAKI_{name}: .+\. (Write|Put|Use|Give|Name|FreeSWITCH's) .+", fault)
    assert SECRET not in fault
    assert "\n" not in fault


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FREESWITCH", "esl://:ClueCon@127.0.0.1:8021"),
        ("FREESWITCH", "esl://watch%40default:p%2Cw@[::1]:8021"),
        ("FREESWITCH", "a=esl://:x@h1.example:8021, b=esl://:y@h2"),
        ("REDIS_URL", "rediss://:pw@cache.example:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("REDIS_URL", "sentinel://:pw@a:26379,b:26379/mymaster/0"),
        ("DATABASE_URL", "postgresql://u:p@h/sasayaki"),
        ("EXTENSION_DIAL", "{sip_h_X-From=panel}user/{extension}@{domain}"),
        ("EXTENSION_DIAL", "[leg_timeout=10]sofia/internal/{extension}%{domain}"),
        ("EXTERNAL_DIAL", "sofia/gateway/carrier/{number}"),
        ("EXTERNAL_ALLOW", "national, +49, +4930"),
        ("TRUSTED_PROXIES", "10.0.0.5, 192.168.1.0/24, ::1"),
    ],
)
def test_settings_when_a_value_is_usual_then_it_is_accepted(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    load()


def test_settings_when_the_file_is_missing_or_no_toml_then_that_is_the_sentence(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.toml") == [f"--config: there is no file {tmp_path}/none.toml. Name an existing one."]
    [fault] = faults(write(tmp_path, f'admin_password = "{SECRET}'))
    assert "is not TOML" in fault
    assert SECRET not in fault


def test_settings_when_printed_then_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SASAYAKI_FREESWITCH", f"esl://:{SECRET}@h")
    monkeypatch.setenv("SASAYAKI_REDIS_URL", f"redis://:{SECRET}@h")
    monkeypatch.setenv("SASAYAKI_DATABASE_URL", f"postgresql://u:{SECRET}@h/d")
    monkeypatch.setenv("SASAYAKI_ADMIN_PASSWORD", SECRET)
    settings = load()
    assert SECRET not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_settings_when_the_data_folder_is_too_deep_for_a_socket_then_it_is_told_unless_redis_is_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SASAYAKI_DATA_DIR", str(tmp_path / ("x" * 100)))
    [fault] = faults()
    assert fault.startswith("SASAYAKI_DATA_DIR: is too long a path for a socket")
    monkeypatch.setenv("SASAYAKI_REDIS_URL", "redis://cache")
    load()


def test_settings_when_asked_for_its_secrets_then_passwords_are_named_in_both_spellings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SASAYAKI_FREESWITCH", "a=esl://:one%2C1@h1, b=esl://u:two@h2")
    monkeypatch.setenv("SASAYAKI_DATABASE_URL", "postgresql://u:three@h/d")
    monkeypatch.setenv("SASAYAKI_ADMIN_PASSWORD", "four")
    assert {"one%2C1", "one,1", "two", "three", "four"} <= set(load().secrets())


def test_settings_page_when_compared_with_the_class_then_names_and_defaults_agree() -> None:
    rows = re.findall(r"^\| `(SASAYAKI_[A-Z_]+)` \| ([^|]*) \|", (ROOT / "docs/settings.md").read_text(), re.M)
    told = {name: default.strip() for name, default in rows}
    assert list(told) == [PREFIX + name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        text = str(default).lower() if isinstance(default, bool) else str(default)
        assert told[PREFIX + name.upper()] == (f"`{text}`" if text else "empty")

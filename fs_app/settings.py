"""Every setting of Sasayaki: name, type, default and rule. Owns reading and judging them.

Opens no connection and no file but the configuration file. ``docs/settings.md`` says the same in words for people;
a test compares the two.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from fs_app import setting_rules as rules
from fs_app.setting_faults import FaultySettings, sentences, unknown

PREFIX = "SASAYAKI_"
ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FILE = "sasayaki.toml"
LONGEST_SOCKET_PATH = 103  # bytes without the closing zero; 107 on Linux (unix(7)), less elsewhere
TOO_LONG = "SASAYAKI_DATA_DIR: is too long a path for a socket in it. Choose a shorter one, or set SASAYAKI_REDIS_URL."


class Settings(BaseSettings):
    """All settings, judged. Texts that may hold a password are :class:`SecretStr`.

    Times are in seconds (``_s``). Use :func:`load`, which reports all faults at once.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", env_ignore_empty=True, frozen=True)

    freeswitch: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    database_url: SecretStr = SecretStr("")
    data_dir: Path = Path("var")
    listen: str = "127.0.0.1:8080"
    admin_password: SecretStr = SecretStr("")
    domain: str = ""
    extension_dial: str = "user/{extension}@{domain}"
    external_dial: str = ""
    external_allow: str = "national"
    region: str = "JP"
    session_idle_s: int = Field(default=28_800, ge=60, le=31_536_000)
    session_max_s: int = Field(default=86_400, ge=60, le=31_536_000)
    panel_workers: int = Field(default=1, ge=1, le=64)
    trusted_proxies: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    practice: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values :func:`load` hands in as arguments."""
        return (env_settings, init_settings)

    _lists = field_validator("freeswitch", "external_allow", "trusted_proxies", mode="before")(rules.joined)
    _freeswitch = field_validator("freeswitch")(rules.freeswitch)
    _redis_url = field_validator("redis_url")(rules.redis_url)
    _database_url = field_validator("database_url")(rules.database_url)
    _listen = field_validator("listen")(rules.listen)
    _domain = field_validator("domain")(rules.domain)
    _extension_dial = field_validator("extension_dial")(rules.extension_dial)
    _external_dial = field_validator("external_dial")(rules.external_dial)
    _external_allow = field_validator("external_allow")(rules.external_allow)
    _region = field_validator("region")(rules.region)
    _trusted_proxies = field_validator("trusted_proxies")(rules.trusted_proxies)

    @field_validator("data_dir")
    @classmethod
    def _data_dir(cls, value: Path) -> Path:
        return (ROOT / value.expanduser()).resolve()

    @property
    def listen_address(self) -> tuple[str, int]:
        """Host (an IPv6 one without brackets) and port of :attr:`listen`."""
        return rules.host_and_port(self.listen)

    @property
    def embedded_redis(self) -> bool:
        """Whether ``serve`` starts a Valkey of its own."""
        return not self.redis_url.get_secret_value()

    @property
    def practice_floor(self) -> bool:
        """Whether no FreeSWITCH is named, so that ``serve`` starts the practice floor."""
        return not self.freeswitch.get_secret_value()

    @property
    def valkey_socket(self) -> Path:
        """Where the embedded Valkey listens; any command of this machine with the same data folder finds it there."""
        return self.data_dir / "valkey" / "valkey.sock"

    def secrets(self) -> list[str]:
        """Every text that must appear in no log: the whole of each secret setting, and the passwords within."""
        found: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and value.get_secret_value():
                found += rules.passwords(value.get_secret_value())
        return found


def load(config: Path | None = None) -> Settings:
    """Read the file, then the environment, which wins.

    Without ``config`` the file is ``sasayaki.toml`` beside the program, if there is one.
    Raises :class:`FaultySettings` with every fault found, one sentence each.
    """
    path = config or ROOT / DEFAULT_FILE
    values, faults = _read_file(path, must_exist=config is not None)
    names = list(Settings.model_fields)
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in names:
            faults.append(unknown(name, [PREFIX + known.upper() for known in names]))
    for key in [key for key in values if key not in names]:
        faults.append(unknown(f"{key} (in {path.name})", names))
        del values[key]
    try:
        settings = Settings(**values)
    except ValidationError as error:
        given = {name: f"{name} (in {path.name})" for name in values if not os.environ.get(PREFIX + name.upper())}
        faults += sentences(error, {name: given.get(name, PREFIX + name.upper()) for name in names})
    else:
        if settings.embedded_redis and len(bytes(settings.valkey_socket)) > LONGEST_SOCKET_PATH:
            faults.append(TOO_LONG)
    if faults:
        raise FaultySettings(faults)
    return settings


def _read_file(path: Path, *, must_exist: bool) -> tuple[dict[str, Any], list[str]]:
    """Keys of the file, with or without the prefix, in small letters; and what is wrong with the file itself."""
    try:
        text = path.read_bytes().decode()
        found = tomllib.loads(text)
    except FileNotFoundError:
        return {}, [f"--config: there is no file {path}. Name an existing one."] if must_exist else []
    except OSError as error:
        return {}, [f"{path}: cannot be read ({error.strerror}). Give this account the right to read it."]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # tomllib's message may quote a line that holds a password, so its place is told and not its text.
        return {}, [f'{path}: is not TOML. Write one setting a line, e.g. listen = "127.0.0.1:8080".']
    values = {key.removeprefix(PREFIX).lower(): value for key, value in found.items()}
    return {key: value for key, value in values.items() if value != ""}, []

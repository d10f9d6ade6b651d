"""The statuses that an administrator defined, read from Sasayaki's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from fs_app.setting_faults import FaultySettings
from fs_app.settings import load
from fs_app.store.durable import Database, DatabaseUnavailable, database_url
from fs_app.store.statuses import CustomStatuses
from scripts.voice_prompts.catalogue import Prompt, Unusable, status


def own_statuses(config: Path) -> list[Prompt]:
    """One prompt for each, also for retired ones, because somebody may still be in one; none while there is no database.

    Raises ``Unusable``.
    """
    try:
        settings = load(config)
    except FaultySettings as faults:
        raise Unusable(faults.report()) from None
    url = database_url(settings.database_url.get_secret_value(), settings.data_dir)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return []
    database = Database(url)
    try:
        return [status(one.status.code, dict(one.status.labels)) for one in CustomStatuses(database).all()]
    except (SQLAlchemyError, DatabaseUnavailable) as error:
        raise Unusable(f"The database does not answer ({type(error).__name__}).") from None
    finally:
        database.close()

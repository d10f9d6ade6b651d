"""The statuses that an administrator defined, read from Sasayaki's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from fs_app.floor.statuses import BUILT_IN
from fs_app.setting_faults import FaultySettings
from fs_app.settings import load
from fs_app.store.durable import Database, DatabaseUnavailable, database_url
from fs_app.store.statuses import CustomStatuses
from scripts.voice_prompts.catalogue import Prompt, Unusable, status


def own_statuses(config: Path) -> list[Prompt]:
    """One prompt for each; none while there is no database yet. Raises ``Unusable``."""
    try:
        settings = load(config)
    except FaultySettings as faults:
        raise Unusable(faults.report()) from None
    url = database_url(settings.database_url.get_secret_value(), settings.data_dir)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return []
    database = Database(url)
    try:
        chosen = CustomStatuses(database).book().chosen
        built_in = {one.code for one in BUILT_IN}
        return [status(code, dict(one.labels)) for code, one in chosen.items() if code not in built_in]
    except (SQLAlchemyError, DatabaseUnavailable) as error:
        raise Unusable(f"The database does not answer ({type(error).__name__}).") from None
    finally:
        database.close()

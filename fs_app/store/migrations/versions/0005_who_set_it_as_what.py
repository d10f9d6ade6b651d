"""As what somebody set a status; which run of FreeSWITCH was told a priority."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NOBODYS = ("call", "switch", "system", "dial")


def upgrade() -> None:
    """Add three columns; of old periods only those are known that no account set."""
    for table in ("agent_status", "activity"):
        op.add_column(table, sa.Column("set_by_kind", sa.String(12), server_default="", nullable=False))
    op.add_column("priorities", sa.Column("core", sa.String(60), server_default="", nullable=False))
    activity = sa.table("activity", sa.column("set_by", sa.String), sa.column("set_by_kind", sa.String))
    known = sa.update(activity).where(activity.c.set_by.in_(_NOBODYS))
    op.execute(known.values(set_by_kind=activity.c.set_by))

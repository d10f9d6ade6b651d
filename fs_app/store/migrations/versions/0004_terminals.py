"""Terminals of agents; what became of each ringing; a queue's number and what follows failed offers to outside phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and four columns."""
    op.create_table(
        "terminals",
        sa.Column("agent", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("extension", sa.String(20)),
        sa.Column("number", sa.String(20)),
        sa.Column("delay_s", sa.Integer(), nullable=False),
        sa.Column("confirm", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("original_contact", sa.Text(), server_default="", nullable=False),
        sa.Column("set_by", sa.String(128), nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("agent", name="pk_terminals"),
        sa.CheckConstraint("kind in ('extension', 'external', 'both', 'original')", name="ck_terminals_kind"),
    )
    op.add_column("activity", sa.Column("outcome", sa.String(20), server_default="", nullable=False))
    op.add_column("queue_settings", sa.Column("number", sa.String(20)))
    op.add_column(
        "queue_settings", sa.Column("missed_after", sa.Integer(), server_default=sa.text("3"), nullable=False)
    )
    op.add_column("queue_settings", sa.Column("missed_status", sa.String(40), server_default="away"))

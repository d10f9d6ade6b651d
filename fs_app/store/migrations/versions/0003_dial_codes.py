"""Dial logins of accounts; dial codes; numbers with a function."""

from __future__ import annotations

import secrets
import time

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add three tables, and give every account a dial ID. A password it gets when somebody asks for one and sees it."""
    owner = sa.ForeignKey("accounts.id", ondelete="CASCADE", name="fk_dial_logins_account_id_accounts")
    op.create_table(
        "dial_logins",
        sa.Column("account_id", KEY, owner, nullable=False, autoincrement=False),
        sa.Column("dial_id", sa.String(20), nullable=False),
        sa.Column("secret_hash", sa.String(300)),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_dial_logins"),
        sa.UniqueConstraint("dial_id", name="uq_dial_logins_dial_id"),
    )
    op.create_table(
        "dial_codes",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("function", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40)),
        sa.Column("in_use", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_dial_codes"),
    )
    op.create_table(
        "dial_numbers",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("function", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_dial_numbers"),
    )
    _give_dial_ids()


def _give_dial_ids() -> None:
    connection = op.get_bind()
    accounts = [row.id for row in connection.execute(sa.text("select id from accounts"))]
    taken: set[str] = set()
    while len(taken) < len(accounts):
        taken.add(str(100_000 + secrets.randbelow(900_000)))
    row = sa.text(
        "insert into dial_logins (account_id, dial_id, changed_at, changed_by) values (:a, :d, :at, 'system')"
    )
    for account, dial_id in zip(accounts, taken, strict=True):
        connection.execute(row, {"a": account, "d": dial_id, "at": time.time()})

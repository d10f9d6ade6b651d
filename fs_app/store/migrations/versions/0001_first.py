"""Accounts and their rights, sessions, tokens; the audit chain; statuses, priorities, activity, queue settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String(128)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS = "0" * 64


def upgrade() -> None:
    """Make all tables of the first version."""
    _accounts()
    _rights()
    _ways_in()
    _audit()
    _append_only()
    _statuses()
    _activity()
    _queues()


def _account_key() -> sa.Column[int]:
    return sa.Column("account_id", KEY, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("login", NAME, nullable=False),
        sa.Column("login_key", NAME, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("agent", NAME),
        sa.Column("password_hash", sa.String(300), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("totp_secret", sa.String(64)),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("password_changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("login_key", name="uq_accounts_login_key"),
        sa.UniqueConstraint("agent", name="uq_accounts_agent"),
        sa.CheckConstraint("role in ('administrator', 'supervisor', 'user')", name="ck_accounts_role"),
        sa.CheckConstraint("locale in ('ja', 'en')", name="ck_accounts_locale"),
    )


def _rights() -> None:
    op.create_table(
        "account_extensions",
        _account_key(),
        sa.Column("extension", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "extension", name="pk_account_extensions"),
    )
    op.create_table(
        "grants",
        _account_key(),
        sa.Column("queue", NAME, nullable=False),
        sa.Column("held", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "queue", name="pk_grants"),
        sa.CheckConstraint("held in ('view', 'edit')", name="ck_grants_held"),
    )


def _ways_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _account_key(),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _account_key(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double()),
        sa.Column("role", sa.String(20)),
        sa.Column("queues", sa.JSON()),
        sa.Column("actions", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        sa.UniqueConstraint("account_id", "name", name="uq_api_tokens_account_id_name"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("refers_to", sa.BigInteger()),
        sa.Column("who", sa.String(16), nullable=False),
        sa.Column("login", NAME, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("token", sa.String(100), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("agent", NAME, nullable=False),
        sa.Column("queue", NAME, nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.CheckConstraint("outcome in ('asked', 'confirmed', 'failed', 'unconfirmed')", name="ck_audit_outcome"),
        sa.CheckConstraint("who in ('account', 'token', 'dial', 'system')", name="ck_audit_who"),
    )
    for column in ("agent", "at_ms", "command", "login"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    head = op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_audit_head"),
        sa.CheckConstraint("one = 1", name="ck_audit_head_one"),
    )
    op.bulk_insert(head, [{"one": 1, "last_id": 0, "hash": GENESIS}])


def _append_only() -> None:
    """The database itself refuses to change or remove a row of the audit."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )


def _statuses() -> None:
    op.create_table(
        "agent_status",
        sa.Column("agent", NAME, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("switch_status", sa.String(40), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double()),
        sa.Column("queue", NAME),
        sa.Column("set_by", NAME, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("agent", name="pk_agent_status"),
    )
    op.create_table(
        "custom_statuses",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name_ja", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        sa.Column("color", sa.String(20), nullable=False),
        sa.Column("shape", sa.String(20), nullable=False),
        sa.Column("switch_status", sa.String(40), nullable=False),
        sa.Column("agents_may_choose", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("limit_min", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_custom_statuses"),
    )


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("agent", NAME, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("queue", NAME),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double()),
        sa.Column("set_by", NAME, nullable=False),
        sa.Column("terminal", sa.String(40), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        sa.UniqueConstraint("agent", "since", name="uq_activity_agent_since"),
    )
    op.create_index("ix_activity_since", "activity", ["since"])
    still_open = sa.text("until is null")
    op.create_index(
        "uq_activity_one_open",
        "activity",
        ["agent"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _queues() -> None:
    op.create_table(
        "priorities",
        sa.Column("queue", NAME, nullable=False),
        sa.Column("agent", NAME, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("until", sa.Double()),
        sa.Column("then_level", sa.Integer()),
        sa.Column("set_by", NAME, nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "agent", name="pk_priorities"),
        sa.CheckConstraint("level between 1 and 15", name="ck_priorities_level"),
    )
    op.create_table(
        "queue_settings",
        sa.Column("queue", NAME, nullable=False),
        sa.Column("label", sa.String(100)),
        sa.Column("wrap_up_s", sa.Integer()),
        sa.Column("monitor_notice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("whisper_notice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("set_by", NAME, nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name="pk_queue_settings"),
        sa.CheckConstraint("wrap_up_s is null or wrap_up_s between 0 and 3600", name="ck_queue_settings_wrap_up_s"),
    )

"""Every table of what must last. Owns their shape only; rows are read and written by the modules named after them.

Times are epoch seconds (float), except in ``audit``, whose times are whole milliseconds so that their hash is exact.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NAME = String(128)
# SQLite counts up by itself only for INTEGER keys; elsewhere 64 bits.
KEY = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "accounts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("login", NAME, nullable=False),
    # The login as it is compared: one person, one account, however the name was typed.
    Column("login_key", NAME, nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("locale", String(8), nullable=False),
    Column("agent", NAME, nullable=True),
    Column("password_hash", String(300), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    # Sessions begun under an older number are over.
    Column("session_epoch", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Double, nullable=False),
    Column("password_changed_at", Double, nullable=False),
    UniqueConstraint("login_key"),
    UniqueConstraint("agent"),
    CheckConstraint("role in ('administrator', 'supervisor', 'user')", name="role"),
    CheckConstraint("locale in ('ja', 'en')", name="locale"),
)

account_extensions = Table(
    "account_extensions",
    metadata,
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("extension", String(20), primary_key=True),
    Column("position", Integer, nullable=False),
)

# A row is a right; «none» is the absence of a row.
grants = Table(
    "grants",
    metadata,
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("queue", NAME, primary_key=True),
    Column("held", String(8), nullable=False),
    CheckConstraint("held in ('view', 'edit')", name="held"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("session_epoch", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(300), nullable=False),
    UniqueConstraint("token_hash"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("used_at", Double, nullable=True),
    # What it is narrowed to: at most this role, these queues, these actions; null is «as the owner».
    Column("role", String(20), nullable=True),
    Column("queues", JSON, nullable=True),
    Column("actions", JSON, nullable=True),
    UniqueConstraint("token_hash"),
    UniqueConstraint("account_id", "name"),
)

# The key of an authenticator app, at most one of an account. Asked for at log-in from ``confirmed_at`` on.
second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
    Column("begun_at", Double, nullable=False),
    Column("confirmed_at", Double, nullable=True),
    # The newest time step whose code was taken: none is taken twice.
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),
)

# One row for each code that is left; a used one is removed.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("code_hash", String(64), primary_key=True),
)

# How an account is known at a phone's keypad. Without ``secret_hash`` nobody has been told a password yet.
dial_logins = Table(
    "dial_logins",
    metadata,
    Column("account_id", KEY, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("dial_id", String(20), nullable=False),
    Column("secret_hash", String(300), nullable=True),
    Column("changed_at", Double, nullable=False),
    Column("changed_by", NAME, nullable=False),
    UniqueConstraint("dial_id"),
)

# What is dialled inside, as an administrator changed it; without a row the defaults hold.
dial_codes = Table(
    "dial_codes",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("function", String(40), nullable=False),
    Column("status", String(40), nullable=True),
    Column("in_use", Boolean, nullable=False, server_default=true()),
)

# Numbers of the site's own that do something when they are called from outside.
dial_numbers = Table(
    "dial_numbers",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("function", String(40), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    # Counted by the writer, without a gap: a missing number is a missing row.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Column("outcome", String(16), nullable=False),
    Column("refers_to", BigInteger, nullable=True),
    Column("who", String(16), nullable=False),
    Column("login", NAME, nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("token", String(100), nullable=False),
    Column("address", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("command", String(64), nullable=False, index=True),
    Column("agent", NAME, nullable=False, index=True),
    Column("queue", NAME, nullable=False),
    Column("args", Text, nullable=False),
    Column("cause", String(200), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("outcome in ('asked', 'confirmed', 'failed', 'unconfirmed')", name="outcome"),
    CheckConstraint("who in ('account', 'token', 'dial', 'system')", name="who"),
)

# One row: where the chain ends. Without it the loss of the newest rows would not show.
audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("last_id", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("one = 1", name="one"),
)

agent_status = Table(
    "agent_status",
    metadata,
    Column("agent", NAME, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("switch_status", String(40), nullable=False),
    Column("since", Double, nullable=False),
    # The end of an automatic wrap-up and the queue whose call it follows; null otherwise.
    Column("until", Double, nullable=True),
    Column("queue", NAME, nullable=True),
    Column("set_by", NAME, nullable=False),
    Column("set_by_kind", String(12), nullable=False, server_default=""),
    Column("reason", String(200), nullable=False),
)

custom_statuses = Table(
    "custom_statuses",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name_ja", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("color", String(20), nullable=False),
    Column("shape", String(20), nullable=False),
    Column("switch_status", String(40), nullable=False),
    Column("agents_may_choose", Boolean, nullable=False, server_default=true()),
    Column("limit_min", Integer, nullable=True),
    Column("position", Integer, nullable=False),
    # Past periods keep their name after nobody may choose the status any more.
    Column("retired", Boolean, nullable=False, server_default=false()),
)

priorities = Table(
    "priorities",
    metadata,
    Column("queue", NAME, primary_key=True),
    Column("agent", NAME, primary_key=True),
    Column("level", Integer, nullable=False),
    # Time-boxed: from ``until`` on ``then_level`` holds again.
    Column("until", Double, nullable=True),
    Column("then_level", Integer, nullable=True),
    Column("set_by", NAME, nullable=False),
    Column("set_at", Double, nullable=False),
    # The run of FreeSWITCH (its Core-UUID) that was last told this level.
    Column("core", String(60), nullable=False, server_default=""),
    CheckConstraint("level between 1 and 15", name="level"),
)

activity = Table(
    "activity",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("agent", NAME, nullable=False),
    Column("code", String(40), nullable=False),
    Column("queue", NAME, nullable=True),
    Column("since", Double, nullable=False),
    Column("until", Double, nullable=True),
    Column("set_by", NAME, nullable=False),
    Column("set_by_kind", String(12), nullable=False, server_default=""),
    Column("terminal", String(40), nullable=False, server_default=""),
    # What became of a ringing: answered, no_answer, not_confirmed (a voicemail) …; empty for all else.
    Column("outcome", String(20), nullable=False, server_default=""),
    UniqueConstraint("agent", "since"),
    Index(
        "uq_activity_one_open",
        "agent",
        unique=True,
        sqlite_where=text("until is null"),
        postgresql_where=text("until is null"),
    ),
    Index("ix_activity_since", "since"),
)

# What administrators set for the whole site; a setting that is not here has its default.

"""The tables of what people set: for queues, for the whole site, and where each agent is rung. Owns their shape only."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Double, Integer, String, Table, Text, false, text, true

from fs_app.store.tables import NAME, metadata

__all__ = ["metadata", "queue_settings", "site_settings", "terminals"]

queue_settings = Table(
    "queue_settings",
    metadata,
    Column("queue", NAME, primary_key=True),
    Column("label", String(100), nullable=True),
    Column("wrap_up_s", Integer, nullable=True),
    # Whether the agent hears a short tone when somebody begins to listen, and to whisper.
    Column("monitor_notice", Boolean, nullable=False, server_default=false()),
    Column("whisper_notice", Boolean, nullable=False, server_default=false()),
    # The number that agents' outside phones show for its calls, where the site shows the queues' numbers.
    Column("number", String(20), nullable=True),
    # After so many failed offers to an outside phone the agent gets this status; null: he keeps his.
    Column("missed_after", Integer, nullable=False, server_default=text("3")),
    Column("missed_status", String(40), nullable=True, server_default="away"),
    Column("set_by", NAME, nullable=False),
    Column("set_at", Double, nullable=False),
    CheckConstraint("wrap_up_s is null or wrap_up_s between 0 and 3600", name="wrap_up_s"),
)

terminals = Table(
    "terminals",
    metadata,
    Column("agent", NAME, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("extension", String(20), nullable=True),
    Column("number", String(20), nullable=True),
    Column("delay_s", Integer, nullable=False),
    Column("confirm", Boolean, nullable=False, server_default=true()),
    # What was written to the switch, and what it had before the first of ours.
    Column("contact", Text, nullable=False),
    Column("original_contact", Text, nullable=False, server_default=""),
    Column("set_by", NAME, nullable=False),
    Column("set_at", Double, nullable=False),
    CheckConstraint("kind in ('extension', 'external', 'both', 'original')", name="kind"),
)

site_settings = Table(
    "site_settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("set_by", NAME, nullable=False),
    Column("set_at", Double, nullable=False),
)

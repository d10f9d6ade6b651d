"""Logging in and out, and what one may do with one's own session."""

"""Accounts: those of everybody, for administrators, and one's own."""

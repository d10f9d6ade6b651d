"""Supervisions: start, look at, switch, take over, stop."""

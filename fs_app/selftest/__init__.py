"""``selftest audio``: an administrator's own check on the live switch that a whisper is heard by the agent alone."""

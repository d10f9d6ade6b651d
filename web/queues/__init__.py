"""What people do in a queue: call priority, and who would be rung next."""

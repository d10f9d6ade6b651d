"""Live state in Redis, what must last in SQL."""

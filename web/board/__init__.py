"""The board: a copy of the live state in each worker, shown to each viewer as far as he may see it."""

"""The statuses that a site defines for itself."""

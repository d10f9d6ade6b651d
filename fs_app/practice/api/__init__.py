"""The API commands (``api …``, ``bgapi …``) of the practice switch."""

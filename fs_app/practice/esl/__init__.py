"""The event socket of the practice switch (mod_event_socket)."""

"""What people do to agents: status, wrap-up, terminal."""

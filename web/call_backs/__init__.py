"""Call-back dialling."""

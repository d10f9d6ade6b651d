"""What administrators set for the whole site."""

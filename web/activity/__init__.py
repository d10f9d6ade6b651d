"""Reading what agents did."""

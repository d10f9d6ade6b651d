"""The panel: what people see and click."""

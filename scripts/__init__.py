"""Programs around Sasayaki that are not part of it."""

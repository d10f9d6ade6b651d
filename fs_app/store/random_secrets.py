"""Random secrets that open a way in. Owns how they are made and how they are stored: as hashes only."""

from __future__ import annotations

import hashlib
import secrets

# Lets scanners of leaked secrets recognise one.
API_TOKEN_PREFIX = "sasayaki_"  # noqa: S105 - a prefix, no secret


def new_secret() -> str:
    """256 random bits, as text for a header or a cookie."""
    return secrets.token_urlsafe(32)


def stored_form(secret: str) -> str:
    """What the database keeps of ``secret``. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

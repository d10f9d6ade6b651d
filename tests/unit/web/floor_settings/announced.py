"""What is announced to all panels when settings change."""

from __future__ import annotations

from typing import Any

from tests.unit.web.running_panel import Site


def heard(site: Site, act: Any) -> list[str]:
    """What is announced on the channel of settings while ``act`` runs."""
    channel = site.redis.pubsub(ignore_subscribe_messages=True)
    channel.subscribe("sasayaki:settings")
    channel.get_message(timeout=1)
    act()
    found = []
    while message := channel.get_message(timeout=0.3):
        found.append(message["data"].decode())
    channel.close()
    return found

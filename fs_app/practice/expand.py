"""Variables in a text that a channel is given: ``${name}``, also within one another; not set is nothing.

Owns the reading of ``${…}`` (switch_event.c:2432). Commands (``${api(…)}``) do not exist here.
"""

from __future__ import annotations

import re

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core

_INNERMOST = re.compile(r"\$\{([^${}()]*)\}")


def expand(core: Core, channel: Channel, text: str) -> str:
    """``text`` with the channel's variables put in, and the switch's global ones where the channel has none."""
    while _INNERMOST.search(text):
        text = _INNERMOST.sub(lambda found: channel.variable(found[1]) or core.globals.get(found[1], ""), text)
    return text

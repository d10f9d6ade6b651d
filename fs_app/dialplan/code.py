"""A dialled code: ``<action application="python" data="fs_app.dialplan.code inside"/>`` (or ``outside``).

FreeSWITCH reads this module anew at every call; what it imports stays loaded until FreeSWITCH is started again.
"""

from __future__ import annotations

from typing import Any

from fs_app.dialplan.talk import converse


def handler(session: Any, args: str) -> None:
    """``session`` is mod_python3's; ``args`` says whether a phone of ours dialled (``inside``) or somebody outside."""
    converse(session, "inside" if args.strip() == "inside" else "outside")

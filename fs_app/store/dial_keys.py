"""How a dial code's script and the controller find each other in Redis. Standard library only: it is loaded inside FreeSWITCH.

A question is published, never stored: it may hold a dial password, and what is published is in no file of Redis. Each
question has one decision: whoever sets its key first, the controller to carry it out or the script to give it up, has it.
"""

from __future__ import annotations

QUESTIONS = "sasayaki:dial"
DECIDE_S = 1.5
"""How long (s) the controller may take to begin: later, the question is given up and nothing has changed."""
ANSWER_S = 2.0
"""How long (s) the caller waits for an answer in all."""
KEPT_S = 30
"""How long (s) Redis keeps an answer that nobody fetched, and a decision."""


def answer_key(ident: str) -> str:
    """Where the answer to a question is put."""
    return f"sasayaki:dial:answer:{ident}"


def decision_key(ident: str) -> str:
    """Who decides a question: set once, by whoever comes first."""
    return f"sasayaki:dial:decision:{ident}"

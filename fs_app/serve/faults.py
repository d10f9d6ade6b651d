"""What keeps the process tree from starting, as a sentence for the terminal."""


class CannotStart(Exception):
    """Something outside of Sasayaki is in the way. The text is one sentence or two: what, and the remedy."""

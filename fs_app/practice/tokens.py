"""How FreeSWITCH splits a command line into arguments.

Owns one rule (switch_utils.c:2617, 2855) used by nearly every API command.
"""

from __future__ import annotations

_ESCAPES = {"s": " ", "n": "\n", "r": "\r", "t": "\t"}


def split_arguments(text: str, limit: int, delimiter: str = " ") -> list[str]:
    """Split into at most ``limit`` tokens; the last one keeps the rest of the line.

    A leading ``^^X`` makes X the delimiter. Single quotes group, backslash escapes (``\\s`` is a space); with the blank
    as delimiter several blanks count as one.
    """
    if text.startswith("^^") and len(text) > 2:
        delimiter, text = text[2], text[3:]
    tokens: list[str] = []
    position = 0
    blank = delimiter == " "
    while position < len(text):
        if blank:
            while position < len(text) and text[position] == " ":
                position += 1
            if position >= len(text):
                break
        if len(tokens) == limit - 1:
            tokens.append(_clean(text[position:].rstrip(" ") if blank else text[position:]))
            return tokens
        end = _token_end(text, position, delimiter)
        tokens.append(_clean(text[position:end]))
        position = end + 1
        if not blank and position == len(text) and text.endswith(delimiter):
            tokens.append("")
    return tokens


def _token_end(text: str, start: int, delimiter: str) -> int:
    quoted = False
    position = start
    while position < len(text):
        char = text[position]
        if char == "\\" and position + 1 < len(text):
            position += 2
            continue
        if char == "'":
            # One without a partner makes the rest of the line one word (seen on 1.10.12).
            quoted = not quoted
        elif char == delimiter and not quoted:
            return position
        position += 1
    return len(text)


def _clean(token: str) -> str:
    """Take quotes and escapes away; a quote without partner stays."""
    out: list[str] = []
    pairs = token.count("'") - token.count("\\'")
    removable = pairs - pairs % 2
    position = 0
    while position < len(token):
        char = token[position]
        following = token[position + 1 : position + 2]
        if char == "\\" and following:
            if following in "'\"\\":
                out.append(following)
            elif following in _ESCAPES:
                out.append(_ESCAPES[following])
            else:
                out.append(char + following)
            position += 2
            continue
        if char == "'" and removable:
            removable -= 1
        else:
            out.append(char)
        position += 1
    return "".join(out)


def c_int(text: str) -> int:
    """C's atoi: leading blanks, a sign, digits; anything else is 0."""
    text = text.strip()
    digits = 1 if text[:1] in ("-", "+") else 0
    while digits < len(text) and text[digits].isascii() and text[digits].isdigit():
        digits += 1
    try:
        return int(text[:digits])
    except ValueError:
        return 0

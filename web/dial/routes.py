"""Dial codes and numbers with a function, for administrators. Each change reaches the controller at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, g
from sqlalchemy import Connection

from fs_app.store.announce import DIAL_CODES
from fs_app.store.audit import CONFIRMED, Deed
from fs_app.store.dial_codes import (
    FUNCTION_TWICE,
    NUMBER_TAKEN,
    UNKNOWN_STATUS,
    WRONG_NUMBER,
    DialCode,
    DialCodes,
    digits_of,
)
from web.access import route, who
from web.bodies import invalid
from web.dial.schemas import CodeRow, CodesBody, CodesReply, NumberRow, NumbersBody, NumbersReply
from web.services import services

blueprint = Blueprint("dial", __name__)


@route(
    blueprint,
    "GET",
    "/dial-codes",
    action="dial_codes.read",
    summary="What is dialled on a phone of the site for which function",
    reply=CodesReply,
)
def list_codes() -> CodesReply:
    """In the order of the numbers, codes out of use too."""
    return _codes_reply(DialCodes(services().database).listed())


@route(
    blueprint,
    "PUT",
    "/dial-codes",
    action="dial_codes.change",
    summary="Put these dial codes in place of all that there are",
    body=CodesBody,
    reply=CodesReply,
    errors=(WRONG_NUMBER, NUMBER_TAKEN, FUNCTION_TWICE, UNKNOWN_STATUS),
)
def change_codes(body: CodesBody) -> CodesReply:
    """They hold for the next call."""
    kept = DialCodes(services().database)
    wanted = [DialCode(one.number, one.function, one.status, one.in_use) for one in body.codes]
    args = _difference(_spoken(kept.listed()), _spoken(wanted))
    try:
        changed = kept.change(wanted, _audited("dial_codes.change", args))
    except ValueError:
        raise invalid([{"field": "codes", "problem": "wrong"}]) from None
    services().settings_changed(DIAL_CODES)
    return _codes_reply(changed)


@route(
    blueprint,
    "GET",
    "/dial-numbers",
    action="dial_numbers.read",
    summary="Numbers of the site's own that do something when they are called",
    reply=NumbersReply,
)
def list_numbers() -> NumbersReply:
    """In the order of their digits."""
    return _numbers_reply(DialCodes(services().database).outside())


@route(
    blueprint,
    "PUT",
    "/dial-numbers",
    action="dial_numbers.change",
    summary="Put these numbers in place of all that there are",
    body=NumbersBody,
    reply=NumbersReply,
    errors=(WRONG_NUMBER, NUMBER_TAKEN),
)
def change_numbers(body: NumbersBody) -> NumbersReply:
    """They hold for the next call. Dial ID and dial password are asked for there whatever the site's settings say."""
    kept = DialCodes(services().database)
    wanted = [(one.number, one.function) for one in body.numbers]
    args = _difference(kept.outside(), {digits_of(number): function for number, function in wanted})
    changed = kept.change_outside(wanted, _audited("dial_numbers.change", args))
    services().settings_changed(DIAL_CODES)
    return _numbers_reply(changed)


def _codes_reply(codes: list[DialCode]) -> CodesReply:
    return CodesReply(codes=[CodeRow.model_validate(code, from_attributes=True) for code in codes])


def _numbers_reply(numbers: Mapping[str, str]) -> NumbersReply:
    rows = [{"number": number, "function": function} for number, function in numbers.items()]
    return NumbersReply(numbers=[NumberRow.model_validate(row) for row in rows])


def _spoken(codes: list[DialCode]) -> dict[str, str]:
    """Each code's number and what it does, in one word."""
    return {
        one.number: f"{one.function}{':' + one.status if one.status else ''}{'' if one.in_use else ' (off)'}"
        for one in codes
    }


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    """What each number does now that did something else before; None: nothing any more."""
    numbers = sorted(before.keys() | after.keys())
    return {number: after.get(number) for number in numbers if before.get(number) != after.get(number)}


def _audited(command: str, args: Mapping[str, str | None]) -> Callable[[Connection], object]:
    deed = Deed(who().actor, command, args=args, request_id=g.request_id)
    # Written on the database's thread, which has no application of Flask's to ask.
    audit = services().audit
    return lambda connection: audit.append(connection, CONFIRMED, deed)

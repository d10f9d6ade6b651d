"""Reading what a request carries into a model, and saying in one shape what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

import orjson
from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import HTTPException

from fs_app.floor.errors import INVALID_REQUEST
from fs_app.store import account_rules as rules
from web.errors import Problem


class Body(BaseModel):
    """A request's JSON. Unknown fields are refused and nothing is converted: ``"3"`` is no number.

    ``refusals`` names the error id of a wrong value in one field, where that has one of its own.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    refusals: ClassVar[dict[str, str]] = {}


class Query(BaseModel):
    """A request's query string, whose values are all text. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    refusals: ClassVar[dict[str, str]] = {}


M = TypeVar("M", bound=BaseModel)
_NAMES = {"agent": rules.agent, "queue": rules.queue}
_WORDS = {"missing": "missing", "extra_forbidden": "unknown"}


def read_body(model: type[M]) -> M:
    """The request's JSON as ``model``. Raises ``Problem``: 415, or 422 with the fields that are wrong."""
    if request.mimetype != "application/json":
        raise Problem("unsupported_media_type")
    try:
        data = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise invalid([{"field": "", "problem": "not_json"}]) from None
    return _judged(model, data)


def named_in_body(model: type[BaseModel] | None) -> dict[str, str]:
    """``agent`` and ``queue`` of the request's JSON where ``model`` has them and they may be names; nothing else of it.

    For a request that is refused before its body is read: whatever else is in it stays unread. Raises nothing.
    """
    named = _NAMES.keys() & model.model_fields.keys() if model is not None else ()
    if not named or request.mimetype != "application/json":
        return {}
    try:
        data = orjson.loads(request.get_data())
    except (orjson.JSONDecodeError, HTTPException):
        return {}
    found = {}
    for name in named:
        text = data.get(name) if isinstance(data, dict) else None
        if isinstance(text, str):
            with suppress(ValueError):
                found[name] = _NAMES[name](text)
    return found


def read_query(model: type[M]) -> M:
    """The query string as ``model``. Raises ``Problem`` (422) also for a name that is given twice."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise invalid([{"field": name, "problem": "given_twice"} for name in twice])
    return _judged(model, request.args.to_dict())


def judged_part(name: str, text: str, rule: Callable[[str], str]) -> str:
    """A part of the address, judged by ``rule``. Raises ``Problem`` (422)."""
    try:
        return rule(text)
    except ValueError:
        raise invalid([{"field": name, "problem": "wrong"}]) from None


def _judged(model: type[M], data: Any) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
    refusals: dict[str, str] = getattr(model, "refusals", {})
    fields = []
    for fault in faults:
        name = ".".join(str(part) for part in fault["loc"])
        word = _WORDS.get(fault["type"], "wrong")
        if word == "wrong" and name in refusals and len(faults) == 1:
            raise Problem(refusals[name])
        fields.append({"field": name, "problem": word})
    raise invalid(fields)


def invalid(fields: list[dict[str, str]]) -> Problem:
    """The refusal of a request with these fields, each with what is the problem: ``missing``, ``unknown``, ``wrong`` …"""
    named = ", ".join(dict.fromkeys(field["field"] for field in fields if field["field"])) or "-"
    return Problem(INVALID_REQUEST, {"fields": named}, members={"fields": fields})


def without_defaults(schema: dict[str, Any]) -> None:
    """Leave out of a model's schema the defaults that only say that a field may be left out."""
    for part in schema["properties"].values():
        part.pop("default", None)

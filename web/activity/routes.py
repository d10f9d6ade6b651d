"""What agents did: pages and a file. Administrators all, supervisors the agents of their queues, users themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, g

from fs_app.floor import board, permissions
from fs_app.floor.actor import Actor
from fs_app.floor.errors import PERMISSION_DENIED
from fs_app.floor.masking import has_outside_number, masked
from fs_app.store.activity_pages import LARGEST_PAGE, PeriodFilters, Place, read_periods
from fs_app.store.audit import CONFIRMED, Deed
from fs_app.store.durable import Database
from web import errors
from web.access import route, still_allowed, who
from web.activity.schemas import ActivityFilters, ActivityQuery, ActivityReply
from web.board.routes import ready_feed
from web.board.words import read_words
from web.numbers import written as written_number
from web.services import services
from web.spreadsheet import MARK, moment, written

blueprint = Blueprint("activity", __name__)
COLUMNS = (
    "agent",
    "code",
    "label",
    "since",
    "until",
    "seconds",
    "queue",
    "linked",
    "set_by",
    "terminal",
    "set_by_kind",
    "outcome",
)
Row = dict[str, Any]
Shown = Callable[[Row], Row]


@route(
    blueprint,
    "GET",
    "/activity",
    action="activity.read",
    summary="The status periods of agents, the newest first",
    query=ActivityQuery,
    reply=ActivityReply,
    errors=(errors.SERVICE_UNAVAILABLE,),
)
def read_activity(query: ActivityQuery) -> ActivityReply:
    """One page."""
    database, actor = services().database, who().actor
    page = read_periods(database, _filters(query, actor), query.place(), query.limit)
    show = _show(database, actor)
    following = f"{page.next.since!r}-{page.next.id}" if page.next else None
    return ActivityReply.model_validate({"activity": [show(row) for row in page.rows], "next": following})


@route(
    blueprint,
    "GET",
    "/activity.csv",
    action="activity.export",
    summary="The status periods of agents as CSV (UTF-8), with the same filters",
    query=ActivityFilters,
    media="text/csv",
    errors=(errors.SERVICE_UNAVAILABLE,),
)
def export_activity(query: ActivityFilters) -> Response:
    """Taking it along is audited."""
    stores, actor = services(), who().actor
    filters, show = _filters(query, actor), _show(stores.database, actor)
    wanted = query.model_dump(exclude_none=True)
    stores.audit.record(Deed(actor, "activity.export", args=wanted, request_id=g.request_id), CONFIRMED)
    response = Response(_lines(stores.database, filters, show, still_allowed()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="sasayaki-activity.csv"'
    return response


def _filters(query: ActivityFilters, actor: Actor) -> PeriodFilters:
    """The filters, narrowed to whom the actor may see. Raises ``Problem`` (403) for anybody or any queue else."""
    if query.queue is not None and not actor.may_see(query.queue):
        raise errors.Problem(PERMISSION_DENIED)
    allowed = None if actor.is_administrator else _visible_agents(actor)
    if query.agent is not None:
        if allowed is not None and query.agent not in allowed:
            raise errors.Problem(PERMISSION_DENIED)
        allowed = {query.agent}
    if not actor.is_administrator and has_outside_number(query.terminal or ""):
        allowed = (allowed or set()) & _numbers_seen(actor)  # else finding a row would tell what is masked in it
    return PeriodFilters(query.since, query.before, allowed, query.queue, query.code, query.terminal)


def _visible_agents(actor: Actor) -> set[str]:
    own = {actor.agent} if actor.agent is not None else set()
    if not actor.grants:
        return own
    documents = ready_feed().mirror.documents["agent"]
    return own | {ident for ident, document in documents.items() if board.visible(actor, document)}


def _numbers_seen(actor: Actor) -> set[str]:
    """The agents whose outside numbers are shown to the actor, who is no administrator."""
    own = {actor.agent} if actor.agent is not None else set()
    if not actor.grants:
        return own
    documents = ready_feed().mirror.documents["agent"]
    return own | {ident for ident, document in documents.items() if permissions.may_see_number(actor, document)}


def _show(database: Database, actor: Actor) -> Shown:
    label = read_words(database).label(actor.locale)
    region = services().region
    seen = None if actor.is_administrator else _numbers_seen(actor)

    def shown(row: Row) -> Row:
        queue, until = row["queue"], row["until"]
        terminal = row["terminal"] if seen is None or row["agent"] in seen else masked(row["terminal"])
        return row | {
            "label": label(row["code"]),
            "seconds": None if until is None else round(until - row["since"], 3),
            "queue": queue if queue is not None and actor.may_see(queue) else None,
            "linked": queue is not None,
            "terminal": terminal,
            "terminal_shown": written_number(terminal, region),
        }

    return shown


def _lines(database: Database, filters: PeriodFilters, show: Shown, look: Callable[[], None]) -> Iterator[str]:
    """The file in pieces, read page by page; ``look`` raises where it may not go on."""
    yield MARK + written([COLUMNS])
    place: Place | None = None
    while True:
        look()
        page = read_periods(database, filters, place, LARGEST_PAGE)
        if page.rows:
            yield written(_cells(show(row)) for row in page.rows)
        if page.next is None:
            return
        place = page.next


def _cells(row: Row) -> list[Any]:
    told = row | {"since": moment(row["since"]), "until": moment(row["until"]), "linked": "1" if row["linked"] else "0"}
    return [told[name] for name in COLUMNS]

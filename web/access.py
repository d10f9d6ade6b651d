"""THE gate. Every route names its action; no session is 401, no permission is 403, and what names no action is no route.

Owns who somebody is (session cookie or bearer token), the refusal of other sites' requests, and the first of the two
permission checks. It knows no feature.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Flask, Response, g, request
from pydantic import BaseModel
from werkzeug.routing import IntegerConverter, Map

from fs_app.floor.actor import Actor
from fs_app.floor.errors import PERMISSION_DENIED
from fs_app.store.account_rows import Account
from fs_app.store.api_tokens import ApiToken
from fs_app.store.audit import FAILED, Deed
from fs_app.store.sessions import Session
from web import errors
from web.actions import ACTIONS, Action
from web.bodies import named_in_body, read_body, read_query
from web.services import Services, services

COOKIE = "sasayaki_session"
SAFE = frozenset({"GET", "HEAD"})
Handler = Callable[..., BaseModel | Response | None]
log = structlog.get_logger()


class RouteWithoutAction(Exception):
    """A route that names no action, or one that nobody listed. The application does not start."""


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """All that is declared of a route: the gate, the reading of requests and the documentation live on it."""

    method: str
    action: Action
    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    reply: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[str, ...] = ()
    media: str = "application/json"
    page: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: an account, by a browser's session or by a token."""

    account: Account
    actor: Actor
    session: Session | None = None
    token: ApiToken | None = None


def route(
    blueprint: Blueprint, method: str, path: str, *, action: str, summary: str, **declared: Any
) -> Callable[[Handler], Handler]:
    """Declare a route. ``declared``: ``body``, ``query``, ``reply``, ``status``, ``errors``, ``media``, ``page``.

    The handler gets the path's parts, and ``body`` and ``query`` where declared, all read and judged. It returns a model,
    a response, or None (204). Raises ``RouteWithoutAction`` for an action that is not listed.
    """
    if action not in ACTIONS:
        raise RouteWithoutAction(f"{method} {path}: no action {action!r}")
    spec = RouteSpec(method, ACTIONS[action], summary, **declared)

    def declare(handler: Handler) -> Handler:
        def view(**parts: Any) -> Response:
            if spec.body is not None:
                parts["body"] = read_body(spec.body)
            if spec.query is not None:
                parts["query"] = read_query(spec.query)
            return _respond(_handled(handler, parts, spec), spec)

        view.spec = spec  # type: ignore[attr-defined]
        name = handler.__name__
        blueprint.add_url_rule(path, name, view, methods=[method], provide_automatic_options=False)
        return handler

    return declare


def _handled(handler: Handler, parts: dict[str, Any], spec: RouteSpec) -> BaseModel | Response | None:
    """What the handler gives. What it refuses for want of a right is written down like what the gate refuses."""
    try:
        return handler(**parts)
    except errors.Problem as problem:
        if problem.error == PERMISSION_DENIED and g.identity is not None:
            _remember_refusal(g.identity, spec.action)
        raise


def _respond(result: BaseModel | Response | None, spec: RouteSpec) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status=204)
    return Response(result.model_dump_json(), spec.status, mimetype="application/json")


def spec_of(app: Flask, endpoint: str) -> RouteSpec:
    """What is declared of an endpoint. Raises ``RouteWithoutAction`` when nothing is."""
    spec = getattr(app.view_functions[endpoint], "spec", None)
    if not isinstance(spec, RouteSpec):
        raise RouteWithoutAction(f"endpoint {endpoint} names no action")
    return spec


def require_actions(app: Flask) -> None:
    """Walk the whole map of addresses; raises ``RouteWithoutAction`` for the first that names no action."""
    for rule in app.url_map.iter_rules():
        if rule.methods is None or not rule.methods - {"HEAD", "OPTIONS"} <= {spec_of(app, rule.endpoint).method}:
            raise RouteWithoutAction(f"{rule} answers methods that it does not declare")


class Key(IntegerConverter):
    """A row's number in an address; one that no table can hold is no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


def install(app: Flask) -> None:
    """Put the gate before every request of ``app``. To be called before any route is declared on it."""
    app.url_map.converters["int"] = Key

    @app.before_request
    def gate() -> None:
        if request.endpoint is None:
            return  # the router has found nothing or another method, and says so next
        spec = spec_of(app, request.endpoint)
        g.spec = spec
        refuse_other_sites()
        g.identity = credentials().identity(services())
        admit(spec)


def refuse_other_sites() -> None:
    """Refuse an unsafe request that another site's page had a browser send.

    A client that sends neither ``Sec-Fetch-Site`` nor ``Origin`` is no browser and needs nothing else.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin")
        allowed = origin is None or _host(origin) == request.host
    if not allowed:
        log.warning("cross_site_refused", path=request.path)
        raise errors.Problem(errors.CROSS_SITE)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought to say who sends it; open streams are judged by it again and again."""

    bearer: str | None
    cookie: str | None
    address: str

    def identity(self, stores: Services) -> Identity | None:
        """Who that is now. A bearer token counts more than a cookie, and a wrong one is nobody."""
        if self.bearer is not None:
            found = stores.tokens.find(self.bearer)
            if found is None:
                return None
            token, owner = found
            actor = token.narrowing.apply(
                owner.actor(source="token", address=self.address, token=token.name, session=f"token:{token.id}")
            )
            return Identity(owner, actor, token=token)
        living = stores.sessions.find(self.cookie) if self.cookie else None
        if living is None:
            return None
        session, account = living
        return Identity(account, account.actor(address=self.address, session=f"session:{session.id}"), session=session)


def credentials() -> Credentials:
    """What the present request brought."""
    header = request.headers.get("Authorization", "")
    scheme, _, secret = header.partition(" ")
    bearer = (secret.strip() if scheme.lower() == "bearer" else "") if header else None
    return Credentials(bearer, request.cookies.get(COOKIE), request.remote_addr or "")


def refusal(identity: Identity | None, action: Action) -> str | None:
    """The error id of what keeps somebody from an action; None when nothing does."""
    if action.public:
        return None
    if identity is None:
        return errors.NOT_LOGGED_IN
    token = identity.token
    if identity.actor.role not in action.roles:
        return PERMISSION_DENIED
    if token is not None and not (action.by_token and token.narrowing.allows(action.name)):
        return PERMISSION_DENIED
    if identity.account.must_change and not action.before_password_change:
        return errors.PASSWORD_CHANGE_NEEDED
    return None


def admit(spec: RouteSpec) -> None:
    """Let the present request through, or raise the ``Problem`` that says why not."""
    error = refusal(g.identity, spec.action)
    if error is None:
        return
    if error == PERMISSION_DENIED:
        _remember_refusal(g.identity, spec.action)
    raise errors.Problem(error)


class CutShort(ConnectionResetError):
    """An answer ends before its end, and the reader sees that: the line breaks without the last piece."""


def still_allowed() -> Callable[[], None]:
    """A look at whoever sends the present request, for an answer that is read for as long as its reader likes.

    The look raises ``CutShort`` when the request would be refused by now, or its sender's rights are others than they were.
    """
    brought, stores, action, rights = credentials(), services(), g.spec.action, _rights(who().actor)

    def look() -> None:
        now = brought.identity(stores)
        if now is None or refusal(now, action) is not None or _rights(now.actor) != rights:
            log.info("answer_cut_short", action=action.name)
            raise CutShort(errno.ECONNRESET, "no longer allowed")

    return look


def _rights(actor: Actor) -> tuple[Any, ...]:
    return actor.role, actor.agent, dict(actor.grants)


def _remember_refusal(identity: Identity, action: Action) -> None:
    """Write down that somebody tried what he may not, and on whom: the address names it, its query, or its body."""
    parts = request.args.to_dict() | (request.view_args or {})
    named = named_in_body(g.spec.body) | parts
    deed = Deed(
        identity.actor,
        action.name,
        str(named.get("agent", "")),
        str(named.get("queue", "")),
        {name: value for name, value in parts.items() if name not in ("agent", "queue")},
        g.request_id,
    )
    services().audit.record(deed, FAILED, PERMISSION_DENIED)


def who() -> Identity:
    """Who sends the present request, in a handler of an action that is not public."""
    identity: Identity | None = g.identity
    if identity is None:
        raise errors.Problem(errors.NOT_LOGGED_IN)
    return identity

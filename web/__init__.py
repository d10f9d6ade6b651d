"""The panel: what people see and click. Speaks HTTP; changes the floor only by asking the controller through Redis."""

from __future__ import annotations

from flask import Flask

from web import access, errors, headers, health, metrics, pages
from web.accounts import own_routes
from web.accounts import routes as account_routes
from web.activity import routes as activity_routes
from web.agents import detail_routes
from web.agents import routes as agent_routes
from web.audit import routes as audit_routes
from web.board import routes as board_routes
from web.board.feed import Feed
from web.board.words import read_words
from web.call_backs import routes as call_back_routes
from web.dial import routes as dial_routes
from web.docs import routes as docs_routes
from web.numbers import written
from web.queues import member_routes, settings_routes
from web.queues import routes as queue_routes
from web.services import FEED_KEY, KEY, Services
from web.sessions import routes as session_routes
from web.sessions import second_factor_routes
from web.site import routes as site_routes
from web.statuses import routes as status_routes
from web.supervisions import routes as supervision_routes

API = "/api/v1"
# Nothing that the panel is sent is longer (bytes).
LARGEST_REQUEST = 64 * 1024


def create_app(services: Services) -> Flask:
    """The panel as a WSGI application. Raises ``RouteWithoutAction`` when a route does not say what it is for."""
    app = Flask("web", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST)
    app.extensions[KEY] = services
    app.extensions[FEED_KEY] = Feed(
        services.redis,
        lambda: read_words(services.database),
        services.clock,
        lambda text: written(text, services.region),
    )
    headers.install(app)
    metrics.install(app)
    access.install(app)
    errors.install(app, pages.shell)
    for blueprint in (pages.blueprint, health.blueprint, docs_routes.pages):
        app.register_blueprint(blueprint)
    for blueprint in (
        session_routes.blueprint,
        second_factor_routes.blueprint,
        own_routes.blueprint,
        account_routes.blueprint,
        audit_routes.blueprint,
        board_routes.blueprint,
        agent_routes.blueprint,
        detail_routes.blueprint,
        activity_routes.blueprint,
        queue_routes.blueprint,
        settings_routes.blueprint,
        member_routes.blueprint,
        status_routes.blueprint,
        site_routes.blueprint,
        dial_routes.blueprint,
        supervision_routes.blueprint,
        call_back_routes.blueprint,
        docs_routes.api,
    ):
        app.register_blueprint(blueprint, url_prefix=API)
    access.require_actions(app)
    return app

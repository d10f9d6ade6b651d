"""The settings of the whole site, for administrators."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, g
from pydantic import BaseModel, Field

from web.access import route, who
from web.bodies import Body
from web.services import services

blueprint = Blueprint("site", __name__)


class SiteBody(Body):
    """All settings of the site."""

    agents_see_listening: bool = Field(description="an agent may read who listened to him")


class SiteReply(BaseModel):
    """The settings as they are now."""

    agents_see_listening: bool


@route(blueprint, "GET", "/site", action="site.read", summary="The settings of the whole site", reply=SiteReply)
def read_site() -> SiteReply:
    """With their defaults where nobody set them."""
    return SiteReply(**asdict(services().site.read()))


@route(
    blueprint,
    "PUT",
    "/site",
    action="site.change",
    summary="Change the settings of the whole site",
    body=SiteBody,
    reply=SiteReply,
)
def change_site(body: SiteBody) -> SiteReply:
    """They hold at once."""
    return SiteReply(**asdict(services().site.change(body.model_dump(), who().actor, g.request_id)))

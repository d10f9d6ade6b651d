"""The settings of the whole site, for administrators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from flask import Blueprint, g
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fs_app.store.announce import SITE
from fs_app.store.site_settings import SettingRefused
from web.access import route, who
from web.bodies import Body, invalid, without_defaults
from web.services import services

blueprint = Blueprint("site", __name__)
Written = Annotated[str, StringConstraints(max_length=40)]


class SiteBody(Body):
    """Settings of the site; what is left out stays. What each may be is judged where they are kept."""

    # The values below only say that a field may be left out; none of them is ever taken.
    model_config = ConfigDict(json_schema_extra=without_defaults)

    agents_see_listening: bool = Field(False, description="an agent may read who listened to him")
    dial_waive_inside: bool = Field(False, description="one's own extension needs no dial password for dial codes")
    centre_number: Written = Field(
        "", description="what customers and agents see of a call-back; empty: there are none"
    )
    own_numbers: list[Written] = Field(
        [],
        max_length=200,
        description="further numbers of the centre: nobody may have them rung, they would lead back to it",
    )
    outside_allow: str = Field(
        "",
        max_length=2000,
        description="narrows the outside numbers that may be rung: national, or beginnings such as +8190; empty: not at all",
    )
    outside_caller_id: Literal["caller", "queue", "centre"] = Field(
        "caller", description="whose number agents' outside phones show: the caller's, the queue's, or the centre's"
    )
    outside_rounds: int = Field(3, description="how often an outside phone is asked for key 1", ge=1, le=5)
    outside_pause_s: int = Field(2, description="seconds between two times", ge=1, le=10)


class SiteReply(BaseModel):
    """The settings as they are now."""

    agents_see_listening: bool
    dial_waive_inside: bool
    centre_number: str
    own_numbers: list[str]
    outside_allow: str
    outside_caller_id: Literal["caller", "queue", "centre"]
    outside_rounds: int
    outside_pause_s: int


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
    stores = services()
    try:
        changed = stores.site.change(body.model_dump(exclude_unset=True), who().actor, g.request_id)
    except SettingRefused as refused:
        raise invalid([{"field": refused.name, "problem": "wrong"}]) from None
    stores.settings_changed(SITE)
    return SiteReply(**asdict(changed))

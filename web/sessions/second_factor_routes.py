"""One's own second factor: begin, confirm, recovery codes, remove. A stolen session alone can do none of it."""

from __future__ import annotations

from flask import Blueprint, g, request

from fs_app.store.account_rows import Account
from fs_app.store.accounts import AccountRefused
from fs_app.store.audit import FAILED, Deed
from fs_app.store.second_factors import WRONG_CODE
from web import errors
from web.access import route, who
from web.services import services
from web.sessions.attempts import LogInAttempts, require_password
from web.sessions.schemas import (
    Confirmation,
    NewSecondFactorReply,
    Password,
    RecoveryCodesReply,
    SecondFactorReply,
)

blueprint = Blueprint("second_factor", __name__)
GUARDED = (errors.WRONG_PASSWORD, "too_many_attempts")


@route(
    blueprint,
    "GET",
    "/session/second-factor",
    action="own.read_second_factor",
    summary="Whether one's own log-in asks for a code",
    reply=SecondFactorReply,
)
def read_second_factor() -> SecondFactorReply:
    """Never the key itself."""
    found = services().second_factors.of(who().account)
    return SecondFactorReply(on=found.on, since=found.since, recovery_codes_left=found.recovery_codes_left)


@route(
    blueprint,
    "POST",
    "/session/second-factor",
    action="own.begin_second_factor",
    summary="Get a key for an authenticator app; asked for only once it is confirmed",
    body=Password,
    reply=NewSecondFactorReply,
    status=201,
    errors=(*GUARDED, "second_factor_on"),
)
def begin_second_factor(body: Password) -> NewSecondFactorReply:
    """Done again, the key before it is void."""
    require_password(body.password, "own.begin_second_factor")
    secret, uri = services().second_factors.begin(who().account)
    return NewSecondFactorReply(secret=secret, uri=uri)


@route(
    blueprint,
    "PUT",
    "/session/second-factor",
    action="own.confirm_second_factor",
    summary="Confirm the key by a code of the app; from now on the log-in asks for one",
    body=Confirmation,
    reply=RecoveryCodesReply,
    errors=(WRONG_CODE, "second_factor_on", "second_factor_not_begun", "too_many_attempts"),
)
def confirm_second_factor(body: Confirmation) -> RecoveryCodesReply:
    """The recovery codes are shown this once."""
    identity, stores = who(), services()
    shown: list[str] = []

    def confirmed() -> Account | None:
        try:
            shown.extend(
                stores.second_factors.confirm(identity.account, body.code, identity.actor, request_id=g.request_id)
            )
        except AccountRefused as refused:
            if refused.error == WRONG_CODE:
                return None
            raise
        return identity.account

    if LogInAttempts(stores.redis).of(identity.account.login, request.remote_addr or "", confirmed) is None:
        deed = Deed(identity.actor, "own.confirm_second_factor", request_id=g.request_id)
        stores.audit.record(deed, FAILED, WRONG_CODE)
        raise errors.Problem(WRONG_CODE)
    return RecoveryCodesReply(recovery_codes=shown)


@route(
    blueprint,
    "POST",
    "/session/second-factor/recovery-codes",
    action="own.renew_recovery_codes",
    summary="Make new recovery codes; the old ones are void",
    body=Password,
    reply=RecoveryCodesReply,
    errors=(*GUARDED, "second_factor_off"),
)
def renew_recovery_codes(body: Password) -> RecoveryCodesReply:
    """They are shown this once."""
    require_password(body.password, "own.renew_recovery_codes")
    identity = who()
    codes = services().second_factors.renew_recovery_codes(identity.account, identity.actor, g.request_id)
    return RecoveryCodesReply(recovery_codes=codes)


@route(
    blueprint,
    "POST",
    "/session/second-factor/remove",
    action="own.remove_second_factor",
    summary="Be asked for no code any more",
    body=Password,
    status=204,
    errors=GUARDED,
)
def remove_own_second_factor(body: Password) -> None:
    """The recovery codes go with it."""
    require_password(body.password, "own.remove_second_factor")
    identity = who()
    services().second_factors.remove(identity.account.login, identity.actor, "own.remove_second_factor", g.request_id)

"""One's own account as a page: password, language, messages, and where one is signed in."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Conflict, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import own_account
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.operations.own_account import LanguageUnknown, PasswordWrong, SessionUnknown
from spheres_core.staff.pages.sign_in import cookie_of, said
from spheres_core.staff.passwords import PasswordWeak, TooBusy
from spheres_core.staff.permissions import OWN_ACCOUNT

DONE: dict[str, Message] = {
    "password": msg("Your new password holds from now on. Everywhere else you are signed out."),
    "preferences": msg("Your wishes are kept."),
    "session": msg("That place is signed out."),
}
"""What is said after a form, by the word that its address carries."""


class NotTheSame(Conflict):
    """The new password was typed in two ways."""

    code = "not_the_same"
    message = msg("The two passwords are not the same.")


@get("/account", guards=[requires(OWN_ACCOUNT)], name="account")
async def account(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _page(ctx, request_scope, request)


@post("/account/password", guards=[requires(OWN_ACCOUNT)], name="own_password", status_code=303)
async def change_password(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    try:
        await _change(ctx, cookie_of(request_scope, request), await read_post(request))
    except (NotTheSame, PasswordWrong, PasswordWeak, SignInPaused, TooBusy) as refusal:
        return await _page(ctx, request_scope, request, refusal)
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=password")


@post("/account/preferences", guards=[requires(OWN_ACCOUNT)], name="own_preferences", status_code=303)
async def choose_preferences(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await own_account.choose_preferences(ctx, language=sent["language"], mail=sent["mail"] == "yes")
    except LanguageUnknown as refusal:
        return await _page(ctx, request_scope, request, refusal)
    return go_to(f"{_in_language(ctx, request_scope, sent['language'])}?done=preferences")


@post("/account/session", guards=[requires(OWN_ACCOUNT)], name="own_session", status_code=303)
async def end_session(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    try:
        await own_account.end_session(ctx, (await read_post(request))["session"][:64])
    except SessionUnknown:
        return go_to(place_of(ctx, request_scope, "account"))
    return go_to(f"{place_of(ctx, request_scope, 'account')}?done=session")


HANDLERS = (account, change_password, choose_preferences, end_session)


async def _change(ctx: Context, cookie: str, sent: Post) -> None:
    if sent["new"] != sent["again"]:
        raise NotTheSame
    await own_account.change_own_password(ctx, cookie, old=sent["old"], new=sent["new"])


def _in_language(ctx: Context, request_scope: RequestScope, tag: str) -> str:
    """The account page in the language that was just chosen."""
    short = next(
        (short for short, each in request_scope.loaded.shorts.items() if each == tag),
        rendering.short_of(ctx, request_scope),
    )
    return f"{request_scope.prefix}/{short}{ctx.plugins.addresses['account']}"


async def _page(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], refusal: Refusal | None = None
) -> Response[bytes]:
    me, sessions = await own_account.show_own_account(ctx, cookie_of(request_scope, request))
    shown = {
        "name": me.name,
        "email": me.email,
        "roles": [rendering.role_title(role) for role in me.roles],
        "mail": me.chooses_referral_mail,
        "languages": [
            {"tag": tag, "name": ctx.plugins.languages[tag].autonym, "chosen": tag == me.language}
            for tag in ctx.tenant.languages
        ],
    }
    return await rendering.page(
        ctx, request_scope, "staff/account.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Your account")), account=shown, sessions=sessions,
        error=ctx.locale.say(_why(refusal)) if refusal else None,
        done=ctx.locale.say(DONE[word]) if (word := request.query_params.get("done", "")) in DONE else None,
    )  # fmt: skip


def _why(refusal: Refusal) -> Message:
    return said(refusal) if isinstance(refusal, SignInPaused) else refusal.message

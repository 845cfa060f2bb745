"""Turns every error into an answer: a problem document (RFC 9457) under `/api`, an error page elsewhere."""

import re
import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import asyncpg
import msgspec
import structlog
from litestar import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Response

from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.value_kinds import kind_message
from spheres_core.foundation.database.transactions import UNREACHABLE
from spheres_core.foundation.encryption import KeyTrouble
from spheres_core.foundation.errors import Invalid, NotFound, Refusal
from spheres_core.foundation.isolation.fault_location import locate_error
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import SAFE_METHODS, FormOfEarlierSession, SignInNeeded, is_from_other_site
from spheres_core.foundation.web.request_body import TooLarge
from spheres_core.foundation.web.request_scope import RequestScope, request_scope_of
from spheres_core.foundation.web.sealed_addresses import seal_address

PROBLEM = "application/problem+json"
URL_ENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
ERROR_TITLES = {
    404: msg("There is nothing here."),
    403: msg("You may not do this."),
    500: msg("Something went wrong on our side."),
}
log = structlog.get_logger("spheres.web")


class Malformed(Invalid):
    """The request cannot even be read."""

    status = 400
    code = "malformed"
    message = msg("What was sent cannot be read.")


class WrongMethod(Refusal):
    status = 405
    code = "method_not_allowed"
    message = msg("This cannot be done here.")


class WrongKind(Refusal):
    status = 415
    code = "unsupported_media_type"
    message = msg("What was sent is not of a kind that is read here.")


class Unavailable(Refusal):
    """The database does not answer, has no room, or was sealed with another key."""

    status = 503
    code = "unavailable"
    message = msg("This is not available right now. Please try again in a moment.")


class Unexpected(Refusal):
    """A mistake of ours. The reader gets a number to tell us; the log has the same number and no words."""

    status = 500
    code = "unexpected"
    message = msg("Something went wrong on our side. Nothing you sent was kept.")


def answer_problem(refusal: Refusal, locale: Locale) -> Response[bytes]:
    """Returns a refusal as an RFC 9457 problem document in the reader's language."""
    document: dict[str, Any] = {
        "type": f"urn:spheres:problem:{refusal.code}",
        "title": str(locale.say(type(refusal).message)),
        "status": refusal.status,
        "code": refusal.code,
    }
    if refusal.message != type(refusal).message:
        document["detail"] = str(locale.say(refusal.message))
    if refusal.errors:
        document["errors"] = [say_problem(each, locale) for each in refusal.errors]
    document |= refusal.extra
    headers = {"content-language": locale.tag, "cache-control": "no-store", "vary": "Accept-Language"}
    if refusal.status == 401:
        headers["www-authenticate"] = "Bearer"
    headers |= retry_after(refusal)
    return Response(msgspec.json.encode(document), status_code=refusal.status, media_type=PROBLEM, headers=headers)


def retry_after(refusal: Refusal | None) -> dict[str, str]:
    """Returns the header that says after how many seconds to try again; none when the refusal does not say so."""
    seconds = refusal.extra.get("seconds") if refusal else None
    return {} if seconds is None else {"retry-after": str(seconds)}


def say_problem(problem: Problem, locale: Locale) -> dict[str, str]:
    """Returns one entry of `errors[]`: the place, a sentence, and a code when there is one."""
    said = {"path": problem.path, "message": str(locale.say(problem.message))}
    return said | ({"code": problem.code} if problem.code else {})


def refusal_for(error: Exception) -> Refusal:
    """Returns the refusal for any exception. What is not foreseen is logged with an incident number and no words."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ValidationException):
        return Malformed(errors=[_place(each) for each in error.extra or ()])
    if isinstance(error, RecursionError):
        return Malformed(msg("It is nested too deeply."))
    if isinstance(error, UnicodeError | asyncpg.CharacterNotInRepertoireError):  # not UTF-8, or with a NUL in it
        return Malformed()
    if isinstance(error, HTTPException):
        return _understand_http(error)
    if isinstance(error, (*UNREACHABLE, KeyTrouble)):
        log.error("web.unavailable", error=type(error).__name__)
        return Unavailable()
    incident = uuid.uuid4().hex[:12]
    log.error("web.unexpected", incident=incident, error=type(error).__name__, at=locate_error(error).place)
    return Unexpected(extra={"incident": incident})


def _understand_http(error: HTTPException) -> Refusal:
    if isinstance(error.__cause__, RecursionError):
        return Malformed(msg("It is nested too deeply."))
    known: dict[int, type[Refusal]] = {400: Malformed, 401: SignInNeeded, 404: NotFound, 405: WrongMethod,
                                       413: TooLarge, 415: WrongKind}  # fmt: skip
    if kind := known.get(error.status_code):
        return kind()
    if error.status_code < 500:
        return Malformed()
    return refusal_for(RuntimeError(type(error).__name__))


def _place(detail: Any) -> Problem:
    key = str(detail.get("key", "")) if isinstance(detail, Mapping) else ""
    said = str(detail.get("message", "")) if isinstance(detail, Mapping) else ""
    return Problem(kind_message(said), path=key, code="type")


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answers an exception: with a problem document under `/api`, with a page elsewhere."""
    refusal = refusal_for(error)
    request_scope = request_scope_of(request)
    if refusal.status == Unexpected.status:
        request_scope.failure = error
    locale = _locale(request_scope, refusal)
    if is_api(request.scope["path"]):
        return answer_problem(refusal, locale)
    if "sign_in" in request_scope.loaded.plugins.addresses:
        if isinstance(refusal, SignInNeeded | FormOfEarlierSession) and _may_keep_form(request):
            return _lead_to(request_scope, locale, "keep_form", status=307)
        if isinstance(refusal, SignInNeeded):
            return _lead_to(request_scope, locale, "sign_in", status=303)
    return bare_error(
        refusal,
        locale,
        request_scope.loaded.plugins.environment,
        home=f"{request_scope.prefix}/{_short(request_scope, locale)}/",
    )


def bare_error(refusal: Refusal, locale: Locale, environment: Any, *, home: str = "/") -> Response[bytes]:
    """Returns an error page with nothing but the way home, so that absent and forbidden look alike."""
    html = environment.get_template("error.html").render(
        locale=locale,
        lang=locale.tag,
        dir=locale.dir,
        status=refusal.status,
        home=home,
        title=locale.say(ERROR_TITLES.get(refusal.status, type(refusal).message)),
        text=locale.say(refusal.message),
        incident=refusal.extra.get("incident"),
    )
    headers = {"content-language": locale.tag, "cache-control": "no-store", **retry_after(refusal)}
    return Response(html.encode(), status_code=refusal.status, media_type=rendering.HTML, headers=headers)


def _may_keep_form(request: Request[Any, Any, Any]) -> bool:
    """Tells whether this may be a form that a person has filled in, so that her words are not thrown away."""
    is_form = request.headers.get("content-type", "").startswith((URL_ENCODED, MULTIPART))
    return request.method not in SAFE_METHODS and is_form and not is_from_other_site(request)


def _lead_to(request_scope: RequestScope, locale: Locale, page: str, *, status: int) -> Response[bytes]:
    """Leads to the page where one signs in and back here afterwards. With 307 the browser sends its form there.

    The way back is sealed: the address of a file says whose it is, and the page may be seen by anybody.
    """
    where = f"{request_scope.prefix}/{_short(request_scope, locale)}{request_scope.loaded.plugins.addresses[page]}"
    if status == 307 or request_scope.scope["method"] in SAFE_METHODS:
        query = request_scope.scope["query_string"].decode("latin-1")
        path = request_scope.scope["path"].removeprefix(request_scope.prefix)
        here = request_scope.prefix + path + (f"?{query}" if query else "")
        where += f"?{urlencode({'next': seal_address(request_scope.loaded.keys, here)})}"
    return Response(b"", status_code=status, headers={"location": where, "cache-control": "no-store"})


def _short(request_scope: RequestScope, locale: Locale) -> str:
    return next(short for short, tag in request_scope.loaded.shorts.items() if tag == locale.tag)


def _locale(request_scope: RequestScope, refusal: Refusal) -> Locale:
    try:
        tag = refusal.language or request_scope.language()
    except NotFound:
        tag = request_scope.likely_language()
    return request_scope.loaded.locales.locale(tag)


def is_api(path: str) -> bool:
    """Returns whether this is the path of an API route (before or after the tenant's prefix is taken off)."""
    return re.match(r"(/t/[^/]+)?/api(/|$)", path) is not None

"""Pages: Jinja templates of the rooms and plugins of a set, filled with strings and frozen structs only.

A text in another language than the page's is wrapped in a `span` with its own `lang` and `dir`; in attributes templates
use the filter `plain`, which leaves a bare string, and `tongue` on elements that may hold nothing but text.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context as JinjaContext
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response
from markupsafe import Markup, escape

from spheres_core.facts import Message, plural
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.foundation.languages.texts import JoinedText
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.compiled_templates import COMPILED
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.foundation.web.static_files import StaticFiles

HTML = "text/html"


def make_environment(
    folders: Iterable[Path], static: StaticFiles, plugins: Mapping[str, Path] | None = None
) -> Environment:
    """Makes the environment of one plugin set.

    `folders` are the core's; `plugins` the folder of each plugin's templates by its id. They are found by names that
    begin with the id and nowhere else, so that none can replace a page of the core or of another plugin.
    """
    owned = OwnedTemplates({owner: FileSystemLoader(folder / owner) for owner, folder in (plugins or {}).items()})
    made = Environment(
        extensions=[OwnCatalogs],
        loader=ChoiceLoader([FileSystemLoader(list(folders)), owned]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_mark_language,
        auto_reload=False,
        bytecode_cache=COMPILED,
    )
    made.globals |= {"_": _say, "ngettext": _say_number, "term": _term, "asset": static.address}
    for owner in plugins or {}:
        made.globals |= {f"_in_{owner}": _say_of(owner), f"ngettext_in_{owner}": _say_number_of(owner)}
    made.filters |= {"plain": _plain, "tongue": _tongue, "day": _day, "moment": _moment, "iso": _iso}
    return made


@pass_context
def _mark_language(context: JinjaContext, value: Any) -> Any:
    if isinstance(value, Message | Mapping):
        value = context["locale"].say(value)
    if isinstance(value, JoinedText):
        return Markup().join(_mark_language(context, each) for each in value.parts)
    if isinstance(value, Text) and value.lang != context["locale"].tag and value.strip():
        return Markup('<span lang="{}" dir="{}">{}</span>').format(value.lang, value.dir, escape("".join(value)))
    return value


@pass_context
def _say(context: JinjaContext, msgid: str, **params: Any) -> Text:
    locale: Locale = context["locale"]
    return locale.say(msgid, **params)


@pass_context
def _say_number(context: JinjaContext, one: str, many: str, number: int, **params: Any) -> Text:
    locale: Locale = context["locale"]
    return locale.say_number(one, many, number, **params)


class OwnedTemplates(PrefixLoader):
    """Finds a plugin's templates by names that begin with its id, and lets them keep that name."""

    load = BaseLoader.load


class OwnCatalogs(Extension):
    """Lets `_` and `ngettext` in a plugin's template look into that plugin's own catalog, wherever it is rendered."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Renames both in templates that lie in a plugin's folder."""
        owner = (stream.name or "").partition("/")[0]
        own = f"_in_{owner}" in self.environment.globals
        for token in stream:
            if own and token.type == "name" and token.value in ("_", "ngettext"):
                yield Token(token.lineno, token.type, f"{token.value.strip('_')}_in_{owner}")
            else:
                yield token


def _say_of(owner: str) -> Callable[..., Text]:
    @pass_context
    def say(context: JinjaContext, msgid: str, **params: Any) -> Text:
        locale: Locale = context["locale"]
        return locale.say(Message(msgid, params, owner))

    return say


def _say_number_of(owner: str) -> Callable[..., Text]:
    @pass_context
    def say_number(context: JinjaContext, one: str, many: str, number: int, **params: Any) -> Text:
        locale: Locale = context["locale"]
        return locale.say(plural(one, many, number, domain=owner, **params))

    return say_number


@pass_context
def _term(context: JinjaContext, msgid: str) -> Text:
    locale: Locale = context["locale"]
    return locale.say_context("term", msgid)


@pass_context
def _plain(context: JinjaContext, value: Any) -> str:
    if isinstance(value, Message):
        value = context["locale"].say(value)
    return "" if value is None else "".join(str(value))


@pass_context
def _tongue(context: JinjaContext, value: Any) -> Markup:
    """` lang="…" dir="…"` for an element whose text is in another language and cannot hold a `span`."""
    if isinstance(value, Text) and value.lang != context["locale"].tag and value.strip():
        return Markup(' lang="{}" dir="{}"').format(value.lang, value.dir)
    return Markup("")


@pass_context
def _day(context: JinjaContext, value: dt.date | dt.datetime) -> Text:
    locale: Locale = context["locale"]
    zone: ZoneInfo = context["zone"]
    return locale.date(value.astimezone(zone).date() if isinstance(value, dt.datetime) else value)


@pass_context
def _moment(context: JinjaContext, value: dt.datetime) -> Text:
    locale: Locale = context["locale"]
    return locale.time(value, zone=context["zone"])


def _iso(value: dt.date | dt.datetime) -> str:
    """Writes it for `<time datetime>`, which knows no millionths of a second."""
    return value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value.isoformat()


async def page(
    ctx: Context,
    request_scope: RequestScope,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    posted: Post | None = None,
    **values: Any,
) -> Response[bytes]:
    """Answers with a page. `values` are what its template names; the frame comes along by itself.

    `title` may be a `Message` or `Words`; `problems` are sentences or messages by the name of a form's field. With
    `posted`, a post that cannot be taken, the fields of the form show what was typed and its problems (422).
    """
    if isinstance(values.get("title"), Message | Mapping):
        values["title"] = ctx.locale.say(values["title"])
    if posted is not None and posted.problems:
        status = 422
    problems = values.get("problems") or (posted.problems if posted else {})
    values["problems"] = _said_problems(ctx, problems)
    frame = await _frame(ctx, request_scope)
    environment: Environment = ctx.plugins.environment
    html = environment.get_template(template).render(
        locale=ctx.locale,
        zone=ctx.zone,
        frame=frame,
        url=url_for(ctx, request_scope),
        asset=asset_for(ctx, request_scope),
        posted=posted,
        **values,
    )
    answer = {"content-language": ctx.locale.tag, "cache-control": "no-store", **(headers or {})}
    return Response(html.encode(), status_code=status, media_type=HTML, headers=answer)


def _said_problems(ctx: Context, problems: Any) -> Any:
    """Returns the sentences of a form's fields, by field; a page's list of sentences stays as it is."""
    if not isinstance(problems, Mapping):
        return problems
    return {
        name: ctx.locale.say(each) if isinstance(each, Message | Mapping) else each for name, each in problems.items()
    }


def go_to(address: str) -> Response[bytes]:
    """Redirects to a page after a form, so that loading it again sends nothing twice."""
    return Response(b"", status_code=303, headers={"location": address, "cache-control": "no-store"})


def redirect(ctx: Context, request_scope: RequestScope, name: str, /, **params: Any) -> Response[bytes]:
    """Redirects to a named page after a form, so that loading it again sends nothing twice."""
    return go_to(place_of(ctx, request_scope, name, **params))


def place_of(ctx: Context, request_scope: RequestScope, name: str, /, **params: Any) -> str:
    """Returns the path of a named page, in the request's language."""
    return f"{request_scope.prefix}/{short_of(ctx, request_scope)}{ctx.plugins.addresses[name].format(**params)}"


async def _frame(ctx: Context, request_scope: RequestScope) -> dict[str, Any]:
    here = request_scope.place()
    frame: dict[str, Any] = {
        "lang": ctx.locale.tag,
        "dir": ctx.locale.dir,
        "programme": ctx.locale.pick(ctx.tenant.name),
        "illustrative": ctx.tenant.illustrative,
        "languages": _languages(ctx, request_scope, here),
        "staff": _staff(ctx),
        "csrf": ctx.actor.csrf,
        "notice": None,
        "neutral_title": None,
        "exit_url": None,
        "faces": [],
        "theme": None,
        "preview_of": request_scope.preview_of,
        "support": None,
        "not_translated": _not_translated(ctx),
        "asks": frozenset(),
    }
    frame["navigation"] = _navigation(ctx, request_scope, here, "staff" if frame["staff"] else "public")
    for _, extras in ctx.plugins.registered.get("register_frame", ()):
        frame |= await extras(ctx)
    return frame


def _languages(ctx: Context, request_scope: RequestScope, here: str) -> list[dict[str, Any]]:
    return [
        {
            "tag": tag,
            "lang": tag,
            "name": ctx.plugins.languages[tag].autonym,
            "url": f"{request_scope.prefix}/{short}/{here}".rstrip("/") + ("/" if not here else ""),
            "current": tag == ctx.locale.tag,
        }
        for short, tag in request_scope.loaded.shorts.items()
    ]


def _not_translated(ctx: Context) -> list[Text]:
    """Returns, for a language that has no texts of the core, a sentence that says so in each of the region's others."""
    if ctx.locale.translated:
        return []
    others = (ctx.locales.locale(tag) for tag in ctx.tenant.languages)
    return [
        each.say("This page is not translated into {language} yet.", language=ctx.locale.language.autonym)
        for each in others
        if each.translated
    ]


def _staff(ctx: Context) -> dict[str, Any] | None:
    if ctx.actor.kind != "staff":
        return None
    return {
        "name": ctx.actor.name,
        "roles": [ctx.locale.say(ctx.plugins.role_title(role)) for role in sorted(ctx.actor.roles)],
    }


def role_title(role: str) -> Message:
    """Returns the name of a role; its English name is its code with spaces."""
    return Message(role.rpartition(".")[2].replace("_", " ").capitalize())


def _navigation(ctx: Context, request_scope: RequestScope, here: str, audience: str) -> list[dict[str, Any]]:
    items = [
        item
        for item in ctx.navigation()
        if item.audience == audience
        and (not item.permission or ctx.may(item.permission))
        and (item.there is None or item.there(ctx))
    ]
    above = [item.path for item in items if here == item.path or (item.path and here.startswith(item.path + "/"))]
    current = max(above, key=len, default=None)
    return [
        {
            "label": ctx.locale.say(item.title),
            "url": f"{request_scope.prefix}/{short_of(ctx, request_scope)}/{item.path}",
            "current": item.path == current,
        }
        for item in items
    ]


def short_of(ctx: Context, request_scope: RequestScope) -> str:
    """Returns the short tag of the request's language, as it stands in addresses."""
    return next(short for short, tag in request_scope.loaded.shorts.items() if tag == ctx.locale.tag)


def asset_for(ctx: Context, request_scope: RequestScope) -> Callable[[str], str]:
    """Returns `asset(path)` of templates: a static file of the core, or `x/<plugin>/…` of a plugin of this region."""
    of_core: Callable[[str], str] = ctx.plugins.environment.globals["asset"]

    def asset(path: str) -> str:
        if not path.startswith("x/"):
            return of_core(path)
        version = ctx.plugins.files.version(path.removeprefix("x/"))
        return f"{request_scope.prefix}/static/{path}?v={version}"

    return asset


def url_for(ctx: Context, request_scope: RequestScope) -> Callable[..., str]:
    """Returns `url(name, **params)` of templates: the path of a named page in the request's language."""
    start = f"{request_scope.prefix}/{short_of(ctx, request_scope)}"

    def url(name: str, /, **params: Any) -> str:
        return start + ctx.plugins.addresses[name].format(**params)

    return url


def addresses(made: PluginSet) -> dict[str, str]:
    """Returns each named page's path, after the language, with `{parameters}`. A plugin's lie under `x/<plugin>`."""
    found: dict[str, str] = {}
    for owner, given in made.registered.get("register_pages", ()):
        start = f"/x/{owner}" if owner in made.plugins else ""
        for handler in given:
            if isinstance(handler, HTTPRouteHandler) and handler.name:
                found[handler.name] = start + re.sub(r"\{(\w+):\w+\}", r"{\1}", min(handler.paths))
    return found

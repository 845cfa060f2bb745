"""Panels of plugins on pages of the core: asked for, looked over, and made ready to be shown.

A panel that fails, is too large or holds what a panel may not leaves its manifest's sentence in its place. Nothing that
a plugin writes reaches a page as it is: texts are escaped, links lead to named pages, and a fragment is cleaned.
"""

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import nh3
from markupsafe import Markup
from msgspec import Struct

from spheres_core.facts import Message, Panel
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.slots import SLOTS, Slot

TAGS: Final = frozenset({
    "a", "abbr", "b", "br", "caption", "dd", "div", "dl", "dt", "em", "h3", "h4", "i", "li", "ol", "p", "small", "span",
    "strong", "table", "tbody", "td", "th", "thead", "time", "tr", "ul",
})  # fmt: skip
"""Elements that a fragment may have."""
ATTRIBUTES: Final = {
    "*": {"lang", "dir", "class"}, "a": {"href"}, "time": {"datetime"}, "th": {"scope"}, "td": {"data-label"},
}  # fmt: skip
CLASSES: Final = frozenset({"soft", "small", "number", "flow", "stack", "tags", "tag", "facts", "table", "plain"})
"""Classes of the page kit that a fragment may use."""
_FORBIDDEN: Final = re.compile(
    r"<\s*(script|style|iframe|object|embed|form|input|button|link|meta|base|img|svg|video|audio)\b"
    r"|\son\w+\s*=|\sstyle\s*=|javascript:",
    re.IGNORECASE,
)


class PanelRefused(Exception):
    """A panel that may not be shown as it is."""


class ShownPanel(Struct, frozen=True):
    """One plugin's panel in the reader's words."""

    plugin: str
    title: Text
    facts: tuple[tuple[Text, Any], ...] = ()
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    links: tuple[tuple[Text, str], ...] = ()
    html: Markup | None = None
    failed: bool = False
    """Its plugin failed: only `title` is there, and `stops`."""
    stops: tuple[Text, ...] = ()
    """The parts that are missing then, in the manifest's words."""


Facts = Callable[[Context], Awaitable[Mapping[str, Any]]]


async def show_slot(
    ctx: Context, request_scope: RequestScope, hook: str, facts: Facts | None = None
) -> tuple[ShownPanel, ...]:
    """Returns the panels of a slot. Whoever shows them has checked who reads; never raises for what a plugin does.

    `facts(ctx)` returns what the hook is told; it is asked only where somebody shows something.
    """
    if not ctx.plugins.listeners(hook):
        return ()
    told = await facts(ctx) if facts is not None else {}
    url = rendering.url_for(ctx, request_scope)

    def finish(owner: str, panel: Panel) -> ShownPanel | None:
        _refuse_too_much(SLOTS[hook], panel)
        html = _fragment(ctx, owner, panel, SLOTS[hook], url) if panel.template else None
        return None if panel.permission and not ctx.may(panel.permission) else _shown(ctx, owner, panel, html, url)

    asked = await ctx.ask_finishing(hook, told, finish=finish, most=1)
    shown = [panel for _, panel in asked.answers if panel is not None]
    return (*shown, *(_failed(ctx, owner, hook) for owner in dict.fromkeys(asked.missing)))


def _refuse_too_much(slot: Slot, panel: Panel) -> None:
    for name in ("facts", "rows", "columns", "links"):
        if len(getattr(panel, name)) > getattr(slot, name):
            raise PanelRefused(f"a panel has at most {getattr(slot, name)} {name} there")
    if any(len(row) != len(panel.columns) for row in panel.rows):
        raise PanelRefused("each row has a cell for each column")


def _fragment(ctx: Context, owner: str, panel: Panel, slot: Slot, url: Any) -> Markup:
    """Renders a template of the owner's. Raises `PanelRefused` for another's, for too much, and for scripts."""
    if not panel.template.startswith(f"{owner}/"):
        raise PanelRefused("a panel has a template of its own plugin")
    values: Mapping[str, Any] = {**panel.values, "locale": ctx.locale, "zone": ctx.zone, "url": url}
    written: list[str] = []
    for part in ctx.plugins.environment.get_template(panel.template).generate(values):
        written.append(part)
        if sum(map(len, written)) > slot.characters:
            raise PanelRefused(f"a fragment has at most {slot.characters} characters there")
    html = "".join(written)
    if _FORBIDDEN.search(html):
        raise PanelRefused("a fragment has no script, style, form, picture or frame")
    tags = set(TAGS) if slot.links else set(TAGS) - {"a"}
    return Markup(  # noqa: S704 - cleaned here
        nh3.clean(
            html, tags=tags, attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=_harmless, link_rel=None,
        )
    )  # fmt: skip


def _harmless(element: str, name: str, value: str) -> str | None:
    """Keeps links that stay on this site, and the classes of the page kit."""
    if name == "href" and not re.match(r"[/#](?![/\\])", value):
        return None
    return " ".join(each for each in value.split() if each in CLASSES) or None if name == "class" else value


def _shown(ctx: Context, owner: str, panel: Panel, html: Markup | None, url: Callable[..., str]) -> ShownPanel:
    return ShownPanel(
        owner,
        ctx.locale.say(panel.title),
        tuple((ctx.locale.say(each.label), _said(ctx, each.value)) for each in panel.facts),
        tuple(ctx.locale.say(each) for each in panel.columns),
        tuple(tuple(_said(ctx, cell) for cell in row) for row in panel.rows),
        tuple((ctx.locale.say(each.title), url(each.page, **each.params)) for each in panel.links),
        html,
    )


def _said(ctx: Context, value: Any) -> Any:
    if isinstance(value, Message | Mapping):
        return ctx.locale.say(value)
    return ctx.locale.date(value) if isinstance(value, dt.date) else value


def _failed(ctx: Context, owner: str, hook: str) -> ShownPanel:
    installed = ctx.plugins.plugins.get(owner)
    title = ctx.locale.pick(installed.manifest.title) if installed else Text(owner, ctx.locale.language)
    stops = unavailable_parts.failure_texts(ctx, owner, hook)
    return ShownPanel(owner, title, failed=True, stops=tuple(stops))

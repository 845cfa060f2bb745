"""Fields of the forms on pages of a plan, as `plans/fields.html` prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec import Struct, structs

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.plans.schemas.needs import NeedState, Urgency
from spheres_core.plans.schemas.words import SeenBy

SEEN_BY: Final[Mapping[SeenBy, Message]] = {
    "herself": msg("She herself"),
    "both": msg("She and her worker"),
    "worker": msg("Her worker"),
}
URGENCIES: Final[Mapping[Urgency, Message]] = {
    "in_time": msg("In time"),
    "soon": msg("Soon"),
    "urgent": msg("Urgent"),
}
NEED_STATES: Final[Mapping[NeedState, Message]] = {
    "open": msg("Not met yet"),
    "met": msg("Met"),
    "set_aside": msg("Set aside for now"),
}
T = TypeVar("T")


class FormInvalid(Invalid):
    """An answer is missing, or is none of those that are offered."""

    code = "form_invalid"
    message = msg("Please answer this.")


class FormField(Struct, frozen=True):
    """One field of a form."""

    kind: Literal["line", "area", "choose", "pick", "ticks", "tick", "ruler"]
    """`choose` is a list, `pick` are buttons of which one is chosen, `ruler` are those from 0 to 10."""
    name: str
    label: Text
    value: Any = ""
    hint: Text | str = ""
    options: Sequence[tuple[str, Text]] = ()


def labels(ctx: Context, entries: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """Returns entries of the region's catalogue as options."""
    return [(code, ctx.locale.pick(each.label)) for code, each in entries.items()]


def label_of(ctx: Context, entries: Mapping[str, Any], code: str) -> Text | str:
    """Returns how a code of the region's catalogue is called; the code where the catalogue has lost it."""
    words: Words | None = entries[code].label if code in entries else None
    return ctx.locale.pick(words) if words is not None else code


def unanswered(ctx: Context, owners: Sequence[str], hook: str) -> list[tuple[Text, list[Text]]]:
    """Returns the plugins that could not answer, each with what is missing then, in its own words."""
    known = [(owner, ctx.plugins.plugins[owner]) for owner in dict.fromkeys(owners) if owner in ctx.plugins.plugins]
    return [
        (ctx.locale.pick(plugin.manifest.title), unavailable_parts.failure_texts(ctx, owner, hook))
        for owner, plugin in known
    ]


def refused(
    ctx: Context, sent: Post | None, refusal: Refusal | None, fields: Sequence[FormField] = ()
) -> dict[str, Any]:
    """Returns what a page shows of a post that was refused: each problem at its field, all others above the form."""
    if sent is None or refusal is None:
        return {"posted": sent, "trouble": None, "theirs": None}
    known = {each.name for each in fields}
    found = {each.path: each.message for each in refusal.errors}
    sent.problems |= {path: said for path, said in found.items() if path in known}
    above = not sent.problems or bool(found.keys() - known)
    trouble = ctx.locale.say(refusal.message if above else msg("Some answers need another look."))
    return {"posted": sent, "trouble": trouble, "theirs": (refusal.extra or {}).get("theirs")}


def filled(fields: Sequence[FormField], sent: Post | None) -> list[FormField]:
    """Returns the fields of one form of several with what was sent in it; as they are when nothing was."""
    if sent is None:
        return [*fields]
    return [structs.replace(each, value=_sent_value(each, sent)) for each in fields]


def _sent_value(field: FormField, sent: Post) -> Any:
    if field.kind == "ticks":
        return sent.every(field.name)
    return bool(sent[field.name]) if field.kind == "tick" else sent[field.name]


def read_form(kind: type[T], values: Mapping[str, Any]) -> T:
    """Returns the struct that a form says; None stands for what was left open. Raises `FormInvalid` at its field."""
    try:
        return msgspec.convert({name: each for name, each in values.items() if each is not None}, kind)
    except msgspec.ValidationError as error:
        place = re.search(r"\$\.(\w+)", str(error)) or re.search(r"required field `(\w+)`", str(error))
        name = place.group(1) if place else ""
        raise FormInvalid(errors=[Problem(FormInvalid.message, path=name)]) from None

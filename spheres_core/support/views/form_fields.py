"""Makes the fields of this room's forms, with what was sent in them and what stands against it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field, Option
from spheres_core.foundation.web.posts import Post


class Filled(Struct, frozen=True):
    """A form as it was sent, and the problems with it, by field."""

    sent: Post | None = None
    problems: Mapping[str, Text] = {}


def filled(ctx: Context, sent: Post | None, refusal: Refusal | None) -> Filled:
    """Returns what was sent with the problems of the page and of the refusal, in the reader's language."""
    if sent is None:
        return Filled()
    found = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    typed = {name: ctx.locale.say(said) for name, said in sent.problems.items() if isinstance(said, Message)}
    return Filled(sent, found | typed)


def field(
    ctx: Context, by: Filled, input: str, name: str, label: Message, value: Any = "", *, hint: Message | None = None,
    options: Iterable[tuple[str, Text]] = (), required: bool = False, rows: int = 4,
) -> Field:  # fmt: skip
    """Returns one field: with what was sent where something was, else with `value`."""
    sent = by.sent
    now = value if sent is None else sent.every(name) if input == "checkboxes" else sent[name]
    chosen = set(now) if input == "checkboxes" else {str(now)}
    return Field(
        name, f"q-{name.replace('.', '-')}", ctx.locale.say(label), input,
        hint=ctx.locale.say(hint) if hint else None, required=required, rows=rows,
        value="" if input in ("checkboxes", "radio", "list") else str(now or ""),
        options=tuple(Option(code, read, code in chosen, True) for code, read in options),
        problem=by.problems.get(name),
    )  # fmt: skip


def problem_list(fields: Sequence[Field]) -> tuple[tuple[str, Text], ...]:
    """Returns the error summary: the id of each field and what to do there."""
    return tuple((each.id, each.problem) for each in fields if each.problem is not None)

"""How each kind of question is entered on a page: which field, in which parts, with which numbers to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from spheres_core.facts import Words, msg
from spheres_core.forms.answer_types import written_number
from spheres_core.forms.compiled_form import CompiledQuestion
from spheres_core.forms.schemas import DAY_PARTS, TIME_PARTS
from spheres_core.forms.written_times import split
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.foundation.web.form_fields import Medium, Option, Part

MOST_RADIOS: Final = 9
"""More choices than this become a list to open."""
MOST_NUMBERS: Final = 11
"""A range of more numbers than this is typed: 0 to 10 can be chosen."""

MOST_NUMBERS_LISTED: Final = 200
"""A range of more numbers than this is typed, even where a list is wanted."""
LISTS: Final = frozenset({"minimal", "autocomplete"})
"""Appearances that make a list to open of choices."""
_PART_LABELS: Final = {
    "day": msg("Day"),
    "month": msg("Month"),
    "year": msg("Year"),
    "hour": msg("Hour (0 to 23)"),
    "minute": msg("Minutes"),
}


def input_of(item: CompiledQuestion) -> str:
    """Returns which field a question is answered in; see `Field.input`."""
    if item.question.read_only:
        return "shown" if item.question.is_computed else "fixed"
    if item.question.parts:
        return "parts"
    asked = item.question.looks
    if item.kind == "text":
        for word, kind in (("phone", "tel"), ("email", "email"), ("multiline", "textarea")):
            if word in asked:
                return kind
        return "text"
    if item.kind == "select_one":
        names = {choice.name for choice in item.options}
        if any(choice.media for choice in item.options):
            return "radio"
        return "list" if len(names) > MOST_RADIOS or not LISTS.isdisjoint(asked) else "radio"
    if item.kind == "range" and "picker" in asked and item.question.steps.size <= MOST_NUMBERS_LISTED:
        return "list"
    if item.kind == "range":
        return "radio" if item.question.steps.size <= MOST_NUMBERS else "number"
    return {
        "integer": "number",
        "decimal": "number",
        "select_multiple": "checkboxes",
        "rank": "ranking",
        "geopoint": "text",
        "image": "file",
        "audio": "file",
        "video": "file",
        "acknowledge": "tick",
        "calculate": "computed",
    }.get(item.kind, item.kind)


def inputmode_of(item: CompiledQuestion) -> str:
    """Returns the keyboard that a telephone shows."""
    if item.kind == "range":
        return "numeric" if item.question.steps.whole else "decimal"
    if "numbers" in item.question.looks:
        return "numeric"
    return {"integer": "numeric", "decimal": "decimal"}.get(item.kind, "")


def numbers_to_choose(item: CompiledQuestion, sent: Any, name: str, locale: Locale) -> tuple[Option, ...]:
    """Returns the numbers of a short range, to choose from."""
    if item.kind != "range" or input_of(item) == "number":
        return ()
    steps = item.question.steps
    chosen = written_number(Decimal(repr(sent))) if isinstance(sent, int | float) and not isinstance(sent, bool) else ""
    numbers = [written_number(steps.lowest + steps.step * place) for place in range(steps.size)]
    return tuple(Option(number, locale.number(float(number)), number == chosen, True) for number in numbers)


def bounds_of(item: CompiledQuestion, locale: Locale) -> Text | None:
    """Returns which numbers a range takes, where they are typed."""
    if item.kind != "range" or input_of(item) != "number":
        return None
    steps = item.question.steps
    lowest, highest, step = (locale.number(float(each)) for each in steps)
    if steps.step == 1:
        return locale.say(msg("From {lowest} to {highest}.", lowest=lowest, highest=highest))
    return locale.say(msg("From {lowest} to {highest}, in steps of {step}.", lowest=lowest, highest=highest, step=step))


def media_shown(media: Mapping[str, Words], words: Text, locale: Locale) -> tuple[Medium, ...]:
    """Returns the files of a question or a choice, in the reader's language."""
    digests = {column: locale.pick(named).partition("/")[0] for column, named in media.items()}
    larger = digests.pop("big-image", "")
    return tuple(
        Medium(kind, digest, words, larger if kind == "image" else "") for kind, digest in digests.items() if digest
    )


def parts_of(item: CompiledQuestion, sent: Any, name: str, locale: Locale) -> tuple[Part, ...]:
    """Returns the fields of a day or a time, the day before the month as people say it, or of each place of a
    ranking."""
    if item.kind == "rank":
        return _places(item, sent, name, locale)
    asked = item.question.parts
    written = split(shown_value(sent, item), asked) if asked else {}
    shown = [part for part in (*reversed(DAY_PARTS), *TIME_PARTS) if part in asked]
    return tuple(
        Part(
            f"{name}.{part}",
            _part_id(name, part, first=part == shown[0]),
            locale.say(_PART_LABELS[part]),
            written[part],
            wide=part == "year",
        )
        for part in shown
    )


def _places(item: CompiledQuestion, sent: Any, name: str, locale: Locale) -> tuple[Part, ...]:
    given = [each if isinstance(each, str) else "" for each in sent] if isinstance(sent, list) else []
    count = len({choice.name for choice in item.options if not choice.retired})
    return tuple(
        Part(
            f"{name}.{place}",
            _part_id(name, str(place), first=place == 1),
            locale.say(msg("Place {number}", number=place)),
            given[place - 1] if place <= len(given) else "",
        )
        for place in range(1, count + 1)
    )


def _part_id(name: str, part: str, *, first: bool) -> str:
    """Returns the id of one field of several; the first has that of the question, where its problem leads."""
    return field_id(name) if first else f"{field_id(name)}-{part}"


def field_id(name: str) -> str:
    """Returns the HTML id of a question by its shown path."""
    return "q-" + name.replace(".", "-").replace("[", "-").replace("]", "")


def shown_value(sent: Any, item: CompiledQuestion) -> str:
    """Returns what was sent, as text for an input; nothing when it is no single value."""
    if isinstance(sent, bool):
        return "true" if sent else ""
    if isinstance(sent, str | int | float) and item.kind not in ("group", "repeat"):
        return str(sent)
    return ""

"""Whether a sent value is of the kind that its question asks for, and what it is then."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.compiled_form import CompiledQuestion
from spheres_core.foundation.content.telephone_numbers import NOT_A_TELEPHONE, is_personal_telephone

LARGEST_NUMBER: Final = 2**53 - 1
"""The largest whole number that a double holds exactly, so that browser and server count alike."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})(?:-01)?")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)


class TypedAnswer(NamedTuple):
    """A value in both shapes, or why it has none. All three None means blank."""

    clean: Any = None
    """As it is kept."""
    value: Any = None
    """As rules see it."""
    problem: Message | None = None
    code: str = ""


BLANK: Final = TypedAnswer()


def _wrong(message: Message, code: str = "wrong_type") -> TypedAnswer:
    return TypedAnswer(problem=message, code=code)


def text_problem(sent: str, most: int) -> tuple[Message, str] | None:
    """Returns why a text cannot be kept: too long, or with characters that no database holds."""
    if len(sent) > most:
        return msg("This is too long: at most {limit} characters.", limit=most), "too_long"
    if "\0" in sent or not _encodable(sent):
        return msg("This contains characters that cannot be kept."), "bad_text"
    return None


def _encodable(sent: str) -> bool:
    if sent.isascii():
        return True
    try:
        sent.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(sent: Any, item: CompiledQuestion) -> TypedAnswer:
    if not isinstance(sent, str):
        return _wrong(msg("Enter a text."))
    if problem := text_problem(sent, item.question.most):
        return TypedAnswer(problem=problem[0], code=problem[1])
    if not sent.strip():
        return BLANK
    asked = item.question.appearance
    if asked and "email" in asked.split() and not _EMAIL.fullmatch(sent.strip()):
        return _wrong(msg("Enter an e-mail address, such as name@example.org."), "not_an_email")
    if asked and "phone" in asked.split() and not is_personal_telephone(sent):
        return _wrong(NOT_A_TELEPHONE, "not_a_phone")
    return TypedAnswer(sent, sent)


def _integer(sent: Any, _item: CompiledQuestion) -> TypedAnswer:
    if isinstance(sent, float) and sent.is_integer():
        sent = int(sent) if abs(sent) <= LARGEST_NUMBER else None
    if isinstance(sent, bool) or not isinstance(sent, int) or abs(sent) > LARGEST_NUMBER:
        return _wrong(msg("Enter a whole number, in digits."))
    return TypedAnswer(sent, float(sent))


def _decimal(sent: Any, _item: CompiledQuestion) -> TypedAnswer:
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        return _wrong(msg("Enter a number, in digits."))
    if not math.isfinite(sent) or abs(sent) > LARGEST_NUMBER:
        return _wrong(msg("Enter a number, in digits."))
    return TypedAnswer(sent, float(sent))


def _date(sent: Any, item: CompiledQuestion) -> TypedAnswer:
    if item.question.asks_month:
        return _month(sent)
    if isinstance(sent, str) and _DATE.fullmatch(sent):
        try:
            dt.date.fromisoformat(sent)
        except ValueError:
            return _wrong(msg("There is no such day; check the date."))
        return TypedAnswer(sent, sent)
    return _wrong(msg("Enter the date with its year, month and day, such as 2026-11-21."))


def _month(sent: Any) -> TypedAnswer:
    """Returns a month as its first day."""
    if isinstance(sent, str) and (written := _MONTH.fullmatch(sent)) and 1 <= int(written[2]) <= 12 and int(written[1]):
        day = f"{written[1]}-{written[2]}-01"
        return TypedAnswer(day, day)
    return _wrong(msg("Enter the month and the year, such as 2026-11."))


def _one(sent: Any, item: CompiledQuestion) -> TypedAnswer:
    if not isinstance(sent, str):
        return _wrong(msg("Choose one of the answers offered."))
    if sent not in item.offered:
        return _wrong(msg("Choose one of the answers offered."), "not_offered")
    return TypedAnswer(sent, sent)


def _many(sent: Any, item: CompiledQuestion) -> TypedAnswer:
    """Returns a list of codes. A problem with one of them is found again by place in `answers`."""
    if not isinstance(sent, list):
        return _wrong(msg("Choose any of the answers offered, as a list."))
    if len(sent) > len(item.offered):
        return _wrong(msg("There are more answers here than were offered."), "too_many")
    return TypedAnswer(list(sent), [code for code in sent if isinstance(code, str)])


def _acknowledged(sent: Any, _item: CompiledQuestion) -> TypedAnswer:
    if sent is True or sent == "OK":
        return TypedAnswer(True, True)
    if sent is False:
        return BLANK
    return _wrong(msg("Answer true, or leave this out."))


TYPES: Final[dict[str, Callable[[Any, CompiledQuestion], TypedAnswer]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "select_one": _one,
    "select_multiple": _many,
    "acknowledge": _acknowledged,
}

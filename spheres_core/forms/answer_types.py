"""Whether a sent value is of the kind that its question asks for, and what it is then."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol

from spheres_core.facts import Message, msg
from spheres_core.forms.schemas import Question
from spheres_core.forms.written_times import date_time_in, day_in, is_written_as_day, month_in, time_in, year_in
from spheres_core.foundation.content.telephone_numbers import NOT_A_TELEPHONE, is_personal_telephone

LARGEST_NUMBER: Final = 2**53 - 1
"""The largest whole number that a double holds exactly, so that browser and server count alike."""

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_HANDLE: Final = re.compile(r"[A-Za-z0-9_-]{36,43}")


class AskedQuestion(Protocol):
    """A question with the codes that it offers."""

    @property
    def question(self) -> Question: ...

    @property
    def offered(self) -> frozenset[str]: ...


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


def rule_value(kept: Any) -> Any:
    """Returns an answer that is kept as rules see it: whole numbers as doubles, several codes as one text, and `OK`
    for a box that is ticked."""
    if kept is True:
        return "OK"
    if type(kept) is int:
        return float(kept)
    return " ".join(code for code in kept if isinstance(code, str)) if isinstance(kept, list) else kept


def _text(sent: Any, item: AskedQuestion) -> TypedAnswer:
    if not isinstance(sent, str):
        return _wrong(msg("Enter a text."))
    if problem := text_problem(sent, item.question.most):
        return TypedAnswer(problem=problem[0], code=problem[1])
    if not sent.strip():
        return BLANK
    asked = item.question.looks
    if "email" in asked and not _EMAIL.fullmatch(sent.strip()):
        return _wrong(msg("Enter an e-mail address, such as name@example.org."), "not_an_email")
    if "phone" in asked and not is_personal_telephone(sent):
        return _wrong(NOT_A_TELEPHONE, "not_a_phone")
    return TypedAnswer(sent, sent)


def _integer(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    if isinstance(sent, float) and sent.is_integer():
        sent = int(sent) if abs(sent) <= LARGEST_NUMBER else None
    if isinstance(sent, bool) or not isinstance(sent, int) or abs(sent) > LARGEST_NUMBER:
        return _wrong(msg("Enter a whole number, in digits."))
    return TypedAnswer(sent, float(sent))


def _decimal(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        return _wrong(msg("Enter a number, in digits."))
    if not math.isfinite(sent) or abs(sent) > LARGEST_NUMBER:
        return _wrong(msg("Enter a number, in digits."))
    return TypedAnswer(sent, float(sent))


def _range(sent: Any, item: AskedQuestion) -> TypedAnswer:
    steps = item.question.steps
    if steps.whole and isinstance(sent, float) and sent.is_integer() and abs(sent) <= LARGEST_NUMBER:
        sent = int(sent)
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not math.isfinite(sent) or not steps.holds(sent):
        bounds = {"lowest": steps.lowest, "highest": steps.highest}
        if steps.whole and steps.step == 1:
            return _wrong(msg("Enter a whole number from {lowest} to {highest}.", **bounds), "not_offered")
        told = msg("Enter a number from {lowest} to {highest}, in steps of {step}.", **bounds,
                   step=steps.step)  # fmt: skip
        return _wrong(told, "not_offered")
    return TypedAnswer(sent, float(sent))


def written_number(number: Decimal) -> str:
    """Returns a number in figures, without zeros that say nothing."""
    return f"{number.normalize():f}"


def _date(sent: Any, item: AskedQuestion) -> TypedAnswer:
    written = sent if isinstance(sent, str) else ""
    if item.question.asks_year:
        return _kept(year_in(written), msg("Enter the year, such as 2026."))
    if item.question.asks_month:
        return _kept(month_in(written), msg("Enter the month and the year, such as 2026-11."))
    if is_written_as_day(written):
        return _kept(day_in(written), msg("There is no such day; check the date."))
    return _wrong(msg("Enter the date with its year, month and day, such as 2026-11-21."))


def _time(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    written = sent if isinstance(sent, str) else ""
    return _kept(time_in(written), msg("Enter the time with its hour, from 0 to 23, and its minutes, such as 14:30."))


def _datetime(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    written = sent if isinstance(sent, str) else ""
    told = msg("Enter the day and the time, with its hour from 0 to 23, such as 2026-11-21T14:30.")
    return _kept(date_time_in(written), told)


def _kept(text: str | None, otherwise: Message) -> TypedAnswer:
    return _wrong(otherwise) if text is None else TypedAnswer(text, text)


def _place(sent: Any, item: AskedQuestion) -> TypedAnswer:
    """Returns a place as a person writes it: an address, a crossing, coordinates."""
    if not isinstance(sent, str):
        return _wrong(msg("Enter a text."))
    if problem := text_problem(sent, item.question.most):
        return TypedAnswer(problem=problem[0], code=problem[1])
    return TypedAnswer(sent, sent) if sent.strip() else BLANK


def _one(sent: Any, item: AskedQuestion) -> TypedAnswer:
    if not isinstance(sent, str):
        return _wrong(msg("Choose one of the answers offered."))
    if sent not in item.offered:
        return _wrong(msg("Choose one of the answers offered."), "not_offered")
    return TypedAnswer(sent, sent)


def _many(sent: Any, item: AskedQuestion) -> TypedAnswer:
    """Returns a list of codes. A problem with one of them is found again by place in `answers`."""
    if not isinstance(sent, list):
        return _wrong(msg("Choose any of the answers offered, as a list."))
    if len(sent) > len(item.offered):
        return _wrong(msg("There are more answers here than were offered."), "too_many")
    return TypedAnswer(list(sent), rule_value(sent))


def _acknowledged(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    if sent is True or sent == "OK":
        return TypedAnswer(True, rule_value(True))
    if sent is False:
        return BLANK
    return _wrong(msg("Answer true, or leave this out."))


def _attachment(sent: Any, _item: AskedQuestion) -> TypedAnswer:
    """Returns the handle of a file that was sent before, or the id of one that is kept."""
    if isinstance(sent, str) and _HANDLE.fullmatch(sent):
        return TypedAnswer(sent, sent)
    return _wrong(msg("Send the file first; the handle that it is given is the answer."), "not_a_handle")


TYPES: Final[dict[str, Callable[[Any, AskedQuestion], TypedAnswer]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "range": _range,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "select_one": _one,
    "select_multiple": _many,
    "rank": _many,
    "geopoint": _place,
    "image": _attachment,
    "audio": _attachment,
    "video": _attachment,
    "file": _attachment,
    "acknowledge": _acknowledged,
}

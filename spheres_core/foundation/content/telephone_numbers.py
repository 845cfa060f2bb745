"""Telephone numbers: read as people write them, shown in the reader's form, compared in E.164.

`phonenumbers` knows the numbering plans. What is added here is how numbers are written in Québec (`poste 12`), the
short numbers that a directory may name (`811`, `988`), and what people write beside a number (`(cell)`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

from spheres_core.facts import msg

HOME: Final = "CA"
"""The country whose numbers need no country code."""
NOT_A_TELEPHONE: Final = msg(
    "Enter a telephone number with its area code, such as 450-555-0101 or 450-555-0101, ext. 12."
)
_LONGEST: Final = 80
"""Characters of what is read; a longer text is no number."""
_NORTH_AMERICA: Final = 1
_SHORT: Final = re.compile(r"[2-9]\d{2}|[2-9]\d{4,5}")
"""`811`, and numbers for text messages such as `686868`."""
_LABEL: Final = re.compile(r"(?:tel:|t[ée]l(?:[ée]phone)?|phone|cell(?:ulaire|phone)?|mobile|n[o°])\b[\s.:]*", re.I)
_EXTENSION: Final = re.compile(
    r"[\s,;.]*[(\[]?\s*(?:#|(?<![^\W\d_])(?:postes?|ext(?:ension|n)?|x|local|loc|p)\s*[.:=]?)\s*[#:]?\s*(\d{1,7})\s*[)\]]?",
    re.I,
)
_REMARK: Final = re.compile(r"[\s,;]*\(([^()]*[^\W\d_][^()]*)\)")
_PLAIN: Final = re.compile(r"\+?[\d\s().,/~-]+")
_LETTERED: Final = re.compile(r"(?:\+?1[\s.-]*)?\(?(\d{3})\)?[\s.-]*((?=(?:[\s.-]*[a-z0-9]){7,})[a-z0-9.\s-]+)", re.I)
_MOST_DIGITS_AMONG_LETTERS: Final = 3
"""As in `450 555-AIDE`; with more of them, the letters are words beside a number that lacks digits."""
_ASSIGNABLE: Final = re.compile(r"(?!37|96|[2-9]9|[2-9]11)[2-9]\d\d(?![2-9]11)[2-9]\d{6}")
"""A number of North America that may be assigned. Area codes are added faster than software is upgraded, and nobody is
turned away for having a new one."""


class TelephoneNumber(Struct, frozen=True):
    """A number that can be dialled."""

    e164: str
    """`+14505550101`; a short number as it is dialled: `811`."""
    extension: str = ""
    remark: str = ""
    """Words in parentheses after it, or the number itself where it has letters."""

    @property
    def is_short(self) -> bool:
        return not self.e164.startswith("+")


@lru_cache(maxsize=4096)
def read_telephone(text: str) -> TelephoneNumber | None:
    """Returns the number that a text writes, or None when nobody could dial it."""
    written = _visible(text)
    if not written or len(written) > _LONGEST:
        return None
    written = _LABEL.sub("", written, count=1) if _LABEL.match(written) else written
    written, extension = _without_end(written, _EXTENSION)
    written, remark = _without_end(written, _REMARK)
    if not extension:
        written, extension = _without_end(written, _EXTENSION)
    digits = re.sub(r"[\s.-]", "", written)
    if _SHORT.fullmatch(digits):
        found = digits if _is_short(digits) and not extension else ""
    elif _PLAIN.fullmatch(written):
        found = _e164(re.sub(r"^00(?=[\s.-]*[1-9])", "+", written))
    else:
        found, remark = _lettered(written), remark or written
    return TelephoneNumber(found, extension, remark.strip()) if found else None


def is_personal_telephone(text: str) -> bool:
    """Returns whether a text is a number on which a person can be called back: not `911`."""
    number = read_telephone(text)
    return number is not None and not number.is_short


def format_telephone(text: str, language: str) -> str:
    """Returns a number in the form of a language: `450 555-0101, poste 12` in French, `450-555-0101, ext. 12` in
    English and elsewhere. A text that is no number comes back as it is."""
    number = read_telephone(text)
    if number is None:
        return text
    french = language.partition("-")[0] == "fr"
    shown = number.e164 if number.is_short else _written(phonenumbers.parse(number.e164), " " if french else "-")
    if number.extension:
        shown += f", {'poste' if french else 'ext.'} {number.extension}"
    return f"{shown} ({number.remark})" if number.remark else shown


def split_extension(text: str) -> tuple[str, str]:
    """Returns a number as it is written, without its extension, and the extension; empty when it has none."""
    return _without_end(_visible(text), _EXTENSION)


def telephone_link(text: str, scheme: str = "tel") -> str:
    """Returns where a link to a number leads: `tel:+14505550101;ext=12`, `sms:+14505550101`; empty when the text is no
    number. A text message goes to no extension."""
    number = read_telephone(text)
    if number is None:
        return ""
    extension = f";ext={number.extension}" if number.extension and scheme == "tel" else ""
    return f"{scheme}:{number.e164}{extension}"


def compared_telephone(text: str) -> str:
    """Returns the number in E.164 without its extension, by which two are the same; empty when it is none."""
    number = read_telephone(text)
    return number.e164 if number else ""


def _visible(text: str) -> str:
    """Returns the text without what nobody sees, its digits and blanks as a keyboard writes them."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        "-" if unicodedata.category(mark) == "Pd" or mark == "−" else " " if mark.isspace() else mark
        for mark in plain
        if mark.isspace() or unicodedata.category(mark) not in ("Cf", "Cc")
    )
    return plain.strip(' "«»“”')


def _without_end(written: str, ending: re.Pattern[str]) -> tuple[str, str]:
    """Returns what stands before an ending, and what the ending says; the whole when it has none."""
    found = next((match for match in ending.finditer(written) if match.end() == len(written)), None)
    if found is None or not any(mark.isdigit() for mark in written[: found.start()]):
        return written, ""
    return written[: found.start()], found[1]


def _e164(written: str) -> str:
    try:
        parsed = phonenumbers.parse(written, HOME)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if _can_be_dialled(parsed) else ""


def _can_be_dialled(parsed: PhoneNumber) -> bool:
    if phonenumbers.is_valid_number(parsed):
        return True
    return parsed.country_code == _NORTH_AMERICA and bool(_ASSIGNABLE.fullmatch(str(parsed.national_number)))


def _lettered(written: str) -> str:
    """Returns the number that letters write, as in `1 866 APPELLE`. Letters after its end are not dialled."""
    found = _LETTERED.fullmatch(written)
    if found is None:
        return ""
    rest = re.sub(r"[\s.-]", "", found[2])
    if sum(mark.isdigit() for mark in rest) > _MOST_DIGITS_AMONG_LETTERS:
        return ""
    return _e164(found[1] + phonenumbers.convert_alpha_characters_in_number(rest[:7]))


def _is_short(digits: str) -> bool:
    return shortnumberinfo.is_valid_short_number_for_region(phonenumbers.parse(digits, HOME), HOME)


def _written(parsed: PhoneNumber, mark: str) -> str:
    if parsed.country_code != _NORTH_AMERICA:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    digits = str(parsed.national_number)
    before = ("1",) if phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE else ()
    return f"{mark.join((*before, digits[:3], digits[3:6]))}-{digits[6:]}"

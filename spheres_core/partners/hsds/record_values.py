"""Single values of an HSDS record, each checked; what is wrong goes into the file's findings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.content.json_documents import join
from spheres_core.foundation.content.language_tags import coded_language, language_tag
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord


def has_name(file: HsdsFile, placed: LocatedRecord) -> bool:
    name = placed.record.get("name")
    if not isinstance(name, str) or not name.strip():
        sentence = msg("A name in words is needed here; a logo or an empty text is not enough.")
        file.find(join(placed.pointer, "name"), sentence)
        return False
    return True


def text_of(file: HsdsFile, placed: LocatedRecord, name: str) -> str:
    value = placed.record.get(name)
    if value is not None and not isinstance(value, str):
        file.find(join(placed.pointer, name), msg("A text is expected here."))
        return ""
    return (value or "").strip()


def day_of(file: HsdsFile, placed: LocatedRecord, name: str) -> dt.date | None:
    value = placed.record.get(name)
    if value is None:
        return None
    if (day := parse_day(value)) is None:
        file.find(join(placed.pointer, name), msg("This is not a day such as 2026-11-21."))
    return day


def list_of(file: HsdsFile, placed: LocatedRecord, name: str) -> Sequence[Any]:
    value = placed.record.get(name)
    if value is not None and not isinstance(value, list):
        file.find(join(placed.pointer, name), msg("A list is expected here."))
        return ()
    return value or ()


def language_of(record: Any) -> str:
    """Returns the tag of an HSDS language by its code, or by its name where it has none; empty when it has neither."""
    if not isinstance(record, Mapping):
        return ""
    code, name = record.get("code"), record.get("name")
    return (coded_language(code) if isinstance(code, str) else "") or (
        language_tag(name) if isinstance(name, str) and not code else ""
    )


def parse_day(value: Any) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        return None

"""The fields of a service as an HSDS record says them, and whether all of them can be evaluated."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from spheres_core.facts import msg
from spheres_core.foundation.content.json_documents import join
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.partners.hours import why_unreadable
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord
from spheres_core.partners.hsds.extension import own_areas, own_zone
from spheres_core.partners.hsds.record_values import language_of, list_of, text_of
from spheres_core.partners.hsds.records import (
    NEEDS,
    RecordContext,
)
from spheres_core.partners.hsds.schedules import ScheduleUnreadable, read_schedules
from spheres_core.partners.schemas.directory import Service

OLDEST = 120
"""Completed years that stand for "no upper age": our ranges have two ends."""
_STATUSES = ("active", "inactive", "defunct", "temporarily closed")


def service_fields(
    file: HsdsFile, placed: LocatedRecord, context: RecordContext, day: dt.date, notes: HsdsFile
) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": {context.short: placed.record["name"]}, "verified_on": day}
    if about := text_of(file, placed, "description"):
        fields["about"] = {context.short: about}
    fields["ages"] = _ages(placed, notes)
    fields |= _hours(file, placed, context, notes)
    fields["languages"] = _languages(file, placed, notes)
    fields["areas"] = _areas(file, placed, context, notes)
    fields["needs"] = _needs(placed.record)
    if (ends := _ended(placed, day, notes)) is not None:
        fields["ends"] = ends
    return fields


def is_usable(file: HsdsFile, placed: LocatedRecord, entry: Service) -> bool:
    """Returns whether everything about this service can be evaluated and stored."""
    pointer = placed.pointer if EXTENSION not in placed.record else f"{placed.pointer}/{EXTENSION}/entry"
    before = len(file.findings)
    for i, each in enumerate(entry.hours):
        if (problem := why_unreadable(each)) is not None:
            file.find(f"{pointer}/hours/{i}", problem)
    if entry.ages and not 0 <= entry.ages[0] <= entry.ages[1]:
        file.find(f"{pointer}/ages", msg("The first age is the lower one."))
    if entry.starts and entry.ends and entry.ends <= entry.starts:
        file.find(f"{pointer}/until", msg("It ends before it begins."))
    return len(file.findings) == before


def _ages(placed: LocatedRecord, notes: HsdsFile) -> tuple[int, int] | None:
    given = {}
    for name in ("minimum_age", "maximum_age"):
        value = placed.record.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1000:
            notes.find(join(placed.pointer, name), msg("An age in years is expected here."))
            return None
        given[name] = value
    if not given:
        return None
    least, most = math.ceil(given.get("minimum_age", 0)), math.floor(given.get("maximum_age", OLDEST))
    if least > most:
        notes.find(join(placed.pointer, "minimum_age"), msg("The first age is the lower one."))
        return None
    return least, most


def _hours(file: HsdsFile, placed: LocatedRecord, context: RecordContext, notes: HsdsFile) -> dict[str, Any]:
    """Returns the hours, or none when they are not understood whole: nobody should be sent to a closed office."""
    pointer = join(placed.pointer, "schedules")
    records = [each for each in list_of(file, placed, "schedules") if isinstance(each, Mapping)]
    try:
        found, zone = read_schedules(records, zone=own_zone(placed.record) or context.zone, at=context.now)
    except ScheduleUnreadable as unreadable:
        sentence = msg(
            "These hours are not understood whole ({field}): kept, not used; they count as not stated.",
            field=unreadable.field,
        )
        notes.warn(pointer, sentence)
        return {"hours": (), "time_zone": ""}
    return {"hours": found, "time_zone": zone}


def _languages(file: HsdsFile, placed: LocatedRecord, notes: HsdsFile) -> tuple[str, ...]:
    found = []
    for i, each in enumerate(list_of(file, placed, "languages")):
        if tag := language_of(each):
            found.append(tag)
        else:
            sentence = msg("This language has no code such as en: kept, not used.")
            notes.warn(f"{placed.pointer}/languages/{i}", sentence)
    return tuple(dict.fromkeys(found))


def _areas(file: HsdsFile, placed: LocatedRecord, context: RecordContext, notes: HsdsFile) -> tuple[str, ...]:
    names = {text.casefold(): key for key, words in context.areas.items() for text in words.values()}
    names |= {key: key for key in context.areas}
    ids = {str(uuid5(placed.id, f"area:{key}")): key for key in own_areas(placed.record)}
    found = []
    for i, each in enumerate(list_of(file, placed, "service_areas")):
        area = each if isinstance(each, Mapping) else {}
        if key := ids.get(str(area.get("id"))) or names.get(str(area.get("name") or "").casefold()):
            found.append(key)
        else:
            sentence = msg("This area is not one of the tenant's: kept, not used.")
            notes.warn(f"{placed.pointer}/service_areas/{i}", sentence)
    return tuple(dict.fromkeys(found))


def _ended(placed: LocatedRecord, day: dt.date, notes: HsdsFile) -> dt.date | None:
    status = placed.record.get("status")
    if status not in _STATUSES:
        sentence = msg("One of these is expected here: {choices}.", choices=", ".join(_STATUSES))
        notes.find(join(placed.pointer, "status"), sentence)
        return None
    if status == "active":
        return None
    sentence = msg("The file says {status}: not offered here from {day} on.", status=status, day=day)
    notes.warn(join(placed.pointer, "status"), sentence)
    return day


def _needs(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    attributes = record.get("attributes")
    for each in attributes if isinstance(attributes, list) else ():
        term = each.get("taxonomy_term") if isinstance(each, Mapping) else None
        if isinstance(term, Mapping) and term.get("taxonomy") == NEEDS and KEY.fullmatch(str(term.get("code"))):
            found.append(str(term["code"]))
    return tuple(dict.fromkeys(found))

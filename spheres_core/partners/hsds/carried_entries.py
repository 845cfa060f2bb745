"""Our own entry where an HSDS record carries one (`x_spheres`), with what the record's other fields say otherwise."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.content.json_documents import join
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.foundation.content.time_zones import is_time_zone
from spheres_core.partners.contact_values import contact_problem
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord, as_uuid
from spheres_core.partners.hsds.extension import is_tag
from spheres_core.partners.hsds.records import (
    OwnedContact,
    RecordContext,
)
from spheres_core.partners.schemas.directory import Contact

S = TypeVar("S", bound=Struct)
_WORDS = ("name", "legal_name", "note", "about")


def carried_entry(file: HsdsFile, placed: LocatedRecord, kind: type[S]) -> S | bool | None:
    """Returns the entry that the record carries; False when it carries none, None when it is not one."""
    own = placed.record.get(EXTENSION)
    if own is None:
        return False
    pointer = join(placed.pointer, EXTENSION)
    try:
        if own["format"] != 1 or not own["text_languages"] or not all(map(is_tag, own["text_languages"])):
            raise ValueError
        entry: Any = msgspec.convert(own["entry"], kind)
    except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
        file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=reason))
        return None
    if not KEY.fullmatch(entry.key):
        sentence = msg("{key} is not a key: small letters, digits and underscores.", key=entry.key)
        file.find(f"{pointer}/entry/key", sentence)
        return None
    zone = getattr(entry, "time_zone", "")
    if zone and not is_time_zone(zone):
        file.find(f"{pointer}/entry/time_zone", msg("{key} is not a time zone.", key=zone))
        return None
    return entry  # type: ignore[no-any-return]


def carried_contacts(file: HsdsFile, placed: LocatedRecord) -> list[OwnedContact]:
    own = placed.record.get(EXTENSION)
    given = own.get("contacts") if isinstance(own, Mapping) else None
    found: list[OwnedContact] = []
    for i, each in enumerate(given if isinstance(given, list) else ()):
        pointer = f"{placed.pointer}/{EXTENSION}/contacts/{i}"
        try:
            id_ = as_uuid(each.get("id"))
            contact = msgspec.convert({k: v for k, v in each.items() if k != "id"}, Contact)
        except (AttributeError, msgspec.ValidationError) as error:
            file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=str(error)))
            continue
        problem = contact_problem(contact.kind, contact.value)
        if id_ is None or not KEY.fullmatch(contact.key) or problem is not None:
            said = problem or msg("its id or its key is not one")
            file.find(pointer, msg("This is not an entry as SPHÈRES writes it: {reason}", reason=said))
            continue
        found.append(OwnedContact(id_, contact))
    return found


def with_text_languages(placed: LocatedRecord, context: RecordContext) -> RecordContext:
    """Returns the context, in the languages that the record's texts were written in."""
    own = placed.record.get(EXTENSION)
    spoken = own.get("text_languages") if isinstance(own, Mapping) else None
    if not isinstance(spoken, list) or not spoken or not all(map(is_tag, spoken)):
        return context
    return msgspec.structs.replace(context, languages=tuple(spoken))


def with_hsds_changes(entry: S, theirs: Mapping[str, Any], ours: Mapping[str, Any], context: RecordContext) -> S:
    """Returns our entry with what the fields of HSDS say otherwise."""
    changes: dict[str, Any] = {}
    for name, value in theirs.items():
        if value == ours.get(name):
            continue
        if name in _WORDS:
            tag = context.languages[0]
            before = {k: v for k, v in getattr(entry, name).items() if k not in (tag, context.short)}
            value = before | value
        changes[name] = value
    return msgspec.structs.replace(entry, **changes)

"""The ways in which HSDS says how to reach an organization: phones, contacts, an address, a website, places."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from spheres_core.facts import Words, msg
from spheres_core.partners.contact_values import contact_identity, contact_problem
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.document import HsdsFile, LocatedRecord, as_uuid
from spheres_core.partners.hsds.record_values import language_of, list_of
from spheres_core.partners.hsds.records import OwnedContact, RecordContext
from spheres_core.partners.schemas.directory import Contact

PHONE_KINDS: Final[Mapping[str, str]] = {
    "voice": "phone", "cell": "phone", "text": "text", "sms": "text", "fax": "fax", "textphone": "textphone",
    "tty": "textphone", "pager": "pager", "video": "video",
}  # fmt: skip
"""Kinds of contacts by the type of an HSDS phone (RFC 6350), and two that other directories write."""


def contact_points_of(placed: LocatedRecord) -> list[tuple[str, UUID, str, str, str, tuple[str, ...]]]:
    """Returns (pointer, id, kind, value, label, languages) of each way to reach an organization."""
    found: list[tuple[str, UUID, str, str, str, tuple[str, ...]]] = []

    def add(pointer: str, each: Mapping[str, Any], kind: str, value: Any, label: Any = "") -> None:
        if isinstance(value, str) and value:
            id_ = as_uuid(each.get("id")) or uuid5(placed.id, f"{kind}:{value}")
            spoken = each.get("languages")
            tags = tuple(filter(None, map(language_of, spoken if isinstance(spoken, list) else ())))
            found.append((pointer, id_, kind, value, str(label or ""), tags))

    for i, each in enumerate(_list(placed, "phones")):
        if isinstance(each, Mapping):
            extension = each.get("extension")
            number = str(each.get("number") or "").strip('"') + (f" ext {extension}" if extension is not None else "")
            kind = PHONE_KINDS.get(str(each.get("type") or "voice").lower(), "phone")
            add(f"{placed.pointer}/phones/{i}/number", each, kind, number, each.get("description"))
    for i, each in enumerate(_list(placed, "contacts")):
        if isinstance(each, Mapping):
            add(f"{placed.pointer}/contacts/{i}/email", each, "email", each.get("email"), each.get("name"))
    add(f"{placed.pointer}/email", {}, "email", placed.record.get("email"))
    add(f"{placed.pointer}/website", {}, "website", placed.record.get("website"))
    for i, each in enumerate(_list(placed, "locations")):
        if isinstance(each, Mapping) and each.get("location_type") == "virtual":
            add(f"{placed.pointer}/locations/{i}/url", each, "website", each.get("url"))
        elif isinstance(each, Mapping):
            add(f"{placed.pointer}/locations/{i}/name", each, "address", _address(each))
    return found


def read_contacts(
    file: HsdsFile, placed: LocatedRecord, context: RecordContext, notes: HsdsFile, *, day: dt.date | None
) -> list[OwnedContact]:
    """Returns contacts by the fields of HSDS. Without a day on which they were verified none is brought."""
    own = placed.record.get(EXTENSION)
    if isinstance(own, Mapping) and "contacts" not in own:
        return []
    for name in ("phones", "contacts", "locations"):
        list_of(file, placed, name)
    given = contact_points_of(placed)
    if given and day is None:
        if own is None:
            sentence = msg("Nothing says when this was last verified: kept, not shown. --verified-on says it.")
            notes.warn(given[0][0], sentence)
        return []
    found: dict[tuple[str, str], OwnedContact] = {}
    for pointer, id_, kind, value, said, tags in given:
        if (problem := contact_problem(kind, value)) is not None:
            notes.warn(pointer, msg("{problem} It is kept, not used.", problem=problem))
            continue
        label: Words = {context.short: said or str(placed.record.get("name"))}
        contact = Contact(key=f"hsds_{id_.hex}", kind=kind, value=value, label=label, status="secondary",  # type: ignore[arg-type]
                          verified_on=day or context.today, languages=tags)  # fmt: skip
        found.setdefault(contact_identity(kind, value), OwnedContact(id_, contact))
    return list(found.values())


def changed_contacts(
    ours: Sequence[OwnedContact], theirs: Sequence[OwnedContact], ours_again: Sequence[OwnedContact]
) -> list[OwnedContact]:
    """Returns our contacts without those that the fields of HSDS no longer have, and with those they have more."""

    def ways(contacts: Sequence[OwnedContact]) -> set[tuple[str, str]]:
        return {_identity(each) for each in contacts}

    gone = ways(ours_again) - ways(theirs)
    more = ways(theirs) - ways(ours_again) - ways(ours)
    kept = [each for each in ours if _identity(each) not in gone]
    return kept + [each for each in theirs if _identity(each) in more]


def _identity(owned: OwnedContact) -> tuple[str, str]:
    return contact_identity(owned.contact.kind, owned.contact.value)


def _address(place: Mapping[str, Any]) -> str:
    """Returns a place in one line: its address, or its name where it has none."""
    addresses = place.get("addresses")
    first = addresses[0] if isinstance(addresses, list) and addresses and isinstance(addresses[0], Mapping) else {}
    parts = [first.get(name) for name in ("address_1", "address_2", "city", "state_province", "postal_code", "country")]
    return ", ".join(str(part) for part in parts if part) or str(place.get("name") or "")


def _list(placed: LocatedRecord, name: str) -> Sequence[Any]:
    value = placed.record.get(name)
    return value if isinstance(value, list) else ()

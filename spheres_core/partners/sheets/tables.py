"""The sheets of a directory and their columns. What an entry's struct has and no column names gets a column by its key."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.columns import Column, Kind, Named, Table
from spheres_core.partners.schemas import (
    Area,
    Contact,
    EmergencyContact,
    Hours,
    Mandate,
    Organization,
    Role,
    Service,
)
from spheres_core.partners.sheets.vocabulary import AUDIENCES, CONTACTS, HELP, KINDS, LISTS, STATUSES

ROLE: Final = "role."
SERVICE: Final = "service."
QUICK: Final = "quick."
"""Before the fields that a row of the partner sheet has of a role, of a service, and of simple ways to reach it."""

_DAYS: Final = msg("A day such as 2026-11-21.")
_STATUS: Final = msg("How well this is known: verified at its source, from a secondary source, or to confirm. Empty: to confirm.")
_SOURCE: Final = msg("Where it was read.")
_KEY: Final = msg("Stays the same for ever: by it an upgrade finds the entry. Empty: made of the name.")
_UNTIL: Final = msg("The first day on which it no longer holds. Empty: it holds.")
_DAY_KNOWN: Final = msg("No, when only the year or the month is known. Empty: yes.")
_HOURS: Final = msg("Such as Mo-Fr 09:00-17:00; Sa 10:00-12:00, or 24/7. Empty: not stated.")
_LANGUAGES: Final = msg("Such as fr; en. Empty: not stated.")
_AREAS: Final = msg("Names of the sheet of areas, with ; between them.")
_VERIFIED_ON: Final = msg("The day on which somebody last checked, such as 2026-11-21.")
_AUTO: Final = msg("The field {name} of partners.toml.")


def _column(field: str, kind: Kind, en: str, fr: str, about: Message, **more: Any) -> Column:
    return Column(field, kind, (en, fr), about, **more)


def _status(field: str, en: str, fr: str) -> Column:
    return _column(field, "choice", en, fr, _STATUS, choices=STATUSES)


_ORGANIZATION: Final = (
    _column("name", "words", "organization", "organisation", msg("The organization's name. When it exists in one language only, fill that one alone. Repeat it on each row of the organization."),
            also=("name", "nom", "partner", "partenaire", "organization name", "nom de l'organisation", "organisme"), needed=True),
    _column("short_name", "text", "short name", "nom court", msg("What it is called for short."), also=("acronym", "sigle")),
    _column("legal_name", "words", "legal name", "nom légal", msg("Its name in law, when it differs.")),
    _column("kind", "choice", "kind", "genre", msg("What kind of organization it is."), choices=KINDS, also=("type", "catégorie", "kind of organization", "genre d'organisation")),
    _column("parent", "reference", "part of", "fait partie de", msg("The organization that it belongs to, when that is in this list."), of="organization"),
    _column("areas", "references", "areas", "secteurs", _AREAS, of="area", also=("area", "secteur", "territoire", "region", "région")),
    _column("languages", "languages", "languages", "langues", msg("Languages of service, such as fr; en. Empty: not stated."), also=("language", "langue", "languages of service", "langues de service")),
    _column("legal_regime.name", "text", "law", "loi", msg("The act that its records live under, such as P-39.1.")),
    _status("legal_regime.status", "law status", "statut de la loi"),
    _column("note", "words", "note", "note", msg("What else people should know of it.")),
    _status("status", "status", "statut"),
    _column("source", "text", "source", "source", _SOURCE),
)  # fmt: skip
_ORGANIZATION_END: Final = (
    _column("name_language", "text", "name language", "langue du nom", msg("Only when the name exists in one language: its code, such as fr.")),
    _column("key", "text", "key", "clé", _KEY),
)  # fmt: skip
_ROLE: Final = (
    _column("role", "reference", "role", "rôle", msg("What it does in the partnership. One role on a row; several with ; have the same dates."), of="role", also=("roles", "rôles")),
    _column("from", "day", "partner since", "partenaire depuis", msg("The first day of the role, such as 2026-11-21."), also=("partnership from", "role from", "partenariat depuis", "rôle depuis")),
    _column("until", "day", "partner until", "partenaire jusqu'au", _UNTIL, also=("partnership to", "partnership until", "role until", "partenariat jusqu'au", "rôle jusqu'au")),
    _column("day_confirmed", "flag", "role day known", "jour du rôle connu", _DAY_KNOWN, default=True),
    _column("duty", "words", "what it does", "ce qu'il fait", msg("In a sentence, what it does in this role."), also=("duty", "tâche", "mandat", "ce qu'elle fait")),
    _status("status", "role status", "statut du rôle"),
    _column("source", "text", "role source", "source du rôle", _SOURCE),
    _column("key", "text", "role key", "clé du rôle", _KEY),
)  # fmt: skip
_SERVICE: Final = (
    _column("name", "words", "service", "service", msg("What a service is called. Several services of an organization stand on several rows."), also=("service name", "nom du service", "service title", "titre du service")),
    _column("about", "words", "about the service", "à propos du service", msg("What it offers, in a sentence."), also=("description", "about", "à propos")),
    _column("for", "choice", "for whom", "pour qui", msg("Whom it is for."), choices=AUDIENCES, also=("for", "pour")),
    _column("areas", "references", "service areas", "secteurs du service", msg("Where it is offered; the organization's areas when empty."), of="area"),
    _column("province_wide", "flag", "province-wide", "partout dans la province", msg("Yes, when it is offered everywhere in the province.")),
    _column("ages", "ages", "ages", "âges", msg("Such as 12-17, both included, or 12+. Empty: not stated."), also=("age", "âge")),
    _column("languages", "languages", "service languages", "langues du service", _LANGUAGES),
    _column("needs", "list", "needs", "besoins", msg("Codes such as safety; housing.")),
    _column("hours", "hours", "hours", "heures", _HOURS, also=("opening hours", "heures d'ouverture", "horaire")),
    _column("time_zone", "text", "time zone", "fuseau horaire", msg("Such as America/Toronto, when its hours are not in the region's.")),
    _column("bypasses_waiting_list", "flag", "no waiting list", "sans liste d'attente", msg("Yes, when participants of the programme do not wait."), also=("access terms", "conditions d'accès")),
    _column("from", "day", "service since", "service depuis", _DAYS, also=("service from",)),
    _column("until", "day", "service until", "service jusqu'au", _UNTIL),
    _column("day_confirmed", "flag", "service day known", "jour du service connu", _DAY_KNOWN, default=True),
    _column("verified_on", "day", "verified on", "vérifié le", _VERIFIED_ON, also=("verified", "vérifié")),
    _status("status", "service status", "statut du service"),
    _column("source", "text", "service source", "source du service", _SOURCE),
    _column("name_language", "text", "service name language", "langue du nom du service", msg("Only when the name exists in one language: its code, such as fr.")),
    _column("key", "text", "service key", "clé du service", _KEY),
)  # fmt: skip
_QUICK: Final = tuple(
    _column(kind, "text", *names, about, also=also)
    for kind, names, about, also in (
        ("phone", CONTACTS["phone"], msg("A telephone number of the organization."), ("telephone", "tél", "tel")),
        ("text", CONTACTS["text"], msg("A number for text messages."), ("sms", "texto")),
        ("email", CONTACTS["email"], msg("An e-mail address of the organization."), ("mail", "adresse courriel")),
        ("website", CONTACTS["website"], msg("An address that begins with https://."), ("site", "web", "url")),
        ("address", CONTACTS["address"], msg("A postal address in one line."), ()),
    )
)


def _field_kind(kind: Any) -> Kind:
    if kind == Words:
        return "words"
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    plain: dict[Any, Kind] = {str: "text", bool: "flag", int: "number", dt.date: "day"}
    for option in options:
        if option in plain:
            return plain[option]
    if kind == tuple[str, ...]:
        return "list"
    if kind == tuple[Hours, ...]:
        return "hours"
    return "text" if typing.get_origin(kind) is typing.Literal else "toml"


def _unlisted(kind: type[Struct], listed: Sequence[Column], *without: str) -> Iterator[Column]:
    """Columns for the fields that none is declared for."""
    known = {each.field.partition(".")[0] for each in listed} | set(without)
    for each in msgspec.structs.fields(kind):
        name = each.encode_name
        if name not in known:
            about = Message(_AUTO.msgid, {"name": name})
            yield Column(name, _field_kind(each.type), (name, name), about, default=_default(each) is True)


def _default(each: FieldInfo) -> Any:
    return each.default


def _complete(kind: type[Struct], listed: Sequence[Column], *without: str) -> tuple[Column, ...]:
    return (*listed, *_unlisted(kind, listed, *without))


def _prefixed(columns: Sequence[Column], prefix: str, label: Named | None = None) -> Iterator[Column]:
    for each in columns:
        names = each.names if label is None else (f"{label[0]} {each.names[0]}", f"{label[1]} {each.names[1]}")
        yield msgspec.structs.replace(each, field=prefix + each.field, names=names)


ROLE_COLUMNS: Final = _complete(Role, _ROLE)
SERVICE_COLUMNS: Final = _complete(Service, _SERVICE)
ORGANIZATION_COLUMNS: Final = _complete(
    Organization, (*_ORGANIZATION, *_ORGANIZATION_END), "roles", "services", "contacts"
)
_HEAD: Final = len(_ORGANIZATION)


def _role_extra(columns: Sequence[Column], listed: Sequence[Column], prefix: str, label: Named) -> Iterator[Column]:
    yield from _prefixed(listed, prefix)
    yield from _prefixed(columns[len(listed) :], prefix, label)


PARTNERS: Final = Table(
    "partners",
    ("partners", "partenaires"),
    msg("Who the partners are: one row for each role and service, the organization's name repeated."),
    (
        *ORGANIZATION_COLUMNS[:_HEAD],
        *_role_extra(ROLE_COLUMNS, _ROLE, ROLE, ("role", "rôle")),
        *_role_extra(SERVICE_COLUMNS, _SERVICE, SERVICE, ("service", "service")),
        *_prefixed(_QUICK, QUICK),
        *ORGANIZATION_COLUMNS[_HEAD:],
    ),
    also=("partner list", "liste des partenaires"),
)
CONTACT_SHEET: Final = Table(
    "contacts",
    ("contacts", "coordonnées"),
    msg("How to reach an organization or, with no organization, the programme itself."),
    _complete(
        Contact,
        (
            _column("organization", "reference", "organization", "organisation", msg("The organization's name. Empty: the programme's own."), of="organization"),
            _column("kind", "choice", "kind", "genre", msg("What kind of contact it is."), choices=CONTACTS, needed=True, also=("type",)),
            _column("value", "text", "number or address", "numéro ou adresse", msg("The number or the address itself."), needed=True, also=("value", "valeur")),
            _column("label", "words", "label", "libellé", msg("What it is for, such as: Telephone of the shelter.")),
            _column("note", "words", "note", "note", msg("What else people should know of it.")),
            _column("languages", "languages", "languages", "langues", _LANGUAGES),
            _column("verified_on", "day", "verified on", "vérifié le", _VERIFIED_ON),
            _status("status", "status", "statut"),
            _column("source", "text", "source", "source", _SOURCE),
            _column("key", "text", "key", "clé", _KEY),
        ),
    ),
)  # fmt: skip
AREAS: Final = Table(
    "areas",
    ("areas", "secteurs"),
    msg("The places that services and emergency contacts are for."),
    _complete(
        Area,
        (
            _column("name", "words", "area", "secteur", msg("What the place is called, in each language."), needed=True, also=("name", "nom")),
            _column("within", "reference", "within", "à l'intérieur de", msg("The area around it, when there is one."), of="area"),
            _column("key", "text", "key", "clé", _KEY),
        ),
    ),
)  # fmt: skip
COORDINATION: Final = Table(
    "coordination",
    ("coordination", "coordination"),
    msg("Who coordinates, from when. On any date there is exactly one."),
    _complete(
        Mandate,
        (
            _column("organization", "reference", "organization", "organisation", msg("The organization's name."), of="organization", needed=True),
            _column("from", "day", "from", "depuis", _DAYS, also=("since",), needed=True),
            _column("until", "day", "until", "jusqu'au", _UNTIL),
            _column("day_confirmed", "flag", "day known", "jour connu", _DAY_KNOWN, default=True),
            _status("status", "status", "statut"),
            _column("source", "text", "source", "source", _SOURCE),
            _column("key", "text", "key", "clé", _KEY),
        ),
    ),
)  # fmt: skip
EMERGENCY: Final = Table(
    "emergency",
    ("emergency", "urgence"),
    msg("Whom to reach right now. Each area needs somebody."),
    _complete(
        EmergencyContact,
        (
            _column("name", "words", "name", "nom", msg("Who answers."), needed=True),
            _column("purpose", "words", "when to call", "quand appeler", msg("When to call them, in a sentence."), also=("purpose", "but")),
            _column("for", "choice", "for what", "pour quoi", msg("What kind of help it is."), choices=HELP, also=("for", "pour")),
            _column("areas", "references", "areas", "secteurs", _AREAS, of="area", also=("area", "secteur")),
            _column("phone", "text", *CONTACTS["phone"], msg("Their telephone number.")),
            _column("website", "text", *CONTACTS["website"], msg("An address that begins with https://.")),
            _column("hours", "hours", "hours", "heures", _HOURS),
            _column("note", "words", "note", "note", msg("What else people should know of it.")),
            _column("languages", "languages", "languages", "langues", _LANGUAGES),
            _column("verified_on", "day", "verified on", "vérifié le", _VERIFIED_ON),
            _status("status", "status", "statut"),
            _column("source", "text", "source", "source", _SOURCE),
            _column("key", "text", "key", "clé", _KEY),
        ),
    ),
)  # fmt: skip
ROLE_NAMES: Final = Table(
    "roles",
    ("roles", "rôles"),
    msg("Names for roles of your own, which the programme does not know."),
    (
        _column("name", "words", "name", "nom", msg("What the role is called, in each language."), needed=True),
        _column("key", "text", "role", "rôle", msg("A short code in small letters, such as night_bus. Empty: made of the name.")),
    ),
)  # fmt: skip
TERMS: Final = Table(
    "terms",
    ("terms", "termes"),
    msg("Words of the programme that this region says otherwise."),
    (
        _column("key", "text", "the programme says", "le programme dit", msg("A word or sentence of the programme's pages, exactly as it stands there."), needed=True),
        _column("term", "words", "we say", "nous disons", msg("What this region says instead."), needed=True, also=("term", "terme")),
        _column("reason", "words", "because", "parce que", msg("Why, for whoever reads it later."), also=("reason", "raison")),
    ),
)  # fmt: skip
LIST_ITEMS: Final = Table(
    "lists",
    ("lists", "listes"),
    msg("The region's own lists: needs, themes, activities, principles."),
    (
        _column("list", "choice", "list", "liste", msg("Which list the entry is of."), choices=LISTS, needed=True),
        _column("code", "text", "code", "code", msg("Stays the same for ever, such as housing."), needed=True),
        _column("label", "words", "label", "libellé", msg("What it is called, in each language."), needed=True),
        _column("retired", "flag", "retired", "retiré", msg("Yes, when it can no longer be chosen. It is never taken away.")),
        _column("derived_from", "text", "derived from", "provient de", msg("Where the list comes from; once for each list.")),
    ),
)  # fmt: skip
DIRECTORY: Final = (PARTNERS, AREAS, CONTACT_SHEET, EMERGENCY, COORDINATION, ROLE_NAMES)
"""The sheets that make one directory."""


def choices_of(column: Column, known: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    """What a list in the sheet offers for a column. `known`: names of references, by what they name."""
    if column.kind == "choice":
        return tuple(names[1] if language.startswith("fr") else names[0] for names in column.choices.values())
    if column.kind == "flag":
        return ("oui", "non") if language.startswith("fr") else ("yes", "no")
    return tuple(known.get(column.of, ())) if column.kind == "reference" else ()

"""The columns of the partner sheet: of an organization, its roles, its services, and simple ways to reach it."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import msg
from spheres_core.partners.schemas.directory import Organization, Role, Service
from spheres_core.partners.sheets.column_declarations import (
    AREAS_OF,
    DAY,
    DAY_KNOWN,
    HOURS,
    KEY,
    LANGUAGES,
    SOURCE,
    UNTIL,
    VERIFIED_ON,
    column,
    complete,
    prefixed,
    status_column,
    with_extra,
)
from spheres_core.partners.sheets.vocabulary import AUDIENCES, CONTACTS, KINDS

ROLE: Final = "role."
SERVICE: Final = "service."
QUICK: Final = "quick."
"""Before the fields that a row of the partner sheet has of a role, of a service, and of simple ways to reach it."""

_ORGANIZATION: Final = (
    column(
        "name",
        "words",
        "organization",
        "organisation",
        msg("Its name, repeated on each of its rows. A name in one language only is filled in that one."),
        also=("name", "nom", "partner", "partenaire", "organization name", "nom de l’organisation", "organisme"),
        needed=True,
    ),
    column(
        "short_name", "text", "short name", "nom court", msg("What it is called for short."), also=("acronym", "sigle")
    ),
    column("legal_name", "words", "legal name", "nom légal", msg("Its name in law, when it differs.")),
    column(
        "kind",
        "choice",
        "kind",
        "genre",
        msg("What kind of organization it is."),
        choices=KINDS,
        also=("type", "catégorie", "kind of organization", "genre d’organisation"),
    ),
    column(
        "parent",
        "reference",
        "part of",
        "fait partie de",
        msg("The organization that it belongs to, when that is in this list."),
        of="organization",
    ),
    column(
        "areas",
        "references",
        "areas",
        "secteurs",
        AREAS_OF,
        of="area",
        also=("area", "secteur", "territoire", "region", "région"),
    ),
    column(
        "languages",
        "languages",
        "languages",
        "langues",
        msg("Languages of service, such as fr; en. Empty: not stated."),
        also=("language", "langue", "languages of service", "langues de service"),
    ),
    column("legal_regime.name", "text", "law", "loi", msg("The act that its records live under, such as P-39.1.")),
    status_column("legal_regime.status", "law status", "statut de la loi"),
    column("note", "words", "note", "note", msg("What else people should know of it.")),
    status_column("status", "status", "statut"),
    column("source", "text", "source", "source", SOURCE),
)
_ORGANIZATION_END: Final = (
    column(
        "name_language",
        "text",
        "name language",
        "langue du nom",
        msg("Only when the name exists in one language: its code, such as fr."),
    ),
    column("key", "text", "key", "clé", KEY),
)
_ROLE: Final = (
    column(
        "role",
        "reference",
        "role",
        "rôle",
        msg("What it does in the partnership. One role on a row; several with ; have the same dates."),
        of="role",
        also=("roles", "rôles"),
    ),
    column(
        "from",
        "day",
        "partner since",
        "partenaire depuis",
        msg("The first day of the role, such as 2026-11-21."),
        also=("partnership from", "role from", "partenariat depuis", "rôle depuis"),
    ),
    column(
        "until",
        "day",
        "partner until",
        "partenaire jusqu’au",
        UNTIL,
        also=("partnership to", "partnership until", "role until", "partenariat jusqu’au", "rôle jusqu’au"),
    ),
    column("day_confirmed", "flag", "role day known", "jour du rôle connu", DAY_KNOWN, default=True),
    column(
        "duty",
        "words",
        "what it does",
        "ce qu’il fait",
        msg("In a sentence, what it does in this role."),
        also=("duty", "tâche", "mandat", "ce qu’elle fait"),
    ),
    status_column("status", "role status", "statut du rôle"),
    column("source", "text", "role source", "source du rôle", SOURCE),
    column("key", "text", "role key", "clé du rôle", KEY),
)
_SERVICE: Final = (
    column(
        "name",
        "words",
        "service",
        "service",
        msg("What a service is called. Several services of an organization stand on several rows."),
        also=("service name", "nom du service", "service title", "titre du service"),
    ),
    column(
        "about",
        "words",
        "about the service",
        "à propos du service",
        msg("What it offers, in a sentence."),
        also=("description", "about", "à propos"),
    ),
    column("for", "choice", "for whom", "pour qui", msg("Whom it is for."), choices=AUDIENCES, also=("for", "pour")),
    column(
        "areas",
        "references",
        "service areas",
        "secteurs du service",
        msg("Where it is offered; the organization's areas when empty."),
        of="area",
    ),
    column(
        "province_wide",
        "flag",
        "province-wide",
        "partout dans la province",
        msg("Yes, when it is offered everywhere in the province."),
    ),
    column(
        "ages",
        "ages",
        "ages",
        "âges",
        msg("Such as 12-17, both included, or 12+. Empty: not stated."),
        also=("age", "âge"),
    ),
    column("languages", "languages", "service languages", "langues du service", LANGUAGES),
    column("needs", "list", "needs", "besoins", msg("Codes such as safety; housing.")),
    column("hours", "hours", "hours", "heures", HOURS, also=("opening hours", "heures d’ouverture", "horaire")),
    column(
        "time_zone",
        "text",
        "time zone",
        "fuseau horaire",
        msg("Such as America/Toronto, when its hours are not in the region's."),
    ),
    column(
        "bypasses_waiting_list",
        "flag",
        "no waiting list",
        "sans liste d’attente",
        msg("Yes, when participants of the program do not wait."),
        also=("access terms", "conditions d’accès"),
    ),
    column("from", "day", "service since", "service depuis", DAY, also=("service from",)),
    column("until", "day", "service until", "service jusqu’au", UNTIL),
    column("day_confirmed", "flag", "service day known", "jour du service connu", DAY_KNOWN, default=True),
    column("verified_on", "day", "verified on", "vérifié le", VERIFIED_ON, also=("verified", "vérifié")),
    status_column("status", "service status", "statut du service"),
    column("source", "text", "service source", "source du service", SOURCE),
    column(
        "name_language",
        "text",
        "service name language",
        "langue du nom du service",
        msg("Only when the name exists in one language: its code, such as fr."),
    ),
    column("key", "text", "service key", "clé du service", KEY),
)
_QUICK: Final = tuple(
    column(kind, "text", *names, about, also=also)
    for kind, names, about, also in (
        ("phone", CONTACTS["phone"], msg("A telephone number of the organization."), ("telephone", "tél", "tel")),
        ("text", CONTACTS["text"], msg("A number for text messages."), ("sms", "texto")),
        ("fax", CONTACTS["fax"], msg("A fax number of the organization."), ("télécopie",)),
        ("textphone", CONTACTS["textphone"], msg("A number for textphones (TTY)."), ("tty", "ats")),
        ("email", CONTACTS["email"], msg("An e-mail address of the organization."), ("mail", "adresse courriel")),
        ("website", CONTACTS["website"], msg("An address that begins with https://."), ("site", "web", "url")),
        ("address", CONTACTS["address"], msg("A postal address in one line."), ()),
    )
)


ROLE_COLUMNS: Final = complete(Role, _ROLE)
SERVICE_COLUMNS: Final = complete(Service, _SERVICE)
ORGANIZATION_COLUMNS: Final = complete(
    Organization, (*_ORGANIZATION, *_ORGANIZATION_END), "roles", "services", "contacts"
)


PARTNER_COLUMNS: Final = (
    *ORGANIZATION_COLUMNS[: len(_ORGANIZATION)],
    *with_extra(ROLE_COLUMNS, _ROLE, ROLE, ("role", "rôle")),
    *with_extra(SERVICE_COLUMNS, _SERVICE, SERVICE, ("service", "service")),
    *prefixed(_QUICK, QUICK),
    *ORGANIZATION_COLUMNS[len(_ORGANIZATION) :],
)

"""The sheets of a directory, of a region's words and of its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.facts import msg
from spheres_core.foundation.content.sheet_columns import Column, Table
from spheres_core.partners.schemas.directory import Area, Contact, EmergencyContact, Mandate
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
    status_column,
)
from spheres_core.partners.sheets.entry_columns import PARTNER_COLUMNS
from spheres_core.partners.sheets.vocabulary import CONTACTS, HELP, LISTS

PARTNERS: Final = Table(
    "partners",
    ("partners", "partenaires"),
    msg("Who the partners are: one row for each role and service, the organization's name repeated."),
    PARTNER_COLUMNS,
    also=("partner list", "liste des partenaires"),
)
CONTACT_SHEET: Final = Table(
    "contacts",
    ("contacts", "coordonnées"),
    msg("How to reach an organization or, with no organization, the program itself."),
    complete(
        Contact,
        (
            column(
                "organization",
                "reference",
                "organization",
                "organisation",
                msg("The organization's name. Empty: the program's own."),
                of="organization",
            ),
            column(
                "kind",
                "choice",
                "kind",
                "genre",
                msg("What kind of contact it is."),
                choices=CONTACTS,
                needed=True,
                also=("type",),
            ),
            column(
                "value",
                "text",
                "number or address",
                "numéro ou adresse",
                msg("The number or the address itself."),
                needed=True,
                also=("value", "valeur"),
            ),
            column("label", "words", "label", "libellé", msg("What it is for, such as: Telephone of the shelter.")),
            column("note", "words", "note", "note", msg("What else people should know of it.")),
            column("languages", "languages", "languages", "langues", LANGUAGES),
            column("verified_on", "day", "verified on", "vérifié le", VERIFIED_ON),
            status_column("status", "status", "statut"),
            column("source", "text", "source", "source", SOURCE),
            column("key", "text", "key", "clé", KEY),
        ),
    ),
)
AREAS: Final = Table(
    "areas",
    ("areas", "secteurs"),
    msg("The places that services and emergency contacts are for."),
    complete(
        Area,
        (
            column(
                "name",
                "words",
                "area",
                "secteur",
                msg("What the place is called, in each language."),
                needed=True,
                also=("name", "nom"),
            ),
            column(
                "within",
                "reference",
                "within",
                "à l’intérieur de",
                msg("The area around it, when there is one."),
                of="area",
            ),
            column("key", "text", "key", "clé", KEY),
        ),
    ),
)
COORDINATION: Final = Table(
    "coordination",
    ("coordination", "coordination"),
    msg("Who coordinates, from when. On any date there is exactly one."),
    complete(
        Mandate,
        (
            column(
                "organization",
                "reference",
                "organization",
                "organisation",
                msg("The organization's name."),
                of="organization",
                needed=True,
            ),
            column("from", "day", "from", "depuis", DAY, also=("since",), needed=True),
            column("until", "day", "until", "jusqu’au", UNTIL),
            column("day_confirmed", "flag", "day known", "jour connu", DAY_KNOWN, default=True),
            status_column("status", "status", "statut"),
            column("source", "text", "source", "source", SOURCE),
            column("key", "text", "key", "clé", KEY),
        ),
    ),
)
EMERGENCY: Final = Table(
    "emergency",
    ("emergency", "urgence"),
    msg("Whom to reach right now. Each area needs somebody."),
    complete(
        EmergencyContact,
        (
            column("name", "words", "name", "nom", msg("Who answers."), needed=True),
            column(
                "purpose",
                "words",
                "when to call",
                "quand appeler",
                msg("When to call them, in a sentence."),
                also=("purpose", "but"),
            ),
            column(
                "for",
                "choice",
                "for what",
                "pour quoi",
                msg("What kind of help it is."),
                choices=HELP,
                also=("for", "pour"),
            ),
            column("areas", "references", "areas", "secteurs", AREAS_OF, of="area", also=("area", "secteur")),
            column("phone", "text", *CONTACTS["phone"], msg("Their telephone number.")),
            column("website", "text", *CONTACTS["website"], msg("An address that begins with https://.")),
            column("hours", "hours", "hours", "heures", HOURS),
            column("note", "words", "note", "note", msg("What else people should know of it.")),
            column("languages", "languages", "languages", "langues", LANGUAGES),
            column("verified_on", "day", "verified on", "vérifié le", VERIFIED_ON),
            status_column("status", "status", "statut"),
            column("source", "text", "source", "source", SOURCE),
            column("key", "text", "key", "clé", KEY),
        ),
    ),
)
ROLE_NAMES: Final = Table(
    "roles",
    ("roles", "rôles"),
    msg("Names for roles of your own, which the program does not know."),
    (
        column("name", "words", "name", "nom", msg("What the role is called, in each language."), needed=True),
        column(
            "key",
            "text",
            "role",
            "rôle",
            msg("A short code in small letters, such as night_bus. Empty: made of the name."),
        ),
    ),
)
TERMS: Final = Table(
    "terms",
    ("terms", "termes"),
    msg("Words of the program that this region says otherwise."),
    (
        column(
            "key",
            "text",
            "the program says",
            "le programme dit",
            msg("A word or sentence of the program's pages, exactly as it reads there."),
            needed=True,
        ),
        column(
            "term",
            "words",
            "we say",
            "nous disons",
            msg("What this region says instead."),
            needed=True,
            also=("term", "terme"),
        ),
        column(
            "reason",
            "words",
            "because",
            "parce que",
            msg("Why, for whoever reads it later."),
            also=("reason", "raison"),
        ),
    ),
)
LIST_ITEMS: Final = Table(
    "lists",
    ("lists", "listes"),
    msg("The region's own lists: needs, themes, activities, principles."),
    (
        column("list", "choice", "list", "liste", msg("Which list the entry is of."), choices=LISTS, needed=True),
        column("code", "text", "code", "code", msg("Stays the same for ever, such as housing."), needed=True),
        column("label", "words", "label", "libellé", msg("What it is called, in each language."), needed=True),
        column(
            "retired", "flag", "retired", "retiré", msg("Yes, when it can no longer be chosen. It is never taken away.")
        ),
        column(
            "derived_from", "text", "derived from", "provient de", msg("Where the list comes from; once for each list.")
        ),
    ),
)
_CODE: Final = msg("Stays the same for ever, such as housing.")
_LABEL: Final = msg("What it is called, in each language.")
_RETIRED: Final = msg("Yes, when it can no longer be chosen. It is never taken away.")
ACTIVITIES: Final = Table(
    "activities",
    ("activities", "activités"),
    msg("The activities that young people are offered here."),
    (
        column("code", "text", "code", "code", _CODE, needed=True),
        column("label", "words", "label", "libellé", _LABEL, needed=True),
        column("category", "text", "category", "catégorie", msg("A code of the activity categories."), needed=True),
        column(
            "purposes", "list", "purposes", "buts", msg("Codes of the activity purposes, with semicolons between them.")
        ),
        column("source", "text", "source", "source", SOURCE),
        column("retired", "flag", "retired", "retiré", _RETIRED),
    ),
)
STAGES: Final = Table(
    "stages",
    ("stages", "étapes"),
    msg("Models by which a stage is observed: one row for each stage, the model repeated."),
    (
        column("key", "text", "model", "modèle", msg("The model's code, repeated on each of its rows."), needed=True),
        column("version", "text", "version", "version", msg("The model's version, on its first row.")),
        column("name", "words", "model name", "nom du modèle", msg("What the model is called, on its first row.")),
        column("source", "text", "source", "source", SOURCE),
        column("stage.code", "text", "code", "code", _CODE, needed=True),
        column("stage.label", "words", "label", "libellé", _LABEL, needed=True),
        column("stage.retired", "flag", "retired", "retiré", _RETIRED),
    ),
)
GOALS: Final = Table(
    "goals",
    ("goals", "objectifs"),
    msg("Goals to begin from. A goal itself is written by the young person, in her words."),
    (
        column("code", "text", "code", "code", _CODE, needed=True),
        column("label", "words", "label", "libellé", _LABEL, needed=True),
        column("needs", "list", "needs", "besoins", msg("Codes such as safety; housing.")),
        column("retired", "flag", "retired", "retiré", _RETIRED),
    ),
)
CATALOGUE: Final = (LIST_ITEMS, ACTIVITIES, STAGES, GOALS)
"""The sheets that make one catalogue."""
DIRECTORY: Final = (PARTNERS, AREAS, CONTACT_SHEET, EMERGENCY, COORDINATION, ROLE_NAMES)
"""The sheets that make one directory."""


def choices_of(column: Column, known: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    """Returns what a list in the sheet offers for a column. `known`: names of references, by what they name."""
    if column.kind == "choice":
        return tuple(names[1] if language.startswith("fr") else names[0] for names in column.choices.values())
    if column.kind == "flag":
        return ("oui", "non") if language.startswith("fr") else ("yes", "no")
    return tuple(known.get(column.of, ())) if column.kind == "reference" else ()

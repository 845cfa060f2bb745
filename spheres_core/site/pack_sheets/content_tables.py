"""Declares the sheets of a region's theme, menu, settings, e-mails and roles."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import msg
from spheres_core.foundation.content.sheet_columns import Column, Named, Table

THEME_PARTS: Final[dict[str, Named]] = {
    "accent": ("colour", "couleur"),
    "second": ("second colour", "deuxième couleur"),
    "accent_dark": ("colour on dark", "couleur sur fond sombre"),
    "second_dark": ("second colour on dark", "deuxième couleur sur fond sombre"),
    "typeface": ("typeface", "police"),
    "logo": ("logo", "logo"),
}
TYPEFACES: Final[dict[str, Named]] = {
    "atkinson_hyperlegible": ("Atkinson Hyperlegible", "Atkinson Hyperlegible"),
    "noto_sans": ("Noto Sans", "Noto Sans"),
}
THEME: Final = Table(
    "theme",
    ("theme", "thème"),
    msg("How the site looks: two colours, a typeface, a logo."),
    (
        Column("part", "choice", ("what", "quoi"), msg("Which part of the look the row says."), choices=THEME_PARTS,
               needed=True),
        Column("value", "text", ("value", "valeur"),
               msg("A colour such as #5c2459, the name of a typeface, or the name of the file beside the sheets:"
                   " logo.svg or logo.png."), needed=True),
    ),
)  # fmt: skip
MENU: Final = Table(
    "menu",
    ("menu", "menu principal"),
    msg("The region's own pages in the menu."),
    (
        Column("page", "text", ("page", "page"), msg("The name of the page's files, such as night for night.md."),
               needed=True),
        Column("title", "words", ("title", "titre"), msg("What the menu says. Empty: the page's own title.")),
        Column("order", "number", ("order", "ordre"),
               msg("Smaller comes first. The program's own: youth 10, family 15, professionals 20, partners 30.")),
    ),
    also=("navigation",),
)  # fmt: skip
SETTINGS: Final = Table(
    "settings",
    ("settings", "réglages"),
    msg("What this pack proposes for settings. What the region sets itself comes before it."),
    (
        Column("owner", "text", ("part", "partie"), msg("The room or plugin that has the setting, such as referrals."),
               needed=True),
        Column("setting", "text", ("setting", "réglage"), msg("The name of the setting, such as minimum_age."),
               needed=True),
        Column("value", "text", ("value", "valeur"),
               msg("A number, true or false, a text, or anything else as TOML writes it.")),
        Column("text", "words", ("text", "texte"), msg("What is said in each language, when the setting is a text.")),
    ),
)  # fmt: skip
NOTICE_KINDS: Final[dict[str, Named]] = {
    "something_waits": ("something waits", "quelque chose attend"),
    "invitation": ("invitation", "invitation"),
    "recovery": ("new password", "nouveau mot de passe"),
}
NOTICE_PARTS: Final[dict[str, Named]] = {"subject": ("subject", "objet"), "body": ("sentence", "phrase")}
NOTICES: Final = Table(
    "emails",
    ("e-mails", "courriels"),
    msg("Texts of e-mails, each proofread: they say nothing of anybody."),
    (
        Column("notice", "choice", ("message", "message"), msg("Which message."), choices=NOTICE_KINDS, needed=True),
        Column("part", "choice", ("part", "partie"), msg("Its subject, or a sentence of it; sentences in their order."),
               choices=NOTICE_PARTS, needed=True),
        Column("text", "words", ("text", "texte"), msg("What it says, in each language."), needed=True),
    ),
    also=("notices", "courriels automatiques"),
)  # fmt: skip
STAFF_ROLES: Final = Table(
    "staff_roles",
    ("staff roles", "rôles de l'équipe"),
    msg("Roles of the region's own, made of permissions that there are."),
    (
        Column("key", "text", ("code", "code"), msg("A short code in small letters, such as night_team."), needed=True),
        Column("title", "words", ("title", "titre"), msg("What the role is called."), needed=True),
        Column("purpose", "words", ("purpose", "but"), msg("Whom it is for, in a sentence beside its box."),
               needed=True),
        Column("permissions", "list", ("permissions", "permissions"),
               msg("Names such as partners.edit, with semicolons between them."), needed=True),
    ),
)  # fmt: skip

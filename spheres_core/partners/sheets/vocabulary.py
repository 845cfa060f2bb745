"""Words for the codes of a directory, in the two languages of the format: `community` is “community organization”."""

from __future__ import annotations

from typing import Final

from spheres_core.foundation.content.sheet_columns import Named

KINDS: Final[dict[str, Named]] = {
    "community": ("community organization", "organisme communautaire"),
    "establishment": ("health or social services establishment", "établissement de santé ou de services sociaux"),
    "foundation": ("foundation", "fondation"),
    "institute": ("institute", "institut"),
    "police": ("police service", "service de police"),
    "school": ("school", "école"),
    "other": ("other", "autre"),
}
STATUSES: Final[dict[str, Named]] = {
    "verified": ("verified", "vérifié"),
    "secondary": ("secondary source", "source secondaire"),
    "to_confirm": ("to confirm", "à confirmer"),
}
AUDIENCES: Final[dict[str, Named]] = {
    "participants": ("participants", "personnes participantes"),
    "professionals": ("professionals", "professionnels"),
    "team": ("team", "équipe"),
    "public": ("public", "grand public"),
}
CONTACTS: Final[dict[str, Named]] = {
    "phone": ("phone", "téléphone"),
    "text": ("text message", "message texte"),
    "fax": ("fax", "télécopieur"),
    "textphone": ("textphone", "téléimprimeur"),
    "pager": ("pager", "téléavertisseur"),
    "video": ("video call", "appel vidéo"),
    "email": ("e-mail", "courriel"),
    "website": ("website", "site web"),
    "address": ("address", "adresse"),
}
HELP: Final[dict[str, Named]] = {
    "immediate_danger": ("immediate danger", "danger immédiat"),
    "shelter": ("shelter", "hébergement"),
    "listening": ("listening", "écoute"),
    "youth_protection": ("youth protection", "protection de la jeunesse"),
}
LISTS: Final[dict[str, Named]] = {
    "needs": ("needs", "besoins"),
    "session_themes": ("session themes", "thèmes de rencontre"),
    "activity_purposes": ("activity purposes", "buts des activités"),
    "activity_categories": ("activity categories", "catégories d'activités"),
    "principles": ("principles", "principes"),
    "accompaniments": ("accompaniments", "accompagnements"),
    "legal_steps": ("legal steps", "démarches légales"),
    "emergency_plan_sections": ("sections of the emergency plan", "sections du plan d'urgence"),
    "tool_themes": ("themes of tools", "thèmes des outils"),
    "tool_audiences": ("audiences of tools", "publics des outils"),
    "support_themes": ("themes of clinical support", "thèmes du soutien clinique"),
    "workshop_kinds": ("kinds of workshops", "sortes d'ateliers"),
    "workshop_themes": ("themes of workshops", "thèmes des ateliers"),
    "workshop_titles": ("titles of workshops", "titres des ateliers"),
}
UNSURE: Final = "to_confirm"
"""The status of an entry whose row states none."""

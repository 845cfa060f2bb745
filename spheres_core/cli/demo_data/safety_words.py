"""Sentences of the demo's emergency plans. They are invented, and about nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spheres_core.cli.demo_data.words import Bank

SECTIONS: Final[Mapping[str, Bank]] = {
    "safety": {
        "fr": ("Dormir sans surveiller la porte", "Savoir que quelqu’un sait où je suis"),
        "en": ("Sleeping without watching the door", "Knowing that somebody knows where I am"),
    },
    "signs": {
        "fr": ("Les messages se multiplient\nJe ne réponds plus à mes amies", "Je change de trajet pour rentrer"),
        "en": ("The messages pile up\nI stop answering my friends", "I take another way home"),
    },
    "helps": {
        "fr": ("Marcher, de la musique, appeler Tante Lou", "Sortir de la chambre et boire de l’eau"),
        "en": ("Walking, music, calling Aunt Lou", "Leaving the room and drinking water"),
    },
    "code_word": {"fr": ("Pluie : venez me chercher",), "en": ("Rain: come and get me",)},
    "phone": {
        "fr": ("Couper la localisation avant de partir",),
        "en": ("Turn the location off before leaving",),
    },
    "bring": {"fr": ("Carte d’identité, chargeur, clés",), "en": ("Identity card, charger, keys",)},
    "not_wanted": {
        "fr": ("N’appelez pas ma mère sans me le dire",),
        "en": ("Do not call my mother before you tell me",),
    },
    "after": {"fr": ("On m’écrit le lendemain midi",), "en": ("My worker writes to me the next noon",)},
}
WHO: Final[Bank] = {"fr": ("Tante Lou", "Mon amie S."), "en": ("Aunt Lou", "My friend S.")}
HOW: Final[Bank] = {"fr": ("par texto", "en passant chez elle"), "en": ("by text", "by going to her place")}
WHEN: Final[Bank] = {"fr": ("le soir après 18 h", "la fin de semaine"), "en": ("evenings after 6", "on weekends")}
REASONS: Final[Bank] = {
    "fr": ("Elle appelle cette nuit et demande qui joindre",),
    "en": ("She calls tonight and asks whom she can reach",),
}

"""Words of the demo's plans, in the manner of `words`: days, wishes and steps, and nobody's."""

from __future__ import annotations

from typing import Final

from spheres_core.cli.demo_data.words import Bank

STRENGTHS: Final[Bank] = {
    "fr": (
        "Elle sait à qui elle peut se fier, et le dit.",
        "Elle dessine, et cela la calme.",
        "Elle arrive à l’heure et prévient quand elle ne peut pas.",
        "Elle prend soin de sa petite sœur.",
        "Elle pose les bonnes questions.",
    ),
    "en": (
        "She knows whom she can trust, and says so.",
        "She draws, and it calms her.",
        "She is on time, and lets us know when she can’t be.",
        "She looks after her little sister.",
        "She asks the right questions.",
    ),
}
ABOUT: Final[Bank] = {
    "fr": (
        "Elle veut en parler d’abord, sans rien décider encore.",
        "Quelque chose de simple et de proche de chez elle.",
        "Le matin lui convient mieux que le soir.",
    ),
    "en": (
        "She wants to talk about it first, and decide nothing yet.",
        "Something simple, close to where she lives.",
        "Mornings suit her better than evenings.",
    ),
}
MET_BY: Final[Bank] = {
    "fr": ("Une amie l’aide quand elle le peut.", "Rien pour l’instant.", "Sa tante, la fin de semaine."),
    "en": ("A friend helps when she can.", "Nothing for now.", "Her aunt, on weekends."),
}
SIGNS: Final[Bank] = {
    "fr": (
        "Si je dors toute la nuit, je vais le savoir.",
        "Quand j’aurai ma clé dans ma poche.",
        "Si je me lève et que j’ai une place où aller.",
    ),
    "en": (
        "If I sleep all night, I will know.",
        "When my key is in my pocket.",
        "If I get up and there is a place to go.",
    ),
}
"""Signs by which she would see that it is moving, in her words."""
GOALS: Final[Bank] = {
    "fr": (
        "Avoir un endroit calme où dormir.",
        "Finir mon cours de français.",
        "Appeler quelqu’un avant que ça aille mal.",
        "Trouver un travail de jour.",
        "Revoir ma grand-mère.",
    ),
    "en": (
        "Have a quiet place to sleep.",
        "Finish my English course.",
        "Call someone before things go badly.",
        "Find a day job.",
        "See my grandmother again.",
    ),
}
PROPOSED: Final[Bank] = {
    "fr": ("Passer voir l’atelier du jeudi, si elle en a envie.",),
    "en": ("Drop by the Thursday workshop, if she feels like it.",),
}
STAGE_NOTES: Final[Bank] = {
    "fr": (
        "Elle en parle d’elle-même.",
        "Un pas en arrière; rien n’est perdu.",
        "Elle avance à son rythme.",
    ),
    "en": ("She brings it up herself.", "A step back; nothing is lost.", "She moves at her own pace."),
}
ASKED: Final[Bank] = {
    "fr": ("Elle aimerait une première rencontre courte, le matin si possible.",),
    "en": ("She would like a short first meeting, in the morning if possible.",),
}
ANSWERS: Final[Bank] = {
    "fr": ("Merci. Nous vous écrivons dès qu’une date est trouvée.",),
    "en": ("Thank you. We will write as soon as a date is found.",),
}

"""Words of the demo's files: calm, plausible, and nobody's. French where a region's first language is French.

Nothing here tells what somebody went through; it tells of days, steps and wishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Bank = Mapping[str, tuple[str, ...]]

NOTES: Final[Bank] = {
    "fr": (
        "Rencontre au café. Elle voulait parler de l’école aux adultes; nous avons regardé les dates d’inscription.",
        "Visite d’un logement. Le quartier lui plaît; elle veut réfléchir au loyer avant de répondre.",
        "Marche au parc. Peu de mots, mais un bon moment. Elle a choisi la date de la prochaine fois.",
        "Accompagnement pour la carte d’assurance maladie. La demande est faite; réponse dans trois semaines.",
        "Elle a commencé à l’essai dans une boulangerie. L’horaire du matin lui convient.",
        "Nous avons préparé ensemble ce qu’elle veut dire à sa travailleuse sociale.",
        "Repas partagé. Elle a parlé de sa sœur et de ce qui lui manque à la maison.",
        "Nous avons fait le tour de ses forces : elle en a nommé quatre, puis une cinquième en partant.",
        "Elle a repris contact avec une amie. Nous avons parlé de ce qu’une amitié apporte.",
        "Budget du mois. Il reste peu après le loyer; nous avons cherché où aller pour l’épicerie.",
        "Elle préfère avancer plus lentement en ce moment. Nous gardons un appel par semaine.",
        "Rendez-vous à la clinique : elle y est allée, j’ai attendu dehors comme elle l’avait demandé.",
        "Premier atelier de céramique. Elle veut y retourner.",
        "Nous avons relu son plan. Elle a rayé un but et en a ajouté un autre.",
        "Formulaire de bourse rempli ensemble. Elle l’envoie demain.",
        "Elle a passé une semaine difficile et l’a dit. Nous avons parlé de ce qui aide le soir.",
    ),
    "en": (
        "Met at the café. She wanted to talk about adult school; we looked at the registration dates.",
        "Visited a place to live. She likes the neighbourhood, and wants to think about the rent first.",
        "A walk in the park. Few words, but a good moment. She chose the date for the next time.",
        "Went along for her health insurance card. The request is in; an answer in three weeks.",
        "She started a trial at a bakery. The morning hours suit her.",
        "Together we prepared what she wants to say to her social worker.",
        "Shared a meal. She talked about her sister, and about what she misses at home.",
        "Went over her strengths: she named four, and a fifth on her way out.",
        "She is in touch with a friend again. We talked about what a friendship gives.",
        "This month’s budget. Little is left after the rent; we looked for where to get groceries.",
        "She would rather go more slowly for now. We keep one call a week.",
        "Appointment at the clinic: she went, and I waited outside as she had asked.",
        "First ceramics workshop. She wants to go back.",
        "Read her plan again. She crossed out one goal and added another.",
        "Filled in a bursary form together. She sends it tomorrow.",
        "She had a hard week and said so. We talked about what helps in the evening.",
    ),
}
OWN_WORDS: Final[Bank] = {
    "fr": (
        "J’aimerais avoir ma clé à moi.",
        "Cette semaine, c’était correct.",
        "Je veux finir mon secondaire, mais pas tout de suite.",
        "Je me suis sentie capable.",
        "Je ne sais pas encore, et c’est correct de ne pas savoir.",
        "Ça m’a fait du bien de marcher.",
        "Je veux choisir moi-même à qui on en parle.",
        "Le matin, c’est plus facile.",
    ),
    "en": (
        "I’d like to have my own key.",
        "This week was okay.",
        "I want to finish high school, just not right now.",
        "I felt like I could do it.",
        "I don’t know yet, and it’s okay not to know.",
        "Walking did me good.",
        "I want to choose who gets told.",
        "Mornings are easier.",
    ),
}
ADDENDA: Final[Bank] = {
    "fr": (
        "La date est confirmée par texto.",
        "Elle a envoyé le formulaire.",
        "Le bureau a rappelé : tout est en ordre.",
    ),
    "en": ("The date is confirmed by text.", "She sent the form.", "The office called back: all is in order."),
}
AGREEING: Final[Bank] = {
    "fr": ("Oui, je veux essayer.", "D’accord, à mon rythme.", "Oui, si c’est moi qui décide."),
    "en": ("Yes, I want to try.", "Okay, at my own pace.", "Yes, if I’m the one who decides."),
}
HAND_OVER: Final[Bank] = {
    "fr": (
        "Elle aime marcher en parlant. Je lui ai promis de regarder avec elle les cours du soir; sans date encore.",
    ),
    "en": ("She likes to walk while talking. I promised to look at evening classes with her; no date is set yet.",),
}
IDENTITY_REASON: Final[Bank] = {
    "fr": ("Inscrire ce qu’elle a donné à la première rencontre.",),
    "en": ("To write down what she gave at the first meeting.",),
}
BENEFIT: Final[Bank] = {
    "fr": ("Le suivi l’aide à rester à l’école, et elle le souhaite.",),
    "en": ("Being followed helps her stay in school, and she wishes it.",),
}
WHERE: Final[Bank] = {"fr": ("Au café du coin",), "en": ("At the corner café",)}
INSTRUCTION: Final[Bank] = {
    "fr": ("Ne rien dire d’autre que « je rappellerai ».",),
    "en": ("Say nothing but “I’ll call back”.",),
}
HOW_SHE_EXPECTS_IT: Final[Bank] = {
    "fr": (
        "J’ai hâte, mais je ne connais personne.",
        "Je viens juste pour voir.",
        "Ça fait longtemps que je n’ai pas fait quelque chose pour le plaisir.",
    ),
    "en": (
        "I’m looking forward to it, but I don’t know anybody.",
        "I’ll just come and see.",
        "I haven’t done anything just for fun in a long time.",
    ),
}
HOW_IT_FELT: Final[Bank] = {
    "fr": (
        "J’ai ri, ça m’a fait du bien.",
        "Au début j’étais gênée, après moins.",
        "Je pourrais le refaire.",
        "Ce n’était pas pour moi, mais je suis contente d’avoir essayé.",
    ),
    "en": (
        "I laughed, and it did me good.",
        "I was shy at first, then less.",
        "I could do that again.",
        "It wasn’t for me, but I’m glad I tried.",
    ),
}
FOUND_THERE: Final[Bank] = {
    "fr": ("J’ai de la patience quand j’aime ça", "J’aime expliquer aux autres", "Je remarque les détails"),
    "en": ("I’m patient when I like it", "I like explaining things to others", "I notice details"),
}
WHERE_ONE_MEETS: Final[Bank] = {
    "fr": ("Devant l’entrée principale", "À l’accueil", "Au banc près de la fontaine"),
    "en": ("In front of the main entrance", "At the front desk", "At the bench near the fountain"),
}
HOW_ONE_GETS_THERE: Final[Bank] = {
    "fr": ("Ensemble, en transport en commun; les billets sont offerts.", "On passe la chercher si elle le souhaite."),
    "en": ("Together, by public transit; the tickets are paid.", "Somebody picks her up if she wishes."),
}
HOW_IT_WENT: Final[Bank] = {
    "fr": (
        "C’était moins long que je pensais.",
        "J’étais contente de ne pas être toute seule dans la salle d’attente.",
        "J’ai posé ma question et on m’a répondu.",
        "On va devoir y retourner, mais c’est correct.",
    ),
    "en": (
        "It took less time than I thought.",
        "I was glad not to be alone in the waiting room.",
        "I asked my question and got an answer.",
        "We have to go back, but it’s OK.",
    ),
}
DECIDED: Final[Bank] = {
    "fr": (
        "Demandé, sans la nommer, si ce qu’elle m’a confié doit être signalé. Réponse notée; nous en"
        " reparlons en équipe.",
        "Rien de ce qu’elle m’a confié n’oblige à signaler aujourd’hui. Nous en avons parlé : elle sait dans quels cas"
        " je devrais le faire.",
        "Sa situation est déjà connue; elle m’a dit avec qui elle en parle.",
    ),
    "en": (
        "Asked, without naming her, whether what she told me has to be reported. Their answer is noted; the team talks"
        " about it again.",
        "Nothing she told me has to be reported today. We talked about it: she knows in which cases I would have to.",
        "They know of her situation already; she told me whom she talks to there.",
    ),
}
UNFINISHED: Final[Bank] = {
    "fr": (
        "Elle a appelé ce matin. Elle aimerait visiter un autre logement et",
        "Nous avons relu son budget. Il reste",
    ),
    "en": (
        "She called this morning. She would like to see another place, and",
        "We went over her budget. What is left",
    ),
}
ASKED_OF_COMMITTEE: Final[Bank] = {
    "fr": (
        "Comment l’aider à garder son logement sans presser les choses?",
        "Quels services pourraient l’accueillir le soir, à son rythme?",
        "Que lui proposer pour reprendre une formation qui lui ressemble?",
    ),
    "en": (
        "How can we help her keep her home without rushing things?",
        "Which services could welcome her in the evening, at her pace?",
        "What could we offer so that she takes up training that suits her?",
    ),
}
WANTS_SAID: Final[Bank] = {
    "fr": (
        "Dites-leur que je veux rester dans mon quartier.",
        "Je veux qu’on me demande avant de décider.",
        "Dites que ça va mieux, mais pas encore le matin.",
    ),
    "en": (
        "Tell them that I want to stay in my neighbourhood.",
        "I want to be asked before anything is decided.",
        "Say that it is getting better, but not in the mornings yet.",
    ),
}
RECOMMENDED: Final[Bank] = {
    "fr": (
        "Appeler ensemble l’organisme d’habitation du quartier.",
        "Lui présenter une personne de l’équipe du soir, sans engagement.",
        "Visiter avec elle deux milieux de formation.",
    ),
    "en": (
        "Call the neighbourhood’s housing organization together.",
        "Introduce her to somebody of the evening team, without obligation.",
        "Visit two training places with her.",
    ),
}
RECOMMENDED_TO_HER: Final[Bank] = {
    "fr": (
        "On pourrait appeler ensemble pour ton logement, si tu veux.",
        "Il y a quelqu’un le soir que tu pourrais rencontrer, juste pour voir.",
        "On pourrait aller voir deux places où apprendre, sans rien décider.",
    ),
    "en": (
        "We could call together about your home, if you want.",
        "There is somebody in the evening whom you could meet, just to see.",
        "We could go and see two places to learn, without deciding anything.",
    ),
}

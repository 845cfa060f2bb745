"""Texts with planted identifiers, and clean ones, as professionals write them; made anew from a seed.

Two sets whose sentences, names and values differ: with `TUNED` the finder was adjusted, with `MEASURED` it is judged.
"""

import random
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from tests.spheres_core.support import measured_names as names


class Planted(Struct, frozen=True):
    """A text with one identifier in it."""

    text: str
    value: str
    kind: str


MONTHS_FR: Final = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
MONTHS_EN: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SHORT_EN: Final = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


class TextSet(Struct, frozen=True):
    """What one set is made of; each sentence holds `{}` where the identifier stands."""

    given: dict[str, tuple[str, ...]]
    family: dict[str, tuple[str, ...]]
    name_sentences: dict[str, tuple[str, ...]]
    birth_sentences: dict[str, tuple[str, ...]]
    phone_sentences: dict[str, tuple[str, ...]]
    email_sentences: dict[str, tuple[str, ...]]
    file_sentences: dict[str, tuple[str, ...]]
    health_sentences: dict[str, tuple[str, ...]]
    insurance_sentences: dict[str, tuple[str, ...]]
    address_sentences: dict[str, tuple[str, ...]]
    postal_sentences: dict[str, tuple[str, ...]]
    handle_sentences: dict[str, tuple[str, ...]]
    streets: dict[str, tuple[str, ...]]
    clean: dict[str, tuple[str, ...]]


TUNED: Final = TextSet(
    given={
        "fr": (
            "Maëlle",
            "Océane",
            "Émilie",
            "Marie-Ève",
            "Jérémy",
            "Kim",
            "Noémie",
            "Coralie",
            "Anne-Sophie",
            "Yasmine",
        ),
        "en": ("Ashley", "Brianna", "Destiny", "Jordan", "Kayla", "Emily", "Tyler", "Grace", "Aaliyah", "Madison"),
    },
    family={"fr": ("Tremblay", "Gagnon", "Lavoie", "Bergeron"), "en": ("Smith", "Walker", "Nguyen", "MacDonald")},
    name_sentences={
        "fr": (
            "Je travaille avec {}, qui fréquente un homme plus âgé.",
            "{} me dit que son chum lui demande de l’argent.",
            "Une jeune de mon groupe, {}, ne vient plus à l’école.",
            "Hier j’ai croisé {} au métro.",
        ),
        "en": (
            "I work with {}, who sees an older man.",
            "{} says her boyfriend asks her for money.",
            "A youth in my group, {}, has stopped coming to school.",
            "Yesterday I met {} near the station.",
        ),
    },
    birth_sentences={
        "fr": ("Elle est née le {}.", "Date de naissance : {}.", "Une jeune (DDN {}) en fugue.", "Sa fête est le {}."),
        "en": ("She was born on {}.", "Date of birth: {}.", "A youth (DOB {}) is missing.", "Her birthday is {}."),
    },
    phone_sentences={
        "fr": ("On la joint au {}.", "Son cellulaire : {}.", "Textez-la ({}) en soirée."),
        "en": ("She can be reached at {}.", "Her cell: {}.", "Text her ({}) in the evening."),
    },
    email_sentences={"fr": ("Son courriel est {}.",), "en": ("Her e-mail is {}.",)},
    file_sentences={
        "fr": ("Son dossier {} est ouvert chez nous.", "No de dossier : {}."),
        "en": ("Her file {} is open with us.", "File number: {}."),
    },
    health_sentences={"fr": ("Sa carte d’assurance maladie : {}.",), "en": ("Her health card is {}.",)},
    insurance_sentences={"fr": ("Son NAS est le {}.",), "en": ("Her SIN is {}.",)},
    address_sentences={"fr": ("Elle habite au {}.",), "en": ("She lives at {}.",)},
    postal_sentences={"fr": ("Le code postal est {}.",), "en": ("The postal code is {}.",)},
    handle_sentences={
        "fr": ("Son Instagram : {}", "Sur TikTok, elle est {}."),
        "en": ("Her Instagram: {}", "On TikTok she is {}."),
    },
    streets={
        "fr": ("rue Ontario Est", "boulevard Saint-Joseph", "avenue Christophe-Colomb"),
        "en": ("Sherbrooke Street", "Park Avenue", "Elm Road"),
    },
    clean={
        "fr": (
            "Comment ouvrir la conversation sans la brusquer?",
            "Une jeune de 15 ans de mon école parle d’un ami plus âgé qui lui offre des cadeaux.",
            "Je travaille dans un CLSC de Montréal et je me sens peu outillée.",
            "Existe-t-il un outil sur le consentement à utiliser en groupe?",
            "Notre équipe de la DPJ aimerait une rencontre d’ici le 12 décembre 2026.",
            "Elle dort chez des amis trois soirs par semaine et revient le lundi.",
            "Depuis 2023, nous voyons plus de situations de ce genre.",
        ),
        "en": (
            "How do I open the conversation without rushing?",
            "A 15-year-old at my school talks about an older friend who gives gifts.",
            "I work at a CLSC in Montréal and feel poorly equipped.",
            "Is there a tool about consent to use in a group?",
            "Our youth protection team would like a meeting before December 12, 2026.",
            "She sleeps at friends’ places three nights a week and comes back on Monday.",
            "Since 2023 we have seen more situations like this.",
        ),
    },
)

MEASURED: Final = TextSet(
    given={
        "fr": (
            *names.FRENCH_GIVEN,
            "Aminata",
            "Djeneba",
            "Wideline",
            "Thi Mai",
            "Nahéma",
            "Kanani",
            "Uapukun",
            "Ximena",
        ),
        "en": (*names.ENGLISH_GIVEN, "Shanelle", "Priyanka", "Oluwaseun", "Mei-Ling", "Elisapie", "Talisa", "Xiomara"),
    },
    family={"fr": names.FRENCH_FAMILY, "en": names.ENGLISH_FAMILY},
    name_sentences={
        "fr": (
            "Bonjour, je suis intervenante scolaire et {} m’inquiète beaucoup depuis l’automne.",
            "La situation de {} évolue vite : fugues, téléphone neuf, nouveaux vêtements.",
            "Je rencontre {} demain et je ne sais pas comment aborder les cadeaux.",
            "{} (16 ans) dit que tout va bien.",
            "Sa mère appelle souvent pour savoir où est {}.",
            "Que faire quand {} refuse de parler de son copain?",
            "L’éducatrice de {} pense la même chose que moi.",
            "ma cliente s’appelle {} et elle vit en foyer",
            "La semaine passée, {} a fugué avec une amie du foyer de groupe.",
            "Est-ce que {} pourrait participer même si elle hésite?",
        ),
        "en": (
            "Hello, I am a school worker and {} has worried me a lot since the fall.",
            "Things move fast for {}: running away, a new phone, new clothes.",
            "I am seeing {} tomorrow and do not know how to bring up the gifts.",
            "{} (16) says that all is well.",
            "Her mother often calls to ask where {} is.",
            "What do I do when {} will not talk about the boyfriend?",
            "The educator who follows {} thinks the same as I do.",
            "my client is called {} and lives in a group home",
            "Last week {} ran away with a friend from the group home.",
            "Could {} take part even while hesitating?",
        ),
    },
    birth_sentences={
        "fr": (
            "Jeune fille née le {}, suivie par notre équipe.",
            "Pour votre information, naissance : {}.",
            "Il s’agit d’une adolescente ({}) placée en famille d’accueil.",
            "D.D.N. {}, placée depuis six mois.",
            "Elle aura 18 ans bientôt, puisque sa date de naissance est le {}.",
        ),
        "en": (
            "A girl born {}, followed by our team.",
            "For your information, birth date: {}.",
            "This is a teenager ({}) in foster care.",
            "D.O.B. {}, placed six months ago.",
            "She turns 18 soon, as her date of birth is {}.",
        ),
    },
    phone_sentences={
        "fr": (
            "Vous pouvez l’appeler au {} après l’école.",
            "Elle reçoit des messages du {} toutes les nuits.",
            "tél. {} (chez sa tante)",
            "Le numéro de l’homme serait le {}, selon une amie.",
        ),
        "en": (
            "You may call her at {} after school.",
            "She gets messages from {} every night.",
            "phone {} (at an aunt’s)",
            "The man’s number would be {}, a friend says.",
        ),
    },
    email_sentences={
        "fr": ("Elle écrit depuis {} seulement.", "Écrivez-lui à {}, elle répond le soir."),
        "en": ("She only writes from {}.", "Write to {}, she answers in the evening."),
    },
    file_sentences={
        "fr": (
            "Le dossier no {} a été fermé en mars.",
            "Référence DPJ, numéro d’usager {}.",
            "Rapport d’événement {} du service de police.",
            "Cause {} au tribunal de la jeunesse.",
        ),
        "en": (
            "Case no. {} was closed in March.",
            "Youth protection reference, client number {}.",
            "Police event number {}.",
            "Court file {} in youth court.",
        ),
    },
    health_sentences={
        "fr": ("RAMQ {} au besoin.", "Je joins son numéro d’assurance maladie, {}, pour la clinique."),
        "en": ("RAMQ {} if needed.", "I add the medicare number, {}, for the clinic."),
    },
    insurance_sentences={
        "fr": ("Elle n’a plus sa carte d’assurance sociale ({}).", "N.A.S. {} pour l’impôt."),
        "en": ("She has lost the social insurance card ({}).", "S.I.N. {} for taxes."),
    },
    address_sentences={
        "fr": (
            "Son copain demeure {}, au deuxième étage.",
            "Les rendez-vous ont lieu au {}, près du métro.",
            "adresse : {}",
        ),
        "en": (
            "The boyfriend stays at {}, second floor.",
            "Meetings happen at {}, near the bus terminal.",
            "address: {}",
        ),
    },
    postal_sentences={"fr": ("Elle vit dans le secteur {}.",), "en": ("She lives around {}.",)},
    handle_sentences={
        "fr": (
            "Sur Instagram elle publie sous {} des photos inquiétantes.",
            "son snap c’est {}",
            "Le recruteur lui écrit par {} depuis un mois.",
            "Voir {} pour les publications.",
        ),
        "en": (
            "On Instagram the account {} posts worrying pictures.",
            "her snap is {}",
            "The recruiter has written through {} for a month.",
            "See {} for the posts.",
        ),
    },
    streets={
        "fr": (
            "rue Hochelaga",
            "boul. des Laurentides",
            "av. du Mont-Royal Est",
            "chemin de la Côte-Vertu",
            "rang Saint-Paul",
        ),
        "en": ("Maple Street", "Decarie Blvd", "Victoria Ave.", "Old Mill Road", "St. Charles Street"),
    },
    clean={
        "fr": (
            "Une élève de quatrième secondaire arrive avec deux téléphones. Par où commencer?",
            "Dans notre ressource, plusieurs jeunes parlent d’Instagram et de Snapchat pour faire des rencontres.",
            "J’accompagne une jeune adulte de 19 ans qui veut quitter ce milieu et craint de perdre son logement.",
            "Quelle différence faites-vous entre l’exploitation sexuelle et le travail du sexe?",
            "Le Centre jeunesse de Laval nous a dirigés vers vous; merci de nous rappeler qui appeler à Québec.",
            "Nous sommes un organisme communautaire de l’Outaouais et nos ateliers sont en français et en anglais.",
            "Elle dit aimer son copain et ne pas se voir comme une victime. Je veux respecter son rythme.",
            "Depuis le début de 2025, trois jeunes de 13 à 16 ans de notre foyer ont fugué plus de 10 fois.",
            "Est-ce que le 811 ou la ligne 1 800 463-9999 peut aider la nuit?",
            "La Loi sur la protection de la jeunesse m’oblige-t-elle à signaler si elle a 17 ans?",
            "Nous avons lu le cadre de référence de Brisebois et Fredette (2021) en équipe.",
            "Ma collègue de Marie-Vincent m’a parlé d’une formation en janvier 2027.",
            "Le comité se réunit le 14 janvier 2027 à 13 h 30, au 2e étage.",
            "Rose comme couleur, c’est pour l’affiche : avez-vous un gabarit?",
            "Une mère nous demande comment parler à sa fille de 14 ans sans la faire fuir.",
            "À l’hôpital Sainte-Justine, on nous a demandé un outil sur le trauma.",
            "Elle a reçu 2 500 $ en une fin de semaine et ne veut pas dire comment.",
            "Comment travailler l’ambivalence selon l’entretien motivationnel?",
            "Je suis psychoéducatrice au CISSS des Laurentides, à Saint-Jérôme.",
            "Avez-vous des activités de découverte pour une jeune qui aime les chevaux?",
            "Le SPVM et Les Survivantes offrent-ils des rencontres hors de Montréal?",
            "Au printemps, nous aimerions un atelier de 2 heures pour 25 élèves.",
            "Elle ne mange pas toujours et dort dans le métro Berri. Que prioriser?",
            "Mon équipe se demande si nommer l’exploitation d’emblée est une bonne idée.",
            "Nous cherchons un document en espagnol sur le consentement.",
        ),
        "en": (
            "A student in grade 10 comes in with two phones. Where do I begin?",
            "In our group home several youth mention Instagram and Snapchat as places to meet people.",
            "I support a 19-year-old who wants to leave, and who fears losing her apartment.",
            "How do you tell sexual exploitation and sex work apart?",
            "The Batshaw team in Montreal sent us to you; whom do we call in Quebec City?",
            "We are a community organization in the Outaouais, with workshops in English and French.",
            "She says she loves him and does not see herself as a victim. I want to respect her pace.",
            "Since early 2025 three youth aged 13 to 16 have run away more than 10 times.",
            "Can 811 or the 1-800-463-9999 line help at night?",
            "Does the Youth Protection Act oblige me to report if she is 17?",
            "Our team read the frame of reference by Brisebois and Fredette (2021).",
            "A colleague at Marie-Vincent told me about a training in January 2027.",
            "The committee meets on January 14, 2027 at 1:30 p.m., on the second floor.",
            "I hope to join in May or June; will there be a session in April?",
            "A mother asks how to talk with her daughter, 14, without pushing her away.",
            "At the Montreal Children’s Hospital we were asked for a tool on trauma.",
            "She came back with $2,500 after a weekend and will not say how.",
            "How do I work with ambivalence in motivational interviewing?",
            "I am a social worker at the CIUSSS in the West Island, near Pointe-Claire.",
            "Do you have discovery activities for a youth who loves horses?",
            "Do the SPVM and Les Survivantes meet youth outside Montreal?",
            "In the spring we would like a 2-hour workshop for 25 students.",
            "She skips meals and sleeps in the Berri metro station. What comes first?",
            "My team wonders whether naming exploitation from the start is a good idea.",
            "We look for a document in Spanish about consent.",
        ),
    },
)


def planted(source: TextSet, seed: int, count: int) -> list[Planted]:
    """Returns texts with one identifier each, every kind in turn."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        kind, make = MAKERS[number % len(MAKERS)]
        language = chance.choice(("fr", "en"))
        sentences, value = make(source, language, chance)
        text = chance.choice(sentences[language]).format(value)
        around = chance.choice(source.clean[language])
        made.append(Planted(chance.choice((text, f"{around} {text}", f"{text} {around}")), value, kind))
    return made


def clean(source: TextSet, seed: int, count: int) -> list[str]:
    """Returns texts without any identifier: one to three sentences."""
    chance = random.Random(seed)
    return [
        " ".join(chance.sample(source.clean[chance.choice(("fr", "en"))], chance.randint(1, 3))) for _ in range(count)
    ]


Made = tuple[dict[str, tuple[str, ...]], str]


def _name(source: TextSet, language: str, chance: random.Random) -> Made:
    given, family = chance.choice(source.given[language]), chance.choice(source.family[language])
    value = chance.choice((given, given, given, f"{given} {family}", f"{given} {family[0]}."))
    return source.name_sentences, value


def _birth(source: TextSet, language: str, chance: random.Random) -> Made:
    year, month, day = chance.randint(2001, 2014), chance.randint(1, 12), chance.randint(1, 28)
    first = "1er" if day == 1 else str(day)
    written = {
        "fr": (
            f"{first} {MONTHS_FR[month - 1]} {year}", f"{year}-{month:02}-{day:02}", f"{day:02}/{month:02}/{year}",
            f"{day:02}-{month:02}-{year}", f"{year}/{month:02}/{day:02}", f"{day}.{month}.{year}",
        ),
        "en": (
            f"{MONTHS_EN[month - 1]} {day}, {year}", f"{year}-{month:02}-{day:02}", f"{month:02}/{day:02}/{year}",
            f"{day} {MONTHS_EN[month - 1]} {year}", f"{SHORT_EN[month - 1]} {day} {year}",
            f"{MONTHS_EN[month - 1]} {day}th {year}",
        ),
    }[language]  # fmt: skip
    return source.birth_sentences, chance.choice(written)


def _phone(source: TextSet, language: str, chance: random.Random) -> Made:
    area, line = chance.choice(("514", "438", "450", "819", "581", "418")), f"{chance.randint(0, 9999):04}"
    middle = str(chance.choice((234, 387, 555, 678, 842)))
    written = (
        f"{area} {middle}-{line}", f"{area}-{middle}-{line}", f"({area}) {middle}-{line}", f"{area}.{middle}.{line}",
        f"{area}{middle}{line}", f"+1 {area} {middle} {line}", f"1-{area}-{middle}-{line}", f"{area} {middle} {line}",
    )  # fmt: skip
    return source.phone_sentences, chance.choice(written)


def _email(source: TextSet, language: str, chance: random.Random) -> Made:
    name = chance.choice(("kimmy.09", "la_belle_fleur", "x.o-lovely", "m.t2008", "babygirl514"))
    return (
        source.email_sentences,
        f"{name}@{chance.choice(('gmail.com', 'hotmail.ca', 'videotron.ca', 'exemple.qc.ca'))}",
    )


def _file(source: TextSet, language: str, chance: random.Random) -> Made:
    digits = chance.randint(100_000, 999_999)
    written = (
        f"{digits}",
        f"{chance.randint(2015, 2026)}-{digits % 10_000:04}",
        f"525-41-{digits}-231",
        f"MTL{digits}",
    )
    return source.file_sentences, chance.choice(written)


def _health(source: TextSet, language: str, chance: random.Random) -> Made:
    letters = chance.choice(("TREM", "GAGN", "LAVO", "ROYK", "DIAA"))
    year, month, day = chance.randint(1, 14), chance.randint(51, 62), chance.randint(1, 28)
    digits = f"{year:02}{month}{day:02}{chance.randint(10, 99)}"
    return source.health_sentences, chance.choice((f"{letters} {digits[:4]} {digits[4:]}", f"{letters}{digits}"))


def _insurance(source: TextSet, language: str, chance: random.Random) -> Made:
    body = [chance.choice((1, 2, 3, 4, 5, 6, 7, 9)), *(chance.randint(0, 9) for _ in range(7))]
    total = sum(sum(divmod(digit * (1 + place % 2), 10)) for place, digit in enumerate(body))
    digits = "".join(map(str, [*body, -total % 10]))
    joint = chance.choice((" ", "-", ""))
    return source.insurance_sentences, joint.join((digits[:3], digits[3:6], digits[6:]))


def _address(source: TextSet, language: str, chance: random.Random) -> Made:
    number, street = chance.randint(12, 9899), chance.choice(source.streets[language])
    written = {
        "fr": (f"{number}, {street}", f"{number} {street}", f"{number}, {street}, app. {chance.randint(1, 40)}"),
        "en": (f"{number} {street}", f"{number} {street}, apt. {chance.randint(1, 40)}"),
    }[language]
    return source.address_sentences, chance.choice(written)


def _postal(source: TextSet, language: str, chance: random.Random) -> Made:
    letter = chance.choice
    code = f"{letter('GHJ')}{chance.randint(0, 9)}{letter('ABCEGHJKLMNPRSTVWXYZ')}"
    rest = f"{chance.randint(0, 9)}{letter('ABCEGHJKLMNPRSTVWXYZ')}{chance.randint(0, 9)}"
    return source.postal_sentences, chance.choice((f"{code} {rest}", f"{code}{rest}", f"{code} {rest}".lower()))


def _handle(source: TextSet, language: str, chance: random.Random) -> Made:
    handle = chance.choice(("kimmy_x09", "la.belle.fleur", "x_lovely_x", "mtl_babe2008"))
    written = (f"@{handle}", handle, f"instagram.com/{handle}", f"https://www.tiktok.com/@{handle}")
    return source.handle_sentences, chance.choice(written)


Maker = Callable[[TextSet, str, random.Random], Made]
MAKERS: Final[tuple[tuple[str, Maker], ...]] = (
    ("name", _name), ("birth_date", _birth), ("telephone", _phone), ("name", _name), ("email", _email),
    ("file_number", _file), ("name", _name), ("health_number", _health), ("social_insurance_number", _insurance),
    ("name", _name), ("address", _address), ("postal_code", _postal), ("handle", _handle),
)  # fmt: skip
"""A name in four of thirteen: nothing is typed as often."""

"""Every notice the core sends, and the words that no message may hold. A test reads both languages of each."""

import re

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.notifications.schemas import Notice

SOMETHING_WAITS = Notice(
    "something_waits",
    subject=msg("Something new is waiting for you"),
    body=(msg("Something new is waiting for you. Please sign in to see it."),),
)
INVITATION = Notice(
    "invitation",
    subject=msg("An invitation to make an account"),
    body=(
        msg("Somebody you work with has opened an account for you. Open this address to choose your password."),
        msg("The address works once, and for a few days. If you did not expect it, leave it alone."),
    ),
)
"""Its address is itself a secret: it opens a page that asks for a password and nothing else."""
RECOVERY = Notice(
    "recovery",
    subject=msg("A new password for your account"),
    body=(
        msg("Somebody you work with made this address for you. It lets you choose a new password."),
        msg("The address works once, and for a short time. If you did not ask for it, tell that person."),
    ),
)
"""Its address is a secret of the same kind."""

NUMBER_CODE = Notice(
    "number_code",
    subject=msg("The code for your number"),
    body=(msg("The code that you asked for:"),),
)
"""A text message, never mail: the code follows its sentence."""

CLOSING = (
    msg("This message says no more on purpose: mail can be seen by others."),
    msg("It was sent automatically; please do not reply."),
)
"""Stands under every notice."""

NOTICES = (SOMETHING_WAITS, INVITATION, RECOVERY, NUMBER_CODE)

SIGN_IN_TO_SEE = msg("Please sign in to see it.")


def plugin_notice(title: Message | Words) -> Notice:
    """Returns the notice of a plugin's entry: its title, nothing else."""
    return Notice("plugin_notice", subject=SOMETHING_WAITS.subject, body=(title, SIGN_IN_TO_SEE))


def problem_with_title(title: Message | Words) -> Message | None:
    """Returns why a title may not stand in mail: it would tell a bystander what this is about, or takes parameters."""
    texts = [title.msgid] if isinstance(title, Message) else [*title.values()]
    if isinstance(title, Message) and (title.params or "{" in title.msgid):
        return msg("The title of a notice has no placeholders.")
    if found := sorted({word for text in texts for word in telling_words(text)}):
        return msg("The title of a notice may not say: {words}.", words=", ".join(found))
    return None


FORBIDDEN = (
    "spheres", "exploit", "sexu", "prostit", "victim", "traffick", "trafic", "traite", "abus", "viol", "gang", "pimp",
    "proxen", "souteneur", "drug", "drogue", "fugue", "runaway", "crisis", "crise", "urgen", "risk", "risque", "danger",
    "referr", "referenc", "signal", "participant", "young", "youth", "jeune", "teen", "adolesc", "minor",
    "mineur", "girl", "fille", "boy", "garcon", "client", "patient", "case", "dossier", "committee", "comite", "clinic",
    "health", "sante", "police", "dpj", "court", "tribunal", "http", "www.",
)  # fmt: skip
"""Beginnings of words, without accents, that would tell a bystander what this is about; the letter adds its link."""

_WORD = re.compile(rf"\b(?:{'|'.join(map(re.escape, FORBIDDEN))})")


def telling_words(text: str) -> list[str]:
    """Returns the forbidden beginnings of words that stand in a text."""
    return _WORD.findall(fold_letters(text))

"""Texts around the two public forms: a professional's referral, and a young person's own request to be reached."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL


class FormTexts(Struct, frozen=True):
    """The words of a form's page and of the page after it."""

    form: str
    """The form's key."""
    route: str
    """The name of the page that asks it."""
    tab: Message
    """A word for the browser's tab and history, from which nobody can tell the matter."""
    title: Message
    lead: Message
    send: Message
    danger: Message
    """Whom to turn to when somebody is in danger: it stands beside the button."""
    code_to_come: Message
    steps: tuple[Message, ...]
    """The steps that follow, in order."""
    received: Message
    """The title of the page after sending."""
    thanks: Message
    code_use: Message
    code_silence: Message
    """A sentence on that which the tracking code keeps to itself."""
    withdrawal: Message
    follow: Message
    """The link to the page of the tracking code."""


REFERRAL_TEXTS: Final = FormTexts(
    form=REFERRAL,
    route="refer",
    tab=msg("Form"),
    title=msg("Refer someone"),
    lead=msg("No account is needed. Nothing is sent until you press the button at the end."),
    send=msg("Send the referral"),
    danger=msg("If someone is in danger right now, do not wait for our answer. Call:"),
    code_to_come=msg(
        "You will get a tracking code to follow the referral. Nothing you type is kept in this browser."
    ),
    steps=(
        msg("Someone from the team reads the referral, and writes to you if something is missing."),
        msg("If the young person agreed to be contacted, the team does so in the way you said is safe."),
        msg("The young person decides whether to go on, at their own pace."),
    ),
    received=msg("The referral has been received"),
    thanks=msg("Thank you. Someone from the team will read it."),
    code_use=msg(
        "Write it down on paper, or keep it in your file. It is shown only once, and it opens nothing but the state of"
        " this referral."
    ),
    code_silence=msg("It never says whether the young person takes part: only the young person may tell that."),
    withdrawal=msg(
        "With the tracking code you may withdraw the referral as long as nobody has contacted the young person."
    ),
    follow=msg("Follow a referral"),
)  # fmt: skip
SELF_REFERRAL_TEXTS: Final = FormTexts(
    form=SELF_REFERRAL,
    route="contact",
    tab=msg("Message"),
    title=msg("I want to talk to someone"),
    lead=msg("It is for you, and you decide. You need no account and no e-mail address, and you can stop at any time."),
    send=msg("Send my request"),
    danger=msg("If you are in danger right now, do not wait for our answer. Call:"),
    code_to_come=msg("You will get a code to see where your request stands. Nothing you type is kept in this browser."),
    steps=(
        msg("Someone from the team reads your request."),
        msg("Someone from the team reaches you, only in the way and at the time that you said are safe for you."),
        msg("You talk, you ask what you want to know, and you decide what comes next, at your own pace."),
    ),
    received=msg("Your request has been received"),
    thanks=msg("Thank you for writing. Someone from the team will read it, then reach you in the way you chose."),
    code_use=msg(
        "Keep it where nobody else looks, or do not keep it at all: the team can reach you without it. It is shown"
        " only once, and it opens nothing but the state of your request."
    ),
    code_silence=msg("It says nothing of you, and nothing of what you wrote."),
    withdrawal=msg("If you change your mind, you can take your request back with the code."),
    follow=msg("See where my request stands"),
)
TEXTS: Final[Mapping[str, FormTexts]] = {each.form: each for each in (REFERRAL_TEXTS, SELF_REFERRAL_TEXTS)}
"""By the form's key."""

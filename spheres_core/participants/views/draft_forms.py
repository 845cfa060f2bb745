"""Forms of her file that this room keeps while somebody is still writing them, each declared once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spheres_core.consents.schemas import ConsentKind
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.participants.schemas.safe_contact import CHANNELS, Channel
from spheres_core.participants.views.consent_form import KINDS
from spheres_core.participants.views.safe_contact_form import MOST_AROUND, MOST_HOURS

_CHANNEL_FIELDS: Final = (
    "value", "answers", "message_with_others", "voicemail", "code_word", "duress_word", "she_contacts_us",
    "next_day", "next_time",
    *(f"hours.{number}.{part}" for number in range(MOST_HOURS) for part in ("days", "opens", "closes")),
)  # fmt: skip
"""Not that she confirmed it today: another day it would not be so."""
_CONSENT_FIELDS: Final = (
    "recipient", "information", "act", "purpose", "first_day", "last_day", "until", "until_day", "giver", "how",
    "given_on", "words", "holder", "also", "benefit",
)  # fmt: skip
"""Not her age, which is kept nowhere."""
CHANNEL_FORMS: Final[Mapping[Channel, DraftForm]] = {
    channel: DraftForm(
        f"safe_contact_{channel}",
        msg("Safe contact: {channel}", channel=title),
        dict.fromkeys(_CHANNEL_FIELDS, "safe_contact"),
        page="safe_contact_channel",
        place={"channel": channel},
    )
    for channel, title in CHANNELS.items()
}
"""By channel, so that what was typed of one is never offered for another."""
AROUND_FORM: Final = DraftForm(
    "safe_contact_around",
    msg("People around her, and her language"),
    dict.fromkeys(
        ("language", *(f"around.{n}.{part}" for n in range(MOST_AROUND) for part in ("relation", "instruction"))),
        "safe_contact",
    ),
    page="safe_contact_around",
)
CONSENT_FORMS: Final[Mapping[ConsentKind, DraftForm]] = {
    kind: DraftForm(
        f"consent_{kind}",
        msg("Consent: {kind}", kind=title),
        dict.fromkeys(_CONSENT_FIELDS, "participation"),
        page="new_consent",
        query={"kind": kind},
    )
    for kind, title in KINDS.items()
}
"""By kind: none of them stands for another."""

"""Links to call or write: to who refers always, to her only by the means that she agreed to and that is safe."""

from collections.abc import Iterable, Mapping
from typing import Final

from spheres_core.forms import meanings
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.readable_answers import ReadableRow
from spheres_core.partners.contact_values import contact_link
from spheres_core.referrals.schemas import ReferralRead
from spheres_core.referrals.states import ENDED

_REFERRER: Final[Mapping[str, str]] = {"referrer_phone": "phone", "referrer_email": "email"}
"""The kind of contact behind each meaning."""
_SAFE: Final[Mapping[str, tuple[str, str]]] = {
    "call": ("participant_phone", "phone"),
    "text_message": ("participant_phone", "text"),
    "email": ("participant_email", "email"),
}
"""The meaning and the kind of contact that each safe means allows. A means that is not known here allows none."""


def links_of(form: Form, found: ReferralRead, rows: Iterable[ReadableRow]) -> dict[str, str]:
    """Returns where a link to an answer leads, by the answer's path; none where a tap could put her in danger."""
    kinds = dict(_REFERRER)
    if found.agrees_to_contact == "yes" and found.state not in ENDED:
        told = meanings.meanings(form, found.answers).get("safe_contact_how")
        for means in told if isinstance(told, list) else [told]:
            if means is not None and means in _SAFE:
                meaning, kind = _SAFE[means]
                kinds.setdefault(meaning, kind)
    return {
        row.path: link
        for row in rows
        if row.meaning in kinds and row.shown and isinstance(row.shown[0], str)
        if (link := contact_link(kinds[row.meaning], row.shown[0]))
    }

"""Forms about a participant and a committee whose words are kept while somebody is still writing them."""

from __future__ import annotations

from typing import Final

from spheres_core.committee.queries.agenda import CLASS
from spheres_core.consents.schemas import CLASSES, MEETING_NAME
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DraftForm

ITEM_FORM: Final = DraftForm(
    "agenda_item",
    msg("Item for a committee"),
    dict.fromkeys(("meeting", "question", "asked", "told_on", "shares", "police"), CLASS) | {"wants_said": "own_words"},
    page="put_on_agenda",
    record_page="agenda_item",
)
NAME_FORM: Final = DraftForm("meeting_name", CLASSES[MEETING_NAME], {"called": MEETING_NAME}, page="meeting_name")
TOLD_FORM: Final = DraftForm(
    "recommendation_told",
    msg("What a committee recommended, told to her"),
    dict.fromkeys(("on", "told"), CLASS) | {"her_words": "own_words"},
    record_page="recommendation",
)
RESULT_FORM: Final = DraftForm(
    "recommendation_result",
    msg("What came of a recommendation"),
    dict.fromkeys(("state", "result"), CLASS),
    record_page="recommendation",
)

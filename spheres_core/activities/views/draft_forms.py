"""Forms about what she is asked to whose words are kept while somebody is still writing them, each declared once."""

from __future__ import annotations

from typing import Final

from spheres_core.activities.queries.outings import CLASS
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DraftForm

INVITATION_FORM: Final = DraftForm(
    "outing_invitation",
    msg("Ask her along"),
    dict.fromkeys(("outing", "how", "answer", "need"), CLASS) | {"expects": "own_words"},
    page="participant_activities",
)
ANSWER_FORM: Final = DraftForm(
    "outing_answer",
    msg("What she says of an activity"),
    dict.fromkeys(("answer", "need"), CLASS) | dict.fromkeys(("expects", "felt"), "own_words"),
    record_page="participant_activity",
)
FOUND_FORM: Final = DraftForm(
    "strength_found",
    msg("What she found there"),
    dict.fromkeys(("what", "identified_by"), "needs_and_plan"),
    record_page="participant_activity",
)

"""Forms about a plan whose words are kept while somebody is still writing them, each declared once."""

from __future__ import annotations

from typing import Final

from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.plans.queries.goals import STAGES_CLASS
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.queries.requests import CLASS as REQUESTS_CLASS

HER_WORDS: Final = {"her_words": "own_words"}


def _of_class(information: str, *fields: str) -> dict[str, str]:
    return dict.fromkeys(fields, information)


STRENGTH_FORM: Final = DraftForm(
    "strength",
    msg("Strength"),
    _of_class(CLASS, "what", "identified_by"),
    page="add_strength",
    record_page="add_strength",
    record_query="strength",
)
NEED_FORM: Final = DraftForm(
    "need",
    msg("Need"),
    _of_class(CLASS, "need", "strength", "identified_by", "urgency", "state", "what", "met_by", "could_be_met_by")
    | HER_WORDS,
    page="plan_need",
    record_page="plan_need",
    record_query="need",
    record_kind="need",
)
GOAL_FORM: Final = DraftForm(
    "goal",
    msg("Goal"),
    _of_class(CLASS, "words", "proposed_by", "template", "needs", "hers", "state", "she_wants_it"),
    page="plan_goal",
    record_page="plan_goal",
    record_query="goal",
    record_kind="goal",
)
GOAL_STAGE_FORM: Final = DraftForm(
    "goal_stage",
    msg("Where she stands with a goal"),
    _of_class(STAGES_CLASS, "placed_by", "stage", "importance", "confidence", "progress", "note") | HER_WORDS,
    record_page="plan_goal",
    record_query="goal",
)
CYCLE_FORM: Final = DraftForm(
    "cycle_stage",
    msg("Where she stands"),
    _of_class(STAGES_CLASS, "model", "stage", "her_stage", "note") | HER_WORDS,
    page="cycle_stages",
)
"""One for all stage models: the field `model` says of which it is."""
REQUEST_FORM: Final = DraftForm(
    "service_request",
    msg("Request for a service"),
    _of_class(REQUESTS_CLASS, "age", "language", "area", "service", "need", "what", "shares", "exception"),
    page="ask_for_service",
    record_kind="service_request",
)
ANSWER_FORM: Final = DraftForm(
    "request_answer",
    msg("Answer of a partner"),
    _of_class(REQUESTS_CLASS, "to", "words", "reason", "outcome"),
    record_page="service_requests",
)

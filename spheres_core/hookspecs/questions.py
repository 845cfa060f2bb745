"""Hooks that are asked on the way, and the one that gathers a plugin's own data before."""

from typing import TYPE_CHECKING, Any

from spheres_core.facts import (
    ActivityProposal,
    ContactProposal,
    EncounterFacts,
    GoalSuggestion,
    NeedFacts,
    OfferedServiceFacts,
    Opinion,
    OrganizationFacts,
    ParticipationStep,
    PlanFacts,
    Problem,
    ReferralFacts,
    RoutingSuggestion,
    SentReferral,
    ServiceOpinion,
    ServiceRequestFacts,
)
from spheres_core.hook_versions import hookspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msgspec import Struct

    from spheres_core.foundation.tenancy.context import Context


@hookspec(since="0.1")
async def gather_own(ctx: "Context", referral: "ReferralFacts | None" = None) -> "Struct | None":
    """Reads what this plugin's own questions need from its own tables, and returns it as a frozen struct of its own.

    Called once a request, before the first of its hooks that takes the argument `own`. `ctx.db` answers `all`,
    `one_or_none` and `scalar` for prepared queries of the plugin's own tables, and nothing else; it writes nothing.
    `referral` is the one that is asked about; None where nothing is about one. It has a fifth of a second.
    """


@hookspec(since="0.1")
def check_referral(referral: "SentReferral", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns the problems that stand against receiving this referral. Called before it is stored, with valid answers.

    A plugin that declares this hook a safeguard refuses the referral with its problems, and when it fails or cannot be
    loaded nothing is received. The problems of any other are shown to staff, beside the opinions.
    """


@hookspec(since="0.1")
def assess_eligibility(referral: "SentReferral", settings: "Struct", own: Any = None) -> "Opinion | None":
    """Tells whether this referral fits the program here. Every opinion is kept with its reason; none decides.

    None when there is nothing to say. Whose opinion is missing because it failed is shown to staff.
    """


@hookspec(since="0.1")
def suggest_routing(  # type: ignore[empty-body]
    referral: "ReferralFacts", organizations: "Sequence[OrganizationFacts]", settings: "Struct", own: Any = None
) -> "Sequence[RoutingSuggestion]":
    """Suggests partners who could make the first contact, and why. Shown to the coordinator; nothing is sent."""


@hookspec(since="0.1")
def propose_first_contact(  # type: ignore[empty-body]
    referral: "ReferralFacts", settings: "Struct", own: Any = None
) -> "Sequence[ContactProposal]":
    """Proposes how the first contact could be made here, and why. Shown to the coordinator beside who could make it.

    Asked when a referral is opened, so that it may change with the tenant's settings. Nothing of it is kept.
    """


@hookspec(since="0.1")
def check_encounter(encounter: "EncounterFacts", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against writing this encounter, each with the field that it is about, such as `place`.

    A safeguard refuses. What any other says is shown at the field; saved again with `confirmed`, it stays as it is.
    """


@hookspec(since="0.1")
def check_need(need: "NeedFacts", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against writing this need, each with the field that it is about. As for `check_encounter`."""


@hookspec(since="0.1")
def check_participation_step(step: "ParticipationStep", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against this step of a participation. As for `check_encounter`; it can only hold it up.

    Nobody is asked where the step is her wish, or mends an error.
    """


@hookspec(since="0.1")
def assess_services(  # type: ignore[empty-body]
    request: "ServiceRequestFacts", services: "Sequence[OfferedServiceFacts]", settings: "Struct", own: Any = None
) -> "Sequence[ServiceOpinion]":
    """Tells which services fit a request and which do not, each with its reason; nothing of those it knows nothing of.

    Shown beside the reasons of the directory. Who asks for one that does not fit says why.
    """


@hookspec(since="0.1")
def suggest_goals(plan: "PlanFacts", settings: "Struct", own: Any = None) -> "Sequence[GoalSuggestion]":  # type: ignore[empty-body]
    """Suggests what a worker could talk about with her when a goal is noted. Nothing of it is filled in or kept."""


@hookspec(since="0.1")
def propose_activities(plan: "PlanFacts", settings: "Struct", own: Any = None) -> "Sequence[ActivityProposal]":  # type: ignore[empty-body]
    """Proposes activities of the region's list that might be something for her, by codes. Her worker reads them beside
    the form that asks her along; nothing is chosen there, and nobody is asked to anything by it.
    """

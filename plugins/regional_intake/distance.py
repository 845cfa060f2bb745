"""Looks at whether she can get to where a need could be met, as the region's form on needs asks. It decides nothing."""

from collections.abc import Sequence

from spheres_core.plugin import (
    ActivityFacts,
    ActivityProposal,
    GoalSuggestion,
    MeetingFacts,
    NeedFacts,
    Panel,
    PanelFact,
    PlanFacts,
    Problem,
    plural,
    sentences,
)

_ = sentences("regional_intake")
REACH = "regional_intake:reach"
"""The meaning that a region's form on needs may give to this question: alone, together, no or unknown."""
FIELD = "extra.on_need.outaouais.answers.reach"
"""The question in the form of the example region."""


NEAR_HER = "walk"
"""The activity that begins where she is."""


def check_urgent(need: NeedFacts) -> Sequence[Problem]:
    """Asks who can take her there, of an urgent need that she cannot get to by herself."""
    if need.urgency != "urgent" or need.state != "open" or need.meanings.get(REACH) != "no":
        return []
    return [
        Problem(_("This cannot wait, and she cannot get there: who can take her, or who could come to her?"), FIELD)
    ]


def suggest_talk(plan: PlanFacts) -> Sequence[GoalSuggestion]:
    """Suggests to talk about the way there, once, where an open need is out of reach or within reach with somebody."""
    if not any(need.meanings.get(REACH) in ("no", "together") for need in plan.open_needs):
        return []
    return [GoalSuggestion(_("The way there"), _("A need of hers could be met where she cannot get to by herself."))]


def show_reach(plan: PlanFacts) -> Panel | None:
    """Says of how many open needs it is noted that she cannot get to where they could be met."""
    asked = [need.meanings[REACH] for need in plan.open_needs if REACH in need.meanings]
    out_of_reach = asked.count("no")
    if not out_of_reach:
        return None
    needs = plural("{n} need", "{n} needs", out_of_reach, domain="regional_intake")
    return Panel(_("The distance"), (PanelFact(_("Where she cannot get to for now"), needs),))


def propose_near(plan: PlanFacts) -> Sequence[ActivityProposal]:
    """Proposes what begins where she is, once, where an open need is out of her reach."""
    if not any(need.meanings.get(REACH) == "no" for need in plan.open_needs):
        return []
    return [ActivityProposal(NEAR_HER, _("It can begin where she is: there is no way to travel first."))]


def show_way(activity: ActivityFacts) -> Panel | None:
    """Reminds, of an outing to come, that not everybody gets there by herself."""
    if activity.state != "planned":
        return None
    fact = PanelFact(_("Before you ask somebody along"), _("See with her how she gets there, and how she gets back."))
    return Panel(_("The distance"), (fact,))


def show_roads(meeting: MeetingFacts) -> Panel | None:
    """Reminds, of a meeting that is still to be held, that some come from far."""
    if meeting.state != "planned":
        return None
    fact = PanelFact(
        _("Whoever comes from far"), _("may need to know early where one meets, or take part by telephone.")
    )
    return Panel(_("The distance"), (fact,))

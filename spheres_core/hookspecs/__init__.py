"""Every hook, in the order in which a referral meets them.

Seven kinds, told by the first word of the name; the kind fixes when a hook is called and what an error does:

    register_                    once per plugin set; pure, no I/O. On error the plugin is left out of the set.
    gather_                      before a question, once a request; async, reads the plugin's own tables only, within a
                                 fifth of a second. What it returns reaches the same plugin's questions and panels as
                                 `own`. On error those that ask for `own` are missing.
    assess_ propose_ suggest_    a question on the way; pure, frozen facts and the tenant's settings in, a value out.
                                 On error that opinion is missing, which the worker is told; the request goes on.
    check_                       before a write; pure; returns problems. On error a warning, or a refusal when the
                                 plugin declares the hook a safeguard.
    show_                        a panel on a page of the core; pure. On error the manifest's sentence stands there.
    on_                          after commit, from the outbox; async, with its own ctx. Retried, never able to undo.
                                 Of what is done with a participant a plugin is told what the organization for which
                                 it acts here may read then (`plugin_organizations` in `[settings.consents]`).
    export_ erase_               a person's data leaves or goes; async, may do I/O. Fails loudly: nothing is said to be
                                 done that is not, and a second run goes on where the first one ended.

Implementations take any subset of the arguments, by name. A new argument always comes with a default.

What is going to be taken away is marked first: it goes on working, and each plugin that uses it is named with what
comes in its place and the version that is without it. `hooks.lock.json` holds all this against unmeant changes.
"""

from spheres_core.facts import (
    ActivityProposal,
    ContactProposal,
    GoalSuggestion,
    Opinion,
    Panel,
    Problem,
    RoutingSuggestion,
    ServiceOpinion,
)

# The modules stand in the order in which the manual shows their hooks.
# isort: off
from spheres_core.hookspecs.registrations import *  # noqa: F403
from spheres_core.hookspecs.questions import *  # noqa: F403
from spheres_core.hookspecs.panels import *  # noqa: F403
from spheres_core.hookspecs.acts import *  # noqa: F403
from spheres_core.hookspecs.person_data import *  # noqa: F403

# isort: on
from spheres_core.slots import SLOTS

ANSWERS: dict[str, type] = {
    "check_referral": Problem,
    "check_encounter": Problem,
    "check_need": Problem,
    "check_participation_step": Problem,
    "assess_services": ServiceOpinion,
    "suggest_goals": GoalSuggestion,
    "propose_activities": ActivityProposal,
    "assess_eligibility": Opinion,
    "suggest_routing": RoutingSuggestion,
    "propose_first_contact": ContactProposal,
    **dict.fromkeys(SLOTS, Panel),
}
"""The type of the answers to each question; an implementation may return one, several, or None, and nothing else."""

"""The 34 invariants of the field: the tests that prove each, and a small removal that they must notice.

`python -m tests.rules.invariants` plants each removal in a process of its own, runs the tests, and says who noticed.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

import psycopg
import pytest

from tests.rules.invariants_by_room import FURTHER
from tests.rules.planted import ROOT, Granted, Invariant, Planted

CONSENTS, FILES, FOLLOWUPS, PLANS, SAFETY, COMMITTEE = (
    f"spheres_core/{room}" for room in ("consents", "participants", "followups", "plans", "safety", "committee")
)
ACTIVITIES: Final = "spheres_core/activities"
LEDGER: Final = "spheres_core/consents/operations/ledger.py"

INVARIANTS: Final[dict[int, Invariant]] = {
    1: Invariant(
        "No participation becomes active without her own dated agreement",
        [f"{FOLLOWUPS}/test_participation.py::test_nothing_is_begun_without_her_own_dated_agreement",
         f"{FOLLOWUPS}/test_assignments.py::test_nobody_begins_to_follow_her_once_she_has_taken_back_that_she_takes_part"],
        Planted("spheres_core/followups/operations/assignments.py",
                "if not await still_agrees(ctx, episode):", "if False:"),
    ),
    2: Invariant(
        "Eligibility is computed at the referral's date, in completed years of the tenant's zone",
        ["spheres_core/referrals/test_eligibility.py::test_age_is_the_number_of_birthdays_lived",
         "spheres_core/referrals/test_eligibility.py::test_twelve_fits_and_twenty_five_does_not_on_the_very_day"],
        Planted("spheres_core/foundation/content/ages.py",
                "((on.month, on.day) < (month, day))", "0"),
    ),
    3: Invariant(
        "Continuing is never tested against her age again",
        [f"{FILES}/test_birthdays.py::test_a_birthday_closes_nothing_and_changes_nothing",
         f"{FOLLOWUPS}/test_states.py::test_nobody_leaves_for_her_age_her_return_or_her_refusal"],
        Planted("spheres_core/participants/operations/birthdays.py",
                "    raised = 0\n",
                "    raised = 0\n    await ctx.db.sql('UPDATE standings SET ends = $1', ctx.now)\n"),
    ),
    4: Invariant(
        "Observations of stages are only added to", [f"{PLANS}/test_goals.py::test_what_was_observed_is_never_changed"],
        Granted("GRANT UPDATE, DELETE ON cycle_stages, goal_stages, plan_texts TO spheres_app"),
    ),
    5: Invariant(
        "Nothing leaves without a consent that covers it or a legal basis that a person entered",
        [f"{CONSENTS}/test_disclosures.py::test_nothing_leaves_that_no_line_covers"],
        Planted("spheres_core/consents/operations/disclosures.py",
                "(covered is None and not entered)", "False"),
    ),
    6: Invariant(
        "Who gives a consent matches the legal profile",
        [f"{CONSENTS}/test_giving.py::test_who_gives_it_matches_the_law_of_the_organization_that_holds_the_information"],
        Planted(LEDGER, "if given.giver not in found.authority.givers:", "if False:"),
    ),
    7: Invariant(
        "Five kinds of consent are separate",
        [f"{CONSENTS}/test_giving.py::test_a_consent_of_one_kind_is_none_of_another_and_taking_one_back_leaves_the_others",
         f"{CONSENTS}/test_giving.py::test_only_a_consent_to_share_information_opens_a_reading_but_to_take_part_is_known_to_the_team"],
        Planted(LEDGER, 'return kind == "information" or not lines', "return True"),
    ),
    8: Invariant(
        "Limits of confidentiality are explained before the first note on a minor",
        [f"{CONSENTS}/test_limits.py::test_nothing_is_noted_on_a_minor_before_the_limits_of_confidentiality_were_explained"],
        Planted("spheres_core/consents/authority.py",
                "born is None or ages_on(profile, born, on).least < ADULT", "False"),
    ),
    9: Invariant(
        "Nothing goes to youth protection, police or parents by itself",
        ["plugins/quebec/test_legal_profile.py::test_nothing_is_ever_sent_by_the_software",
         "plugins/quebec/test_legal_profile.py::test_no_profile_lets_the_software_send_anything",
         f"{FILES}/test_police_partner.py::test_a_consent_alone_opens_nothing_to_the_police"],
        Planted("spheres_core/partners/legal_profiles.py",
                'sent_by_software: Literal["never"]', "sent_by_software: str"),
    ),
    10: Invariant(
        "No service depends on complaint, testimony, stopping or measures",
        ["rules/test_invariants.py::test_what_a_service_depends_on_is_age_language_place_and_time"],
        Planted("spheres_core/partners/service_matching.py",
                "    without: tuple[str, ...] = ()\n",
                "    without: tuple[str, ...] = ()\n    testifies: bool = False\n"),
    ),
    11: Invariant(
        "A committee discusses a code and minimum facts",
        [f"{CONSENTS}/test_rule.py::test_an_organization_of_a_committee_learns_who_she_is_only_by_a_line_of_its_own",
         f"{COMMITTEE}/test_briefs.py::test_each_organization_gets_what_she_lets_it_discuss_and_no_two_the_same",
         f"{COMMITTEE}/test_briefs.py::test_no_struct_of_a_committee_can_hold_who_she_is"],
        Planted("spheres_core/consents/rule.py", "        and row.recipient == recipient\n", ""),
    ),
    12: Invariant(
        "The police have no search",
        [f"{FILES}/test_police_partner.py::test_the_police_search_and_list_nobody",
         f"{COMMITTEE}/test_briefs.py::test_the_police_gets_an_item_only_where_she_says_so_for_this_meeting"],
        Planted("spheres_core/referrals/hooks.py",
                'msg("Read referrals"), roles=("coordinator",)',
                'msg("Read referrals"), roles=("coordinator", "liaison")'),
    ),
    13: Invariant(
        "Identity shares no query path with the rest",
        [f"{FILES}/test_identity.py::test_one_module_reads_the_vault_and_joins_nothing_to_it"],
        Planted("spheres_core/followups/queries/caseload.py",
                "STATES = prepare(\n",
                "from spheres_core.participants.queries.identity import identities\n"
                "NAMES = prepare(select(identities.c.content, participations.c.state).join_from(identities,"
                " participations, identities.c.participant_id == participations.c.participant_id))\n"
                "STATES = prepare(\n"),
    ),
    14: Invariant(
        "Administrators read nothing of her; breaking the glass needs a reason and an end",
        [f"{CONSENTS}/test_ledger.py::test_a_standing_without_an_end_a_reason_or_a_limit_that_its_kind_needs_is_refused",
         f"{FILES}/test_files.py::test_a_role_alone_lists_nobody_and_without_the_permission_nobody_comes"],
        Planted("spheres_core/consents/operations/standings.py",
                "(kind in WITHOUT_CONSENT and not basis.strip())", "False"),
    ),
    15: Invariant(
        "Exactly one mandate to coordinate on any date",
        ["spheres_core/partners/test_rules_of_dates.py::test_a_chain_is_accepted_only_when_every_date_has_exactly_one"],
        Planted("spheres_core/partners/directory_file.py",
                "if before.ends is None or before.ends > after.starts:", "if False:"),
    ),
    16: Invariant(
        "One pivot and one backup at most; a gap closes nothing",
        [f"{FOLLOWUPS}/test_assignments.py::test_whoever_follows_her_next_takes_the_place_of_the_last",
         f"{FOLLOWUPS}/test_assignments.py::test_the_database_itself_refuses_two_at_one_moment",
         f"{FOLLOWUPS}/test_assignments.py::test_a_gap_is_noted_and_closes_nothing"],
        Planted("spheres_core/followups/operations/assignments.py",
                "if each.part == part or each.staff_id == staff:", "if False:"),
    ),
    17: Invariant(
        "A service fits by dates, area, age and language, or a person records why not",
        [f"{PLANS}/test_requests.py::test_a_service_fits_or_somebody_says_why_it_is_asked_for"],
        Planted("spheres_core/plans/operations/requests.py",
                "if against and not posted.exception.strip():", "if False:"),
    ),
    18: Invariant(
        "The waiting list is passed only by whoever takes part, where the agreement says so",
        [f"{PLANS}/test_requests.py::test_whoever_takes_part_does_not_wait_where_the_agreement_says_so"],
        Planted("spheres_core/plans/operations/requests.py",
                "match.service.bypasses_waiting_list and episode.state in FOLLOWED", "False"),
    ),
    19: Invariant(
        "Hours are those of the service's own zone",
        ["spheres_core/partners/test_matching.py::test_a_service_is_open_by_its_own_clock_wherever_the_question_comes_from"],
        Planted("spheres_core/partners/service_matching.py",
                "request.at.astimezone(ZoneInfo(_zone(offered, context)))", "request.at"),
    ),
    20: Invariant(
        "An emergency plan, or her not now, within the days of the region",
        [f"{SAFETY}/test_plans.py::test_a_lack_is_a_line_in_the_day_and_closes_nothing",
         f"{SAFETY}/test_plans.py::test_not_now_is_no_lack_until_its_day"],
        Planted("spheres_core/safety/coverage.py",
                'return "missing" if today >= active_on + dt.timedelta(days=days) else None', "return None"),
    ),
    21: Invariant(
        "Leaving exploitation is never preset",
        [f"{PLANS}/test_goals.py::test_nothing_is_a_goal_before_she_says_so_and_several_stand_side_by_side",
         f"{PLANS}/test_goals.py::test_what_a_worker_proposes_is_under_way_only_when_she_wants_it"],
        Planted("spheres_core/plans/operations/goals.py",
                '"active" if hers else "proposed"', '"active"'),
    ),
    22: Invariant(
        "Her words are kept as she said them, apart from the worker's",
        [f"{FOLLOWUPS}/test_encounters.py::test_an_encounter_is_read_as_it_was_written_and_sealed",
         f"{PLANS}/test_needs.py::test_a_need_is_read_as_it_was_said_and_her_words_stay_verbatim_and_sealed",
         f"{PLANS}/test_extra_questions.py::test_answers_stand_with_the_record_and_her_words_apart_sealed_and_by_class"],
        Planted("spheres_core/followups/operations/encounters.py",
                '"her_words": "own_words",', '"her_words": "encounters",'),
    ),
    23: Invariant(
        "Who must not meet is not booked together, and whoever plans learns nothing of it",
        [f"{ACTIVITIES}/test_kept_apart.py::test_who_must_not_meet_is_not_booked_together_and_nobody_can_tell_why",
         f"{ACTIVITIES}/test_kept_apart.py::test_it_holds_from_either_side_and_when_she_changes_her_mind"],
        Planted("spheres_core/activities/operations/invitations.py",
                "must_not_meet = await cannot_join(ctx, file.id, outing.id)", "must_not_meet = False"),
    ),
    24: Invariant(
        "Third parties have no record of a person",
        [f"{FILES}/test_safe_contact.py::test_of_third_parties_only_the_relation_and_what_to_do_is_kept"],
        Planted("spheres_core/participants/schemas/safe_contact.py",
                "class ThirdParty(Struct, frozen=True, forbid_unknown_fields=True):",
                "class ThirdParty(Struct, frozen=True):"),
    ),
    25: Invariant(
        "Exclusion beats every role",
        [f"{CONSENTS}/test_disclosures.py::test_an_exclusion_keeps_in_what_a_consent_would_let_out_and_a_named_basis_is_on_record",
         f"{FOLLOWUPS}/test_assignments.py::test_whom_she_does_not_want_or_who_has_a_conflict_cannot_follow_her"],
        Planted("spheres_core/consents/rule.py",
                "if any(excludes(question, exclusion, now) for exclusion in exclusions):", "if False:"),
    ),
    26: Invariant(
        "Codes are random; who comes back keeps hers",
        [f"{FOLLOWUPS}/test_timeline_and_day.py::test_steps_are_taken_with_their_reasons_and_she_comes_back_under_the_same_code",
         f"{CONSENTS}/test_ledger.py::test_words_are_sealed_and_codes_are_random"],
        Planted("spheres_core/followups/operations/participations.py",
                "    if not code:\n", "    if True:\n"),
    ),
    27: Invariant("Items of a measure exist only under its licence", comes_with="outcomes"),
    28: Invariant("A score is not computed beyond what its manual allows", comes_with="outcomes"),
    29: Invariant(
        "Small numbers are not given; a region may only raise the smallest",
        ["spheres_core/referrals/test_settings.py::test_a_region_may_only_raise_the_smallest_number_that_figures_are_given_for"],
        Planted("spheres_core/referrals/settings.py",
                "Meta(ge=SMALLEST_CELL)", "Meta(ge=0)"),
    ),
    30: Invariant(
        "Exports hold those who consented to research",
        [f"{CONSENTS}/test_giving.py::test_only_a_consent_to_share_information_opens_a_reading_but_to_take_part_is_known_to_the_team"],
        Planted(LEDGER, 'return kind == "information" or not lines', "return True"),
        comes_with="outcomes",
    ),
    31: Invariant(
        "Text in a wrong language is found before it is published",
        ["spheres_core/authoring/test_passages.py::test_what_a_passage_lost_is_seen_and_what_it_has_is_not"],
        Planted("spheres_core/foundation/languages/text_checks.py",
                "foreign = list(_foreign(passage.text, declared, passage.language))",
                "foreign: list[tuple[int, str, str]] = []"),
    ),
    32: Invariant(
        "No pack and no region weakens these",
        [f"{CONSENTS}/test_authority.py::test_no_profile_lets_anybody_take_part_for_her"],
        Planted("spheres_core/consents/authority.py",
                "silent.givers or agreed,", "agreed,"),
    ),
    33: Invariant(
        "After an erasure the trail keeps the fact, not the content",
        ["spheres_core/referrals/test_subject_data.py::test_after_an_erasure_nothing_refers_to_her_and_the_trail_keeps_the_fact"],
        Planted("spheres_core/referrals/operations/subject_data.py",
                'await audit.record(ctx, "referral.erased", subject=("referral", id), details=details)', "pass"),
    ),
    34: Invariant(
        "Messages to her tell whoever reads along nothing",
        [f"{FILES}/test_safe_contact_rule.py::test_a_text_that_a_region_words_so_that_it_tells_something_is_not_sent"],
        Planted("spheres_core/participants/contact_texts.py",
                "and not _is_revealing(str(said))", ""),
    ),
}  # fmt: skip
EVERY: Final = {str(number): each for number, each in INVARIANTS.items()} | FURTHER


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a process one module with its removal."""

    def __init__(self, planted: Planted) -> None:
        self.path = ROOT / planted.path
        self.name = planted.path.removesuffix(".py").replace("/", ".")
        self.source = self.path.read_text(encoding="utf-8").replace(planted.old, planted.new)

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_loader(name, self, origin=str(self.path))

    def exec_module(self, module: Any) -> None:
        module.__file__ = str(self.path)
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def _grant(granted: Granted) -> None:
    """Lets each world begin with the removal in its database."""
    from spheres_core.testing import World

    begin = World.__init__

    def begin_with_it(self: World, urls: Any, *given: Any, **named: Any) -> None:
        with psycopg.connect(urls.needed("owner")) as db:
            db.execute(granted.statement.encode())
        begin(self, urls, *given, **named)

    World.__init__ = begin_with_it  # type: ignore[method-assign]


def _run_with(name: str) -> int:
    invariant = EVERY[name]
    if isinstance(invariant.planted, Granted):
        _grant(invariant.planted)
    else:
        assert invariant.planted is not None
        assert not [each for each in sys.modules if each.startswith("spheres_core.")], "nothing is loaded without it"
        finder = _Finder(invariant.planted)
        sys.meta_path.insert(0, finder)
        importlib.import_module(finder.name)  # before pytest, whose own finder would come first
    quietly = ["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*quietly, *(f"tests/{each}" for each in invariant.tests)]))


def main(wanted: Sequence[str]) -> None:
    """Prints which removals were noticed."""
    if len(wanted) == 1:
        sys.exit(_run_with(wanted[0]))
    for name in wanted or [each for each, found in EVERY.items() if found.planted]:
        command = [sys.executable, "-m", "tests.rules.invariants", name]
        code = subprocess.run(command, capture_output=True, cwd=ROOT).returncode
        print(name, {0: "NOT NOTICED", 1: "noticed"}.get(code, f"ended with {code}"), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

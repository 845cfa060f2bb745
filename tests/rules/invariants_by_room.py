"""Parts of the 34 invariants that one room keeps by rules of its own, each with a removal in that room's code."""

from __future__ import annotations

from typing import Final

from tests.rules.planted import Invariant, Planted

ACTIVITIES, COMMITTEE, PRIVACY, SAFETY, SUPPORT, TRANSFERS = (
    f"spheres_core/{room}" for room in ("activities", "committee", "privacy", "safety", "support", "transfers")
)
VAULT_TEST: Final = (
    "spheres_core/participants/test_identity.py::test_one_module_reads_the_vault_and_joins_nothing_to_it"
)
ENDED_FILES: Final = f"{PRIVACY}/test_ended_files.py"
INCIDENTS: Final = f"{PRIVACY}/test_incidents.py"
NAMES: Final = f"{COMMITTEE}/test_meeting_names.py"
RECUSAL: Final = f"{COMMITTEE}/test_recusal.py"
WORKSHOPS: Final = f"{SUPPORT}/test_workshops.py"
ENTOURAGE: Final = f"{SUPPORT}/test_entourage.py"
BETWEEN_REGIONS: Final = f"{TRANSFERS}/test_transfers.py"
IN_AN_EMERGENCY: Final = f"{SAFETY}/operations/accesses.py"
NO_LIMITS: Final = (
    f"{COMMITTEE}/test_limits_before_notes.py::test_nothing_is_noted_on_a_minor_before_the_limits_were_explained"
)
NO_FIELDS: Final = f"{ACTIVITIES}/test_portrait.py::test_no_field_of_it_can_hold_a_risk_or_a_view_of_a_worker"

ERASED_WITHOUT_ENTRY: Final = Planted(
    "spheres_core/audit/retention.py",
    'await audit.record(ctx, self.verb, subject=(self.verb.partition(".")[0], id))', "pass",
)  # fmt: skip

FURTHER: Final[dict[str, Invariant]] = {
    "1, to another region": Invariant(
        "She goes on in another region by her own agreement, of a day that has come",
        [f"{BETWEEN_REGIONS}::test_what_cannot_go_along_or_was_not_agreed_to_is_refused"],
        Planted(f"{TRANSFERS}/operations/offers.py", "if asked.agreement.on > ctx.today:", "if False:"),
    ),
    "5, to another region": Invariant(
        "No class goes along to another region that she did not agree to",
        [f"{BETWEEN_REGIONS}::test_what_goes_along_is_what_she_agreed_to_for_every_choice_of_classes"],
        Planted(f"{TRANSFERS}/operations/offers.py", "if each in asked.classes]", "if True]"),
    ),
    "5, in a meeting": Invariant(
        "What a member is shown in a meeting is on record as having left, under the line that let it",
        [f"{COMMITTEE}/test_briefs.py::test_what_a_member_is_shown_is_recorded_as_having_left_once"],
        Planted(f"{COMMITTEE}/queries/brief.py",
                'await record_shown(ctx, ctx.actor.organization or TEAM, "committee", left, kind=ACT)', "pass"),
    ),
    "5, in an emergency": Invariant(
        "An emergency opens nothing to an organization for which she did not agree to that",
        [f"{SAFETY}/test_accesses.py::test_unknown_codes_and_those_who_did_not_agree_are_one_answer"],
        Planted(IN_AN_EMERGENCY,
                "if not isinstance(may(question_about(ctx, found.id), [standing], *decisive[1:], ctx.now), Allowed):",
                "if False:"),
    ),
    "8, her emergency plan": Invariant(
        "No emergency plan is written with a minor before the limits were explained", [NO_LIMITS],
        Planted(f"{SAFETY}/operations/plans.py", "await require_writing(ctx, file, CLASS, on=ctx.today)", "pass"),
    ),
    "8, on an agenda": Invariant(
        "No question about a minor is put on an agenda before the limits were explained", [NO_LIMITS],
        Planted(f"{COMMITTEE}/operations/agenda.py",
                "await require_writing(ctx, file, CLASS, on=ctx.today, her_words=posted.wants_said)", "pass"),
    ),
    "8, of an activity": Invariant(
        "No word of a minor about an activity is written before the limits were explained", [NO_LIMITS],
        Planted(f"{ACTIVITIES}/operations/invitations.py",
                'await require_words_allowed(ctx, file, day, ours="", hers=posted.expects, path="expects")', "pass"),
    ),
    "11, who she is": Invariant(
        "No item of a meeting draws on who she is and how she is reached",
        [f"{COMMITTEE}/test_briefs.py::test_no_struct_of_a_committee_can_hold_who_she_is",
         f"{COMMITTEE}/test_briefs.py::test_nobody_is_put_on_an_agenda_without_being_asked_and_told"],
        Planted(f"{COMMITTEE}/operations/item_access.py",
                '- ALWAYS - {"identity", "safe_contact", "legal", MEETING_NAME}', "- ALWAYS"),
    ),
    "11, by organization": Invariant(
        "A member discusses what a line for her own organization lets it discuss",
        [f"{COMMITTEE}/test_briefs.py::test_each_organization_gets_what_she_lets_it_discuss_and_no_two_the_same"],
        Planted(f"{COMMITTEE}/operations/item_access.py",
                'item.participant_id, "committee", recipient=each.organization or TEAM,',
                'item.participant_id, "committee", recipient=TEAM,'),
    ),
    "11, to the police": Invariant(
        "The police gets an item only where she says so for this meeting, each time anew",
        [f"{COMMITTEE}/test_briefs.py::test_the_police_gets_an_item_only_where_she_says_so_for_this_meeting",
         f"{RECUSAL}::test_members_with_different_rights_never_get_the_same_brief"],
        Planted(f"{COMMITTEE}/members.py",
                " and (each.organization not in police or each.organization in named)", ""),
    ),
    "11, her name without a line": Invariant(
        "A member hears how she may be called where a line lets that very organization, and not before",
        [f"{NAMES}::test_only_the_organization_with_a_line_of_its_own_hears_the_name"],
        Planted(f"{COMMITTEE}/queries/meeting_names.py",
                "    rows = await ctx.db.all(TO_DISCUSS, ids=list(participants), **reader) if participants else []\n",
                "    from spheres_core.consents.queries.reader import as_system\n"
                "    async with as_system(ctx):\n"
                '        rows = await ctx.db.sql("SELECT participant_id, id, called FROM meeting_names'
                ' WHERE called IS NOT NULL")\n'),
    ),
    "11, her name to one organization": Invariant(
        "No line opens how she may be called to the team in a committee, or for anything else",
        [f"{NAMES}::test_a_line_is_for_one_organization_to_discuss_it_and_says_so_at_its_field"],
        Planted("spheres_core/consents/operations/ledger.py", "    await _check_names(ctx, given)\n", ""),
    ),
    "11, her name to the police": Invariant(
        "The police hears how she may be called in the one meeting with which the line ends",
        [f"{NAMES}::test_the_police_hears_it_in_the_one_meeting_with_which_the_line_ends"],
        Planted(f"{COMMITTEE}/operations/item_access.py", "        if ends_with(meeting, line)\n", ""),
    ),
    "11, her name afterwards": Invariant(
        "What is kept of a recommendation holds no line of her name, and no page that everybody sees holds it",
        [f"{NAMES}::test_the_name_is_neither_on_the_screen_for_everybody_nor_on_paper_nor_kept_with_what_was_recommended"],
        Planted(f"{COMMITTEE}/operations/recommendations.py",
                "    classes = ALWAYS | (frozenset(item.shares) & SHAREABLE)\n",
                '    classes = ALWAYS | (frozenset(item.shares) & SHAREABLE) | {"meeting_name"}\n'),
    ),
    "13, her name in a meeting": Invariant(
        "How she may be called comes from a table of its own, never from the vault", [VAULT_TEST],
        Planted(f"{COMMITTEE}/queries/meeting_names.py",
                "TO_DISCUSS = prepare(",
                "from spheres_core.participants.queries.identity import identities\n"
                "VAULT = prepare(select(identities.c.content, names.c.id).join_from(identities, names,"
                " identities.c.participant_id == names.c.participant_id))\n"
                "TO_DISCUSS = prepare("),
    ),
    "12, of who comes to meetings": Invariant(
        "What comes to meetings is counted for the Steering Committee without anybody's code",
        [f"{COMMITTEE}/test_figures.py::test_no_struct_of_figures_can_hold_anybody"],
        Planted(f"{COMMITTEE}/schemas/figures.py", "    persons: int\n", "    persons: int\n    participant: str\n"),
    ),
    "13, committees": Invariant(
        "No query of a committee reads the vault", [VAULT_TEST],
        Planted(f"{COMMITTEE}/queries/agenda.py",
                "IN_MEETING = prepare(",
                "from spheres_core.participants.queries.identity import identities\n"
                "NAMES = prepare(select(identities.c.content, items.c.number).join_from(identities, items,"
                " identities.c.participant_id == items.c.participant_id))\n"
                "IN_MEETING = prepare("),
    ),
    "13, figures": Invariant(
        "No query of figures reads the vault", [VAULT_TEST],
        Planted(f"{COMMITTEE}/queries/figures.py",
                "_again = exists().where(",
                "from spheres_core.participants.queries.identity import identities\n"
                "NAMES = prepare(select(identities.c.content, gaps.c.need).join_from(identities, gaps,"
                " identities.c.participant_id == gaps.c.participant_id))\n"
                "_again = exists().where("),
    ),
    "13, emergencies": Invariant(
        "No query of emergency accesses reads the vault", [VAULT_TEST],
        Planted(f"{SAFETY}/queries/accesses.py",
                "NUMBER = prepare(",
                "from spheres_core.participants.queries.identity import identities\n"
                "NAMES = prepare(select(identities.c.content, accesses.c.opened_at).join_from(identities, accesses,"
                " identities.c.participant_id == accesses.c.participant_id))\n"
                "NUMBER = prepare("),
    ),
    "14, a reason": Invariant(
        "Nothing opens in an emergency without a reason in the reader's own words",
        [f"{SAFETY}/test_accesses.py::test_without_an_own_reason_nothing_opens_and_it_is_said_in_words"],
        Planted(IN_AN_EMERGENCY, "if len(why) < LEAST_REASON:", "if False:"),
    ),
    "14, an end": Invariant(
        "What opens in an emergency closes by itself after the hours of the region",
        [f"{SAFETY}/test_accesses.py::test_it_opens_the_plan_to_which_she_agreed_and_ends_by_itself"],
        Planted(IN_AN_EMERGENCY,
                'dt.timedelta(hours=ctx.settings("safety", Settings).access_hours)', "dt.timedelta(days=365)"),
    ),
    "14, nothing else": Invariant(
        "An emergency opens her plan and how she is reached, and nothing else",
        [f"{SAFETY}/test_accesses.py::test_nothing_else_opens_with_it"],
        Planted(f"{SAFETY}/schemas/accesses.py",
                '("emergency_plan", "safe_contact")', '("emergency_plan", "safe_contact", "encounters")'),
    ),
    "14, told": Invariant(
        "Whoever follows her is told that her plan was opened",
        [f"{SAFETY}/test_accesses.py::test_who_follows_her_and_who_coordinates_see_it_in_their_day_without_a_word"],
        Planted(f"{SAFETY}/queries/accesses.py", "IN_DAY: Final = dt.timedelta(days=7)",
                "IN_DAY: Final = dt.timedelta(0)"),
    ),
    "14, looked at": Invariant(
        "Each opening in an emergency is looked at by somebody else",
        [f"{SAFETY}/test_accesses.py::test_each_access_is_looked_at_by_name_once_and_never_by_who_opened_it"],
        Planted(IN_AN_EMERGENCY, "if found.staff_id == ctx.actor.id:", "if False:"),
    ),
    "14, incidents": Invariant(
        "The register of incidents is for whoever watches over private information",
        [f"{INCIDENTS}::test_no_other_role_reads_or_writes_the_register"],
        Planted(f"{PRIVACY}/hooks.py", 'msg("Keep the register of incidents"), ("privacy_officer",)',
                'msg("Keep the register of incidents"), ("privacy_officer", "administrator")'),
    ),
    "14, oversight": Invariant(
        "What is counted of private information is for whoever watches over it",
        [f"{PRIVACY}/test_oversight.py::test_no_other_role_opens_it"],
        Planted(f"{PRIVACY}/hooks.py",
                'msg("See how private information is kept, without words of a file"), ("privacy_officer",)',
                'msg("See how private information is kept, without words of a file"),'
                ' ("privacy_officer", "administrator")'),
    ),
    "14, clinical support": Invariant(
        "Who neither gives a session of clinical support nor takes part in it does not find it",
        [f"{SUPPORT}/test_sessions.py::test_who_neither_gives_nor_takes_part_does_not_find_a_session"],
        Planted(f"{SUPPORT}/queries/sessions.py",
                "if found is None or not (gives(ctx, found) or any(each.staff_id == me for each in people)):",
                "if found is None:"),
    ),
    "22, her plan": Invariant(
        "What she carries is the plan to which she agreed, never a draft",
        [f"{SAFETY}/test_card.py::test_it_is_the_plan_to_which_she_agreed_and_never_the_draft"],
        Planted(f"{SAFETY}/queries/card.py", 'if each.state == "agreed"', "if True"),
    ),
    "22, no risk on her card": Invariant(
        "The card that she carries has no field for a risk or a view of a worker",
        [f"{SAFETY}/test_card.py::test_no_field_of_it_can_hold_a_risk_or_a_view_of_a_worker"],
        Planted(f"{SAFETY}/schemas/card.py",
                '    as_of: Annotated[dt.date, of("emergency_plan", "number")]\n',
                '    risk: str\n    as_of: Annotated[dt.date, of("emergency_plan", "number")]\n'),
    ),
    "22, no risk in her portrait": Invariant(
        "The portrait of her strengths has no field for a risk or a view of a worker", [NO_FIELDS],
        Planted(f"{ACTIVITIES}/schemas/portrait.py",
                '    strengths: list[Annotated[str, of("needs_and_plan", "agreed")]]\n',
                '    stage: str\n    strengths: list[Annotated[str, of("needs_and_plan", "agreed")]]\n'),
    ),
    "22, her portrait": Invariant(
        "What only a worker says of her is not in her portrait",
        [f"{ACTIVITIES}/test_portrait.py::test_it_is_tagged_in_her_language_and_holds_nothing_else"],
        Planted(f"{ACTIVITIES}/queries/portrait.py", 'if each.identified_by != "worker" and each.what', "if each.what"),
    ),
    "22, of an activity": Invariant(
        "What she says of an activity is kept verbatim",
        [f"{ACTIVITIES}/test_outings.py::test_she_answers_in_her_pace_and_her_words_stay_verbatim_and_sealed"],
        Planted(f"{ACTIVITIES}/operations/invitations.py",
                'said = each if each.strip() else ""', "said = each.strip()"),
    ),
    "22, in a meeting": Invariant(
        "What she wants said in a meeting is of the class of her own words",
        [f"{COMMITTEE}/test_briefs.py::test_each_organization_gets_what_she_lets_it_discuss_and_no_two_the_same"],
        Planted(f"{COMMITTEE}/operations/texts.py",
                'information="own_words" if part in HERS else "committee",', 'information="committee",'),
    ),
    "23, without why": Invariant(
        "Who planned for somebody who must not meet another finds no seat for anybody, as where none is left",
        [f"{ACTIVITIES}/test_kept_apart.py::test_who_must_not_meet_is_not_booked_together_and_nobody_can_tell_why"],
        Planted(f"{ACTIVITIES}/operations/invitations.py",
                " or await outing_queries.is_closed_to_caller(ctx, outing.id)", ""),
    ),
    "23, whom a worker may know": Invariant(
        "Who may not open a file does not learn by a pair that there is one",
        [f"{ACTIVITIES}/test_kept_apart.py::test_a_pair_is_known_to_whoever_may_open_both_files_and_to_nobody_else"],
        Planted(f"{ACTIVITIES}/operations/kept_apart.py", "        raise wrong from None\n", "        raise\n"),
    ),
    "24, codes of files": Invariant(
        "No record of a close one, no session and no incident holds a participant's code",
        [f"{ENTOURAGE}::test_a_participants_code_is_refused_everywhere_with_its_place_and_cannot_be_confirmed",
         f"{SUPPORT}/test_sessions.py::test_words_about_somebody_who_is_followed_are_refused_or_pointed_out",
         f"{INCIDENTS}::test_a_code_is_refused_and_what_identifies_is_pointed_out_before_anything_is_kept"],
        Planted(f"{SUPPORT}/operations/word_checks.py", "    if codes:\n", "    if False:\n"),
    ),
    "24, who is meant": Invariant(
        "Words by which a young person could be recognized are kept only once their writer has decided",
        [f"{ENTOURAGE}::test_what_names_the_young_person_is_pointed_out_and_nothing_is_kept_until_decided"],
        Planted(f"{SUPPORT}/operations/word_checks.py",
                "    require_confirmed(places, confirmed=confirmed)\n    return bool(places)",
                "    return bool(places)"),
    ),
    "24, no column": Invariant(
        "No column of the support of close ones could hold whose file it is about",
        [f"{SUPPORT}/test_no_way_to_a_file.py::test_no_column_of_support_could_hold_whose_file_it_is_about"],
        Planted(f"{SUPPORT}/models.py", "    assignee_id: Mapped[UUID | None]\n    code: Mapped",
                "    assignee_id: Mapped[UUID | None]\n    participant_id: Mapped[UUID | None]\n    code: Mapped"),
    ),
    "24, no answer": Invariant(
        "No answer about a close one could say whose file it is about",
        [f"{SUPPORT}/test_no_way_by_links.py::test_no_address_takes_and_no_answer_holds_anything_of_a_participant"],
        Planted(f"{SUPPORT}/schemas/entourage.py",
                '    """The whole record of one close person."""\n\n',
                '    """The whole record of one close person."""\n\n    participant: str\n'),
    ),
    "24, no address": Invariant(
        "No address of the support of close ones or of staff names a participant",
        [f"{SUPPORT}/test_no_way_to_a_file.py::test_no_route_of_support_names_a_participant",
         f"{SUPPORT}/test_no_way_by_links.py::test_no_address_takes_and_no_answer_holds_anything_of_a_participant"],
        Planted(f"{SUPPORT}/controllers/sessions.py",
                '@get("/support-sessions/to-give"', '@get("/participants/{participant:str}/support-sessions"'),
    ),
    "24, no column of a workshop": Invariant(
        "No column of workshops and trainings could hold who was there",
        [f"{SUPPORT}/test_no_way_to_a_file.py::test_no_column_of_support_could_hold_whose_file_it_is_about"],
        Planted(f"{SUPPORT}/models.py", "    audience: Mapped[dict[str, int]]",
                "    participant_id: Mapped[UUID | None]\n    audience: Mapped[dict[str, int]]"),
    ),
    "24, no answer of a workshop": Invariant(
        "No answer about a workshop could say who was there",
        [f"{SUPPORT}/test_no_way_by_links.py::test_no_address_takes_and_no_answer_holds_anything_of_a_participant"],
        Planted(f"{SUPPORT}/schemas/workshops.py", "    audience: Audience\n    erased_on: dt.date\n",
                "    audience: Audience\n    participants: list[str]\n    erased_on: dt.date\n"),
    ),
    "24, words of a workshop": Invariant(
        "No code of a file, and no name that was not confirmed, is kept in the words of a workshop",
        [f"{WORKSHOPS}::test_no_name_and_no_code_of_a_file_is_kept_and_no_word_is_readable_at_rest"],
        Planted(f"{SUPPORT}/operations/workshops.py",
                'await check_words(ctx, {"words": written.words, "notes": written.notes}, confirmed=written.confirmed)',
                "pass"),
    ),
    "25, in a meeting": Invariant(
        "To a member who stays out an item is not there, by no byte",
        [f"{RECUSAL}::test_a_thousand_meetings_show_a_member_who_stays_out_what_is_shown_without_the_item"],
        Planted(f"{COMMITTEE}/members.py", "if each.staff_id not in recused", "if True"),
    ),
    "25, from that moment on": Invariant(
        "An item is closed at once to a member who stays out",
        [f"{RECUSAL}::test_a_member_who_stays_out_reads_byte_for_byte_what_she_read_before_the_item_was_there"],
        Planted(f"{COMMITTEE}/operations/recusals.py",
                "await standings.end_standings_by(ctx, [each.id for each in open_ones], kind=ACT, staff=staff)",
                "pass"),
    ),
    "25, in an emergency": Invariant(
        "Whom she keeps away opens nothing in an emergency either",
        [f"{SAFETY}/test_accesses.py::test_what_she_takes_back_and_who_is_kept_away_beat_it"],
        Planted(IN_AN_EMERGENCY, "[standing], *decisive[1:], ctx.now)", "[standing], decisive[1], [], ctx.now)"),
    ),
    "26, a new code": Invariant(
        "She has a new code in the other region",
        [f"{BETWEEN_REGIONS}::test_she_goes_on_in_another_region_under_a_new_code"],
        Planted(f"{TRANSFERS}/operations/messages.py",
                "await begin_transferred(ctx, code,", "await begin_transferred(ctx, code := offer.code,"),
    ),
    "26, the link": Invariant(
        "Which code belongs to which stands sealed in the vault only",
        [f"{BETWEEN_REGIONS}::test_the_link_between_both_codes_stands_in_the_vault_of_each_side_only"],
        Planted("spheres_core/participants/operations/identity_links.py",
                'content=vault.seal("identity_links", id, "content", content)', "content=content"),
    ),
    "26, her last word": Invariant(
        "What was taken back begins nothing in the other region",
        [f"{BETWEEN_REGIONS}::test_an_offer_that_was_taken_back_begins_nothing_even_when_it_is_accepted_meanwhile"],
        Planted(f"{TRANSFERS}/events.py", 'found.state == "accepted")', "True)"),
    ),
    "26, codes of close ones": Invariant(
        "A close person's code is of another form than a participant's",
        [f"{ENTOURAGE}::test_codes_of_close_ones_are_no_codes_of_participants_and_neither_opens_the_other"],
        Planted(f"{SUPPORT}/entourage_codes.py", "LENGTH_OF_GROUP: Final = 3", "LENGTH_OF_GROUP: Final = 4"),
    ),
    "29, committees": Invariant(
        "No number of fewer persons than the smallest is in figures for the Steering Committee",
        [f"{COMMITTEE}/test_figures.py::test_no_published_table_changes_with_a_number_that_it_hides",
         f"{COMMITTEE}/test_figures.py::test_members_of_the_steering_committee_read_gaps_and_repeats_and_nobody_s_code"],
        Planted(f"{COMMITTEE}/figures.py", " if count >= smallest}", "}"),
    ),
    "29, clinical support": Invariant(
        "No number of fewer than five members of staff is in the counts of sessions",
        [f"{SUPPORT}/test_sessions.py::test_a_coordinator_sees_numbers_and_none_of_fewer_than_five"],
        Planted(f"{SUPPORT}/queries/sessions.py",
                "row.people if row.people >= LEAST_COUNTED else None", "row.people"),
    ),
    "29, workshops": Invariant(
        "No number of fewer than five people is in the figures of workshops",
        [f"{WORKSHOPS}::test_figures_are_published_once_a_quarter_without_small_numbers_or_sums",
         f"{WORKSHOPS}::test_no_number_below_the_smallest_is_ever_shown"],
        Planted(f"{SUPPORT}/operations/workshop_figures.py", " if number >= smallest}", "}"),
    ),
    "29, the file of workshops": Invariant(
        "No number from one to four is in the file of workshops",
        [f"{WORKSHOPS}::test_the_file_holds_no_formula_no_note_no_name_and_no_small_number"],
        Planted(f"{SUPPORT}/operations/workshop_file.py", "or value >= LEAST_COUNTED:", "or True:"),
    ),
    "33, workshops": Invariant(
        "After a workshop or a training is erased the trail keeps that there was one",
        [f"{WORKSHOPS}::test_what_is_longer_ago_than_a_region_keeps_is_erased_and_published_figures_stay"],
        ERASED_WITHOUT_ENTRY,
    ),
    "33, advice": Invariant(
        "After a request for advice is closed nothing of what was typed is kept",
        [f"{SUPPORT}/test_advice.py::test_after_closing_no_row_holds_what_was_typed"],
        Planted(f"{SUPPORT}/operations/closed_requests.py", '    "answers": null(),\n', ""),
    ),
    "33, close ones": Invariant(
        "After the record of a close one is erased the trail keeps that there was one",
        [f"{ENTOURAGE}::test_all_words_are_sealed_and_a_closed_record_is_erased_when_its_time_is_over"],
        ERASED_WITHOUT_ENTRY,
    ),
    "33, a hold": Invariant(
        "A hold beats an erasure",
        [f"{PRIVACY}/test_erasure_holds.py::test_while_it_is_held_nothing_is_erased_and_once_lifted_it_is"],
        Planted("spheres_core/referrals/queries/erasure_holds.py",
                "if await ctx.db.all(LIVE, referral=referral):", "if False:"),
    ),
    "33, a file": Invariant(
        "After a file is erased nothing of her is left, and the trail keeps the fact, not the content",
        [f"{PRIVACY}/test_whole_files.py::test_after_an_erasure_nothing_of_her_is_left_but_that_it_was_so"],
        Planted("spheres_core/privacy/operations/file_erasure.py",
                'await audit.record(ctx, "participant.erased", subject=("participant", her.id), details=details)',
                "pass"),
    ),
    "33, its schedule": Invariant(
        "A file is erased when its time is over, and not before",
        [f"{ENDED_FILES}::test_it_is_erased_on_the_day_and_not_before"],
        Planted("spheres_core/privacy/queries/ended_files.py",
                "last = same_day(today, today.year - years", "last = same_day(today, today.year - years + 1"),
    ),
    "33, who takes part": Invariant(
        "Nothing is erased of whom still takes part",
        [f"{ENDED_FILES}::test_nothing_is_erased_of_whom_still_takes_part"],
        Planted("spheres_core/privacy/queries/ended_files.py",
                "return bool(await ctx.db.all(GOING_ON, ids=list(files), ended=sorted(ENDED)))", "return False"),
    ),
    "33, a hold on a file": Invariant(
        "A hold beats the erasure of a file, and its schedule",
        [f"{ENDED_FILES}::test_it_is_seen_coming_for_three_months_and_held_as_long_as_somebody_says_so"],
        Planted("spheres_core/privacy/queries/ended_files.py",
                "return bool(await ctx.db.all(HELD, ids=list(files)))", "return False"),
    ),
    "33, incidents": Invariant(
        "After an incident is erased the trail keeps that there was one",
        [f"{INCIDENTS}::test_a_region_may_say_after_how_many_years_a_closed_one_is_erased"],
        ERASED_WITHOUT_ENTRY,
    ),
    "33, another region's": Invariant(
        "Of what would have come from another region nothing is kept once it is refused",
        [f"{BETWEEN_REGIONS}::test_a_refusal_leaves_her_file_as_it_was_and_what_would_have_come_is_deleted"],
        Planted(f"{TRANSFERS}/operations/answers.py",
                'reason=bindparam("why", type_=Text()), content=null(),', 'reason=bindparam("why", type_=Text()),'),
    ),
    "34, asked to come along": Invariant(
        "She is asked to an activity only in a way that her safe contact allows at this moment",
        [f"{ACTIVITIES}/test_outings.py::test_she_is_asked_only_in_a_way_that_her_safe_contact_allows"],
        Planted(f"{ACTIVITIES}/operations/invitations.py", "if isinstance(decided, ContactRefused):", "if False:"),
    ),
    "34, what she carries": Invariant(
        "Nothing on her card names the program or the region",
        [f"{SAFETY}/test_card.py::test_a_place_that_names_the_program_or_the_region_stands_on_it_without_its_name"],
        Planted(f"{SAFETY}/program_words.py",
                'return "" if any(name in fold_letters(text) for name in names) else text', "return text"),
    ),
}  # fmt: skip
"""By the number of the invariant and which part of it."""

"""One hook, one paragraph, one call site, one test: held against the live registry of hooks."""

from __future__ import annotations

import ast
import inspect
import sys
from collections import Counter
from pathlib import Path
from typing import Final
from uuid import UUID

from packaging.version import Version

from spheres_core import __version__, hookspecs, plugin
from spheres_core.audit.events import delivery
from spheres_core.cli.plugin.hook_manual import hook_manual, hook_manual_page
from spheres_core.foundation.plugins import api_lock, set_builder, validation
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import page_kit
from spheres_core.hook_versions import ASYNC_KINDS, hook_version_of
from spheres_core.slots import SLOTS
from spheres_core.testing import MakeWorld, definition
from tests import syntax
from tests.plugins.planting import plant

ROOT: Final = Path(__file__).parents[2]
CORE: Final = ROOT / "spheres_core"
HOOKS: Final = {each["name"]: each for each in hook_manual()}

BROKEN: Final = "tests/spheres_core/foundation/isolation/test_broken_plugins.py"
EXAMPLE: Final = "tests/plugins/regional_intake/test_regional_intake.py"
HERE: Final = "tests/rules/test_hooks.py"
PANELS: Final = "tests/spheres_core/foundation/web/test_panels.py"
OWN_DATA: Final = "tests/spheres_core/foundation/isolation/test_own_data.py"
PERSONS: Final = "tests/spheres_core/referrals/test_subject_data.py"
FILES: Final = "tests/spheres_core/privacy/test_ended_files.py"
OF_FILES: Final = "test_a_plugin_hands_over_and_erases_and_one_that_fails_is_named_and_tried_again"
SCHEDULES: Final = "tests/spheres_core/audit/test_plugin_schedules.py"
NOTICES: Final = "tests/spheres_core/staff/test_plugin_notices.py"
WEIGHED: Final = "tests/spheres_core/plans/test_weighed_by_plugins.py"
TESTED: Final = {
    "register_settings": f"{EXAMPLE}::test_where_another_law_may_apply_a_person_decides",
    "register_roles": "tests/spheres_core/staff/test_plugin_roles.py"
    "::test_a_driver_may_what_the_plugin_says_and_nothing_of_the_cores",
    "register_permissions": f"{EXAMPLE}::test_without_the_permission_the_list_is_closed",
    "register_pack_readers": "tests/rules/test_plugins.py::test_its_content_is_what_it_declares",
    "register_record_kinds": "tests/spheres_core/extra_questions/test_extra_questions.py"
    "::test_every_kind_of_record_has_a_column_that_is_erased_with_it",
    "register_record_acts": "tests/spheres_core/followups/test_agreement_page.py"
    "::test_from_an_agreed_referral_she_comes_to_her_own_file",
    "register_duties": "tests/spheres_core/followups/test_assignments.py::test_nobody_leaves_with_a_file_by_any_way",
    "register_file_sections": "tests/spheres_core/participants/test_files.py"
    "::test_a_section_stands_in_the_file_of_whoever_may_read_its_class",
    "register_day_sections": "tests/spheres_core/followups/test_my_day.py"
    "::test_what_another_room_keeps_stands_in_the_day_of_who_has_to_do_with_it",
    "register_bodies": "tests/spheres_core/committee/test_told_to_plugins.py::test_a_plugin_brings_a_body_of_its_own",
    "register_brief_sections": "tests/spheres_core/committee/test_briefs.py"
    "::test_each_organization_gets_what_she_lets_it_discuss_and_no_two_the_same",
    "on_meeting_changed": "tests/spheres_core/committee/test_told_to_plugins.py"
    "::test_meetings_are_told_to_every_plugin_and_recommendations_to_the_teams_own",
    "on_recommendation_changed": "tests/spheres_core/committee/test_told_to_plugins.py"
    "::test_meetings_are_told_to_every_plugin_and_recommendations_to_the_teams_own",
    "register_timeline_acts": "tests/spheres_core/plans/test_timeline.py"
    "::test_a_room_adds_acts_to_it_by_registering_them",
    "register_trail_effects": "tests/spheres_core/followups/test_coordination.py"
    "::test_whoever_becomes_a_coordinator_knows_of_earlier_files_and_no_longer_when_the_role_ends",
    "register_controllers": f"{EXAMPLE}::test_travel_questions_stay_in_their_region",
    "register_pages": f"{HERE}::test_a_plugins_page_stands_under_its_own_name_and_in_the_navigation",
    "register_navigation": f"{HERE}::test_a_plugins_page_stands_under_its_own_name_and_in_the_navigation",
    "register_frame": f"{BROKEN}::test_all_broken_plugins_at_once_take_nothing_from_a_tenant",
    "register_trail_verbs": f"{EXAMPLE}::test_what_was_shown_is_in_the_trail_with_a_title",
    "gather_own": f"{OWN_DATA}::test_what_a_plugin_gathers_reaches_its_own_opinion",
    "show_home": f"{PANELS}::test_a_panel_stands_in_its_slot_and_nowhere_else",
    "show_services": f"{PANELS}::test_a_panel_stands_in_its_slot_and_nowhere_else",
    "show_referral": f"{PANELS}::test_whose_panels_were_shown_on_a_referral_is_in_the_trail",
    "show_my_day": f"{PANELS}::test_a_panel_on_a_workers_day_is_there_and_nowhere_else",
    "show_participant": f"{PANELS}::test_a_panel_on_a_participants_file_is_in_the_trail",
    **dict.fromkeys(
        ("show_plan", "show_encounter_form"),
        f"{WEIGHED}::test_panels_stand_on_plan_and_encounter_form_and_say_no_class_that_the_reader_may_not_read",
    ),
    "show_together": f"{WEIGHED}::test_a_panel_on_the_screen_of_both_is_told_her_codes_and_leads_nowhere",
    "show_emergency_plan": "tests/spheres_core/safety/test_panels.py"
    "::test_a_panel_stands_on_the_plan_and_with_somebody_on_call_and_knows_nobody",
    "show_administration": f"{PANELS}::test_a_panel_stands_in_its_slot_and_nowhere_else",
    "register_schedules": f"{SCHEDULES}::test_what_is_due_is_done_once_by_however_many_workers",
    "register_commands": "tests/spheres_core/cli/plugin/test_own_commands.py"
    "::test_a_command_runs_for_a_region_that_has_the_plugin_and_for_no_other",
    "register_reports": "tests/spheres_core/site/test_reports.py::test_a_report_is_a_page_a_file_and_json",
    "register_notifier": f"{NOTICES}::test_holders_who_chose_mail_get_the_title_and_nothing_else",
    "on_schedule": f"{SCHEDULES}::test_what_is_due_is_done_once_by_however_many_workers",
    "on_background_job": f"{SCHEDULES}::test_what_is_due_is_done_once_by_however_many_workers",
    "on_text_message_due": "tests/spheres_core/staff/test_text_messages.py"
    "::test_a_gateway_that_fails_is_tried_again_and_told_and_the_message_is_sent_once",
    "on_own_entry": f"{NOTICES}::test_holders_who_chose_mail_get_the_title_and_nothing_else",
    **dict.fromkeys(
        (
            "on_referral_changed",
            "on_inquiry_changed",
            "on_advice_changed",
            "on_entourage_changed",
            "on_support_session_changed",
            "on_workshop_held",
            "on_directory_changed",
            "on_staff_changed",
            "on_forms_changed",
            "on_region_changed",
            "on_activity_changed",
            "on_tool_published",
            "on_tool_withdrawn",
        ),
        "tests/rules/test_acts_are_told.py::test_a_plugin_is_told_what_was_done_in_each_room",
    ),
    **dict.fromkeys(
        (
            "on_participation_changed",
            "on_assignment_changed",
            "on_consent_changed",
            "on_exclusion_changed",
            "on_encounter_changed",
            "on_accompaniment_changed",
            "on_invitation_changed",
            "on_attendance_recorded",
            "on_date_changed",
            "on_plan_changed",
            "on_emergency_plan_changed",
            "on_emergency_access_opened",
            "on_stage_changed",
            "on_service_request_changed",
        ),
        "tests/spheres_core/plans/test_told_to_plugins.py::test_the_teams_own_plugin_is_told_of_each_kind_of_act",
    ),
    "check_referral": f"{BROKEN}::test_a_safeguard_refuses_also_when_it_fails",
    "assess_eligibility": f"{EXAMPLE}::test_where_another_law_may_apply_a_person_decides",
    "check_encounter": f"{WEIGHED}::test_what_a_check_says_stands_at_its_field_and_is_heeded_once",
    "check_need": f"{WEIGHED}::test_what_a_check_says_stands_at_its_field_and_is_heeded_once",
    "check_participation_step": f"{WEIGHED}::test_a_step_is_held_up_but_never_her_own_wish",
    "assess_services": f"{WEIGHED}::test_a_service_that_a_plugin_says_does_not_fit_is_asked_for_with_a_reason",
    "suggest_goals": f"{WEIGHED}::test_what_is_suggested_stands_beside_the_form_and_in_no_field",
    **dict.fromkeys(
        ("propose_activities", "show_activity"),
        "tests/spheres_core/activities/test_proposed_by_plugins.py"
        "::test_what_a_plugin_and_a_pack_propose_stands_beside_the_form_and_in_no_field",
    ),
    "show_meeting": "tests/spheres_core/committee/test_told_to_plugins.py"
    "::test_a_panel_on_a_meetings_pages_is_told_nothing_of_its_agenda",
    "suggest_routing": f"{HERE}::test_a_plugin_may_suggest_who_makes_the_first_contact",
    "propose_first_contact": f"{HERE}::test_a_plugin_may_propose_how_the_first_contact_is_made",
    "export_person": f"{PERSONS}::test_all_that_is_kept_is_handed_over_by_everybody_who_keeps_it",
    "erase_person": f"{PERSONS}::test_an_erasure_that_fails_says_so_and_goes_on_where_it_ended",
    "export_participant": f"{FILES}::{OF_FILES}",
    "erase_participant": f"{FILES}::{OF_FILES}",
    "on_referral_received": f"{EXAMPLE}::test_a_travel_question_told_three_times_is_noted_once",
    "on_referral_moved": f"{HERE}::test_a_plugin_is_told_of_each_step",
}
"""The test that would fail if nobody called the hook any more."""


def test_every_hook_has_its_paragraph_in_the_manual() -> None:
    assert [name for name, each in HOOKS.items() if len(each["manual"]) < 40] == []
    assert (ROOT / "docs" / "hooks.md").read_text() == hook_manual_page(), (
        "run `spheres hooks --markdown > docs/hooks.md`"
    )


def test_every_hook_has_a_kind_and_the_form_of_its_kind() -> None:
    kinds = {"register", "gather", "assess", "propose", "suggest", "check", "show", "on", "export", "erase"}

    assert {each["kind"] for each in HOOKS.values()} <= kinds
    assert [name for name, each in HOOKS.items() if each["async"] != name.startswith(ASYNC_KINDS)] == []


def test_every_question_says_what_it_is_answered_with() -> None:
    others = ("register", "gather", "on", "export", "erase")
    questions = {name for name, each in HOOKS.items() if each["kind"] not in others}

    assert set(hookspecs.ANSWERS) == questions


def test_nothing_that_plugins_lean_on_has_changed_unsaid() -> None:
    """Run `spheres hooks --lock` for what was added. What breaks plugins needs a version that says so."""
    locked, now = api_lock.read_lock(), api_lock.describe(plugin.__all__, page_kit=page_kit.kit())
    changes = api_lock.compare(locked, now)

    if not api_lock.may_break(locked.version, now.version):
        assert [each for each in changes if each.kind == "broken"] == []
    assert changes == [], "run `spheres hooks --lock`"
    assert not api_lock.may_break(locked.version, now.version), "the version moved: run `spheres hooks --lock`"


def test_what_was_said_to_end_has_ended() -> None:
    for name, hook in api_lock.hooks_of().items():
        promise = hook_version_of(hook)
        for end in (promise.deprecation, *(each.deprecation for each in promise.arguments.values())):
            if end is not None:
                assert Version(end.deprecated) < Version(end.removed_in), name
                assert Version(__version__) < Version(end.removed_in), f"{name} was to be gone by now"


def call_sites() -> Counter[str]:
    """Where the core puts a question (`ask("…")`), calls those with a duty (`listeners("…")`), or names whom the outbox
    tells (`TrailVerb(hook="…")`)."""
    found: Counter[str] = Counter()
    for path in CORE.rglob("*.py"):
        for node in syntax.nodes(path.read_text(), ["ask(", "listeners(", "show_slot(", "hook="]):
            if not isinstance(node, ast.Call):
                continue
            calls = isinstance(node.func, ast.Attribute) and node.func.attr in ("ask", "listeners")
            asked = node.args[:1] if calls else []
            asked += node.args[2:3] if isinstance(node.func, ast.Name) and node.func.id == "show_slot" else []
            told = [each.value for each in node.keywords if each.arg == "hook"]
            names = [each.value for each in (*asked, *told) if isinstance(each, ast.Constant)]
            found.update(str(name) for name in names if name in HOOKS)
    return found


def test_every_hook_has_exactly_one_call_site() -> None:
    registered = [name for name in HOOKS if name.startswith("register_")]

    own = {"on_own_entry"}  # named by the verbs of plugins
    found = Counter({name: 1 if name.endswith("_changed") else number for name, number in call_sites().items()})
    assert found == Counter(name for name in HOOKS if name not in (*registered, *own))
    assert sorted(validation.REGISTERED) == sorted(registered)
    assert inspect.getsource(set_builder).count("_call_register(hook, each)") == 1


def test_every_slot_has_its_room() -> None:
    assert set(SLOTS) == {name for name in HOOKS if name.startswith("show_")}


def test_every_hook_is_tested_where_the_table_says() -> None:
    assert set(TESTED) == set(HOOKS)
    for place in TESTED.values():
        file, _, name = place.partition("::")
        tests = {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}
        assert name in tests, place


# ---- hooks that our own plugins do not use yet ----------------------------------------------------------------------

OURS: Final = ROOT / "plugins"
PAGE: Final = """
@get("/board", guards=[public], name="a_page_board", media_type="text/plain")
async def board() -> str:
    return "a board"

@hookimpl
def register_pages():
    return [board]

@hookimpl
def register_navigation():
    return [NavigationItem("x/a_page/board", {"fr": "Le babillard", "en": "The board"})]
"""
SUGGESTS: Final = """
from spheres_core.plugin import RoutingSuggestion

@hookimpl
def suggest_routing(referral, organizations):
    return [RoutingSuggestion(organizations[0].key, {"fr": "Tout près", "en": "Nearby"}, weight=99)]
"""
PROPOSES: Final = """
from spheres_core.plugin import ContactProposal

@hookimpl
def propose_first_contact(referral):
    title = {"fr": "À l'école, le midi", "en": "At school, at noon"}
    return [ContactProposal(title, {"fr": "Le plus calme", "en": "Calmest"})]
"""
LISTENS: Final = """
HEARD = []

@hookimpl
async def on_referral_moved(ctx, referral, move):
    HEARD.append((ctx.tenant.slug, referral.id, move.from_state, move.to_state))
"""


def test_a_plugins_page_stands_under_its_own_name_and_in_the_navigation(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "a_page", PAGE, declares=("register_pages", "register_navigation"), routes=True)
    world = make_world(
        definition("east", "quebec", "a_page"), definition("west", "quebec"), on=discover([tmp_path, OURS])
    )

    assert world.get("/t/east/fr/x/a_page/board").text == "a board"
    assert '/t/east/fr/x/a_page/board"' in world.get("/t/east/fr/").text
    assert "Le babillard" in world.get("/t/east/fr/").text
    assert world.get("/t/west/fr/x/a_page/board").status_code == 404
    assert "babillard" not in world.get("/t/west/fr/").text


def test_a_plugin_may_suggest_who_makes_the_first_contact(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "an_adviser", SUGGESTS, declares=("suggest_routing",))
    world = make_world(definition("east", "quebec", "outaouais", "an_adviser"), on=discover([tmp_path, OURS]))
    world.refer("east")
    headers = {**world.bearer("east", "coordinator"), "accept-language": "en"}
    newest = world.get("/t/east/api/referrals", headers=headers).json()["items"][0]["id"]

    suggested = world.get(f"/t/east/api/referrals/{newest}", headers=headers).json()["suggested_partners"]

    assert suggested[0]["reason"] == "Nearby"


def test_a_plugin_may_propose_how_the_first_contact_is_made(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "a_proposer", PROPOSES, declares=("propose_first_contact",))
    plant(tmp_path, "a_mute_one", PROPOSES.replace("return", "raise ValueError"), declares=("propose_first_contact",))
    here = ("quebec", "outaouais", "a_proposer", "a_mute_one")
    world = make_world(definition("east", *here), on=discover([tmp_path, OURS]))
    world.refer("east")
    headers = {**world.bearer("east", "coordinator"), "accept-language": "en"}
    newest = world.get("/t/east/api/referrals", headers=headers).json()["items"][0]["id"]

    read = world.get(f"/t/east/api/referrals/{newest}", headers=headers).json()
    page = world.get(f"/t/east/en/referrals/{newest}", headers=headers).text

    assert read["proposed_contacts"] == [
        {"by": "a_proposer", "code": "", "title": "At school, at noon", "reason": "Calmest"}
    ]
    assert read["unanswered"] == ["a_mute_one"]
    assert "At school, at noon" in page
    assert "could not answer just now" in page


def test_a_plugin_is_told_of_each_step(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "a_listener", LISTENS, declares=("on_referral_moved",))
    world = make_world(definition("east", "quebec", "outaouais", "a_listener"), on=discover([tmp_path, OURS]))
    world.refer("east")
    headers = world.bearer("east", "coordinator")
    newest = world.get("/t/east/api/referrals", headers=headers).json()["items"][0]["id"]
    step = world.post(f"/t/east/api/referrals/{newest}/transitions", json={"to": "in_review"}, headers=headers)
    assert step.status_code == 200, step.text

    async def moved(ctx: Context) -> list[UUID]:
        return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'referral.moved'")]

    for entry in world.act("east", moved):
        world.run(delivery.deliver(world.runtime, "east", entry))

    heard = sys.modules["spheres_plugins.a_listener.hooks"].HEARD
    assert heard == [("east", UUID(newest), "received", "in_review")]

"""The forms room's default answers to hooks."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.forms import form_files
from spheres_core.forms.controllers import asked_forms, drafts
from spheres_core.forms.operations.publication import adopt
from spheres_core.forms.pages import drafts as draft_pages
from spheres_core.forms.pages import form_export, form_media
from spheres_core.forms.pages import forms as form_pages
from spheres_core.forms.pages import questions as question_pages
from spheres_core.forms.permissions import EDIT, EXPORT
from spheres_core.forms.queries import TOPIC, load_own_forms
from spheres_core.forms.settings import Settings
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, TrailVerb
from spheres_core.foundation.tenancy.context import Context


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [
        PackReader(
            TOPIC, form_files.PATTERN, form_files.read_forms, adopt, form_files.describe, form_files.fit_forms,
            load_own=load_own_forms,
        )
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(EDIT, msg("Write and publish forms"), roles=("administrator", "content_editor")),
        Permission(EXPORT, msg("Take a form out as a file"), roles=("administrator", "content_editor")),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [*asked_forms.HANDLERS, *drafts.HANDLERS]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    own = [*form_pages.HANDLERS, *draft_pages.HANDLERS, *question_pages.HANDLERS]
    return [*own, *form_export.HANDLERS, *form_media.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("administration/forms", msg("Forms"), "staff", EDIT, order=450, there=_has_no_other_way)]


def _has_no_other_way(ctx: Context) -> bool:
    """Returns whether somebody finds forms in the menu only: for administrators they stand on their page."""
    return "administrator" not in ctx.actor.roles


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("form.published", msg("A form was published")),
        TrailVerb("form.put_in_force", msg("A version of a form was put in force"), hook="on_forms_changed"),
        TrailVerb("form.retired", msg("A form was retired"), hook="on_forms_changed"),
        TrailVerb("form.pack_followed", msg("A form of the packs was put in force again"), hook="on_forms_changed"),
        TrailVerb("form.draft_begun", msg("Writing a form was begun")),
        TrailVerb("form.draft_changed", msg("A form that is being written was changed")),
        TrailVerb("form.draft_discarded", msg("A form that was being written was discarded")),
    ]

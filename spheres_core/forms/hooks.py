"""The forms room's default answers to hooks."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.forms import form_files
from spheres_core.forms.controllers import list_forms, show_form
from spheres_core.forms.operations import adopt
from spheres_core.forms.queries import TOPIC
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import TrailVerb


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [PackReader(TOPIC, form_files.PATTERN, form_files.read_forms, adopt, form_files.describe)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [list_forms, show_form]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [TrailVerb("form.published", msg("A form was published"))]

"""Hooks of the notifications room: its settings and the trail's names for what it does."""

from collections.abc import Sequence

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import TrailVerb
from spheres_core.notifications import notice_file
from spheres_core.notifications.schemas import Settings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [PackReader(notice_file.TOPIC, notice_file.FILE, notice_file.read_notices,
                       describe=notice_file.describe_notices)]  # fmt: skip


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [TrailVerb("notification.sent", msg("A message without words of the case was sent"))]

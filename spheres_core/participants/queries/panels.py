"""Facts that plugins are told for a panel on a participant's file, and the trail's note of whose panels were shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spheres_core.audit import operations as audit
from spheres_core.facts import ParticipantFacts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess


async def panel_facts(ctx: Context, *, access: ParticipantAccess) -> dict[str, Any]:
    """Returns what plugins are told for a panel on a file that the caller has opened: her id and her code."""
    return {"participant": ParticipantFacts(access.id, access.code)}


async def record_panels(ctx: Context, access: ParticipantAccess, plugins: Sequence[str]) -> None:
    """Writes into the trail whose panels were shown on a file; nothing where none was."""
    if plugins:
        details = {"plugins": list(plugins)}
        await audit.record(ctx, "participant.panels_shown", subject=("participant", access.id), details=details)

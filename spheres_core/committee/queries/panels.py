"""Tells plugins of one meeting what its slot may know: when and of which body, and nothing of its agenda."""

from __future__ import annotations

from spheres_core.committee.schemas.meetings import MeetingFound
from spheres_core.facts.meetings import MeetingFacts
from spheres_core.foundation.tenancy.context import Context


async def meeting_facts(_ctx: Context, *, meeting: MeetingFound) -> dict[str, MeetingFacts]:
    """Returns what plugins are told of a meeting."""
    return {"meeting": MeetingFacts(meeting.id, meeting.body, meeting.at, meeting.state)}

"""Where somebody goes on after an act that began on one page or another: to her day, or to the timeline."""

from __future__ import annotations

from typing import Final

DAY: Final = "my_day"
TIMELINE: Final = "timeline"


def back_to(name: str) -> str:
    """Returns the name of the page to go back to; the timeline for anything that is not the day."""
    return DAY if name == DAY else TIMELINE


def place_after(name: str, code: str) -> tuple[str, dict[str, str]]:
    """Returns the name of the page after an act, and the values of its address."""
    return (DAY, {}) if name == DAY else (TIMELINE, {"participant": code})

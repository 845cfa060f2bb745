"""Decides where a goal may go. No goal is preset, and one to be safer goes the same ways as one to stop."""

from collections.abc import Mapping
from typing import Final, Literal

from spheres_core.facts import Message, msg
from spheres_core.plans.schemas.goals import ChangeStage, GoalState

RefusalCode = Literal["step_forbidden", "her_wish_missing"]
STATES: Final[Mapping[GoalState, Message]] = {
    "proposed": msg("Proposed to her"),
    "active": msg("She is at it"),
    "set_aside": msg("Set aside for now"),
    "reached": msg("Reached"),
    "partly": msg("Partly reached"),
    "dropped": msg("No longer wanted"),
}
LEADS_TO: Final[Mapping[GoalState, tuple[GoalState, ...]]] = {
    "proposed": ("active", "set_aside", "dropped"),
    "active": ("set_aside", "reached", "partly", "dropped"),
    "set_aside": ("active", "reached", "partly", "dropped"),
    "reached": ("active",),
    "partly": ("active",),
    "dropped": ("active",),
}
"""She may take up again whatever she has left or reached."""
STAGES: Final[Mapping[ChangeStage, Message]] = {
    "precontemplation": msg("Not thinking about it"),
    "contemplation": msg("Thinking about it"),
    "preparation": msg("Getting ready"),
    "action": msg("Doing it"),
    "maintenance": msg("Keeping it up"),
    "termination": msg("It goes without saying"),
}
"""Stages of change of the transtheoretical model, in plain words. From each one may move to any other."""


def refusal(state: GoalState, to: GoalState, *, wanted: bool) -> RefusalCode | None:
    """Returns why a goal cannot go there; None when it can. `wanted`: whether she has said that she wants it."""
    if to != state and to not in LEADS_TO[state]:
        return "step_forbidden"
    if to not in ("proposed", "set_aside", "dropped") and not wanted:
        return "her_wish_missing"
    return None

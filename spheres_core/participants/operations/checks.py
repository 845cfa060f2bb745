"""Heeds what plugins say against something that is about to be written about a participant.

A safeguard refuses, also when it cannot answer. What any other says holds the write up once: it is shown at its field,
and whoever sends the same again with `confirmed` has it written as it is.
"""

from __future__ import annotations

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.isolation.hook_calls import HookAnswers
from spheres_core.foundation.tenancy.context import Context


class RefusedByCheck(Invalid):
    """A safeguard of this region stands against it, or could not look at it."""

    code = "refused_by_check"
    message = msg("A check of this region stands against it.")


class DoubtedByCheck(Invalid):
    """A check of this region says something against it. Sent again with `confirmed`, it is written as it is."""

    code = "doubted_by_check"
    message = msg("Please look at what is said here. Save again to keep it as it is.")


def heed(ctx: Context, hook: str, asked: HookAnswers, *, confirmed: bool) -> None:
    """Raises `RefusedByCheck` or `DoubtedByCheck` with what was said against it, each at its field."""
    guards = ctx.plugins.safeguards(hook)
    refused = [problem for owner, problem in asked.answers if owner in guards]
    unmade = [owner for owner in guards if owner in asked.missing or owner in ctx.plugins.left_out]
    refused += [
        Problem(msg("A safety check of this region could not be made. Please try again later."), code="safeguard")
        for _ in unmade
    ]
    if refused:
        raise RefusedByCheck(errors=refused)
    doubted = [problem for owner, problem in asked.answers if owner not in guards]
    if doubted and not confirmed:
        raise DoubtedByCheck(errors=doubted)

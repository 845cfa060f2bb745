"""Hooks for a person's data that leaves or goes."""

from typing import TYPE_CHECKING

from spheres_core.facts import ParticipantFacts, PersonRecord, ReferralFacts
from spheres_core.hook_versions import hookspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spheres_core.foundation.tenancy.context import Context


@hookspec(since="0.1")
async def export_person(ctx: "Context", referral: "ReferralFacts") -> "Sequence[PersonRecord]":  # type: ignore[empty-body]
    """Returns all that this plugin keeps about the person of a referral, in its tables and elsewhere, decrypted.

    Called by `spheres referral export`, for whoever asks what is kept. One that fails leaves the export unfinished.
    """


@hookspec(since="0.1")
async def erase_person(ctx: "Context", referral: "ReferralFacts") -> int:  # type: ignore[empty-body]
    """Erases what this plugin keeps about the person of a referral; returns the number of records.

    Rows that refer to the referral go with it by themselves; this hook is for what does not: files, other systems.
    Called by `spheres referral erase` before the referral itself goes, also for a plugin that is switched off. One that
    fails keeps the referral there until a further run succeeds.
    """


@hookspec(since="0.1")
async def export_participant(ctx: "Context", participant: "ParticipantFacts") -> "Sequence[PersonRecord]":  # type: ignore[empty-body]
    """Returns all that this plugin keeps about somebody who takes part, in its tables and elsewhere, decrypted.

    Called by `spheres participant export`, once for each of her files. One that fails leaves the export unfinished.
    """


@hookspec(since="0.1")
async def erase_participant(ctx: "Context", participant: "ParticipantFacts") -> int:  # type: ignore[empty-body]
    """Erases what this plugin keeps about somebody who takes part; returns the number of records.

    Rows that refer to the participant go with her file by themselves; this hook is for what does not: files, other
    systems. Called before the file itself goes, by its schedule or by `spheres participant erase`, also for a plugin
    that is switched off; the referrals that the file began with follow by `erase_person`. One that fails keeps the file
    there until a further run succeeds.
    """

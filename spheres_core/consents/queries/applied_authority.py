"""Finds out who may give a consent: by the region's legal profile, for the organization that holds the information."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from spheres_core.consents.authority import NOBODY, Authority, holds_until, who_may_consent
from spheres_core.consents.schemas import ConsentKind, Giver
from spheres_core.consents.settings import Settings
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.legal_profiles import LegalProfile
from spheres_core.partners.queries.pack_content import legal_profile
from spheres_core.partners.queries.partners import legal_regime_of


class AppliedAuthority(Struct, frozen=True):
    """Who may give a consent, and the act and the profile that say so."""

    authority: Authority
    regime: str
    """The act that the holder of the information lives under; empty when it is not known."""
    profile: LegalProfile | None
    decided: Mapping[str, str]

    def until(
        self, kind: ConsentKind, giver: Giver, birth_date: dt.date, on: dt.date, *, together: bool
    ) -> dt.date | None:
        """Returns the birthday from which on this giver may no longer give it so, or None."""
        return holds_until(
            self.profile, kind, giver, birth_date, on, regime=self.regime, decided=self.decided, together=together
        )


async def authority_for(
    ctx: Context, kind: ConsentKind, born: dt.date | AgeRange, on: dt.date, *, holder: str = ""
) -> AppliedAuthority:
    """Returns who may give a consent of this kind on a day. `holder`: key of an organization; empty for the program.

    Nobody may for an organization that is not in the directory.
    """
    settings = ctx.settings("consents", Settings)
    profile = legal_profile(ctx)
    regime = await legal_regime_of(ctx, holder) if holder else settings.regime
    if regime is None:
        return AppliedAuthority(NOBODY, "", profile, settings.givers)
    authority = who_may_consent(profile, kind, born, on, regime=regime, decided=settings.givers)
    return AppliedAuthority(authority, regime, profile, settings.givers)

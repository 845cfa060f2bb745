"""Hook implementations: the only way from the core into this folder."""

from spheres_core.plugin import Context, Message, Opinion, Permission, ReferralFacts, SentReferral, hookimpl

from . import controllers, counting
from .settings import Settings


@hookimpl
def register_settings() -> type[Settings]:
    return Settings


@hookimpl
def register_permissions() -> list[Permission]:
    title = {"fr": "Voir combien de références viennent de loin", "en": "See how many referrals come from far away"}
    return [Permission("museum_code.read", title, roles=("coordinator",))]


@hookimpl
def register_controllers() -> list[object]:
    return [controllers.count_far_referrals]


@hookimpl
def assess_eligibility(referral: SentReferral, settings: Settings) -> Opinion | None:
    if referral.community not in settings.far_communities:
        return None
    return Opinion("a_person_decides", Message("She is far from services.", domain="museum_code"), "far")


@hookimpl
async def on_referral_received(ctx: Context, referral: ReferralFacts) -> None:
    if referral.community in ctx.settings("museum_code", Settings).far_communities:
        await counting.note(ctx, referral)

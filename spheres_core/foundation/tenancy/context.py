"""The first argument of every operation: for which tenant, with which plugins, by whom, in which language, when."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct, field, structs

from spheres_core import hookspecs
from spheres_core.facts import ReferralFacts, Tenant
from spheres_core.foundation.database.own_tables import OwnTablesDb
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.isolation import own_data
from spheres_core.foundation.isolation.hook_calls import (
    MOST_ANSWERS,
    HookAnswers,
    HookCall,
    HookImplementation,
    PerRequest,
    call_hook,
)
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.plugins.plugin_set import NAVIGATION, PluginSet
from spheres_core.foundation.plugins.registrations import NavigationItem
from spheres_core.foundation.tenancy.tenant_locales import TenantLocales

S = TypeVar("S", bound=Struct)


class Actor(Struct, frozen=True):
    """Who acts. `id` is a staff member's or a token's; no foreign key, so that the trail outlives both."""

    kind: str
    """anonymous, staff, token, link (of somebody without an account) or system."""
    id: UUID | None = None
    roles: frozenset[str] = frozenset()
    open_name: Callable[[], str] = str
    """Unseals the name. Most requests never show it."""
    csrf: str = ""
    """The form secret of a signed-in person's session."""
    organization: str = ""
    """Key of the partner organization that a person works for; empty for the program's own staff, and for systems."""
    token: UUID | None = None
    """The token by which a person acts; None in her browser, and for a system that acts by a token of its own."""
    narrowed_to: UUID | None = None
    """The one participant whom the person's session shows from now on, on a screen that both look at; else None."""

    @property
    def name(self) -> str:
        """Returns the name that is shown to colleagues; empty for the anonymous."""
        return self.open_name()

    @property
    def by_token(self) -> bool:
        """Returns whether nobody sits at a browser: what would outlive a token is not done by one."""
        return self.kind == "token" or self.token is not None


@lru_cache(maxsize=256)
def _date(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(ZoneInfo(zone)).date()


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system")


class Context(Struct):
    """One request, job or command. `ctx` in every signature; never stored, never handed to a pure hook."""

    tenant: Tenant
    plugins: PluginSet
    db: Db
    keys: TenantKeys
    actor: Actor
    locale: Locale
    locales: TenantLocales
    """The tenant's other languages: `ctx.locales.locale(tag)`."""
    now: dt.datetime
    """UTC."""
    all_settings: Mapping[str, Struct]
    for_plugins: PerRequest = field(default_factory=PerRequest)
    """All that code plugins are given once a request."""
    own_content: Mapping[str, Any] = {}
    """By topic of content, the tenant's own, beside its packs."""
    entries: list[tuple[Any, ...]] | None = None
    """Entries of the trail that are written together at the end of what is read; None: each where it stands."""

    def navigation(self) -> list[NavigationItem]:
        """Returns the places in the navigation, in order: the set's, and what the region puts there itself."""
        own = {item.path: item for item in self.own_content.get(NAVIGATION, ())}
        if not own:
            return self.plugins.navigation()
        kept = [item for item in self.plugins.navigation() if item.path not in own]
        return sorted([*kept, *own.values()], key=lambda item: item.order)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant.time_zone)

    @property
    def today(self) -> dt.date:
        """Returns the date in the tenant's time zone."""
        return _date(self.now, self.tenant.time_zone)

    def settings(self, owner: str, kind: type[S]) -> S:
        """Returns the tenant's settings for a room or plugin, as its struct."""
        found = self.all_settings.get(owner)
        return found if isinstance(found, kind) else kind()

    def may(self, permission: str) -> bool:
        """Returns whether one of the actor's roles carries this permission in this plugin set."""
        return self.plugins.permits(self.actor.roles, permission)

    async def ask(self, hook: str, **facts: Any) -> HookAnswers:
        """Calls an `assess_`, `propose_`, `suggest_` or `check_` hook of every room and plugin of this tenant.

        `facts` are the hook's arguments besides `settings` and `own`, which each implementation gets as its own struct:
        `(await ctx.ask("assess_eligibility", referral=facts)).answers`. Never raises for what a plugin does; who failed
        stands in `missing`.
        """
        return await self.ask_finishing(hook, facts)

    async def ask_finishing(
        self,
        hook: str,
        facts: Mapping[str, Any],
        *,
        finish: Callable[[str, Any], Any] | None = None,
        most: int = MOST_ANSWERS,
    ) -> HookAnswers:
        """Does the same; `finish(owner, answer)` makes of an answer what stands in its place, as the plugin's own work.

        `most`: answers of one plugin.
        """
        asked = self.plugins.listeners(hook)
        if not asked:
            return HookAnswers(())
        referral = facts.get("referral")
        subject = referral.id if isinstance(referral, ReferralFacts) else None
        await self._gather(asked, referral, subject)
        question = HookCall(
            hook, hookspecs.ANSWERS[hook], str(self.tenant.id), self.all_settings, facts, self.for_plugins, subject,
            most, finish=finish,
        )  # fmt: skip
        return await call_hook(question, asked)

    async def _gather(self, asked: Sequence[HookImplementation], referral: Any, subject: Any) -> None:
        """Lets those among the asked who want it gather what is their own."""
        gathering = self.plugins.listeners("gather_own")
        owners = own_data.owners_to_gather(gathering, asked) if gathering else ()
        if not owners:
            return

        async def call(each: HookImplementation, db: OwnTablesDb) -> Any:
            own_ctx = structs.replace(self, db=db, for_plugins=PerRequest())
            told = self.for_plugins.copy_for(each.owner, referral)
            values = {"ctx": own_ctx, "referral": told}
            return await each.function(**{name: values[name] for name in each.arguments})

        mine = [each for each in gathering if each.owner in owners]
        await own_data.gather(
            self.db, str(self.tenant.id), mine, self.plugins.tables_of, call, self.for_plugins, subject
        )

"""The first argument of every operation: for which tenant, with which plugins, by whom, in which language, when."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from spheres_core.facts import Tenant
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.isolation.hook_calls import HookAnswers, PerRequest
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.tenant_locales import TenantLocales

S = TypeVar("S", bound=Struct)


class Actor(Struct, frozen=True):
    """Who acts. `id` is a staff member's or a token's; no foreign key, so that the trail outlives both."""

    kind: str
    """anonymous, staff, token or system."""
    id: UUID | None = None
    roles: frozenset[str] = frozenset()
    open_name: Callable[[], str] = str
    """Unseals the name. Most requests never show it."""
    csrf: str = ""
    """The form secret of a signed-in person's session."""
    organization: str = ""
    """Key of the partner organization that a person works for; empty for the program's own staff, and for tokens."""

    @property
    def name(self) -> str:
        """Returns the name that is shown to colleagues; empty for the anonymous."""
        return self.open_name()


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
    """What code plugins are given once a request."""
    own_content: Mapping[str, Any] = {}
    """By topic of content, the tenant's own, beside its packs."""

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

        `facts` are the hook's arguments besides `settings`, which each implementation gets as its own struct:
        `(await ctx.ask("assess_eligibility", referral=facts)).answers`. Never raises for what a plugin does; who failed
        stands in `missing`.
        """
        return await self.plugins.ask(
            hook, self.all_settings, tenant=str(self.tenant.id), request=self.for_plugins, **facts
        )

"""How one tenant speaks: each of its languages with its own terms and its way of writing."""

from collections.abc import Mapping
from typing import Final

from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.plugins.plugin_set import PluginSet

NO_TERMS: Final[Mapping[tuple[str, str], str]] = {}
"""Those of a tenant that has none of its own; one mapping for all."""


class TenantLocales:
    """A tenant's languages. What the tenants of a plugin set have in common is shared; only own terms are kept here."""

    __slots__ = ("__weakref__", "_own", "_plugins", "_writing", "offered", "terms")

    def __init__(
        self,
        plugins: PluginSet,
        offered: tuple[str, ...],
        *,
        writing: str = "",
        terms: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`offered` are the tenant's tags in its order; `terms` by (language tag, msgid)."""
        self.offered = offered
        self.terms = terms or NO_TERMS
        self._plugins = plugins
        self._writing = writing
        self._own: dict[str, Locale] | None = None

    def locale(self, tag: str) -> Locale:
        """Returns the language `tag` as this tenant speaks it."""
        if not self.terms:
            return self._plugins.locale(tag, self.offered, self._writing)
        if self._own is None:
            self._own = {}
        found = self._own.get(tag)
        if found is None:
            shared = self._plugins.locale(tag, self.offered, self._writing)
            found = self._own[tag] = shared.with_terms(self.terms)
        return found

"""Plugins that use what is going to be taken away: they load and work, and are named with what to use instead."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.plugins.manifest import Manifest
from spheres_core.hook_versions import Deprecation, hook_version_of


class DeprecatedUse(Struct, frozen=True):
    """One use of a hook, or of an argument of it, that will end."""

    plugin: str
    hook: str
    argument: str
    """Empty when the hook itself is going."""
    successor: str
    removed_in: str

    @property
    def message(self) -> Message:
        """Returns the sentence for whoever keeps the plugin."""
        what = f"{self.hook}({self.argument})" if self.argument else self.hook
        if self.successor:
            return msg("{plugin} uses {what}, which ends with SPHÈRES {version}. In its place: {successor}.",
                       plugin=self.plugin, what=what, version=self.removed_in, successor=self.successor)  # fmt: skip
        return msg("{plugin} uses {what}, which ends with SPHÈRES {version}. Nothing takes its place.",
                   plugin=self.plugin, what=what, version=self.removed_in)  # fmt: skip


def deprecated_uses(plugin_id: str, answered: Mapping[str, Iterable[str]]) -> tuple[DeprecatedUse, ...]:
    """Returns what a plugin uses that will end. `answered`: the hooks it implements, with the arguments it takes."""
    return tuple(_uses(plugin_id, answered))


def declared_deprecated_uses(manifest: Manifest) -> tuple[DeprecatedUse, ...]:
    """Returns the same as far as `plugin.toml` tells, without any of its code: hooks, not arguments."""
    return deprecated_uses(manifest.id, dict.fromkeys(manifest.provides.hooks, ()))


def _uses(plugin_id: str, answered: Mapping[str, Iterable[str]]) -> Iterator[DeprecatedUse]:
    hooks = api_lock.hooks_of()
    for hook, arguments in answered.items():
        if hook not in hooks:
            continue
        promise = hook_version_of(hooks[hook])
        if promise.deprecation is not None:
            yield _ending(plugin_id, hook, "", promise.deprecation)
        for name in arguments:
            own = promise.arguments.get(name)
            if own is not None and own.deprecation is not None:
                yield _ending(plugin_id, hook, name, own.deprecation)


def _ending(plugin_id: str, hook: str, argument: str, end: Deprecation) -> DeprecatedUse:
    return DeprecatedUse(plugin_id, hook, argument, end.successor, end.removed_in)

"""How complete a plugin's own texts are in each language of a tenant."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from spheres_core.foundation.languages import localization
from spheres_core.foundation.plugins.plugin_set import PluginSet


class TranslationCoverage(Struct, frozen=True):
    """One language of the tenant: whether the plugin declares it, and how many of its texts are missing there."""

    tag: str
    name: str
    """The language's name in the language itself."""
    declared: bool
    texts: int
    missing: int


def translation_coverage_of(made: PluginSet, plugin_id: str, tags: Iterable[str]) -> tuple[TranslationCoverage, ...]:
    """Returns how far a plugin is translated into each of these languages; nothing when the set has it not."""
    installed = made.plugins.get(plugin_id)
    if installed is None:
        return ()
    languages = [made.languages[tag] for tag in tags]
    folder = installed.root / "locales"
    texts = {
        each.tag: set(localization.read_catalog(folder / Path(each.catalog) / "LC_MESSAGES" / f"{plugin_id}.po").texts)
        for each in languages
    }
    everything = set().union(*texts.values())
    declared_names = {name for tag in installed.manifest.languages for name in made.languages[tag].names}
    return tuple(
        TranslationCoverage(
            tag=each.tag,
            name=each.autonym,
            declared=not declared_names.isdisjoint(each.names),
            texts=len(everything),
            missing=len(everything - texts[each.tag]),
        )
        for each in languages
    )

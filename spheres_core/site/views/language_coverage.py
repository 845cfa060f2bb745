"""How complete each of the tenant's languages is: texts translated of all that can be said in this plugin set."""

from pathlib import Path
from typing import Any

from spheres_core.foundation.languages import catalog_layers, localization
from spheres_core.foundation.tenancy.context import Context


def coverage(ctx: Context) -> list[dict[str, Any]]:
    """Returns how much of each of the tenant's languages is translated, core and plugins together."""
    languages = [ctx.plugins.languages[tag] for tag in ctx.tenant.languages]
    texts = {language.tag: _texts(ctx, language) for language in languages}
    everything = set().union(*texts.values())
    return [
        {
            "tag": language.tag,
            "lang": language.tag,
            "name": language.autonym,
            "missing": len(everything - texts[language.tag]),
            "percent": 100 * len(texts[language.tag]) // len(everything) if everything else 0,
        }
        for language in languages
    ]


def _texts(ctx: Context, language: localization.Language) -> set[tuple[str, localization.CatalogKey]]:
    place = Path(language.catalog) / "LC_MESSAGES"
    files = {"spheres": ctx.plugins.catalog_folder / place / "spheres.po"}
    files |= {id_: each.root / "locales" / place / f"{id_}.po" for id_, each in ctx.plugins.plugins.items()}
    return {(domain, key) for domain, file in files.items() for key in catalog_layers.read_or_empty(file).texts}

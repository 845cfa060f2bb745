"""Makes a page of plugins from their manifests: it stands alone, asks nothing of anybody, and needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.plugins import signatures
from spheres_core.foundation.plugins.discovery import Installed

TEMPLATES: Final = Path(__file__).parent / "templates"


def page(plugins: Mapping[str, Installed], levels: Mapping[str, str], locale: Locale) -> str:
    """Returns the page as HTML. `levels`: by plugin, the level that a check found; none where nothing was checked."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    rows = [
        {
            "id": id_,
            "manifest": each.manifest,
            "title": locale.pick(each.manifest.title),
            "text": locale.pick(each.manifest.description),
            "level": levels.get(id_, ""),
            "signed": (each.root / signatures.SIGNATURE).is_file(),
        }
        for id_, each in sorted(plugins.items())
    ]
    words = {
        "title": locale.say(msg("Plugins")),
        "languages": locale.say(msg("Languages")),
        "level": locale.say(msg("Level")),
        "reads": locale.say(msg("Reads")),
        "sends": locale.say(msg("Sends data to")),
        "needs": locale.say(msg("Needs")),
        "licence": locale.say(msg("Licence")),
        "signed": locale.say(msg("Signed")),
    }
    return environment.get_template("index.html.jinja").render(plugins=rows, words=words, lang=locale.tag)

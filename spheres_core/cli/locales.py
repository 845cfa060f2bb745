"""`spheres locale`: how complete each language is, and catalogs brought in step with the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli.help import command, group
from spheres_core.cli.linting import lint
from spheres_core.cli.speaking import Speaker, Trouble, _
from spheres_core.facts import msg
from spheres_core.foundation import messages
from spheres_core.foundation.i18n import REGISTRY, CatalogKey, Language
from spheres_core.foundation.plugins import Installed

locale = group("locale", help=_("Languages: how much of the core and of each plugin is translated."))


@command(
    "status",
    help=_("How complete each language is, against the texts that stand in the code."),
    examples=["spheres locale status", "spheres locale status --missing --json"],
)
@click.option("--missing", is_flag=True, help=_("Name each text that is missing."))
def status(speaker: Speaker, missing: bool) -> int:
    with speaker.working(_("Reading the texts")):
        rows = coverage()
    shown = rows if missing else [{k: v for k, v in row.items() if k != "missing"} for row in rows]
    speaker.answer({"catalogs": shown})
    speaker.table(
        [_("Catalog"), _("Language"), _("Translated"), _("Missing"), _("Placeholders differ")],
        [
            (
                row["catalog"],
                row["language"],
                f"{row['translated']}/{row['texts']} ({row['percent']} %)",
                str(len(row["missing"]) or ""),
                str(len(row["placeholders"]) or ""),
            )
            for row in rows
        ],
    )
    if missing and not speaker.json:
        for row in rows:
            for text in row["missing"]:
                speaker.out.print(escape(f"{row['catalog']} {row['language']}: {text}"))
    return 1 if any(row["missing"] or row["placeholders"] for row in rows) else 0


def coverage() -> list[dict[str, Any]]:
    """Each catalog in each language: the core's, then those of plugins that have texts of their own."""
    rows = [_row("spheres", core_texts(), app.catalog_folder(), language) for language in REGISTRY.values()]
    for id_, each in sorted(app.machine().plugins.items()):
        texts = plugin_texts(each)
        rows += [
            _row(id_, texts, each.root / "locales", REGISTRY[tag])
            for tag in each.manifest.languages
            if texts and tag in REGISTRY
        ]
    return rows


def core_texts() -> dict[CatalogKey, messages.Found]:
    """The core's texts to translate."""
    return messages.extract(app.CORE, app.CORE.parent)


def plugin_texts(installed: Installed) -> dict[CatalogKey, messages.Found]:
    """A plugin's own texts: those marked in its code, and those that any of its catalogs has."""
    found = messages.extract(installed.root, installed.root.parent)
    for language in REGISTRY.values():
        path = messages.catalog_path(installed.root / "locales", language, installed.manifest.id)
        for key in messages.read(path):
            found.setdefault(key, messages.Found(key[0], (key[1],), ()))
    return found


def _row(domain: str, texts: dict[CatalogKey, messages.Found], folder: Path, language: Language) -> dict[str, Any]:
    known = messages.read(messages.catalog_path(folder, language, domain))
    missing = [found.forms[0] for key, found in texts.items() if key not in known]
    wrong = [
        found.forms[0]
        for key, found in texts.items()
        if key in known and messages.wrong_placeholders(found, known[key])
    ]
    done = len(texts) - len(missing)
    return {
        "catalog": domain,
        "language": language.tag,
        "texts": len(texts),
        "translated": done,
        "percent": 100 * done // len(texts) if texts else 100,
        "missing": missing,
        "placeholders": wrong,
    }


@command(
    "update",
    help=_("Bring the core's catalogs in step with the code. For who changes the core: `make messages`."),
    examples=["spheres locale update"],
)
@click.option(
    "--from",
    "parts",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help=_("A PO file with more translations into French; may be given several times."),
)
def update(speaker: Speaker, parts: tuple[Path, ...]) -> None:
    folder = app.catalog_folder()
    if folder.parent != app.CORE.parent:
        raise Trouble(msg("The catalogs of an installed package are not changed in place."))
    found = core_texts()
    more: dict[CatalogKey, tuple[str, ...]] = {}
    for part in parts:
        more |= messages.read(part)
    messages.update(folder, "spheres", found, {"fr-CA": more})
    rows = [_row("spheres", found, folder, language) for language in REGISTRY.values()]
    speaker.answer(
        {"catalogs": rows}, *(escape(f"{row['language']}: {row['translated']}/{row['texts']}") for row in rows)
    )


for each in (status, update, lint):
    locale.add_command(each)

COMMANDS = (locale,)

"""`spheres locale sheet`, `extract` and `pseudo`: texts on their way to those who translate, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rich_click as click
from msgspec import Struct
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring import accepted_texts, pseudo_locale, translation_sheets
from spheres_core.authoring.public_texts import public_texts
from spheres_core.cli.help import command
from spheres_core.cli.locale.catalogs import CORE, core_texts, known_languages, plugin_texts
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.extraction import ExtractedText
from spheres_core.foundation.languages.localization import CatalogKey, match
from spheres_core.foundation.languages.registry import REGISTRY, Language, Languages
from spheres_core.foundation.languages.tags import wrong_tag
from spheres_core.foundation.plugins.discovery import Installed

INTO = _("The plugin that brings this language, when the catalog is another's.")


class Target(Struct, frozen=True):
    """Names a catalog in a language: its texts, and the file that it is or will be."""

    domain: str
    language: Language
    found: Mapping[CatalogKey, ExtractedText]
    path: Path


def target(domain: str, tag: str, into: str | None) -> Target:
    """Returns the catalog to write into. Raises `CommandError` without a plugin for a language its owner has not."""
    machine = app.machine()
    languages = known_languages(machine)
    owner = _plugin(domain) if domain != CORE else None
    promised = owner.manifest.languages if owner else tuple(REGISTRY)
    tag = match(tag, promised) or tag
    if tag not in languages:
        raise CommandError(wrong_tag(tag, promised))
    found = plugin_texts(owner, languages) if owner else core_texts()
    own = tag in promised
    if not own and not into:
        said = "SPHÈRES" if domain == CORE else domain
        raise CommandError(msg("{catalog} has no {tag} of its own: name the plugin that brings it, with --into.",
                          catalog=said, tag=tag))  # fmt: skip
    place = _plugin(into).root / "locales" if into else owner.root / "locales" if owner else app.catalog_folder()
    language = languages[tag]
    return Target(domain, language, found, extraction.catalog_path(place, language, domain))


def _plugin(id_: str) -> Installed:
    machine = app.machine()
    if id_ not in machine.plugins:
        raise CommandError(msg("The plugin {plugin} is not installed on this machine.", plugin=id_))
    return machine.plugins[id_]


@command(
    "locale sheet export",
    examples=["spheres locale sheet export --language fr-CA core.xlsx",
              "spheres locale sheet export night_bus --language en-CA words.csv"],
)  # fmt: skip
@click.argument("names", nargs=-1, required=True, metavar="[PLUGIN] FILE")
@click.option("--language", "tag", required=True, metavar="TAG", help=_("The language to translate into."))
@click.option("--into", metavar="PLUGIN", help=INTO)
@click.option("--missing", is_flag=True, help=_("Only texts that have no translation yet."))
@click.option("--public", is_flag=True, help=_("Only texts that visitors read: pages, forms and answers for everyone."))
def export_sheet(
    output: Output, names: tuple[str, ...], tag: str, into: str | None, missing: bool, public: bool
) -> None:
    if len(names) > 2:
        raise click.UsageError("[PLUGIN] FILE")
    path = Path(names[-1])
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise CommandError(msg("A sheet is an .xlsx or .csv file."))
    wanted = target(names[0] if len(names) == 2 else CORE, tag, into)
    known, notes = extraction.read(wanted.path), extraction.read_notes(wanted.path)
    if public and wanted.domain != CORE:
        raise CommandError(msg("Which texts visitors read is known of SPHÈRES itself only: leave --public out."))
    found = public_texts(wanted.found, app.CORE.parent) if public else wanted.found
    rows = translation_sheets.rows_of(wanted.domain, wanted.language, found, known, notes, _in_french(wanted))
    rows = [row for row in rows if not (missing and row.existing)]
    translation_sheets.write_sheet(path, rows, wanted.language)
    sentence = output.say_number("{n} row is written.", "{n} rows are written.", len(rows))
    output.print_result({"file": str(path), "rows": len(rows)}, escape(f"{path}: {sentence}"))


def _in_french(wanted: Target) -> Mapping[CatalogKey, tuple[str, ...]]:
    """Returns the catalog's texts in French, for a sheet into another language."""
    if wanted.language.short == "fr":
        return {}
    owner = app.catalog_folder() if wanted.domain == CORE else _plugin(wanted.domain).root / "locales"
    return extraction.read(extraction.catalog_path(owner, REGISTRY["fr-CA"], wanted.domain))


@command(
    "locale sheet import",
    examples=["spheres locale sheet import core.xlsx", "spheres locale sheet import words.csv --dry-run"],
)
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--into", metavar="PLUGIN", help=INTO)
@click.option("--dry-run", is_flag=True, help=_("Only say what would change."))
@click.option("--accept", "accepts", is_flag=True, help=_("Remember in the pack that what stands out now is right."))
def import_sheet(output: Output, path: Path, into: str | None, dry_run: bool, accepts: bool) -> None:
    read = translation_sheets.read_sheet(path)
    domain, tag = translation_sheets.catalog_and_language(read)
    wanted = target(domain, tag, into)
    known, notes = extraction.read(wanted.path), extraction.read_notes(wanted.path)
    file = accepted_texts.file_for(wanted.path)
    accepted = accepted_texts.accepted_in(file)
    taken = translation_sheets.check_sheet(read, wanted.language, wanted.found, known, notes, accepted)
    if accepts and file is not None and not dry_run:
        accepted_texts.accept(file, taken.doubted)
    if not dry_run:
        translation_sheets.write_catalog(wanted.path, wanted.language, wanted.domain, wanted.found, taken)
        if wanted.domain == CORE and tag in REGISTRY:
            extraction.update(app.catalog_folder(), CORE, wanted.found, {})
    changed = len(taken.texts)
    sentence = output.say_number("{n} translation is new or changed.", "{n} translations are new or changed.", changed)
    warnings = () if accepts else taken.warnings
    output.print_result(
        {
            "file": str(wanted.path),
            "changed": changed,
            "notes": len(taken.notes),
            "written": not dry_run,
            "findings": [output.finding_as_dict(each) for each in warnings],
        },
        *(output.finding_line(each) for each in warnings),
        escape(sentence),
    )


@command(
    "locale extract",
    examples=["spheres locale extract night_bus", "spheres locale extract"],
)
@click.argument("plugin", required=False)
def extract(output: Output, plugin: str | None) -> None:
    languages = known_languages(app.machine())
    if plugin is None:
        folder, domain, found, tags = app.catalog_folder(), CORE, core_texts(), tuple(REGISTRY)
        if folder.parent != app.CORE.parent:
            raise CommandError(msg("The catalogs of an installed package are not changed in place."))
    else:
        installed = _plugin(plugin)
        folder, domain = installed.root / "locales", plugin
        found, tags = plugin_texts(installed, languages), installed.manifest.languages
    if found:
        extraction.update(folder, domain, found, {}, [languages[tag] for tag in tags])
    sentence = output.say_number("{n} text.", "{n} texts.", len(found))
    output.print_result({"catalog": domain, "texts": len(found), "folder": str(folder)}, escape(sentence))


@command(
    "locale pseudo",
    examples=["spheres locale pseudo plugins", "spheres locale pseudo plugins --rtl"],
)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--rtl", is_flag=True, help=_("Written from the right, with six plural forms."))
def write_pseudo(output: Output, folder: Path, rtl: bool) -> None:
    machine = app.machine()
    catalogs: dict[str, Mapping[CatalogKey, ExtractedText]] = {CORE: core_texts()}
    catalogs |= {id_: plugin_texts(each, Languages()) for id_, each in machine.plugins.items()}
    id_ = "pseudo_rtl" if rtl else "pseudo"
    if (folder / id_).exists():
        raise CommandError(msg("{folder} is there already.", folder=str(folder / id_)))
    filled = {name: found for name, found in catalogs.items() if found}
    language = pseudo_locale.write_pack(folder, id_, filled, mirrored=rtl)
    sentence = output.say(_("{folder} brings the language {tag}."), folder=str(folder / id_), tag=language.tag)
    output.print_result({"plugin": id_, "language": language.tag, "folder": str(folder / id_)}, escape(sentence))

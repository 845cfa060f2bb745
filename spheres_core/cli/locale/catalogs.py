"""Which catalogs there are, whose texts they hold and how complete they are: per language, room and form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from spheres_core import app
from spheres_core.authoring.text_passages import content_words
from spheres_core.forms import form_files
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content import po
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.languages import extraction, locale_files
from spheres_core.foundation.languages.localization import CatalogKey
from spheres_core.foundation.languages.registry import REGISTRY, Language, Languages
from spheres_core.foundation.plugins.discovery import Installed, Machine

CORE: Final = "spheres"


def known_languages(machine: Machine) -> Languages:
    """Returns the core's languages and those that any plugin of this machine adds, whether or not a tenant has it."""
    added: dict[str, Language] = {}
    for each in machine.plugins.values():
        path = each.root / locale_files.FILE
        if path.is_file():
            try:
                added |= {found.tag: found for found in locale_files.read_locales([path], each.manifest.id)}
            except ContentInvalid:  # `spheres plugin show` says why
                continue
    return Languages(added)


@cache
def core_texts() -> Mapping[CatalogKey, extraction.ExtractedText]:
    """Returns the core's texts to translate; its code does not change while a command runs."""
    return extraction.extract(app.CORE, app.CORE.parent)


def plugin_texts(installed: Installed, languages: Languages) -> dict[CatalogKey, extraction.ExtractedText]:
    """Returns a plugin's own texts: those marked in its code, and those that any of its catalogs has."""
    found = extraction.extract(installed.root, installed.root.parent)
    for tag in {*REGISTRY, *installed.manifest.languages}:
        path = extraction.catalog_path(installed.root / "locales", languages[tag], installed.manifest.id)
        for each in po.read_catalog_file(path).entries:
            found.setdefault(each.key, extraction.ExtractedText(each.context, each.forms, ()))
    return found


def coverage() -> list[dict[str, Any]]:
    """Counts each catalog in each language: the core's, plugins', what plugins add to others', ways of writing.

    Raises `ContentInvalid` with the file and line of everything that is wrong with any of them.
    """
    machine = app.machine()
    _refuse_damaged(machine)
    languages = known_languages(machine)
    texts: dict[str, Mapping[CatalogKey, extraction.ExtractedText]] = {CORE: core_texts()}
    texts |= {id_: plugin_texts(each, languages) for id_, each in machine.plugins.items()}
    rows = [row_of(CORE, texts[CORE], app.catalog_folder(), language) for language in REGISTRY.values()]
    rows += _added(CORE, texts, app.catalog_folder(), tuple(REGISTRY), languages)
    for id_, each in sorted(machine.plugins.items()):
        folder, own = each.root / "locales", each.manifest.languages
        forms = _forms(each)
        if texts[id_] or forms:
            rows += [
                row_of(id_, texts[id_], folder, languages[tag]) | {"forms": _form_coverage(forms, languages[tag])}
                for tag in own
                if tag in languages
            ]
        rows += [_in_part(each, languages[tag]) for tag in each.manifest.languages_in_part]
        rows += _added(id_, texts, folder, own, languages)
    return rows


def _in_part(installed: Installed, language: Language) -> dict[str, Any]:
    """Counts what a plugin says in a language that it speaks in part: content files, forms and pages. Names of
    organizations count where they are said, and lack nowhere."""
    said = [*content_words(installed.root), *(words for form in _forms(installed) for words in _texts_of(form))]
    missing = [next(iter(words.values())) for words in said if not _is_said(words, language)]
    pages = {path.name: path.parent.name for path in sorted(installed.root.glob("pages/*/*.md"))}
    missing += [
        f"pages/{language.tag}/{name}"
        for name in pages
        if not any((installed.root / "pages" / tag / name).is_file() for tag in language.names)
    ]
    total = len(said) + len(pages)
    return {
        "catalog": installed.manifest.id,
        "language": language.tag,
        "texts": total,
        "translated": total - len(missing),
        "percent": 100 * (total - len(missing)) // total if total else 100,
        "missing": missing,
        "placeholders": [],
        "required": False,
        "in_part": True,
        "rooms": [],
        "forms": [],
    }


def _refuse_damaged(machine: Machine) -> None:
    places = {"": app.catalog_folder(), **{f"plugins/{id_}/": each.root / "locales" for id_, each in
                                           sorted(machine.plugins.items())}}  # fmt: skip
    findings: list[Finding] = []
    for before, folder in places.items():
        for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            try:
                po.read_catalog_file(path, f"{before}{po.name_of(path)}")
            except ContentInvalid as invalid:
                findings += invalid.findings
    if findings:
        raise ContentInvalid(findings)


def row_of(
    domain: str,
    texts: Mapping[CatalogKey, extraction.ExtractedText],
    folder: Path,
    language: Language,
    writing: str = "",
) -> dict[str, Any]:
    """Counts one catalog in one language. `required`: its owner promises it whole."""
    path = extraction.catalog_path(folder, language, domain)
    if writing:
        path = folder / f"{language.catalog}@{writing}" / "LC_MESSAGES" / f"{domain}.po"
    known = extraction.read(path)
    missing = {key: found for key, found in texts.items() if key not in known}
    done = {key: found for key, found in texts.items() if key in known}
    wrong = [found.forms[0] for key, found in done.items() if extraction.wrong_placeholders(found, known[key])]
    return {
        "catalog": domain,
        "language": f"{language.tag}@{writing}" if writing else language.tag,
        "texts": len(texts),
        "translated": len(done),
        "percent": 100 * len(done) // len(texts) if texts else 100,
        "missing": [found.forms[0] for found in missing.values()],
        "placeholders": wrong,
        "required": True,
        "rooms": _rooms(texts, missing) if domain == CORE else [],
        "forms": [],
    }


def _added(
    owner: str,
    texts: Mapping[str, Mapping[CatalogKey, extraction.ExtractedText]],
    folder: Path,
    own: tuple[str, ...],
    languages: Languages,
) -> Iterator[dict[str, Any]]:
    """Counts the catalogs that nobody promises whole: other languages, others' texts, ways of writing."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        place, _, writing = path.parent.parent.name.partition("@")
        tag, domain = place.replace("_", "-"), path.stem
        promised = domain == owner and tag in own and not writing
        if not promised and domain in texts and tag in languages:
            yield row_of(domain, texts[domain], folder, languages[tag], writing) | {"required": False, "brought": owner}


def _rooms(
    texts: Mapping[CatalogKey, extraction.ExtractedText], missing: Mapping[CatalogKey, extraction.ExtractedText]
) -> list[dict[str, Any]]:
    """Counts by room how many texts stand in its files and how many of them are missing."""
    every, without = (
        Counter(room for each in found.values() for room in _rooms_of(each)) for found in (texts, missing)
    )
    return [{"room": room, "texts": every[room], "missing": without[room]} for room in sorted(every)]


def _rooms_of(found: extraction.ExtractedText) -> set[str]:
    return {file.split("/")[1].removesuffix(".py") for file in found.files if file.count("/")}


def _forms(installed: Installed) -> list[Form]:
    forms = []
    for path in sorted((installed.root / "forms").glob("*")):
        if form_files.may_be_form(path):
            form = form_files.inspect_file(path).form
            if form is not None:
                forms.append(form)
    return forms


def _form_coverage(forms: list[Form], language: Language) -> list[dict[str, Any]]:
    """Counts by form how many of its texts are asked in this language and how many are not."""
    return [
        {"form": form.key, "texts": len(said), "missing": sum(not _is_said(words, language) for words in said)}
        for form in forms
        for said in [_texts_of(form)]
    ]


def _is_said(words: Mapping[str, str], language: Language) -> bool:
    return any(words.get(name) for name in language.names)


def _texts_of(form: Form) -> list[Mapping[str, str]]:
    said = [form.title]
    for question in form.walk():
        said += [question.labels, question.hints, question.required_messages, question.constraint_messages]
    said += [choice.labels for choices in form.choices.values() for choice in choices]
    return [words for words in said if words]

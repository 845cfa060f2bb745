"""Extracts the texts to translate from code and templates, and writes catalogs in a fixed order.

Python is read as a syntax tree, so that nested calls and texts over several lines are found whole.

    msg("…")  Message("…")  say("…")  _("…")      a sentence
    ngettext("…", "…", n)  say_number("…", "…", n)  plural("…", "…", n)   one and many
    term("…")                                    a word of the field, in the context `term`
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from jinja2 import Environment
from jinja2.ext import extract_from_ast
from msgspec import Struct

from spheres_core.foundation.content import po
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.languages.localization import CatalogKey, placeholders
from spheres_core.foundation.languages.registry import REGISTRY, Language

SENTENCES: Final = frozenset({"msg", "Message", "say", "_"})
NUMBERED: Final = frozenset({"ngettext", "say_number", "plural"})
TERM: Final = "term"
SKIPPED: Final = frozenset({"migrations", "static", "__pycache__", "locales"})

_MARKED = re.compile(rf"\b(?:{'|'.join(sorted((*SENTENCES, *NUMBERED, TERM)))})\s*\(")
"""Stands in each file that has a text; others need no syntax tree."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class ExtractedText(Struct, frozen=True):
    """A text to translate: its English forms (two when it is numbered) and the files it stands in."""

    context: str
    forms: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def key(self) -> CatalogKey:
        return (self.context, self.forms[0])


def extract(folder: Path, root: Path) -> dict[CatalogKey, ExtractedText]:
    """Returns every text in the code and templates below a folder, sorted; file names are relative to `root`."""
    texts: dict[tuple[str, str], tuple[tuple[str, ...], set[str]]] = {}
    for path in sorted(folder.rglob("*")):
        if SKIPPED.intersection(path.relative_to(folder).parts) or path.suffix not in (".py", ".html", ".xml"):
            continue
        source = path.read_text(encoding="utf-8")
        for context, forms in _in_python(source) if path.suffix == ".py" else _in_template(source):
            known, files = texts.setdefault((context, forms[0]), (forms, set()))
            if len(forms) > len(known):
                texts[(context, forms[0])] = (forms, files)
            files.add(path.relative_to(root).as_posix())
    return {
        key: ExtractedText(key[0], forms, tuple(sorted(files)))
        for key, (forms, files) in sorted(texts.items(), key=lambda i: i[0])
    }


def _in_python(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in ast.walk(ast.parse(source)) if _MARKED.search(source) else ():
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from _texts(name, [_literal(each) for each in node.args])


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _in_template(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    tree = Environment(autoescape=True).parse(source)
    for _line, name, given in extract_from_ast(tree, (*SENTENCES, *NUMBERED, TERM)):
        yield from _texts(name, list(given) if isinstance(given, tuple) else [given])


def _texts(name: str, arguments: Sequence[str | None]) -> Iterator[tuple[str, tuple[str, ...]]]:
    wanted = 2 if name in NUMBERED else 1
    forms = tuple(each for each in arguments[:wanted] if each)
    if len(forms) < wanted or not any(_PLACEHOLDER.sub("", form).strip() for form in forms):
        return
    if name in SENTENCES or name in NUMBERED:
        yield "", forms
    elif name == TERM:
        yield TERM, forms


def read(path: Path) -> dict[CatalogKey, tuple[str, ...]]:
    """Returns a catalog's translated texts; an absent file has none, fuzzy entries do not count.

    Raises `ContentInvalid` with the file and line of everything that is wrong with it.
    """
    return po.read_catalog_file(path).translations()


def read_notes(path: Path) -> dict[CatalogKey, str]:
    """Returns the translators' comments by catalog key; an absent file has none. Raises `ContentInvalid`."""
    return po.read_catalog_file(path).notes()


def catalog_path(folder: Path, language: Language, domain: str) -> Path:
    """Returns where a catalog lies below a `locales` folder."""
    return folder / language.catalog / "LC_MESSAGES" / f"{domain}.po"


Translations = Mapping[CatalogKey, tuple[str, ...]]


def update(
    folder: Path,
    domain: str,
    found: Mapping[CatalogKey, ExtractedText],
    more: Mapping[str, Translations],
    languages: Iterable[Language] = tuple(REGISTRY.values()),
) -> None:
    """Writes the template and every language's catalog anew: what is gone goes, English is itself, the rest is kept.

    `more`: further translations by language tag, for texts that have none yet. Notes of translators are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / f"{domain}.pot", catalog_text(found.values(), {}, None, domain))
    for language in languages:
        path = catalog_path(folder, language, domain)
        known = {**more.get(language.tag, {}), **read(path)}
        if language.tag == "en-CA":
            known = {key: tuple(map(english, each.forms)) for key, each in found.items()}
        elif language.short == "fr":
            known = {key: tuple(map(french, forms)) for key, forms in known.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, catalog_text(found.values(), known, language, domain, read_notes(path)))


def catalog_text(
    found: Iterable[ExtractedText],
    texts: Mapping[CatalogKey, tuple[str, ...]],
    language: Language | None,
    domain: str,
    notes: Mapping[CatalogKey, str] | None = None,
) -> str:
    """Returns a PO file: sorted, without dates, line numbers or anything of the machine."""
    header = [f"Project-Id-Version: {domain}\\n", "MIME-Version: 1.0\\n", "Content-Type: text/plain; charset=UTF-8\\n",
              "Content-Transfer-Encoding: 8bit\\n"]  # fmt: skip
    if language is not None:
        header += [f"Language: {language.catalog}\\n", f"Plural-Forms: {language.header}\\n"]
    forms = range(language.forms if language is not None else 2)
    blocks = ["\n".join(['msgid ""', 'msgstr ""', *(f'"{line}"' for line in header)])]
    for each in found:
        said = texts.get(each.key, ())
        lines = [f"# {line}".rstrip() for line in (notes or {}).get(each.key, "").splitlines()]
        lines += [f"#: {file}" for file in each.files]
        lines += [f"msgctxt {po.quoted(each.context)}"] if each.context else []
        lines.append(f"msgid {po.quoted(each.forms[0])}")
        if len(each.forms) == 1:
            lines.append(f"msgstr {po.quoted(said[0] if said else '')}")
        else:
            lines.append(f"msgid_plural {po.quoted(each.forms[1])}")
            lines += [f"msgstr[{number}] {po.quoted(said[number] if number < len(said) else '')}" for number in forms]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def french(text: str) -> str:
    """Sets French as Québec does: curved apostrophes, a space that does not break before the colon and in « »."""
    parts = text.split("`")
    for number in range(0, len(parts), 2):
        part = re.sub(r"(?<=\w)'(?=\w)", "’", parts[number])
        part = re.sub(r"[ \u00a0\u202f]+:(?!\S)", "\u00a0:", part)
        parts[number] = re.sub(r"«[ \u00a0\u202f]*", "«\u00a0", re.sub(r"[ \u00a0\u202f]*»", "\u00a0»", part))
    return "`".join(parts)


def english(text: str) -> str:
    """Sets English as print does: curved apostrophes, but for what is between backquotes."""
    parts = text.split("`")
    for number in range(0, len(parts), 2):
        parts[number] = re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)", "’", parts[number])
    return "`".join(parts)


def wrong_placeholders(found: ExtractedText, said: Sequence[str]) -> bool:
    """Tells whether a translation lacks or adds a `{name}`. The form for one may leave out the number."""
    wanted = placeholders("".join(found.forms))
    return any(placeholders(text) not in (wanted, wanted - {"n"} if len(found.forms) > 1 else wanted) for text in said)

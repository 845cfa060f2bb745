"""Pages in languages that plugins bring: nobody speaks the first two, which is what makes them good for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec
import pytest
from playwright.sync_api import Page

from spheres_core.authoring import pseudo_locale
from spheres_core.cli.locale.catalogs import core_texts, plugin_texts
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.registry import CORE, REGISTRY
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.tenants import Definition
from tests.journeys.conftest import ROOT, Site, open_site
from tests.journeys.page_checks import (
    OTHER_LANGUAGE,
    PHONE,
    SMALLEST,
    check_with_axe,
    is_wider_than_the_screen,
    load_axe,
)
from tests.journeys.page_walks import (
    Place,
    Reader,
    add_work,
    places_of_administrators,
    places_of_all,
    places_of_coordinators,
    places_of_files,
    together,
)
from tests.journeys.test_pages_for_everyone import pages_of_a_pack, visit
from tests.journeys.wrong_language import READ_TEXTS, HtmlTexts
from tests.plugins.region_files import all_text

PSEUDO, MIRRORED, SYLLABICS = "qps-ploc", "qps-plocm", "iu-Cans"
TENANTS: Final = ("montreal", "outaouais")
LOOKED_AT: Final = ("youth", "partners", "refer", "referrals")
"""Of the pages there are, those that axe looks at from the right as well."""
TURN: Final = """() => {
  const page = document.documentElement;
  const isWide = () => page.scrollWidth > window.innerWidth;
  if (page.dir !== "ltr") throw new Error(`the page is written ${page.dir}`);
  const found = [isWide()];
  page.dir = "rtl";
  return [...found, isWide()];
}"""
"""Tells whether a page of a language that is written from the left is too wide, as it is and laid out as one that is
written from the right."""
RAW: Final = "an entry of the directory"
"""Shows what stands in the directory as it stands there: codes, sources, both languages side by side."""
HERS: Final = ("a participant's file/safe-contact", "a participant's file/contact")
"""Pages that show the texts that she may be sent, in her language."""
NOT_A_LANGUAGE: Final = ("valid-lang", "html-has-lang", "html-lang-valid")
"""What axe rightly says of a language that nobody speaks."""
DATA: Final = re.compile(
    r"SPHÈRES( software project)?|America/Toronto|\bfr, en\b|\b[0-9a-f]{12}\b"
    r"|\bMaison Exemple\b|\bHm\.|\bExemple\b"
    r"|\bpluie\b|\bneige\b|@exemple|Raccrocher sans rien dire\."
    r"|Je dors mal\.|Un groupe de parents le mardi\."
    r"|Camille (Coordinator|Administrator|Exemple(, Exemple)?)"
    r"|[\w.]+@example\.org|https?://\S+|[\w-]+(\.[\w-]+)+(/\S*)?"
    r"|(?<![\w-])[0-9A-F]{3}-[0-9A-F]{3}(?![\w-])|\b[0-9A-Z]{3}(-[0-9A-Z]{3}){3}\b|\b[0-9A-Z]{4}(-[0-9A-Z]{2,4})+\b|[a-z_]+(\.[a-z_]+)+|\bv?\d[\w.:-]*"
)
"""What stands on pages and is in no language: names, addresses, codes."""


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The plugins there are, and two pseudo-locales of the core's and their texts."""
    folder = tmp_path_factory.mktemp("speaking")
    machine = discover([ROOT / "plugins"])
    texts = {"spheres": core_texts()} | {id_: plugin_texts(each, CORE) for id_, each in machine.plugins.items()}
    catalogs = {domain: found for domain, found in texts.items() if found}
    pseudo_locale.write_pack(folder, "pseudo_plain", catalogs)
    pseudo_locale.write_pack(folder, "pseudo_mirrored", catalogs, mirrored=True)
    return discover([folder, ROOT / "plugins"])


@pytest.fixture(scope="module")
def polyglot(cluster: Cluster, speaking: Machine, migrated: str, regions: list[Definition]) -> Iterator[Site]:
    """Both regions, with the two pseudo-locales and Inuktitut."""
    added = ("pseudo_plain", "pseudo_mirrored", "inuktitut")
    many = [
        msgspec.structs.replace(
            each,
            plugins=(*each.plugins, *added),
            languages=(*each.languages, PSEUDO, MIRRORED, SYLLABICS),
            name={**each.name, PSEUDO: "[Ñámê]", MIRRORED: "[سبهد]"},
        )
        for each in regions
        if each.slug in TENANTS
    ]
    with open_site(cluster, speaking, migrated, many) as found:
        found.refer("montreal")
        add_work(found, "outaouais")
        yield found


@pytest.fixture(scope="module")
def of_the_core() -> set[str]:
    """Every text of the core in both its languages that no pack says as well, without those that something fills."""
    folder = ROOT / "locales"
    packs = "".join(all_text(each.name) for each in (ROOT / "plugins").iterdir() if each.is_dir())
    return {
        text
        for language in REGISTRY.values()
        for forms in extraction.read(extraction.catalog_path(folder, language, "spheres")).values()
        for text in forms
        if "{" not in text and text not in packs
    }


def places_of_the_team(reader: Reader) -> Iterator[Place]:
    """Yields each page that coordinators work with, files among them."""
    return chain(places_of_coordinators(reader), places_of_files(reader))


PLACES: Final = {"": places_of_all, "coordinator": places_of_the_team, "administrator": places_of_administrators}
WITH_MOST_WORDS: Final[dict[str, set[str]]] = {
    "": {"", "refer", "receipt", "inquire", "answer", "advice", "contact", "entourage/own", "partners/find"},
    "coordinator": {
        "referrals", "a referral", "staff/my-day", "staff/coordination", "staff/workshops/new",
        "a participant's file", "a participant's file/safe-contact", "a participant's file/emergency-plan/write",
    },
    "administrator": {"administration", "directory", "directory/partners/new", "administration/forms/referral"},
}  # fmt: skip


def unbracketed(text: str) -> str:
    """What is left of a text when everything in brackets is taken away, and what is in no language."""
    before = None
    while before != text:
        before, text = text, re.sub(r"\[[^\[\]]*\]", " ", text)
    return " ".join(re.findall(r"[^\W\d_]{2,}", DATA.sub(" ", text)))


def untranslated(where: str, page: str, of_the_core: set[str]) -> list[tuple[str, str, str]]:
    """Returns what stands on a page in the pseudo-locale without brackets, and what falls back though it is a text of
    the core."""
    if where == RAW:
        return []
    read = HtmlTexts(page)
    bare = [text for lang, text in read.blocks if lang == PSEUDO and unbracketed(text)]
    may_fall_back = "in=fr-CA" in where or where in HERS
    forgotten = {
        text for lang, text in (*read.blocks, *read.pieces)
        if lang in REGISTRY and text in of_the_core and not may_fall_back
    }  # fmt: skip
    return [*((where, "bare", text) for text in bare), *((where, "forgotten", text) for text in sorted(forgotten))]


def test_every_text_on_every_page_can_be_translated(polyglot: Site, page: Page, of_the_core: set[str]) -> None:
    """In the pseudo-locale nothing of the page's own language stands without brackets, and nothing that falls back is
    a text of the core: in the HTML of each page, and of those that take a click in a browser."""
    tenant = "outaouais"
    nobody, coordinator, administrator = [
        Reader(polyglot, tenant, PSEUDO, role) for role in ("", "coordinator", "administrator")
    ]
    files = list(places_of_files(coordinator))
    found = [
        each
        for reader, places in (
            (nobody, places_of_all(nobody)),
            (coordinator, chain(places_of_coordinators(coordinator), files)),
            (administrator, places_of_administrators(administrator)),
        )
        for where, address in places
        for each in untranslated(where, reader.read(address), of_the_core)
    ]
    polyglot.sign_in(page, tenant, "coordinator")
    together(page, files[0][1])
    found += untranslated("together", page.content(), of_the_core)
    polyglot.sign_in(page, tenant, "administrator")
    for where in pages_of_a_pack(polyglot, page, tenant, PSEUDO):
        found += untranslated(where, page.content(), of_the_core)

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Bonjour</p>",
        "<p>[Ñ] <strong>Bonjour</strong></p>",
        "<button aria-label='Bonjour'>[Ñ]</button>",
        "<abbr title='Bonjour'>[Ñ]</abbr>",
        "<input placeholder='Bonjour'>",
        "<img alt='Bonjour'>",
        "<template><p>Bonjour</p></template>",
        "<noscript><p>Bonjour</p></noscript>",
        "<option>Bonjour</option>",
        "<p lang='fr-CA'>Bonjour</p>",
        "<p>[Ñ] <span lang='fr-CA'>Bonjour</span></p>",
        "<p lang='fr-CA'><span>Bonjour</span> <b>123</b></p>",
        "<img lang='fr-CA' alt='Bonjour'>",
    ],
)
def test_an_untranslated_text_is_found_wherever_it_stands(planted: str) -> None:
    page = f"<!doctype html><html lang='{PSEUDO}'><head><title>[Ñ]</title></head><body>{{}}</body></html>"

    assert untranslated("", page.format("<p>[Ñ <b>x</b> é]</p><p lang='fr-CA'>Autre chose</p>"), {"Bonjour"}) == []
    assert [text for _, _, text in untranslated("", page.format(planted), {"Bonjour"})] != []


def test_pages_with_the_most_words_have_room(polyglot: Site, page: Page) -> None:
    """In a language a third longer, none scrolls sideways at 320 pixels, neither as it is written nor laid out from the
    right: what anybody fills in, the first pages of each role, and those of every kind of part that pages are made of.
    The others are made of the same parts, and are this narrow in French and in English (`test_pages_for_everyone.py`).
    """
    page.set_viewport_size(SMALLEST)
    wide = []
    for role, wanted in WITH_MOST_WORDS.items():
        reader = Reader(polyglot, "outaouais", PSEUDO, role)
        places = list(PLACES[role](reader))
        assert wanted <= {where for where, _ in places}
        if role:
            polyglot.sign_in(page, "outaouais", role)
        for where in visit(page, [each for each in places if each[0] in wanted]):
            is_wide, is_wide_from_the_right = page.evaluate(TURN)
            wide += [where] * is_wide + [f"{where} from the right"] * is_wide_from_the_right

    assert wide == []


@pytest.mark.parametrize("where", LOOKED_AT)
def test_pages_written_from_the_right_neither_scroll_sideways_nor_break_for_axe(
    polyglot: Site, page: Page, where: str
) -> None:
    """Each kind of page there is, in a language that is written so: its direction is the language's. Colours stay."""
    load_axe(page)
    page.set_viewport_size(SMALLEST)
    if where == "referrals":
        polyglot.sign_in(page, "montreal", "coordinator")
    page.goto(polyglot.url("montreal", MIRRORED, where))
    assert page.locator("html").get_attribute("dir") == "rtl"
    found = check_with_axe(page, OTHER_LANGUAGE)

    assert [line for line in found if line.partition(": ")[2].split()[0] not in NOT_A_LANGUAGE] == []


def asked_for_by(page: Page, address: str) -> list[str]:
    """Everything that opening a page fetches."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => null)")
    return asked


def test_in_inuktitut_what_falls_back_is_marked_with_its_language(polyglot: Site, page: Page) -> None:
    load_axe(page)
    page.set_viewport_size(PHONE)
    page.goto(polyglot.url("montreal", "iu", "professionals"))
    labels = page.evaluate("[...document.querySelectorAll('[aria-label]')].map(each => each.ariaLabel)")
    own = [text for lang, text in page.evaluate(READ_TEXTS) if lang == SYLLABICS and text not in labels]

    assert page.locator("html").get_attribute("lang") == SYLLABICS
    assert [text for text in own if re.search(r"[A-Za-zÀ-ÿ]{3}", DATA.sub("", text))] == []
    assert page.locator("main [lang=fr-CA]").count() > 0
    assert is_wider_than_the_screen(page) is False
    assert [line for line in check_with_axe(page, OTHER_LANGUAGE) if "valid-lang" not in line] == []


def test_the_typeface_for_syllabics_is_fetched_only_where_a_syllabic_character_stands(
    polyglot: Site, site: Site, page: Page
) -> None:
    """A region that speaks Inuktitut shows the way there by its own name; no other region asks for the typeface."""
    with_it = list(asked_for_by(page, polyglot.url("montreal", "fr")))
    assert page.evaluate("document.fonts.check('400 18px \"Noto Sans Canadian Aboriginal\"', 'ᐃ')")
    page.goto("about:blank")
    without = asked_for_by(page, site.url("montreal", "fr"))

    assert [url for url in with_it if "aboriginal-ucas" in url] != []
    assert [url for url in without if "aboriginal" in url or "cans.css" in url] == []
    assert [url for url in with_it if not url.startswith(polyglot.origin)] == []

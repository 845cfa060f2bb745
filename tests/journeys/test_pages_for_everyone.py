"""Every page, as people meet it: on a phone and on a desk, by day and by night, in both languages; each opened once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from spheres_core.foundation.content.pack_archives import files_of, write_archive
from tests.journeys.conftest import Site
from tests.journeys.on_call_files import add_on_call
from tests.journeys.page_checks import (
    OTHER_LANGUAGE,
    SCREENS,
    Listener,
    Passed,
    Screen,
    check_page,
    check_with_axe,
    load_axe,
)
from tests.journeys.page_walks import (
    ADMINISTRATION,
    OF_A_FILE,
    PUBLIC,
    STAFF,
    Place,
    Reader,
    add_work,
    places_of_administrators,
    places_of_all,
    places_of_coordinators,
    places_of_files,
    together,
)

PATTERNS: Final = {
    "youth": "/{slug:str}",
    "family": "/{slug:str}",
    "tools/first_call": "/tools/{tool:str}",
    "staff/tools/listening": "/staff/tools/{tool:str}",
    "staff/tools/listening/change": "/staff/tools/{tool:str}/change",
    "administration/plugins/quebec": "/administration/plugins/{plugin:str}",
    "administration/forms/referral": "/administration/forms/{key:str}",
    "administration/forms/referral/question": "/administration/forms/{key:str}/question",
    "administration/forms/referral/preview": "/administration/forms/{key:str}/preview",
    "administration/forms/referral/comparison": "/administration/forms/{key:str}/comparison",
    "administration/forms/referral/versions": "/administration/forms/{key:str}/versions",
    "administration/pages/youth?in=en-CA": "/administration/pages/{slug:str}",
    "/safe-contact/channels/text": "/safe-contact/channels/{channel:str}",
    "/consents/new?kind=information": "/consents/new",
    "/why?class=encounters": "/why",
}
"""Addresses that stand for a whole route."""
A_PACK: Final = write_archive(files_of(Path(__file__).parents[2] / "plugins" / "quebec"))
"""A pack as it is on the machine, uploaded as a version of the region's own."""
NAMES: Final = {"fr": "Français", "en": "English"}
LANGUAGES: Final = tuple(NAMES)
SHOWN_LINKS: Final = """all => all.filter(each => each.checkVisibility())
  .map(each => [each.href, each.textContent.trim()])"""
TENANTS: Final = ("montreal", "outaouais")
CROSSWISE: Final = [("montreal", "fr"), ("outaouais", "en")]
"""Each region and each language once: pages are the core's, but for what a region brings. Colours of a region are
refused where they cannot be read (`test_theme.py`), so that one region's pages are looked at on every screen and the
other's on the smallest: these have the least room for texts, and are looked at in all."""
IN_BOTH_COLOURS: Final = ("", "refer")
"""Pages that are looked at on every screen in the second region too: together they have what most public pages have."""
WITHOUT_A_WAY: Final = ("nowhere", "sign-in/again")
"""Public pages that do not lead to themselves in the other language: one is not there, the other leads on."""


@pytest.fixture(scope="module")
def worked_on(site: Site) -> Site:
    """A site with something to see on each page."""
    for tenant in TENANTS:
        add_work(site, tenant)
    return site


def visit(page: Page, places: Iterable[Place]) -> Iterator[str]:
    """Opens each of these pages."""
    for where, address in places:
        page.goto(address)
        yield where


def pages_of_all(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each public page, and from there the same page in the other language by its link.

    In the first region only: all its addresses are the second's too, which in that language differ from them by
    content alone; there the link is read, and not followed.
    """
    (other,) = set(LANGUAGES) - {language}
    for path, address in places_of_all(Reader(site, tenant, language)):
        page.goto(address)
        yield path
        there = site.url(tenant, other, path)
        if path not in WITHOUT_A_WAY:
            way = page.locator("a[hreflang]").evaluate_all(SHOWN_LINKS)
            assert [href for href, words in way if words == NAMES[other]] == [there]
        if tenant == TENANTS[0]:
            page.goto(there)
            assert page.locator("html").get_attribute("lang") == f"{other}-CA", path
            yield there


def pages_of_coordinators(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page that coordinators work with, but for a participant's file."""
    site.sign_in(page, tenant, "coordinator")
    for where in visit(page, places_of_coordinators(Reader(site, tenant, language, "coordinator"))):
        if where == "the support of a close person":
            open_all(page)
        yield where


def pages_of_files(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page of a participant's file, and what belongs to it; at last what she is shown of it."""
    site.sign_in(page, tenant, "coordinator")
    places = list(places_of_files(Reader(site, tenant, language, "coordinator")))
    yield from visit(page, places)
    together(page, places[0][1])
    open_all(page)
    yield "together"


def open_all(page: Page) -> None:
    """Opens what can be opened on the page."""
    for each in page.locator("main summary").all():
        each.click()


def pages_of_administrators(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page that administrators work with."""
    site.sign_in(page, tenant, "administrator")
    yield from visit(page, places_of_administrators(Reader(site, tenant, language, "administrator")))
    yield from pages_of_a_pack(site, page, tenant, language)


def pages_of_a_pack(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens what an administrator sees of a pack that she uploads: the rest of her visit is a preview of it."""
    page.goto(site.url(tenant, language, "administration/packs"))
    page.set_input_files("#pack", files=[{"name": "a.zip", "mimeType": "application/zip", "buffer": A_PACK}])
    page.locator("main form .button").first.click()
    page.wait_for_selector("#look")
    yield "administration/packs/{id:uuid}"
    page.locator("#look ~ p a").click()
    page.wait_for_selector(".strip.preview")
    yield "a preview"


def pages_of_on_call(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens the pages of somebody on call, and of who looks at that afterwards."""
    name = f"garde-{tenant}-{language}"
    code = add_on_call(site, tenant, name, "privacy_officer", "evaluator")
    site.sign_in(page, tenant, name)
    page.goto(site.url(tenant, language, "staff/on-call"))
    yield "staff/on-call"
    page.locator("#code").fill(code)
    page.locator("main form .button").click()
    page.wait_for_selector("#reason-problem")
    yield "staff/on-call, refused"
    page.locator("#reason").fill("Maison Exemple, 514-555-0134, 3 h 15")
    page.locator("main form .button").click()
    page.wait_for_selector("#plan")
    yield "staff/on-call/{participant:str}"
    page.goto(site.url(tenant, language, "staff/emergency-accesses"))
    yield "staff/emergency-accesses"
    for path in (
        "staff/evaluation",
        "staff/privacy",
        "staff/privacy/openings",
        "staff/privacy/ended-files",
        f"staff/privacy/trail?code={code}",
        "staff/privacy/trail?code=XXXX-XXXX-XXXX",
        "staff/incidents",
        "staff/erasure-holds",
    ):
        page.goto(site.url(tenant, language, path))
        yield path
    page.goto(site.url(tenant, language, "staff/incidents/new"))
    page.locator("main form .button").click()
    page.wait_for_selector("#q-happened-problem")
    yield "staff/incidents/new, refused"
    page.locator("#q-kind").check()
    page.locator("#q-found_on").fill("2026-01-05")
    page.locator("#q-happened").fill("Maison Exemple, 514-555-0134")
    page.locator("main form .button").first.click()
    page.wait_for_selector("#found")
    yield "staff/incidents/new, with what was found"
    page.locator("main form .button").last.click()
    page.wait_for_selector("#done")
    yield "an incident"


READERS: Final[Mapping[str, Callable[[Site, Page, str, str], Iterator[str]]]] = {
    "file": pages_of_files,
    "anybody": pages_of_all,
    "coordinator": pages_of_coordinators,
    "administrator": pages_of_administrators,
    "on call": pages_of_on_call,
}
"""Those with the most pages first, so that no process waits at the end for another that visits them."""


@pytest.mark.parametrize("tenant", ["montreal", "outaouais"])
def test_every_page_there_is_is_visited_here(site: Site, tenant: str) -> None:
    """The list above cannot fall behind: a new page fails here until it is visited too."""
    plugins = site.behind(lambda: site.world.loaded(tenant)).plugins
    there = {
        min(handler.paths)
        for owner, given in plugins.registered["register_pages"]
        for handler in given
        if "GET" in handler.http_methods and owner in plugins.rooms
    }
    visited = {PATTERNS.get(path, f"/{path.partition('?')[0]}") for path in (*PUBLIC, *STAFF, *ADMINISTRATION)}
    visited |= {f"/staff/participants/{{participant:str}}{PATTERNS.get(path, path)}" for path in OF_A_FILE}

    assert there - visited == {
        "/referrals/{id:uuid}",
        "/advice/requests/{id:uuid}",
        "/advice/requests/{id:uuid}/proposal",  # for who answered it: test_proposed_entries.py
        "/staff/tool-proposals/{id:uuid}",
        "/entourage/records/{id:uuid}",
        "/staff/support-sessions/{id:uuid}",
        "/staff/workshops/{id:uuid}",
        "/staff/workshops/{id:uuid}/change",
        "/staff/workshops/file",  # a file
        "/staff/trainings/{id:uuid}",
        "/entourage/records/{id:uuid}/copy",  # a file
        "/referrals/{id:uuid}/participation",
        "/staff/participants/{participant:str}/encounters/{id:uuid}",
        "/staff/participants/{participant:str}/accompaniments/{id:uuid}",
        "/staff/participants/{participant:str}/activities/{id:uuid}",
        "/staff/activities/{id:uuid}",
        "/staff/activities/{id:uuid}/change",
        "/reports/{name:str}",
        "/reports/{name:str}/file",  # a file
        "/staff/committee/meetings/{id:uuid}",
        "/staff/committee/meetings/{id:uuid}/screen",
        "/staff/committee/meetings/{id:uuid}/record",
        "/staff/participants/{participant:str}/committee/items/{id:uuid}",
        "/staff/participants/{participant:str}/committee/recommendations/{id:uuid}",
        "/staff/requests",  # for a partner's liaison
        "/together",  # opened below, last: its session shows nothing else
        "/leave",  # leads to another site
        "/staff/on-call",  # opened by somebody on call, and the two that follow
        "/staff/on-call/{participant:str}",
        "/staff/emergency-accesses",
        "/staff/evaluation",  # opened with those of on call, and the seven that follow
        "/staff/privacy",
        "/staff/privacy/openings",
        "/staff/privacy/ended-files",
        "/staff/privacy/trail",
        "/staff/incidents",
        "/staff/erasure-holds",
        "/staff/incidents/new",
        "/staff/incidents/{id:uuid}",
        "/staff/participants/{participant:str}/requests/{id:uuid}/link",
        "/administration/staff/{id:uuid}",
        "/forms/{key:str}/export/{kind:str}",  # a file
        "/administration/forms/{key:str}/xlsform",  # a file
        "/administration/forms/{key:str}/rule",
        "/theme.css",
        "/theme-logo",
        "/administration/packs/sheets",  # a file
        "/administration/plugins/{plugin:str}/settings",
        "/form-media/{digest:str}",  # a file
        "/administration/packs/{id:uuid}",
        "/referrals/{id:uuid}/attachments/{attachment:uuid}",  # a file
        "/directory/{kind:str}/{id:uuid}",
        "/directory/{kind:str}/{id:uuid}/add/{added:str}",
        "/records/{kind:str}/{id:uuid}/extra-questions/{form:str}",
        "/staff/participants/{participant:str}/consents/{id:uuid}/receipt",
        "/staff/participants/{participant:str}/consents/{id:uuid}/agree",  # where a region asks for a parent too
    }


@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_for_everyone(worked_on: Site, page: Page, reader: str) -> None:
    """Nothing for axe, no sideways scroll at 320 pixels, no text in another language without saying so, a strict
    policy, nothing asked of other sites, and a way to the same page in the other language.

    The second region and language are visited after the first: axe is asked there for what words can change, and for
    everything on each page of which a part has a shape that no part had before.
    """
    load_axe(page)
    listener = Listener(page, worked_on.origin)
    passed = Passed()
    found = [
        f"{where}: {problem}"
        for tenant, language in CROSSWISE
        for where in READERS[reader](worked_on, page, tenant, language)
        for problem in check_page(page, screens_for(where, reader, tenant), passed=passed)
    ]

    assert found == []
    assert listener.documents > 3
    assert listener.complaints == []


def screens_for(where: str, reader: str, tenant: str) -> Sequence[Screen]:
    """Returns from where a page is looked at."""
    is_first = tenant == TENANTS[0] and not (reader == "anybody" and where.startswith("http"))
    return SCREENS if is_first or (reader == "anybody" and where in IN_BOTH_COLOURS) else OTHER_LANGUAGE


def test_axe_finds_nothing_on_a_form_with_errors_and_on_a_receipt(site: Site, page: Page) -> None:
    load_axe(page)
    passed = Passed()
    found = []
    for language, screens in zip(LANGUAGES, (SCREENS, OTHER_LANGUAGE), strict=True):
        page.goto(site.url("montreal", language, "refer"))
        page.locator("main form .button").last.click()
        page.wait_for_selector(".summary")
        found += check_with_axe(page, screens, passed=passed)
        page.goto(site.url("montreal", language, "receipt"))
        page.locator("input[name=receipt]").fill(site.refer("montreal"))
        page.keyboard.press("Enter")
        page.wait_for_selector("#state")
        found += check_with_axe(page, screens, passed=passed)

    assert found == []


def test_what_a_page_asks_of_other_sites_and_what_breaks_its_policy_is_noticed(site: Site, page: Page) -> None:
    listener = Listener(page, site.origin)
    page.goto(site.url("montreal", "fr"))
    page.route("https://elsewhere.example/**", lambda route: route.abort())
    page.set_content("<script>x = 1</script><img src='https://elsewhere.example/x.png' alt=''>")
    page.wait_for_function("document.images[0].complete")

    assert any("elsewhere.example" in each for each in listener.complaints)


def test_public_pages_have_a_neutral_title(site: Site, page: Page) -> None:
    for path, name in (("", ""), ("youth", " – Services"), ("refer", " – Formulaire"), ("contact", " – Message")):
        page.goto(site.url("montreal", "fr", path))
        assert page.title() == f"Information{name}"

"""Every page, as people meet it: on a phone and on a desk, by day and by night, in both languages."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import ConsoleMessage, Page

from spheres_core.foundation.languages.text_checks import strayed
from tests.journeys.conftest import Site
from tests.journeys.wrong_language import READ_TEXTS

AXE: Final = (Path(__file__).parents[1] / "assets/vendor/axe-core/axe.min.js").read_text()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC: Final = (
    "", "youth", "professionals", "about", "partners", "partners/find", "refer", "receipt", "nowhere", "sign-in",
    "invitation/closed", "inquire",
)  # fmt: skip
STAFF: Final = ("referrals", "referrals?state=agreed", "inquiries", "account")
ADMINISTRATION: Final = (
    "administration",
    "administration/partners",
    "administration/plugins",
    "administration/plugins/quebec",
    "administration/deliveries",
    "administration/terms",
    "administration/terms/term?in=fr-CA&key=Our%20partners",
    "administration/staff",
    "administration/staff/invite",
    "administration/readiness",
    "directory",
)
PATTERNS: Final = {
    "youth": "/{slug:str}",
    "invitation/closed": "/invitation/{secret:str}",
    "administration/plugins/quebec": "/administration/plugins/{plugin:str}",
}
"""Addresses that stand for a whole route."""
LANGUAGES: Final = ("fr", "en")
AT_NIGHT: Final = ["color-contrast", "link-in-text-block"]
PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1280, "height": 800}
SMALLEST: Final = {"width": 320, "height": 640}
EVERYWHERE: Final = [(tenant, language) for tenant in ("montreal", "outaouais") for language in LANGUAGES]


def check_with_axe(page: Page) -> list[str]:
    """What axe finds on the page that is open: every rule by day, and by night those that night can change."""
    found = []
    page.evaluate(AXE)
    for screen in (PHONE, DESK):
        page.set_viewport_size(screen)
        for scheme, rules in (("light", RULES), ("dark", AT_NIGHT)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            told = page.evaluate("rules => axe.run({runOnly: rules})", rules)
            found += [
                f"{page.url} {screen['width']} {scheme} {violation['id']}: {node['html'][:99]} {node['failureSummary']}"
                for violation in told["violations"]
                for node in violation["nodes"]
            ]
    return found


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="module")
def worked_on(site: Site) -> Site:
    """A site with referrals to look at, two of them about the same person."""
    for tenant in ("montreal", "outaouais"):
        site.refer(tenant)
        site.refer(tenant)
    return site


def pages_of_staff(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Each page that only staff may open, opened: by the coordinator, then by the administrator."""
    site.sign_in(page, tenant, language, "coordinator")
    first = page.locator(".inbox .open").first.get_attribute("href")
    for address in (*(site.url(tenant, language, path) for path in STAFF), f"{site.origin}{first}"):
        page.goto(address)
        yield address
    site.sign_in(page, tenant, language, "administrator")
    for path in ADMINISTRATION:
        page.goto(site.url(tenant, language, path))
        yield path
    page.goto(site.url(tenant, language, "administration/staff"))
    page.goto(f"{site.origin}{page.locator('#people + table a').first.get_attribute('href')}")
    yield "administration/staff/{id:uuid}"
    page.goto(site.url(tenant, language, "directory"))
    entry = page.locator("#all ~ ul a").first.get_attribute("href")
    page.goto(f"{site.origin}{entry}")
    yield "an entry of the directory"


def pages_of_all(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Each public page, opened."""
    for path in PUBLIC:
        page.goto(site.url(tenant, language, path))
        yield path


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

    assert there - visited == {
        "/referrals/{id:uuid}",
        "/administration/staff/{id:uuid}",
        "/directory/{kind:str}/{id:uuid}",
    }


@pytest.mark.parametrize(("tenant", "language"), EVERYWHERE)
def test_axe_finds_nothing_on_any_public_page(site: Site, page: Page, tenant: str, language: str) -> None:
    assert [line for _ in pages_of_all(site, page, tenant, language) for line in check_with_axe(page)] == []


@pytest.mark.parametrize(("tenant", "language"), EVERYWHERE)
def test_axe_finds_nothing_on_any_staff_page(worked_on: Site, page: Page, tenant: str, language: str) -> None:
    assert [line for _ in pages_of_staff(worked_on, page, tenant, language) for line in check_with_axe(page)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_a_form_with_errors_and_on_a_receipt(site: Site, page: Page, language: str) -> None:
    page.goto(site.url("montreal", language, "refer"))
    page.locator("main form .button").last.click()
    page.wait_for_selector(".summary")
    found = check_with_axe(page)
    page.goto(site.url("montreal", language, "receipt"))
    page.locator("input[name=receipt]").fill(site.refer("montreal"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#state")

    assert found + check_with_axe(page) == []


def test_axe_is_able_to_find_something(page: Page) -> None:
    page.set_content("<html lang='fr'><title>x</title><main><h1>x</h1><input><p style='color:#bbb'>pale</p></main>")

    assert {line.split()[3] for line in check_with_axe(page)} >= {"label:", "color-contrast:"}


@pytest.mark.parametrize(("tenant", "language"), EVERYWHERE)
def test_no_page_scrolls_sideways_at_320_pixels(worked_on: Site, page: Page, tenant: str, language: str) -> None:
    page.set_viewport_size(SMALLEST)
    visit = (worked_on, page, tenant, language)
    pages = chain(pages_of_all(*visit), pages_of_staff(*visit))

    assert [each for each in pages if is_wider_than_the_screen(page)] == []


def test_a_page_that_is_too_wide_is_noticed(page: Page) -> None:
    page.set_viewport_size(SMALLEST)
    page.set_content("<p style='inline-size: 400px'>x</p>")

    assert is_wider_than_the_screen(page)


@pytest.mark.parametrize(("tenant", "language"), EVERYWHERE)
def test_no_text_stands_in_the_other_language_without_saying_so(
    worked_on: Site, page: Page, tenant: str, language: str
) -> None:
    visit = (worked_on, page, tenant, language)
    found = [
        (where, text)
        for where in chain(pages_of_all(*visit), pages_of_staff(*visit))
        for _, text in strayed(page.evaluate(READ_TEXTS))
    ]

    assert found == []


def _complaint(said: ConsoleMessage) -> str:
    """What the console says; of a page that is not there, its address and the status."""
    return f"{said.location['url']} 404" if "status of 404" in said.text else said.text


@pytest.mark.parametrize(("tenant", "language"), EVERYWHERE)
def test_a_page_asks_nothing_of_other_sites_and_runs_under_a_strict_policy(
    site: Site, page: Page, tenant: str, language: str
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(_complaint(said)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PUBLIC:
        if path != "nowhere":
            reply = page.goto(site.url(tenant, language, path))
            assert reply is not None
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert reply.headers["cache-control"] == "no-store"

    assert [url for url in asked if not url.startswith(site.origin)] == []
    gone = f"{site.url(tenant, language, 'invitation/closed')} 404"
    assert [each for each in complaints if each != gone] == [], "a used-up link says so with a 404, nothing else"


def test_every_page_leads_to_the_same_page_in_the_other_language(site: Site, page: Page) -> None:
    for path in PUBLIC:
        if path == "nowhere":
            continue
        page.goto(site.url("montreal", "fr", path))
        page.get_by_role("link", name="English").click()
        page.wait_for_url(site.url("montreal", "en", path))
        assert page.locator("html").get_attribute("lang") == "en-CA"


def test_public_pages_have_a_neutral_title(site: Site, page: Page) -> None:
    for path in ("", "youth", "refer", "receipt"):
        page.goto(site.url("montreal", "fr", path))
        assert page.title() == "Information"

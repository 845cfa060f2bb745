"""Every page, as people meet it: on a phone and on a desk, by day and by night, in both languages; each opened once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from msgspec import structs
from playwright.sync_api import Page, ViewportSize

from spheres_core.forms.operations import drafts
from spheres_core.foundation.content.pack_archives import files_of, write_archive
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.support.operations import entourage
from spheres_core.support.operations.advice_requests import send_advice
from spheres_core.support.operations.desk import answer_advice
from spheres_core.support.operations.library import write_tool
from spheres_core.support.operations.proposals import propose
from spheres_core.support.queries.advice import list_advice
from spheres_core.support.schemas.advice import AdvicePosted, ReplyPosted
from spheres_core.support.schemas.entourage import EntouragePosted, OfferPosted, SafeReach, SupportNotePosted
from spheres_core.support.schemas.library import ProposalPosted, ToolPosted, ToolWritten
from tests.journeys.committee_files import add_meeting
from tests.journeys.conftest import Site
from tests.journeys.on_call_files import add_on_call
from tests.journeys.page_checks import (
    DESK,
    MISWRITTEN,
    OTHER_LANGUAGE,
    SCREENS,
    SMALLEST,
    Listener,
    Passed,
    Screen,
    check_page,
    check_with_axe,
    is_wider_than_the_screen,
    load_axe,
)
from tests.journeys.participant_files import add_agreed_referral, add_file

PUBLIC: Final = (
    "", "youth", "family", "contact", "professionals", "about", "partners", "partners/find", "refer", "receipt",
    "privacy", "nowhere", "sign-in", "sign-in/again", "invitation", "recovery", "inquire", "answer", "advice",
    "advice/receipt", "tools", "tools/first_call", "entourage", "entourage/own",
)  # fmt: skip
STAFF: Final = (
    "referrals", "referrals?state=agreed", "referrals/search", "referrals/export", "inquiries", "account",
    "advice/requests", "staff/tools", "staff/tools/new", "staff/tools/listening", "staff/tools/listening/change",
    "staff/tool-proposals",
    "entourage/records", "entourage/records/new", "staff/support-sessions", "staff/support-sessions/new",
    "staff/workshops", "staff/workshops/new", "staff/workshops/figures", "staff/trainings", "staff/trainings/new",
    "reports", "staff/participants", "staff/my-day",
    "staff/coordination", "staff/hand-overs", "staff/hand-overs/new", "staff/identity-openings", "staff/duplicates",
    "staff/transfers", "staff/activities", "staff/activities?when=past", "staff/activities/new",
    "staff/activities/budget",
    "staff/committee", "staff/committee/new", "staff/committee/seats", "staff/committee/figures",
)  # fmt: skip
OF_A_FILE: Final = (
    "", "/safe-contact", "/safe-contact/channels/text", "/safe-contact/around-her", "/birthdays", "/identity",
    "/consents", "/consents/new", "/consents/new?kind=information", "/limits", "/exclusions", "/why?class=encounters",
    "/plan", "/plan/strength", "/plan/need", "/plan/goal", "/cycle-stages", "/requests", "/requests/new", "/together",
    "/timeline", "/contact", "/encounters", "/encounters/new", "/dates", "/accompaniments", "/legal-steps",
    "/reporting-decisions", "/emergency-plan", "/emergency-plan/write",
    "/participation", "/transfers", "/transfers/new", "/activities", "/portrait", "/committee", "/committee/new",
    "/committee/name",
)  # fmt: skip
"""Pages of a participant's file, after `staff/participants/{participant:str}`."""
ADMINISTRATION: Final = (
    "administration",
    "administration/partners",
    "administration/plugins",
    "administration/plugins/quebec",
    "administration/packs",
    "administration/pages",
    "administration/pages/youth?in=en-CA",
    "administration/deliveries",
    "administration/terms",
    "administration/terms/term?in=fr-CA&key=Our%20partners",
    "administration/staff",
    "administration/staff/invite",
    "administration/tokens",
    "administration/readiness",
    "directory",
    "directory/partners/new",
    "administration/forms",
    "administration/forms/referral",
    "administration/forms/referral/question",
    "administration/forms/referral/preview",
    "administration/forms/referral/comparison",
    "administration/forms/referral/versions",
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
CROSSWISE: Final = [("montreal", "fr"), ("outaouais", "en")]
"""Each region and each language once: pages of staff are the core's, but for what a region brings. Colours of a region
are refused where they cannot be read (`test_theme.py`), so that one region's pages of staff are looked at on every
screen and the other's on the smallest: these have the least room for texts, and are looked at in all."""
WITHOUT_A_WAY: Final = ("nowhere", "sign-in/again")
"""Public pages that do not lead to themselves in the other language: one is not there, the other leads on."""


@pytest.fixture(scope="module")
def worked_on(site: Site) -> Site:
    """A site with referrals to look at, two of them about the same person, a form that is being written, and a file."""
    for tenant in ("montreal", "outaouais"):
        add_meeting(site, tenant, add_file(site, tenant))
        add_agreed_referral(site, tenant)
        site.refer(tenant)
        site.refer(tenant)
        site.behind(partial(site.world.act, tenant, ask_for_advice))
        site.behind(partial(site.world.act, tenant, support_somebody_close))
        site.behind(partial(site.world.act, tenant, lambda ctx: drafts.begin_from_version(ctx, "referral")))
    return site


async def ask_for_advice(ctx: Context) -> None:
    """Has a professional ask for advice, and somebody of the desk propose an entry of an answer and write a tool."""
    asked = AdvicePosted({"situation": "Une jeune reçoit des cadeaux.", "question": "Que dire?"})
    for _ in range(2):
        await send_advice(ctx, asked)
    desk = structs.replace(ctx, actor=Actor("staff", uuid7(), frozenset({"coordinator"})))
    request = (await list_advice(desk, before=LATEST, limit=1))[0].id
    await answer_advice(desk, request, ReplyPosted(1, "answer", "Écouter d’abord."))
    await propose(desk, request, ProposalPosted("fr", "Parler de cadeaux", "Sans presser.", "Écouter d’abord."))
    words = {"fr": "Écouter", "en": "Listening"}
    await write_tool(desk, ToolPosted("listening", ToolWritten(words, words, words)))


async def support_somebody_close(ctx: Context) -> None:
    """Has a close person ask for support, with something noted and something offered."""
    await entourage.open_record(ctx, EntouragePosted("Je dors mal.", SafeReach("call", "514-555-0177")))
    ((id,),) = await ctx.db.sql("SELECT id FROM entourage_records")
    await entourage.note_contact(ctx, id, SupportNotePosted(ctx.today, "call", "Hm."))
    await entourage.offer(ctx, id, OfferPosted("group", "Un groupe de parents le mardi.", ctx.today))


def pages_of_all(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each public page."""
    for path in PUBLIC:
        page.goto(site.url(tenant, language, path))
        yield path


def pages_of_all_in_both_languages(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each public page, and from there the same page in the other language by its link."""
    (other,) = set(LANGUAGES) - {language}
    for path in pages_of_all(site, page, tenant, language):
        yield path
        there = site.url(tenant, other, path)
        if path not in WITHOUT_A_WAY:
            way = page.locator("a[hreflang]").evaluate_all(SHOWN_LINKS)
            assert [href for href, words in way if words == NAMES[other]] == [there]
        page.goto(there)
        assert page.locator("html").get_attribute("lang") == f"{other}-CA", path
        yield there


def pages_of_coordinators(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page that coordinators work with, but for a participant's file."""
    site.sign_in(page, tenant, "coordinator")
    page.goto(site.url(tenant, language, "referrals"))
    first = page.locator(".inbox .open").first.get_attribute("href")
    for address in (*(site.url(tenant, language, path) for path in STAFF), f"{site.origin}{first}"):
        page.goto(address)
        yield address
    page.goto(site.url(tenant, language, "referrals?state=agreed"))
    page.goto(f"{site.origin}{page.locator('.inbox .open').first.get_attribute('href')}/participation")
    yield "her agreement"
    page.goto(site.url(tenant, language, "advice/requests"))
    page.goto(f"{site.origin}{page.locator('article h2 a').first.get_attribute('href')}")
    yield "a request for advice"
    page.goto(site.url(tenant, language, "staff/tool-proposals"))
    page.goto(f"{site.origin}{page.locator('article h2 a').first.get_attribute('href')}")
    yield "a proposed entry"
    page.goto(site.url(tenant, language, "entourage/records"))
    page.goto(f"{site.origin}{page.locator('article h2 a').first.get_attribute('href')}")
    for each in page.locator("main summary").all():
        each.click()
    yield "the support of a close person"
    page.goto(site.url(tenant, language, "staff/support-sessions/new"))
    page.locator("#q-kind").check()
    page.locator("#q-theme").check()
    page.locator("main form .button").first.click()
    page.wait_for_selector("#done")
    page.goto(f"{site.origin}{page.locator('.day-lines a').first.get_attribute('href')}")
    yield "a session of clinical support"
    page.goto(site.url(tenant, language, "staff/workshops/new"))
    page.locator("#q-kind").check()
    page.locator("#q-setting").check()
    page.locator("#q-on").fill("2026-11-20")
    page.locator("#q-words").fill("…")
    page.locator("main form .button").first.click()
    page.wait_for_selector("#done")
    yield "a workshop"
    page.goto(page.url.split("?")[0] + "/change")
    yield "a workshop that is corrected"
    page.goto(site.url(tenant, language, "staff/trainings/new"))
    page.locator("#q-words").fill("…")
    page.locator("#q-part").check()
    page.locator("#q-on").fill("2026-11-20")
    page.locator("main form .button").first.click()
    page.wait_for_selector("#done")
    page.goto(f"{site.origin}{page.locator('article h2 a').first.get_attribute('href')}")
    yield "a training"


def pages_of_files(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page of a participant's file, and what belongs to it."""
    site.sign_in(page, tenant, "coordinator")
    page.goto(site.url(tenant, language, "staff/participants"))
    file = page.locator(".inbox .open").first.get_attribute("href")
    for path in OF_A_FILE:
        page.goto(f"{site.origin}{file}{path}")
        yield f"a participant's file{path}"
    page.goto(f"{site.origin}{file}/consents")
    page.goto(f"{site.origin}{page.locator('a[href$=receipt]').first.get_attribute('href')}")
    yield "a receipt of a consent"
    page.goto(f"{site.origin}{file}/encounters")
    page.goto(f"{site.origin}{page.locator('article h2 a').first.get_attribute('href')}")
    yield "a participant's file/an encounter"
    yield from pages_of_outings_and_meetings(site, page, tenant, language, f"{site.origin}{file}")
    if tenant == "outaouais":
        page.goto(site.url(tenant, language, "reports/shelter_beds.nights"))
        yield "reports/{name:str}"
    page.goto(f"{site.origin}{file}/together")
    page.locator("main form .button").click()
    page.wait_for_url(site.url(tenant, language, "together"))
    for each in page.locator("summary").all():
        each.click()
    yield "together"


def pages_of_outings_and_meetings(site: Site, page: Page, tenant: str, language: str, file: str) -> Iterator[str]:
    """Opens each page of one outing and of one meeting, and those of her file that belong to them."""
    page.goto(site.url(tenant, language, "staff/activities"))
    outing = page.locator("article h2 a").first.get_attribute("href")
    for path in ("", "/change"):
        page.goto(f"{site.origin}{outing}{path}")
        yield f"an activity{path}"
    page.goto(site.url(tenant, language, "staff/committee"))
    meeting = page.locator("#next ~ .buttons a").first.get_attribute("href")
    for path in ("", "/screen", "/record"):
        page.goto(f"{site.origin}{meeting}{path}")
        yield f"a meeting{path}"
    for section, link in (
        ("activities", "article h2 a"), ("committee", "a[href*='/committee/items/']"),
        ("committee", "a[href*='/committee/recommendations/']"),
    ):  # fmt: skip
        page.goto(f"{file}/{section}")
        page.goto(f"{site.origin}{page.locator(link).first.get_attribute('href')}")
        yield f"a participant's file/{section}, one by {link}"


def pages_of_administrators(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page that administrators work with."""
    site.sign_in(page, tenant, "administrator")
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
    for address in [each.get_attribute("href") for each in page.locator("section[id^=extra-] a").all()]:
        page.goto(f"{site.origin}{address}")
        yield "extra questions"
    page.goto(site.url(tenant, language, "administration/forms/referral"))
    page.goto(f"{site.origin}{page.locator('.row-link').nth(2).get_attribute('href')}")
    yield "a question of a form"
    page.goto(f"{site.origin}{page.locator('#rules ~ dl a').first.get_attribute('href')}")
    yield "a rule of a form"
    page.goto(site.url(tenant, language, "administration/packs"))
    page.set_input_files("#pack", files=[{"name": "a.zip", "mimeType": "application/zip", "buffer": A_PACK}])
    page.locator("main form .button").first.click()
    page.wait_for_selector("#look")
    yield "administration/packs/{id:uuid}"
    page.locator("#look ~ p a").click()
    page.wait_for_selector(".strip.preview")
    yield "a preview"
    for added in ("services", "contact_points"):
        page.goto(f"{site.origin}{entry}/add/{added}")
        yield f"an entry of the directory, adding {added}"


def pages_of_staff(site: Site, page: Page, tenant: str, language: str) -> Iterator[str]:
    """Opens each page that only staff may open: by the coordinator, then by the administrator."""
    yield from pages_of_coordinators(site, page, tenant, language)
    yield from pages_of_files(site, page, tenant, language)
    yield from pages_of_administrators(site, page, tenant, language)


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
    "coordinator": pages_of_coordinators,
    "file": pages_of_files,
    "anybody": pages_of_all_in_both_languages,
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
        for problem in check_page(page, screens_for(page, reader, tenant, language), passed=passed)
    ]

    assert found == []
    assert listener.documents > 3
    assert listener.complaints == []


def screens_for(page: Page, reader: str, tenant: str, language: str) -> Sequence[Screen]:
    """Returns from where a page is looked at."""
    is_other = f"/{language}/" not in page.url
    return OTHER_LANGUAGE if is_other or (reader != "anybody" and tenant != "montreal") else SCREENS


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_a_form_with_errors_and_on_a_receipt(site: Site, page: Page, language: str) -> None:
    screens = SCREENS if language == "fr" else OTHER_LANGUAGE
    page.goto(site.url("montreal", language, "refer"))
    page.locator("main form .button").last.click()
    page.wait_for_selector(".summary")
    found = check_with_axe(page, screens)
    page.goto(site.url("montreal", language, "receipt"))
    page.locator("input[name=receipt]").fill(site.refer("montreal"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#state")

    assert found + check_with_axe(page, screens) == []


BY_DAY_AND_NIGHT: Final = ":root { color-scheme: light dark; background: light-dark(white, black) }"


def test_axe_is_able_to_find_something(page: Page) -> None:
    page.set_content("<html lang='fr'><title>x</title><main><h1>x</h1><input><p style='color:#bbb'>pale</p></main>")

    assert {line.partition(": ")[2].split()[0] for line in check_with_axe(page)} >= {"label", "color-contrast"}


@pytest.mark.parametrize(
    ("where", "style", "shown"),
    [
        ("desk by day", "@media (width < 48rem) { p { display: none } }", "color: #bbb"),
        ("desk by day", "@media (width < 48rem) { p { position: absolute; width: 1px; height: 1px; overflow: clip } }",
         "color: #bbb"),
        ("desk by night", "@media (width < 48rem) { p { display: none } }", "color: light-dark(black, #444)"),
        ("phone by night", "@media (width > 48rem) { p { display: none } }", "color: light-dark(black, #444)"),
        ("phone by day", "@media (width > 48rem) { p { display: none } }", "color: #bbb"),
    ],
)  # fmt: skip
def test_pale_text_is_found_on_the_screen_that_shows_it(page: Page, where: str, style: str, shown: str) -> None:
    page.set_content(
        f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} {style}</style>"
        f"<main><h1>x</h1><p><span style='{shown}'>pale</span></p></main>"
    )

    assert {line.partition(": ")[0].partition(" ")[2] for line in check_with_axe(page)} >= {where}


BUTTONS: Final = "<button>x</button> <button>y</button>"
OF_TEN_PIXELS: Final = "button { width: 10px; height: 10px; padding: 0; border: 0; font-size: 1px }"


@pytest.mark.parametrize(
    ("rule", "style", "shown"),
    [
        ("target-size", OF_TEN_PIXELS, BUTTONS),
        ("target-size", "button { width: 60px; height: 60px } a { position: absolute; inset: 10px 10px 0 }",
         f"<div style='position: relative'>{BUTTONS}<a href='/x'>over them</a></div>"),
        ("button-name", "", "<button></button>"),
        ("landmark-unique", "", "<nav aria-label='a'>x</nav><nav aria-label='a'>y</nav>"),
        ("scrollable-region-focusable", "div { height: 40px; overflow: auto }", "<div>" + "<p>x</p>" * 20 + "</div>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("where", "hidden"), [("phone", "width > 48rem"), ("desk", "width < 48rem")])
def test_what_one_screen_shows_is_asked_there(
    page: Page, where: str, hidden: str, rule: str, style: str, shown: str
) -> None:
    for size in (SMALLEST, DESK):
        page.set_viewport_size(size)
        page.set_content(
            f"<html lang='fr'><title>x</title><style>{style} @media ({hidden}) {{ section {{ display: none }} }}"
            f"</style><main><h1>x</h1><section>{shown}</section></main>"
        )
        found = [line.partition(": ") for line in check_with_axe(page)]

        assert {place.split()[1] for place, _, said in found if said.startswith(f"{rule} ")} == {where}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("image-alt", "<p>Some words</p><img src='data:,'>"),
        ("button-name", "<p>Some words</p><button></button>"),
        ("label", "<p>Some words</p><button>Send</button><input>"),
        ("list", "<ul><p>Some words</p></ul><button>Send</button>"),
        ("heading-order", "<p>Some words</p><button>Send</button><h4>Then</h4>"),
        ("label-content-name-mismatch", "<p>Some words</p><button aria-label='Envoyer'>Send</button>"),
        ("valid-lang", "<p lang='english'>Some words</p><button aria-label='Send'>Send</button>"),
        ("landmark-unique", "<nav aria-label='x'>y</nav><nav aria-label='x'>z</nav>"),
        ("target-size", f"<style>{OF_TEN_PIXELS}</style>{BUTTONS}"),
    ],
)
def test_a_fault_is_found_in_the_second_language_though_the_page_passed_in_the_first(
    page: Page, rule: str, fault: str
) -> None:
    """In the main part, of the same shape as what passed or of another."""
    passed = Passed()
    whole = "<html lang='{}'><title>x</title><header>x</header><main><h1>x</h1>{}</main>"
    for good in ("<p lang='en'>Des mots</p><button aria-label='Envoyer'>Envoyer</button>",
                 "<p>Des mots</p><button aria-label='Envoyer'>Envoyer</button>",
                 "<nav aria-label='x'>y</nav><nav aria-label='y'>z</nav>"):  # fmt: skip
        page.set_content(whole.format("fr", good))
        assert check_with_axe(page, passed=passed) == []
    page.set_content(whole.format("en", fault))

    assert rule in {line.partition(": ")[2].split()[0] for line in check_with_axe(page, OTHER_LANGUAGE, passed=passed)}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("<p>x y z</p>", "<p style='color: light-dark(#bbb, #444)'>x y z</p>"),
        ("<p>x y z</p>", "<div style='background: light-dark(#555, #aaa)'><p>x y z</p></div>"),
        ("<p>x y z</p>", "<div style='opacity: 0.4'><p>x y z</p></div>"),
        ("<p style='color: light-dark(#888, #666); font-size: 40px'>x y z</p>",
         "<p style='color: light-dark(#888, #666)'>x y z</p>"),
        ("<input disabled value='x y z' style='color: light-dark(#bbb, #444); background: light-dark(white, black)'>",
         "<input value='x y z' style='color: light-dark(#bbb, #444); background: light-dark(white, black)'>"),
    ],
    ids=["its colour", "its ground", "how much shines through", "its size", "disabled before"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["by day", "by night"])
def test_pale_text_is_found_though_others_passed_on_a_page_before(
    page: Page, scheme: str, before: str, now: str
) -> None:
    passed = Passed()
    found = []
    for shown in (before, now):
        page.set_content(
            f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} :root {{ color: light-dark(black, white) }}"
            f"</style><main><h1>x</h1>{shown}<p>x y z</p></main>"
        )
        lines = check_with_axe(page, passed=passed)
        found.append([line for line in lines if scheme in line and "color-contrast" in line])

    assert passed.looks
    assert found[0] == []
    assert found[1] != []


@pytest.mark.parametrize(
    ("where", "style", "colour"),
    [
        ("phone by day", "", "light-dark(#222, #767676)"),
        ("desk by night", "", "light-dark(#767676, #ddd)"),
        ("phone by night", "@media (width > 48rem) { p { display: none } }", "light-dark(#767676, #ddd)"),
        ("desk by day", "@media (width < 48rem) { p { display: none } }", "light-dark(#222, #767676)"),
    ],
)
def test_a_link_that_looks_like_the_text_around_it_is_found_on_the_screen_that_shows_it(
    page: Page, where: str, style: str, colour: str
) -> None:
    page.set_content(
        f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} {style} :root {{ color: light-dark(black, white) }}"
        f" a {{ color: {colour}; text-decoration: none }}</style>"
        "<main><h1>x</h1><p>words around <a href='#there'>a link</a>, and others after it</p></main>"
    )
    found = [line.partition(": ") for line in check_with_axe(page)]

    assert where in {screen.partition(" ")[2] for screen, _, said in found if said.startswith("link-in-text-block")}


def test_lists_without_items_times_that_html_does_not_know_and_what_plays_by_itself_are_noticed(page: Page) -> None:
    page.set_content(
        "<ul></ul><ul><li>x</li></ul><video autoplay></video>"
        "<time datetime='2026-11-28T14:30:00+00:00'>x</time><time datetime='2026-11-28'>x</time>"
        "<time datetime='2026-11-28T14:30:00.123456+00:00'>x</time><time datetime='yesterday'>x</time>"
    )

    assert len(page.evaluate(MISWRITTEN)) == 4


@pytest.mark.parametrize("before", [SMALLEST, DESK], ids=["on a phone before", "on a desk before"])
def test_a_page_that_is_too_wide_is_noticed(page: Page, before: ViewportSize) -> None:
    page.set_viewport_size(before)
    page.set_content("<p style='inline-size: 400px'>x</p>")
    found = [line for line in check_with_axe(page) if "scrolls sideways" in line]
    page.set_viewport_size(SMALLEST)

    assert is_wider_than_the_screen(page)
    assert [line.partition(": ")[0].partition(" ")[2] for line in found] == ["phone by day"]


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

"""Where the pages are, for who visits each: by address, so that a browser or a reader of HTML may open them."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec import structs
from playwright.sync_api import Page

from spheres_core.forms.operations import drafts
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.support.operations import entourage
from spheres_core.support.operations.advice_requests import send_advice
from spheres_core.support.operations.desk import answer_advice
from spheres_core.support.operations.library import write_tool
from spheres_core.support.operations.proposals import propose
from spheres_core.support.operations.sessions import ask_for_session
from spheres_core.support.operations.trainings import log_training
from spheres_core.support.operations.workshops import log_workshop
from spheres_core.support.queries.advice import list_advice
from spheres_core.support.schemas.advice import AdvicePosted, ReplyPosted
from spheres_core.support.schemas.entourage import EntouragePosted, OfferPosted, SafeReach, SupportNotePosted
from spheres_core.support.schemas.library import ProposalPosted, ToolPosted, ToolWritten
from spheres_core.support.schemas.sessions import SessionPosted
from spheres_core.support.schemas.trainings import TrainingWritten
from spheres_core.support.schemas.workshops import WorkshopWritten
from tests.journeys.committee_files import add_meeting
from tests.journeys.conftest import Site, who_signs_in
from tests.journeys.participant_files import add_agreed_referral, add_file

Place = tuple[str, str]
"""What a page is called here, and its address."""
ID: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
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


def add_work(site: Site, tenant: str) -> None:
    """Adds referrals to look at, two of them about the same person, a form that is being written, a file, and what
    stands on the pages of support."""
    add_meeting(site, tenant, add_file(site, tenant))
    add_agreed_referral(site, tenant)
    site.refer(tenant)
    site.refer(tenant)
    for story in (ask_for_advice, support_somebody_close, support_colleagues, _begin_form):
        site.behind(partial(site.world.act, tenant, story))


async def _begin_form(ctx: Context) -> None:
    await drafts.begin_from_version(ctx, "referral")


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


async def support_colleagues(ctx: Context) -> None:
    """Has the coordinator ask for clinical support, log a training, and plan and lead workshops with titles of
    their own."""
    member = await who_signs_in(ctx, "coordinator")
    her = structs.replace(ctx, actor=Actor("staff", member, frozenset({"coordinator"})))
    await ask_for_session(her, SessionPosted("individual", "exhaustion"))
    await log_training(her, TrainingWritten("taken", "…", ctx.today))
    language = ctx.tenant.languages[0]
    for on, audience in ((ctx.today, None), (ctx.today - dt.timedelta(days=1), {"school_staff": 6})):
        await log_workshop(
            her,
            WorkshopWritten("young_people", "school", on, language, words="…", given_by=[member], audience=audience),
        )


class Reader:
    """Somebody who reads a region's pages in one language by HTTP; of the staff where a role is given."""

    def __init__(self, site: Site, tenant: str, language: str, role: str = "") -> None:
        self.site, self.tenant, self.language = site, tenant, language
        self._headers = {"cookie": f"{site.cookie(tenant)}={site.session(tenant, role)}"} if role else {}

    def url(self, path: str) -> str:
        return self.site.url(self.tenant, self.language, path)

    def read(self, address: str) -> str:
        """Returns the HTML of a page, or of the one to which it leads on."""
        world = self.site.world
        answer = self.site.behind(lambda: world.get(address.removeprefix(self.site.origin), headers=self._headers))
        return self.read(answer.headers["location"]) if answer.is_redirect else answer.text

    def links(self, address: str, pattern: str) -> list[str]:
        """Returns where a page leads by the links whose addresses end so, in order."""
        found = map(html.unescape, re.findall(r'<a\b[^>]*?\shref="([^"]*)"', self.read(address)))
        return [f"{self.site.origin}{each}" for each in found if re.search(f"{pattern}$", each)]

    def follow(self, address: str, pattern: str, nth: int = 0) -> str:
        """Returns where a page leads by such a link."""
        return self.links(address, pattern)[nth]


def places_of_all(reader: Reader) -> Iterator[Place]:
    """Yields each public page."""
    for path in PUBLIC:
        yield path, reader.url(path)


def places_of_coordinators(reader: Reader) -> Iterator[Place]:
    """Yields each page that coordinators work with, but for a participant's file."""
    for path in STAFF:
        yield path, reader.url(path)
    yield "a referral", reader.follow(reader.url("referrals"), f"/referrals/{ID}")
    agreed = reader.follow(reader.url("referrals?state=agreed"), f"/referrals/{ID}")
    yield "her agreement", f"{agreed}/participation"
    for where, path in (
        ("a request for advice", "advice/requests"),
        ("a proposed entry", "staff/tool-proposals"),
        ("the support of a close person", "entourage/records"),
        ("a session of clinical support", "staff/support-sessions"),
        ("a training", "staff/trainings"),
    ):
        yield where, reader.follow(reader.url(path), f"/{path}/{ID}")
    workshop = reader.follow(reader.url("staff/workshops"), f"/staff/workshops/{ID}")
    for path in ("", "/change"):
        yield f"a workshop{path}", f"{workshop}{path}"


def places_of_files(reader: Reader) -> Iterator[Place]:
    """Yields each page of a participant's file, and what belongs to it."""
    file = reader.follow(reader.url("staff/participants"), r"/staff/participants/[0-9A-Z]{4}(-[0-9A-Z]+)+")
    for path in OF_A_FILE:
        yield f"a participant's file{path}", f"{file}{path}"
    yield "a receipt of a consent", reader.follow(f"{file}/consents", "/receipt")
    yield "a participant's file/an encounter", reader.follow(f"{file}/encounters", f"/encounters/{ID}")
    outing = reader.follow(reader.url("staff/activities"), f"/staff/activities/{ID}")
    for path in ("", "/change"):
        yield f"an activity{path}", f"{outing}{path}"
    meeting = reader.follow(reader.url("staff/committee"), f"/staff/committee/meetings/{ID}")
    for path in ("", "/screen", "/record"):
        yield f"a meeting{path}", f"{meeting}{path}"
    for section, link in (
        ("activities", "/activities"), ("committee", "/committee/items"), ("committee", "/committee/recommendations"),
    ):  # fmt: skip
        yield f"a participant's file{link}, one of them", reader.follow(f"{file}/{section}", f"{link}/{ID}")
    if reader.tenant == "outaouais":
        yield "reports/{name:str}", reader.url("reports/shelter_beds.nights")


def places_of_administrators(reader: Reader) -> Iterator[Place]:
    """Yields each page that administrators work with."""
    for path in ADMINISTRATION:
        yield path, reader.url(path)
    yield "administration/staff/{id:uuid}", reader.follow(reader.url("administration/staff"), f"/staff/{ID}")
    yield "an entry of the directory", (entry := reader.follow(reader.url("directory"), f"/directory/[a-z_]+/{ID}"))
    for address in reader.links(entry, "/extra-questions/[a-z_.]+"):
        yield "extra questions", address
    for added in ("services", "contact_points"):
        yield f"an entry of the directory, adding {added}", f"{entry}/add/{added}"
    form = reader.url("administration/forms/referral")
    question = reader.follow(form, r"/question\?id=.*", 2)
    yield "a question of a form", question
    yield "a rule of a form", reader.follow(question, r"/rule\?id=.*")


def together(page: Page, file: str) -> None:
    """Shows a participant her own file: from then on the session shows nothing else."""
    page.goto(f"{file}/together")
    page.locator("main form .button").click()
    page.wait_for_url("**/together")

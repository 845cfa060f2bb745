"""No link, path or answer leads from the records of close ones, sessions and workshops to a file, nor back."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
import pytest
from litestar.handlers import HTTPRouteHandler
from msgspec import structs

from spheres_core import app
from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.schemas import CLASSES, TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor
from spheres_core.staff.operations import accounts
from spheres_core.support.operations import entourage, sessions, trainings, workshops
from spheres_core.support.schemas.entourage import EntouragePosted, OfferPosted, SafeReach
from spheres_core.support.schemas.sessions import SessionPosted
from spheres_core.support.schemas.trainings import TrainingWritten
from spheres_core.support.schemas.workshops import WorkshopWritten
from spheres_core.testing import World, definition
from tests.spheres_core.consents.acts import add, assign

CORE: Final = Path(app.__file__).parents[1]
ADDRESSES: Final = (
    "/entourage", "/support-sessions", "/staff/support-sessions", "/workshops", "/staff/workshops", "/trainings",
    "/staff/trainings",
)  # fmt: skip
TEMPLATES: Final = ("support/entourage", "support/session", "support/workshop", "support/training")
"""Beginnings of the addresses and of the templates of what must lead to nobody."""
ABOUT_HER: Final = ("participant", "referral", "followup", "consent", "encounter", "standing")
ABOVE: Final = frozenset(f"spheres_core.{room}" for room in app.rooms() if room in (
    "consents", "participants", "followups", "plans", "safety", "activities", "committee", "transfers"))  # fmt: skip
"""Rooms that know participants."""
FILE: Final = re.compile(r"/participants(?:/|$)")
PASSWORD: Final = "un chat dort sous la lune"


class Planted(msgspec.Struct):
    """An answer that would say whose record it is."""

    inner: list[PlantedInner]


class PlantedInner(msgspec.Struct):
    """What an answer must not hold."""

    participant: str


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"))


def handlers_of(world: World) -> list[HTTPRouteHandler]:
    """Returns the handlers of support whose addresses begin with one of the topics."""
    plugins = world.loaded("north").plugins
    return [
        handler
        for hook in ("register_controllers", "register_pages")
        for owner, given in plugins.registered[hook]
        for handler in given
        if owner == "support" and min(handler.paths).startswith(ADDRESSES)
    ]


def structs_in(kind: Any, found: set[type] | None = None) -> set[type]:
    """Returns every struct that an answer of this type can hold."""
    found = set() if found is None else found
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
        found.add(kind)
        for each in typing.get_type_hints(kind).values():
            structs_in(each, found)
    for each in typing.get_args(kind):
        structs_in(each, found)
    return found


def names_her(kinds: Iterable[type]) -> list[str]:
    """Returns the fields of structs that could say whose file something is about."""
    return [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name in kind.__struct_fields__  # type: ignore[attr-defined]
        if any(word in name for word in ABOUT_HER)
    ]


def test_no_address_takes_and_no_answer_holds_anything_of_a_participant(world: World) -> None:
    handlers = handlers_of(world)
    places = {name for each in handlers for path in each.paths for name in re.findall(r"\{(\w+):", path)}
    answers = {kind for each in handlers for kind in structs_in(each.parsed_fn_signature.return_type.annotation)}
    taken = {
        kind
        for each in handlers
        for given in each.parsed_fn_signature.parameters.values()
        for kind in structs_in(given.annotation)
    }

    assert len(handlers) > 15 and len(answers) > 5 and len(taken) > 5
    assert places <= {"id", "offer"}
    assert names_her(answers | taken) == []
    assert [each for each in answers | taken if ".".join(each.__module__.split(".")[:2]) in ABOVE] == []


def test_an_answer_that_holds_a_participant_is_found() -> None:
    assert names_her(structs_in(list[Planted])) == ["PlantedInner.participant"]


def links_in_templates() -> Mapping[str, set[str]]:
    """Returns, by template of a room, the names of the routes that it leads to."""
    return {
        str(path.relative_to(path.parents[1])): set(re.findall(r"url\(\"(\w+)\"", path.read_text(encoding="utf-8")))
        for room in app.rooms()
        for path in sorted((CORE / room / "templates").glob("*/*.html"))
    }


def wrong_links(links: Mapping[str, set[str]], paths: Mapping[str, str]) -> list[str]:
    """Returns links from a topic's template to a file, and from another room's template to a record of a topic."""
    of_topics = {name for name, path in paths.items() if path.startswith(ADDRESSES) and "{" in path}
    out = [
        f"{template} to {name}"
        for template, names in links.items()
        for name in names
        if template.startswith(TEMPLATES) and FILE.search(paths.get(name, ""))
    ]
    back = [
        f"{template} to {name}"
        for template, names in links.items()
        for name in names & of_topics
        if not template.startswith("support/")
    ]
    return out + back


def named_paths(world: World) -> dict[str, str]:
    plugins = world.loaded("north").plugins
    return {
        handler.name: min(handler.paths)
        for _, given in plugins.registered["register_pages"]
        for handler in given
        if handler.name
    }


def test_no_template_links_a_record_to_a_file_nor_a_file_to_a_record(world: World) -> None:
    paths, links = named_paths(world), links_in_templates()

    assert "/entourage/records/{id:uuid}" in paths.values() and len(links) > 100
    assert wrong_links(links, paths) == []


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("support/entourage_record.html", "participant"),
        ("plans/plan.html", "entourage_record"),
        ("support/workshop.html", "participant"),
        ("plans/plan.html", "workshop"),
        ("support/trainings.html", "participant"),
        ("participants/file.html", "training"),
    ],
)
def test_a_planted_link_in_a_template_is_found(world: World, template: str, name: str) -> None:
    paths, links = named_paths(world), dict(links_in_templates())
    if name == "participant":
        name = next(each for each, path in paths.items() if path == "/staff/participants/{participant:str}")
    links[template] = {name}

    assert wrong_links(links, paths) == [f"{template} to {name}"]


def walk(read: Callable[[str], str], *start: str) -> set[str]:
    """Follows every link and form of the work on pages, and returns all addresses that were met. Nothing is sent."""
    met, ahead = set(start), list(start)
    while ahead:
        for found in links_of_page(read(ahead.pop())):
            if found not in met:
                met.add(found)
                ahead.append(found)
    return met


def links_of_page(html: str) -> Iterator[str]:
    """Yields where the page itself leads: not its frame, whose navigation is the same on every page."""
    work = re.search(r"<main.*?</main>", html, re.S)
    yield from re.findall(r"(?:href|action)=\"(/t/[^\"#?]+)", work[0] if work else "")


@pytest.fixture(scope="module")
def both(world: World) -> Iterator[tuple[World, str]]:
    """A world in which somebody coordinates, follows a participant and accompanies a close one. Returns her code."""

    async def furnish(ctx: Any) -> str:
        staff = await accounts.create_account(
            ctx, "deux@exemple.ca", name="Andrée", roles=["coordinator", "clinical_support", "pivot_worker"],
            password=PASSWORD,
        )  # fmt: skip
        await entourage.open_record(ctx, EntouragePosted("Je dors mal.", SafeReach("only_here")))
        ((id,),) = await ctx.db.sql("SELECT id FROM entourage_records")
        await entourage.offer(ctx, id, OfferPosted("group", "Un groupe le mardi."))
        asking = structs.replace(ctx, actor=Actor("staff", staff, frozenset({"pivot_worker"})))
        await sessions.ask_for_session(asking, SessionPosted("individual", "exhaustion"))
        held = {"from_12_to_14": 24, "school_staff": 2}
        written = WorkshopWritten("young_people", "school", ctx.today, "fr-CA", words="S’aimer", audience=held)
        await workshops.log_workshop(asking, structs.replace(written, given_by=[staff]))
        await trainings.log_training(asking, TrainingWritten("taken", "Écouter", ctx.today))
        her = await add(ctx)
        await assign(ctx, her.id, staff=staff, classes=list(CLASSES))
        lines = tuple(ConsentLine(TEAM, each, "follow_up") for each in CLASSES)
        consent = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
        await ledger.give_consent(ctx, her.id, consent)
        return her.code

    code: str = world.act("north", furnish)
    entered = world.post("/t/north/fr/sign-in", data={"email": "deux@exemple.ca", "password": PASSWORD})
    assert entered.status_code == 303
    yield world, code
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in ("staff", "entourage_records", "support_sessions", "workshops", "workshop_figures", "trainings"):
            db.execute(f"DELETE FROM {table}")


def test_a_walk_over_pages_from_records_meets_no_file_and_from_her_file_no_record(both: tuple[World, str]) -> None:
    world, code = both
    read = lambda address: world.get(address).text  # noqa: E731
    starts = [
        f"/t/north/fr/{each}"
        for each in (
            "entourage/records", "entourage", "entourage/own", "staff/support-sessions", "staff/workshops",
            "staff/trainings",
        )
    ]  # fmt: skip
    met = walk(read, *starts)
    ids = {each for each in met if re.search(r"/entourage/records/[0-9a-f-]{36}", each)}

    assert ids, "the walk comes to a record"
    assert [each for each in met if re.search(r"/support-sessions/[0-9a-f-]{36}", each)], "and to a session"
    for kind in ("workshops", "trainings"):
        assert [each for each in met if re.search(rf"/staff/{kind}/[0-9a-f-]{{36}}", each)], f"and to {kind}"
    assert {"/t/north/fr/staff/workshops/figures", "/t/north/fr/staff/workshops/file"} <= met
    assert [each for each in met if FILE.search(each)] == []
    assert code not in "".join(read(each) for each in met)

    file = f"/t/north/fr/staff/participants/{code}"
    assert world.get(file).status_code == 200
    hers = {each for each in links_of_page(read(file)) if FILE.search(each)}
    met = {found for address in (file, *hers) for found in links_of_page(read(address))}
    assert len(hers) > 5
    assert [each for each in met if each.startswith(tuple(f"/t/north/fr{place}" for place in ADDRESSES))] == []


@pytest.mark.parametrize("place", ["entourage/records", "staff/workshops", "staff/trainings"])
def test_a_planted_link_on_a_page_is_found_by_the_walk(both: tuple[World, str], place: str) -> None:
    world, code = both
    planted = f"/t/north/fr/staff/participants/{code}"

    def read(address: str) -> str:
        html = world.get(address).text
        if re.search(rf"/{place}/[0-9a-f-]{{36}}$", address):
            return html.replace("</main>", f'<a href="{planted}">x</a></main>')
        return html

    assert planted in walk(read, f"/t/north/fr/{place}")

"""What anybody may post is limited by address, region and system: exactly, and without an address kept."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

import psycopg
import pytest

from spheres_core.foundation.tenancy.post_limits import LIMITS, PostLimit, PostLimitsInvalid, network, read_limits
from spheres_core.testing import MakeWorld, World, definition
from tests.examples import examples
from tests.journeys.wire import Answer, Probe, ask, json_probe, send

POSTS: Final = examples(2_000)
AT_ONCE: Final = 40
URL_ENCODED: Final = (("content-type", "application/x-www-form-urlencoded"),)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(definition("north", "quebec", "montreal"), definition("south", "quebec", "outaouais"))
    made.now = dt.datetime(2026, 11, 28, 15, 0, tzinfo=dt.UTC)
    made.runtime.post_limits = LIMITS
    return made


def limit(world: World, **limits: PostLimit) -> None:
    world.runtime.post_limits = {**LIMITS, **limits}


@pytest.fixture
def other_process(world: World) -> Iterator[World]:
    """A second dispatcher over the same database, with a pool of its own, in the same loop."""
    second = copy.copy(world)
    second.dispatcher = world.make_dispatcher()
    second.dispatcher.runtime.post_limits = world.runtime.post_limits
    world.run(second.dispatcher.start())
    yield second
    world.run(second.dispatcher.stop())


def refer(world: World, slug: str = "north", client: str = "203.0.113.9") -> Answer:
    body = {"answers": world.example_answers(slug), "language": "fr"}
    return send(world, json_probe("POST", f"/t/{slug}/api/referrals", body), client=client)


def stored(world: World) -> int:
    with psycopg.connect(world.urls.needed("superuser")) as db:
        ((number,),) = db.execute("SELECT count(*) FROM referrals").fetchall()
    return int(number)


def test_a_flood_of_posts_stores_no_more_than_the_limit_and_another_is_answered_meanwhile(
    world: World, other_process: World
) -> None:
    body = {"answers": world.example_answers("north"), "language": "fr"}
    probe = json_probe("POST", "/t/north/api/referrals", body)
    statuses: Counter[int] = Counter()
    left = iter(range(POSTS))

    async def flood(through: World) -> None:
        for _ in left:
            statuses[(await ask(through, probe, client="203.0.113.9")).status] += 1

    async def story() -> tuple[int, int]:
        flooding = [asyncio.create_task(flood((world, other_process)[n % 2])) for n in range(AT_ONCE)]
        while statuses.total() < AT_ONCE:  # noqa: ASYNC110 - the flood is under way
            await asyncio.sleep(0)
        genuine = await ask(world, probe, client="198.51.100.7")
        meanwhile = statuses.total()
        await asyncio.gather(*flooding)
        return genuine.status, meanwhile

    genuine, meanwhile = world.run(story())

    allowed = LIMITS["referrals"].address
    assert genuine == 201
    assert meanwhile < POSTS, "it was answered while the others were still coming"
    assert statuses == {201: allowed, 429: POSTS - allowed}
    assert stored(world) == allowed + 1


def test_a_region_and_the_system_have_limits_of_their_own(world: World) -> None:
    limit(world, referrals=PostLimit(address=2, region=3, system=5))
    one, two, three = "203.0.113.1", "203.0.113.2", "203.0.113.3"

    assert [refer(world, client=one).status for _ in range(3)] == [201, 201, 429]
    assert [refer(world, client=two).status for _ in range(2)] == [201, 429], "north has its three"
    assert refer(world, "south", client=two).status == 429, "an address is the same in every region"
    assert [refer(world, "south", client=three).status for _ in range(2)] == [201, 201]
    assert refer(world, "south", client="203.0.113.4").status == 429, "the system has its five"


def test_within_one_network_of_ipv6_and_behind_a_mapped_address_somebody_is_the_same() -> None:
    assert network("2001:db8:1:2::5") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::5")
    assert network("::ffff:203.0.113.9") == network("203.0.113.9")
    assert network("a socket") == ""


def test_an_hour_after_the_first_post_the_next_is_taken(world: World) -> None:
    limit(world, referrals=PostLimit(address=1, region=100, system=100))
    assert world.now is not None
    assert refer(world).status == 201
    world.now += dt.timedelta(minutes=59, seconds=30)
    refused = refer(world)
    assert (refused.status, refused.header("retry-after")) == (429, "30")
    assert refused.json()["code"] == "posts_paused"
    world.now += dt.timedelta(seconds=30)
    assert refer(world).status == 201


def test_counts_are_kept_under_keyed_hashes_and_deleted_when_their_hour_is_over(world: World) -> None:
    refer(world, client="203.0.113.77")
    counted = "SELECT key, posts FROM public_post_counts"
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        before = db.execute(counted).fetchall()
        assert len(before) == 3
        assert all(len(key) == 16 and b"203" not in key for key, _ in before)
        assert world.now is not None
        world.now += dt.timedelta(hours=2)
        refer(world, "south", client="203.0.113.78")
        after = dict(db.execute(counted).fetchall())
    addresses = {key for key, _ in before} - after.keys()
    assert len(addresses) == 2, "the address and the region that posted no more"


FORMS: Final[dict[str, tuple[str, dict[str, str], str]]] = {
    "referrals": ("refer", {"contact.safe": "dire que c’est la bibliothèque"}, "dire que c’est la bibliothèque"),
    "receipts": ("receipt", {"receipt": "2222-3333-4444"}, "2222-3333-4444"),
    "inquiries": ("inquire", {"message": "Bonjour de loin"}, "Bonjour de loin"),
    "sign_in": ("sign-in", {"email": "qui@exemple.ca", "password": "x"}, "qui@exemple.ca"),
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("language", "said"), [("fr", "euillez"), ("en", "again in")])
def test_a_page_that_is_one_too_many_says_so_and_keeps_what_was_typed(
    world: World, kind: str, language: str, said: str
) -> None:
    limit(world, **{kind: PostLimit(0, 0, 0)})
    path, typed, kept = FORMS[kind]
    if kind == "referrals":
        page = world.get(f"/t/north/{language}/refer").text
        field = re.findall(r'<textarea[^>]*name="([^"_]+)"', page)[0]
        typed = {field: kept}
    answer = send(world, Probe("POST", f"/t/north/{language}/{path}", URL_ENCODED, urlencode(typed).encode()))
    assert answer.status == 429
    assert 0 < int(answer.header("retry-after")) <= 3600
    assert kept in answer.text
    assert said in answer.text
    assert " 60 min" in answer.text.replace("\xa0", " ")
    assert stored(world) == 0


@pytest.mark.parametrize("path", ["receipts", "receipts/withdraw", "inquiries", "referrals"])
def test_the_api_says_the_same_in_a_problem_document(world: World, path: str) -> None:
    limit(world, **{path.partition("/")[0]: PostLimit(0, 0, 0)})
    answer = send(world, json_probe("POST", f"/t/north/api/{path}", {}, ("accept-language", "fr")))
    assert answer.status == 429
    assert answer.header("content-type").startswith("application/problem+json")
    assert "Veuillez réessayer dans 60 min" in answer.json()["detail"].replace("\xa0", " ")


def test_limits_are_set_by_kind_and_nothing_else_is_taken() -> None:
    assert read_limits("") == LIMITS
    assert read_limits("referrals=1/2/3") == {**LIMITS, "referrals": PostLimit(1, 2, 3)}
    for wrong in ("referals=1/2/3", "referrals=1/2", "referrals=-1/2/3", "referrals"):
        with pytest.raises(PostLimitsInvalid):
            read_limits(wrong)


def test_who_reads_is_never_counted(world: World) -> None:
    limit(world, **{kind: PostLimit(0, 0, 0) for kind in LIMITS})
    for path in ("fr/refer", "fr/receipt", "fr/inquire", "fr/sign-in", "api/forms"):
        assert send(world, Probe("GET", f"/t/north/{path}")).status == 200

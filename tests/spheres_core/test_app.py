"""The dispatcher: which tenant an address means, that what is absent looks alike, and that changes are seen soon."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, Final

import asyncpg
import msgspec
import psycopg
import pytest

from spheres_core.app import background
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy import tenants
from spheres_core.testing import MakeWorld, World, apply_definitions, definition
from tests.journeys.wire import Answer, Probe, scope_of, send
from tests.wait import wait_until

ABSENT: Final = "0199a0de-0000-7000-8000-000000000000"


def two_regions(make: MakeWorld) -> World:
    return make(
        definition("north", "quebec", "montreal", hosts=("north.example", "www.north.example:8443")),
        definition("south", "quebec", "outaouais", hosts=("south.example",)),
    )


@pytest.fixture(scope="module")
def regions(make_module_world: MakeWorld) -> World:
    """For tests that change nothing."""
    return two_regions(make_module_world)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return two_regions(make_world)


def at(world: World, host: str, target: str, *headers: tuple[str, str]) -> Answer:
    """A request to a host."""
    return send(world, Probe("GET", target, (("host", host), *headers)))


def test_a_host_of_its_own_leads_to_its_tenant_without_a_prefix(regions: World) -> None:
    for host, name in (
        ("north.example", "north"),
        ("NORTH.example", "north"),
        ("www.north.example:8443", "north"),
        ("south.example", "south"),
    ):
        page = at(regions, host, "/fr/")
        assert page.status == 200
        assert f"Région {name}" in page.text
        assert "/t/" not in page.text.partition("<main")[2], "addresses on it have no prefix either"
    assert at(regions, "north.example", "/api/forms").json() == at(regions, "localhost", "/t/north/api/forms").json()


@pytest.mark.parametrize(
    "host", ["localhost", "north.example.org", "north.example:81", "xnorth.example", "", "%", "[::1]", "north.example."]
)
def test_any_other_host_leads_to_nobody(regions: World, host: str) -> None:
    answer = at(regions, host, "/fr/refer")
    assert answer.status == 404
    assert "north" not in answer.text.replace("north.example", "")


def test_the_address_says_which_tenant_whatever_the_host(regions: World) -> None:
    page = at(regions, "south.example", "/t/north/fr/")
    assert "Région north" in page.text
    assert "south" not in page.text


def without_slug(answer: Answer, slug: str) -> Answer:
    """The answer without the tenant that the address itself names, which the way home names again."""
    return msgspec.structs.replace(answer, body=answer.body.replace(f"/t/{slug}/".encode(), b"/t/SLUG/"))


@pytest.mark.parametrize("language", ["fr-CA", "en-CA"])
@pytest.mark.parametrize(
    "rest",
    [
        "/fr/nothing/here",
        "/en/nothing/here",
        "/nothing/here",
        f"/fr/referrals/{ABSENT}x",
        "/api/nothing",
        f"/api/referrals/{ABSENT}x",
        "/api/x/nobody/thing",
    ],
)
def test_an_unknown_tenant_answers_to_the_byte_like_one_without_such_a_thing(
    regions: World, language: str, rest: str
) -> None:
    accepts = ("accept-language", language)
    here, nowhere = (at(regions, "localhost", f"/t/{slug}{rest}", accepts) for slug in ("north", "absen"))
    assert here.status == 404
    assert without_slug(here, "north") == without_slug(nowhere, "absen")


def test_a_mistyped_address_of_a_region_leads_to_its_public_pages_only(regions: World) -> None:
    """That a region is here is no secret: its first page says so."""
    here = at(regions, "localhost", "/t/north/fr/nothing")
    assert here.status == 404
    assert "/t/north/fr/" in here.text
    assert at(regions, "localhost", "/t/absen/fr/").status == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_absent_record_answers_to_the_byte_like_an_unknown_tenant(regions: World, language: str) -> None:
    token = next(iter(regions.bearer("north", "coordinator").items()))
    for place in (f"/api/referrals/{ABSENT}", f"/{language}/referrals/{ABSENT}"):
        headers = (token, ("accept-language", language))
        here, nowhere = (at(regions, "localhost", f"/t/{slug}{place}", *headers) for slug in ("north", "absen"))
        assert here.status == 404
        assert without_slug(here, "north") == without_slug(nowhere, "absen")


def test_the_dispatchers_own_page_and_health_name_no_tenant(regions: World) -> None:
    for target in ("/", "/health", "/nothing"):
        answer = at(regions, "localhost", target)
        assert not {"north", "south"} & set(answer.text.lower().split())
    assert at(regions, "localhost", "/health").json() == {"status": "ok"}, "no version, and nothing else"


@pytest.mark.parametrize("target", ["/t/north/api/referrals", "/t/north/fr/refer", "/nothing"])
@pytest.mark.parametrize("parts", [0, 1])
def test_who_goes_away_before_the_body_is_whole_is_no_incident(
    regions: World, capsys: pytest.CaptureFixture[str], target: str, parts: int
) -> None:
    given: list[dict[str, Any]] = [{"type": "http.request", "body": b"{", "more_body": True}] * parts
    answers: list[Any] = []

    async def receive() -> dict[str, Any]:
        return given.pop() if given else {"type": "http.disconnect"}

    async def hear(message: Any) -> None:
        answers.append(message)

    scope = scope_of(Probe("POST", target, (("content-type", "application/json"),), b"{}"))
    regions.run(regions.dispatcher(scope, receive, hear))

    assert answers == []
    assert "web.unexpected" not in "".join(capsys.readouterr())


def changed(world: World, *definitions: tenants.Definition) -> None:
    """Apply definitions as a command in another process would."""
    apply_definitions(world.urls, definitions, world.keyring)


LISTENERS: Final = (
    "FROM pg_stat_activity WHERE datname = current_database() AND query ~ 'LISTEN' AND pid <> pg_backend_pid()"
)


def is_listening(world: World) -> bool:
    """The one listening connection is up."""
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        return db.execute(f"SELECT {LISTENERS}").fetchone() is not None


@pytest.fixture
def never_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that learns of a change by its notification or not at all."""
    monkeypatch.setattr(background, "POLL", 3600.0)


def test_a_process_that_is_told_nothing_looks_by_itself_every_two_seconds() -> None:
    assert background.POLL <= 2.0


def until(world: World, seen: Any) -> None:
    """Ask until it is seen, while the process goes on."""
    wait_until(seen, meanwhile=lambda seconds: world.run(asyncio.sleep(seconds)), why=lambda: "it was never seen")


@pytest.mark.usefixtures("never_polls")
def test_a_changed_tenant_is_seen_by_a_process_that_is_told(world: World) -> None:
    assert "Région north" in world.get("/t/north/fr/").text
    until(world, lambda: is_listening(world))
    changed(
        world,
        definition("north", "quebec", "montreal", name={"fr": "Le Nord", "en": "The North"}, hosts=("new.example",)),
    )

    until(world, lambda: "Le Nord" in world.get("/t/north/fr/").text)
    assert "Le Nord" in at(world, "new.example", "/fr/").text
    assert at(world, "north.example", "/fr/").status == 404, "the host it had before leads nowhere"


def test_a_change_is_seen_also_when_its_notification_was_lost(world: World) -> None:
    assert world.get("/t/north/fr/").status_code == 200
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        db.execute(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
        db.execute(
            "UPDATE tenants SET name = jsonb_build_object('fr', 'Sans avis', 'en', 'Unannounced'),"
            " epoch = nextval('tenant_epoch') WHERE slug = 'north'"
        )
    until(world, lambda: "Sans avis" in world.get("/t/north/fr/").text)


def test_a_new_tenant_is_there_at_once_and_its_plugins_with_it(world: World) -> None:
    assert world.get("/t/west/fr/").status_code == 404
    changed(world, definition("west", "quebec", "outaouais"))
    assert world.get("/t/west/fr/").status_code == 200
    assert world.get("/t/west/api/forms/referral").json() == world.get("/t/south/api/forms/referral").json()


def test_tenants_with_the_same_plugins_share_one_set(world: World) -> None:
    changed(world, definition("west", "outaouais", "quebec"))
    assert world.loaded("west").plugins is world.loaded("south").plugins
    assert world.loaded("west").plugins is not world.loaded("north").plugins
    assert world.loaded("west").keys is not world.loaded("south").keys


def test_requests_under_way_keep_the_tenant_they_began_with(world: World) -> None:
    before = world.loaded("north")
    changed(world, definition("north", "quebec", "montreal", name={"fr": "Autre", "en": "Other"}))
    world.run(world.runtime.refresh())
    assert before.tenant.name["fr"] == "Région north"
    assert world.loaded("north").tenant.name["fr"] == "Autre"


def test_a_database_that_does_not_answer_is_said_to_be_away_and_taken_up_when_it_is_back(world: World) -> None:
    database = world.runtime.database
    world.run(database.close())
    database._url, address = "postgresql://spheres_app@127.0.0.1:1/none", database._url

    async def opened() -> None:
        database._pool = await asyncpg.create_pool(address, min_size=0, max_size=1, connect=_refuse)

    world.run(opened())
    try:
        for target in ("/t/unmet/api/forms", "/t/unmet/fr/", "/health"):
            answer = send(world, Probe("GET", target))
            assert answer.status == 503, answer
            assert "1/none" not in answer.text
    finally:
        world.run(database.close())
        database._url = address
        world.run(Database.open(database))
    assert world.get("/t/north/api/forms").status_code == 200


def test_a_key_that_does_not_open_a_tenant_is_unavailable_and_not_well(world: World, machine: Machine) -> None:
    wrong = World(world.urls, machine, Keyring(b"another key, of another database"))
    try:
        answers = [
            send(wrong, Probe("GET", path)) for path in ("/health", "/t/north/fr/", "/t/north/api/forms", "/health")
        ]
        assert [answer.status for answer in answers] == [503, 503, 503, 503]
        for answer in answers:
            assert answer.header("cache-control") == "no-store"
            assert answer.header("content-security-policy")
    finally:
        wrong.close()
    assert world.get("/health").status_code == 200


def test_one_tenant_whose_key_does_not_open_makes_the_process_unwell_until_it_does(world: World) -> None:
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        changed = "UPDATE tenant_keys SET wrapped = %s WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'south')"
        rows = db.execute(
            "SELECT wrapped FROM tenant_keys WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'south')"
        ).fetchall()
        db.execute(changed, [b"\x01" + bytes(60)])
        assert world.get("/t/south/fr/").status_code == 503
        assert world.get("/t/north/fr/").status_code == 200
        assert world.get("/health").status_code == 503
        db.execute(changed, rows[0])
    assert world.get("/health").status_code == 200
    assert world.get("/t/south/fr/").status_code == 200


def test_a_full_disk_is_unavailable_and_nothing_of_the_referral_is_kept(world: World) -> None:
    full = (
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'kanari' USING ERRCODE = 'disk_full'; END $$;"
        "CREATE TRIGGER full_disk BEFORE INSERT ON referrals FOR EACH ROW EXECUTE FUNCTION full_disk()"
    )
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        db.execute(full)
        refused = world.refer("north")
        assert refused.status_code == 503
        assert refused.json()["code"] == "unavailable"
        assert "kanari" not in refused.text
        db.execute("DROP TRIGGER full_disk ON referrals")
    assert world.refer("north").status_code == 201


def test_a_process_without_room_for_a_file_is_not_well(world: World, machine: Machine) -> None:
    with psycopg.connect(world.urls.needed("superuser"), autocommit=True) as db:
        name = db.execute("SELECT current_database()").fetchone()
        assert name is not None
        db.execute(f"ALTER DATABASE {name[0]} SET temp_file_limit = '64kB'")  # a disk with so much room
        full = World(world.urls, machine, world.keyring)
        try:
            assert full.get("/health").status_code == 503
        finally:
            full.close()
            db.execute(f"ALTER DATABASE {name[0]} RESET temp_file_limit")
    roomy = World(world.urls, machine, world.keyring)
    try:
        assert roomy.get("/health").status_code == 200, "the control: connections that may write more"
    finally:
        roomy.close()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en; q=0.9", "en-CA"),
        ("fr;q=0.1, en ; Q = 0.9", "en-CA"),
        ("en;level=1;q=0.2,fr;q=0.8", "fr-CA"),
        ("fr;q=0, en;q=0.1", "en-CA"),
        ("en;q=much, fr", "fr-CA"),
    ],
)
def test_a_reader_may_weigh_languages_in_any_notation(regions: World, accepted: str, language: str) -> None:
    for target in ("/t/north/", "/", "/t/nowhere/"):
        answer = at(regions, "localhost", target, ("accept-language", accepted))
        short = language.partition("-")[0]
        assert answer.header("content-language") == language or answer.header("location") == f"/t/north/{short}/"


async def _refuse(*_: Any, **__: Any) -> Any:
    raise ConnectionRefusedError("127.0.0.1:1/none")


def test_the_clock_of_a_request_is_the_tenants_own_day(world: World) -> None:
    world.now = dt.datetime(2026, 11, 22, 4, 59, tzinfo=dt.UTC)
    assert world.act("north", _today) == dt.date(2026, 11, 21)
    world.now = dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC)
    assert world.act("north", _today) == dt.date(2026, 11, 22)


async def _today(ctx: Any) -> dt.date:
    today: dt.date = ctx.today
    return today

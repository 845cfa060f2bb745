"""What the outbox gave up on: seen by administrators, without words, and tried again from page, API and command."""

from __future__ import annotations

import re
from uuid import UUID

import psycopg
import pytest

from spheres_core.foundation.database.schema import uuid7
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

PASSWORD = "un chat dort sous la lune"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec"))
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    shared_world.act("north", lambda ctx: accounts.create_account(ctx, "a@exemple.ca", **her))  # type: ignore[arg-type]
    return shared_world


def park(world: World, slug: str, *recipients: str) -> list[UUID]:
    """Deliveries that were given up on, as the dispatcher leaves them."""
    tenant, entries = world.loaded(slug).tenant.id, []
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM deliveries")
        for recipient in recipients:
            entries.append(uuid7())
            db.execute(
                "INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind) VALUES (%s, %s, now(), %s, 'system')",
                [tenant, entries[-1], "referral.received"],
            )
            db.execute(
                "INSERT INTO deliveries (tenant_id, entry_id, recipient, attempts, parked_at, error)"
                " VALUES (%s, %s, %s, 8, now(), 'ValueError at hooks.py:12')",
                [tenant, entries[-1], recipient],
            )
    return entries


def test_an_administrator_sees_what_failed_in_words_and_tries_one_or_all_again(world: World) -> None:
    park(world, "north", "hook:quebec", f"tell:{uuid7()}", "tell")
    world.post("/t/north/fr/sign-in", data={"email": "a@exemple.ca", "password": PASSWORD})
    page = world.get("/t/north/fr/administration/deliveries")
    assert page.status_code == 200
    for word in ("3 envois", "Un message à une personne", "hooks.py:12", "Une référence a été reçue"):
        assert word in page.text, word
    forms = re.findall(
        r'name="entry" value="([\w-]+)"><input type="hidden" name="recipient" value="([^"]+)"', page.text
    )
    csrf = re.findall(r'name="_csrf" value="(\w+)"', page.text)[0]
    address = "/t/north/fr/administration/deliveries"
    one = {"_csrf": csrf, "entry": forms[0][0], "recipient": forms[0][1]}
    assert world.post(address, data=one).status_code == 303
    assert "2 envois" in world.get(address).text
    assert world.post(address, data=one).status_code == 303, "taken up already"
    assert world.post(address, data={"_csrf": csrf, "entry": "x"}).status_code == 303
    assert world.post(address, data={"_csrf": csrf, "all": "yes"}).status_code == 303
    assert "Tout a été livré" in world.get(address).text
    world.http.cookies.clear()


def test_through_the_api_only_an_administrator_of_this_tenant_takes_them_up(world: World) -> None:
    (entry,) = park(world, "north", "hook:quebec")
    base = "/t/north/api/admin/deliveries"
    admin, foreign = world.bearer("north", "administrator"), world.bearer("south", "administrator")
    (found,) = world.get(base, headers=admin).json()["deliveries"]
    assert (found["entry_id"], found["recipient"], found["verb"]) == (str(entry), "hook:quebec", "referral.received")
    body = {"entry": str(entry), "recipient": "hook:quebec"}
    assert world.post(f"{base}/try-again", json=body, headers=world.bearer("north", "coordinator")).status_code == 403
    assert world.get(base.replace("north", "south"), headers=foreign).json() == {"deliveries": []}
    south = f"{base}/try-again".replace("north", "south")
    assert world.post(south, json=body, headers=foreign).status_code == 404
    assert world.post(f"{base}/try-again", json=body, headers=admin).json() == {"taken_up": 1}
    assert world.post(f"{base}/try-again", json=body, headers=admin).status_code == 404
    assert world.post(f"{base}/try-all-again", headers=admin).json() == {"taken_up": 0}
    with psycopg.connect(world.urls.needed("owner")) as db:
        jobs = db.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'entry' = %s", [str(entry)]).fetchone()
    assert jobs == (1,)

"""What the outbox gave up on: seen by administrators, without words, and tried again from page, API and command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from spheres_core.foundation.database.transactions import uuid7
from spheres_core.foundation.plugins.plugin_set import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.staff.operations import accounts as staff
from spheres_core.testing import House, definition, house_maker

PASSWORD = "un chat dort sous la lune"


@pytest.fixture(scope="module")
def house(cluster: Cluster, machine: Machine, migrated: str) -> Iterator[House]:
    makers = house_maker(cluster, machine, migrated)
    made = next(makers)(definition("north", "quebec", "montreal"), definition("south", "quebec"))
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    made.act("north", lambda ctx: staff.create_staff(ctx, "a@exemple.ca", **her))  # type: ignore[arg-type]
    yield made
    next(makers, None)


def park(house: House, slug: str, *recipients: str) -> list[UUID]:
    """Deliveries that were given up on, as the dispatcher leaves them."""
    tenant, entries = house.resident(slug).tenant.id, []
    with psycopg.connect(house.urls.needed("owner")) as db:
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


def test_an_administrator_sees_what_failed_in_words_and_tries_one_or_all_again(house: House) -> None:
    park(house, "north", "hook:quebec", f"tell:{uuid7()}", "tell")
    house.post("/t/north/fr/sign-in", data={"email": "a@exemple.ca", "password": PASSWORD})
    page = house.get("/t/north/fr/administration/deliveries")
    assert page.status_code == 200
    for word in ("3 envois", "Un message à une personne", "hooks.py:12", "Une référence a été reçue"):
        assert word in page.text, word
    forms = re.findall(
        r'name="entry" value="([\w-]+)"><input type="hidden" name="recipient" value="([^"]+)"', page.text
    )
    csrf = re.findall(r'name="_csrf" value="(\w+)"', page.text)[0]
    address = "/t/north/fr/administration/deliveries"
    one = {"_csrf": csrf, "entry": forms[0][0], "recipient": forms[0][1]}
    assert house.post(address, data=one).status_code == 303
    assert "2 envois" in house.get(address).text
    assert house.post(address, data=one).status_code == 303, "taken up already"
    assert house.post(address, data={"_csrf": csrf, "entry": "x"}).status_code == 303
    assert house.post(address, data={"_csrf": csrf, "all": "yes"}).status_code == 303
    assert "Tout a été livré" in house.get(address).text
    house.http.cookies.clear()


def test_through_the_api_only_an_administrator_of_this_tenant_takes_them_up(house: House) -> None:
    (entry,) = park(house, "north", "hook:quebec")
    base = "/t/north/api/admin/deliveries"
    admin, foreign = house.bearer("north", "administrator"), house.bearer("south", "administrator")
    (found,) = house.get(base, headers=admin).json()["deliveries"]
    assert (found["entry_id"], found["recipient"], found["verb"]) == (str(entry), "hook:quebec", "referral.received")
    body = {"entry": str(entry), "recipient": "hook:quebec"}
    assert house.post(f"{base}/try-again", json=body, headers=house.bearer("north", "coordinator")).status_code == 403
    assert house.get(base.replace("north", "south"), headers=foreign).json() == {"deliveries": []}
    south = f"{base}/try-again".replace("north", "south")
    assert house.post(south, json=body, headers=foreign).status_code == 404
    assert house.post(f"{base}/try-again", json=body, headers=admin).json() == {"taken_up": 1}
    assert house.post(f"{base}/try-again", json=body, headers=admin).status_code == 404
    assert house.post(f"{base}/try-all-again", headers=admin).json() == {"taken_up": 0}
    with psycopg.connect(house.urls.needed("owner")) as db:
        jobs = db.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'entry' = %s", [str(entry)]).fetchone()
    assert jobs == (1,)

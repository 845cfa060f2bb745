"""What a referrer may rely on when she tells us of somebody."""

from __future__ import annotations

from spheres_core.testing import World, definition


def test_a_referral_gets_a_receipt_that_tells_its_state(shared_world: World) -> None:
    world = shared_world.renew(definition("north", "quebec", "montreal"))

    sent = world.refer("north")
    assert sent.status_code == 201, sent.text

    asked = world.post("/t/north/api/receipts", json={"receipt": sent.json()["receipt"]})

    assert asked.json() == {"state": "received"}

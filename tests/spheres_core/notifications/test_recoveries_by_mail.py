"""A link for recovering access that leaves by mail: for the account's own address, its secret made at that moment."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from spheres_core.audit.events.delivery import deliver
from spheres_core.staff.operations import accounts, recoveries
from spheres_core.staff.schemas import RecoveryIssued

EMAIL = "sam.gagnon@exemple.ca"


def recover(sender: Any) -> tuple[UUID, RecoveryIssued]:
    async def story() -> tuple[UUID, RecoveryIssued]:
        async with sender.ctx() as ctx:
            who = await accounts.create_account(
                ctx, EMAIL, name="Sam Gagnon", roles=["liaison"], password="une lampe au bord du lac"
            )
            return who, await recoveries.issue_recovery(ctx, who)

    return sender.do(story())  # type: ignore[no-any-return]


def run_the_worker(sender: Any) -> None:
    async def story() -> None:
        async with sender.ctx() as ctx:
            rows = await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'recovery.issued'")
        await deliver(sender.runtime, sender.slug, rows[-1][0])

    sender.do(story())


def test_the_letter_goes_to_the_accounts_own_address_and_its_link_opens(sender: Any) -> None:
    sender.settle(channel="file")
    who, made = recover(sender)
    assert made.link is None
    assert sender.letters() == []

    run_the_worker(sender)

    (letter,) = sender.letters()
    text = letter.get_content()
    assert letter["To"] == EMAIL
    for word in ("Sam", "Gagnon", "liaison", "SPHÈRES"):
        assert word not in text
    (secret,) = set(re.findall(rf"/t/{sender.slug}/\w+/recovery#([\w-]{{43}})", text))

    async def opened() -> UUID:
        async with sender.ctx() as ctx:
            return (await recoveries.open_recovery(ctx, secret)).id

    assert sender.do(opened()) == who


def test_no_letter_leaves_for_a_link_that_was_taken_back(sender: Any) -> None:
    sender.settle(channel="file")
    who, _ = recover(sender)

    async def taking_back() -> None:
        async with sender.ctx() as ctx:
            await recoveries.revoke_recovery(ctx, who)

    sender.do(taking_back())
    run_the_worker(sender)

    assert sender.letters() == []

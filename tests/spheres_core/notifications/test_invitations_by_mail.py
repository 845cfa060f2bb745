"""An invitation that leaves by mail: its secret is made when it leaves, and lies nowhere."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from spheres_core.audit import queries as audit
from spheres_core.audit.events.delivery import DeliveryUnfinished, deliver
from spheres_core.notifications.operations import channels
from spheres_core.staff.account_details import DetailsInvalid
from spheres_core.staff.operations import invitations
from spheres_core.staff.schemas import InvitationIssued, InvitationPosted

POSTED = InvitationPosted(email="sam.gagnon@exemple.ca", name="Sam Gagnon", roles=("liaison",), language="en")


def invite(sender: Any, posted: InvitationPosted = POSTED) -> InvitationIssued:
    async def story() -> InvitationIssued:
        async with sender.ctx() as ctx:
            return await invitations.invite(ctx, posted)

    return sender.do(story())  # type: ignore[no-any-return]


def run_the_worker(sender: Any) -> bool:
    """Deliver what inviting owes; is all of it settled?"""

    async def story() -> bool:
        async with sender.ctx() as ctx:
            rows = await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'staff.invited'")
        try:
            await deliver(sender.runtime, sender.slug, rows[-1][0])
        except DeliveryUnfinished:
            return False
        return True

    return sender.do(story())  # type: ignore[no-any-return]


def looks(sender: Any, secret: str) -> bool:
    async def story() -> bool:
        async with sender.ctx() as ctx:
            try:
                await invitations.open_invitation(ctx, secret)
            except invitations.InvitationGone:
                return False
            return True

    return sender.do(story())  # type: ignore[no-any-return]


def test_the_letter_leaves_after_commit_says_no_more_than_it_must_and_its_link_opens(sender: Any) -> None:
    sender.settle(channel="file")
    made = invite(sender)
    assert made.link is None
    assert sender.letters() == []

    assert run_the_worker(sender)

    (letter,) = sender.letters()
    text = letter.get_content()
    assert letter["To"] == "sam.gagnon@exemple.ca"
    assert letter["Content-Language"] == "en-CA"
    for word in ("Sam", "Gagnon", "liaison", "SPHÈRES", "referral"):
        assert word not in text
    (secret,) = re.findall(rf"/t/{sender.slug}/en/invitation#([\w-]{{43}})", text)
    assert looks(sender, secret)
    assert sender.trail() == [
        ("invitation", made.id, {"notice": "invitation", "channel": "file", "cause": str(_entry(sender))})
    ]
    assert run_the_worker(sender), "a second worker sends nothing again"
    assert len(sender.letters()) == 1


def _entry(sender: Any) -> UUID:
    async def story() -> UUID:
        async with sender.ctx() as ctx:
            rows = await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'staff.invited'")
            return rows[0][0]  # type: ignore[no-any-return]

    return sender.do(story())  # type: ignore[no-any-return]


def test_mail_that_cannot_be_delivered_is_parked_and_a_link_can_be_handed_over(
    sender: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.settle(channel="file")
    made = invite(sender)
    monkeypatch.setattr(channels.os, "fsync", _refuse)
    for _ in range(8):
        settled = run_the_worker(sender)
    monkeypatch.undo()
    assert settled, "given up on"

    async def story() -> str:
        async with sender.ctx() as ctx:
            (parked,) = await audit.parked(ctx)
            assert parked.recipient == f"tell:{made.id}"
            again = await invitations.renew(ctx, made.id, hand_over=True)
        return str(again.link).rpartition("#")[2]

    assert looks(sender, sender.do(story()))


def _refuse(*_: Any) -> None:
    raise OSError("550 no such domain")


def test_with_mail_an_address_that_no_server_takes_is_refused_at_once(sender: Any) -> None:
    sender.settle(channel="file")
    with pytest.raises(DetailsInvalid) as refusal:
        invite(sender, InvitationPosted(email="sam@exemple..ca é", name="Sam", roles=("liaison",)))
    assert [each.path for each in refusal.value.errors] == ["email"]
    with pytest.raises(DetailsInvalid):
        invite(sender, InvitationPosted(email="é@exemple.ca", name="Sam", roles=("liaison",)))


def test_without_any_channel_nothing_is_written_and_the_link_comes_back(sender: Any) -> None:
    made = invite(sender)
    assert made.link is not None
    assert run_the_worker(sender)
    assert sender.files() == []

"""The demo's libraries: general tools about nobody, and something for a content editor to do."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec import structs

from spheres_core.cli.demo_data import advice, tools
from spheres_core.cli.demo_data.sign_ins import CONTENT_EDITOR, COORDINATOR
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.support.identifiers import find_identifiers
from spheres_core.support.queries.tool_work import Overview, overview
from spheres_core.testing import World, definition


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"))


def test_a_content_editor_finds_a_draft_a_review_a_reference_and_a_proposal(world: World) -> None:
    async def making(ctx: Context) -> Overview:
        ids = [
            await accounts.create_account(
                ctx, each.email("north"), name=each.name, roles=[each.role], password="un chat dort sous la lune"
            )
            for each in (CONTENT_EDITOR, COORDINATOR)
        ]
        await advice.ask_all(ctx, ids[1])
        await tools.write_all(ctx, *ids)
        return await overview(structs.replace(ctx, now=ctx.now + dt.timedelta(minutes=1)))

    work = world.act("north", making).work

    assert [each.code for each in work.drafts] == ["whom_to_reach"]
    assert [each.code for each in work.due] == ["before_a_referral"]
    assert [(each.code, each.broken[0].about) for each in work.broken] == [("sharing_in_a_team", "old_checklist")]
    assert work.proposals == 1


def test_no_word_of_the_demos_tools_could_identify_anybody() -> None:
    said = [text for each in tools.DEMO_TOOLS for words in (each.title, each.summary, each.text)
            for text in words.values()]  # fmt: skip

    assert [text for text in said if find_identifiers(text, today=dt.date(2026, 11, 29))] == []

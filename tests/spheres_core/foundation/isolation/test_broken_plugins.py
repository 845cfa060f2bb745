"""What a broken plugin can do to others: nothing. Each way to break stands here once, with what is said of it."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.isolation import plugin_import
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.web import routes
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[4] / "plugins"
GOOD: Final = ("quebec", "outaouais", "regional_intake")

SETTINGS: Final = "from msgspec import Struct\n"
TENANT_ID: Final = "Column('tenant_id', Uuid, primary_key=True)"
PERMIT: Final = "@hookimpl\ndef register_permissions(): "
VERB: Final = "@hookimpl\ndef register_trail_verbs(): "
NAVIGATE: Final = "@hookimpl\ndef register_navigation(): "
MODELS: Final = "from sqlalchemy import *\nfrom spheres_core.plugin import REFERRAL, TENANT\nmetadata = MetaData()\n"

BROKEN: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "raises_at_import": ({"hooks": "raise ValueError('no')"}, "hooks.py cannot be imported: ValueError: no"),
    "exits_at_import": ({"hooks": "raise SystemExit(3)"}, "hooks.py cannot be imported: SystemExit: 3"),
    "hangs_at_import": ({"hooks": "import time; time.sleep(3)"}, "hooks.py cannot be imported: TimeoutError"),
    "package_exits": (
        {"files": {"__init__.py": "import sys; sys.exit()"}},
        "__init__.py cannot be imported: SystemExit",
    ),
    "bad_syntax": ({"hooks": "def ("}, "hooks.py cannot be imported: SyntaxError"),
    "misspelt_hook": (
        {"hooks": "@hookimpl\ndef assess_eligibilty(referral): return None", "declares": ("assess_eligibilty",)},
        "Its hooks do not fit: unknown hook 'assess_eligibilty'",
    ),
    "misspelt_quietly": (
        {
            "hooks": "@hookimpl(optionalhook=True)\ndef assess_eligibilty(referral): return None",
            "declares": ("assess_eligibility",),
        },
        "plugin.toml and the code disagree on hooks: assess_eligibility",
    ),
    "unknown_argument": (
        {"hooks": "@hookimpl\ndef assess_eligibility(refferal): return None", "declares": ("assess_eligibility",)},
        "Its hooks do not fit",
    ),
    "keyword_only": (
        {"hooks": "@hookimpl\ndef assess_eligibility(*, referral): ...", "declares": ("assess_eligibility",)},
        "assess_eligibility: its arguments are plain names.",
    ),
    "async_question": (
        {"hooks": "@hookimpl\nasync def assess_eligibility(referral): ...", "declares": ("assess_eligibility",)},
        "assess_eligibility: hooks that begin with gather_, on_, export_ or erase_ are async, all others plain.",
    ),
    "plain_listener": (
        {"hooks": "@hookimpl\ndef on_referral_received(ctx): ...", "declares": ("on_referral_received",)},
        "on_referral_received: hooks that begin with gather_, on_, export_ or erase_ are async, all others plain.",
    ),
    "a_wrapper": (
        {
            "hooks": "@hookimpl(wrapper=True)\ndef assess_eligibility(referral):\n    return (yield)",
            "declares": ("assess_eligibility",),
        },
        "assess_eligibility is a wrapper; plugins have none.",
    ),
    "takes_a_rooms_hook": (
        {"hooks": "@hookimpl\ndef register_frame(): ...", "declares": ("register_frame",)},
        "register_frame is for rooms of the core only.",
    ),
    "undeclared_hook": (
        {"hooks": "@hookimpl\ndef assess_eligibility(referral): ..."},
        "plugin.toml and the code disagree on hooks: assess_eligibility",
    ),
    "absent_hook": (
        {"declares": ("assess_eligibility",)},
        "plugin.toml and the code disagree on hooks: assess_eligibility",
    ),
    "undeclared_route": (
        {
            "hooks": "@get('/a', guards=[public])\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
        },
        "plugin.toml and the code disagree on routes",
    ),
    "undeclared_table": (
        {"files": {"models.py": MODELS + "Table('undeclared_table_x', metadata, " + TENANT_ID + ")"}},
        "plugin.toml and the code disagree on tables: undeclared_table_x",
    ),
    "undeclared_permission": (
        {
            "hooks": PERMIT + "return [Permission('undeclared_permission.x', {'en': 'x'}, ())]",
            "declares": ("register_permissions",),
        },
        "plugin.toml and the code disagree on permissions: undeclared_permission.x",
    ),
    "widens_a_permission": (
        {
            "hooks": PERMIT + "return [Permission('referrals.read', {'en': 'x'}, ('anybody',))]",
            "declares": ("register_permissions",),
        },
        "register_permissions: referrals.read does not begin with widens_a_permission.",
    ),
    "takes_a_verb": (
        {
            "hooks": VERB + "return [TrailVerb('referral.received', {'en': 'x'})]",
            "declares": ("register_trail_verbs",),
        },
        "register_trail_verbs: referral.received does not begin with takes_a_verb.",
    ),
    "verb_that_tells": (
        {
            "hooks": VERB + "return [TrailVerb('verb_that_tells.x', {'en': 'x'}, tell=print)]",
            "declares": ("register_trail_verbs",),
        },
        "register_trail_verbs: verb_that_tells.x may have a title, whom it notifies, and on_own_entry.",
    ),
    "navigates_elsewhere": (
        {
            "hooks": NAVIGATE + "return [NavigationItem('refer', {'en': 'x'})]",
            "declares": ("register_navigation",),
        },
        "register_navigation: refer does not begin with x/navigates_elsewhere.",
    ),
    "unsortable": (
        {
            "hooks": NAVIGATE + "return [NavigationItem('x/unsortable', {'en': 'x'}, order='a')]",
            "declares": ("register_navigation",),
        },
        "register_navigation: Expected `int`, got `str`",
    ),
    "garbage_registered": (
        {"hooks": PERMIT + "return 42", "declares": ("register_permissions",)},
        "register_permissions gives a list of Permission.",
    ),
    "raises_registering": (
        {"hooks": PERMIT + "1 / 0", "declares": ("register_permissions",)},
        "register_permissions failed: ZeroDivisionError",
    ),
    "exits_registering": (
        {"hooks": NAVIGATE + "raise SystemExit", "declares": ("register_navigation",)},
        "register_navigation failed: SystemExit",
    ),
    "hangs_registering": (
        {
            "hooks": "import time\n" + PERMIT + "time.sleep(3)",
            "declares": ("register_permissions",),
        },
        "register_permissions failed: TimeoutError",
    ),
    "loose_settings": (
        {"hooks": "@hookimpl\ndef register_settings(): return dict", "declares": ("register_settings",)},
        "register_settings gives a frozen struct.",
    ),
    "settings_without_default": (
        {
            "hooks": SETTINGS + "class S(Struct, frozen=True):\n    a: int\n"
            "@hookimpl\ndef register_settings(): return S",
            "declares": ("register_settings",),
        },
        "Each setting has a default.",
    ),
    "false_anchor": (
        {
            "files": {"models.py": MODELS + "Table('staff', metadata, " + TENANT_ID + ", info={'anchor': True})"},
        },
        "staff is not a published anchor.",
    ),
    "loose_reference": (
        {
            "files": {
                "models.py": MODELS
                + "REFERRAL.stub(metadata)\nTable('loose_reference_x', metadata,"
                + TENANT_ID
                + ", Column('r', Uuid, primary_key=True),"
                " ForeignKeyConstraint(['tenant_id', 'r'], ['referrals.tenant_id', 'referrals.id']))"
            },
            "tables": ["loose_reference_x"],
        },
        "tenant_id, r of loose_reference_x: refer to an anchor or an own table, with CASCADE.",
    ),
    "garbage_models": ({"files": {"models.py": "metadata = 42"}}, "models.metadata is not a MetaData."),
    "open_route": (
        {
            "hooks": "@get('/a')\nasync def a() -> None: ...\n@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "/api/x/open_route/a has no guard.",
    ),
    "own_idea_of_a_guard": (
        {
            "hooks": "def let_in(c, h): ...\n@get('/a', guards=[let_in])\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "/api/x/own_idea_of_a_guard/a has no guard.",
    ),
    "unknown_permission": (
        {
            "hooks": "@get('/a', guards=[requires('unknown_permission.raed')])\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_pages(): return [a]",
            "declares": ("register_pages",),
            "routes": True,
        },
        "/{language:str}/x/unknown_permission/a: nobody registered the permission unknown_permission.raed.",
    ),
    "two_equal_routes": (
        {
            "hooks": "@get('/a', guards=[public])\nasync def a() -> None: ...\n@get('/a', guards=[public])\n"
            "async def b() -> None: ...\n@hookimpl\ndef register_controllers(): return [a, b]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "register_controllers: two routes are GET /a.",
    ),
    "garbage_routes": (
        {
            "hooks": "@hookimpl\ndef register_controllers(): return [42]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "register_controllers gives functions marked get, post, put, patch or delete.",
    ),
    "takes_a_name": (
        {
            "hooks": "@get('/a', guards=[public], name='own_sign_in')\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_pages(): return [a]",
            "declares": ("register_pages",),
            "routes": True,
        },
        "/{language:str}/x/takes_a_name/a: the name own_sign_in does not begin with takes_a_name_.",
    ),
    "takes_the_cores_name": (
        {
            "hooks": "@get('/a', guards=[public], name='api_partners')\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "/api/x/takes_the_cores_name/a: the name api_partners does not begin with takes_the_cores_name_.",
    ),
    "unbuildable_route": (
        {
            "hooks": "@get('/{a:nonsense}', guards=[public])\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "Its routes cannot be served",
    ),
    "needs_what_nobody_gives": (
        {
            "hooks": "from litestar.di import NamedDependency\n@get('/a', guards=[public])\n"
            "async def a(engine: NamedDependency[object]) -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "Its routes cannot be served",
    ),
    "keeps_answers": (
        {
            "hooks": "@get('/a', guards=[public], cache=60)\nasync def a() -> None: ...\n"
            "@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "/api/x/keeps_answers/a: an answer may not be kept for other callers.",
    ),
    "a_socket": (
        {
            "hooks": "from litestar import WebSocket, websocket\n@websocket('/a', guards=[public])\n"
            "async def a(socket: 'WebSocket') -> None: ...\n@hookimpl\ndef register_controllers(): return [a]",
            "declares": ("register_controllers",),
            "routes": True,
        },
        "register_controllers gives functions marked get, post, put, patch or delete.",
    ),
    "content_that_cannot_be_read": ({"files": {"partners.toml": "[[["}}, "Its content cannot be used"),
}

POISON: Final[dict[str, str | bytes]] = {
    "not_toml": "id = ",
    "not_utf8": b"\xff\xfe\x00",
    "nested": "a = " + "[" * 20_000,
    "another_id": 'manifest = 1\nid = "quebec"\n',
    "empty": "",
    "unknown_keys": "manifest = 1\nevil = true\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every broken plugin side by side, with poisoned manifests between them."""
    made = tmp_path_factory.mktemp("broken")
    for id_, (values, _) in BROKEN.items():
        plant(made, id_, **values)
    for id_, content in POISON.items():
        (made / id_).mkdir()
        (made / id_ / "plugin.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    (made / "a_folder_as_manifest" / "plugin.toml").mkdir(parents=True)
    (made / "a_circle").mkdir()
    (made / "a_circle" / "plugin.toml").symlink_to(made / "a_circle" / "plugin.toml")
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def beside(folder: Path) -> Machine:
    """Our plugins and the broken ones on one machine."""
    return discover([folder, OURS])


@pytest.fixture(scope="module", autouse=True)
def impatient() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plugin_import, "LOADING", 1.0)
        yield


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, beside: Machine) -> World:
    """A tenant that has all broken plugins at once beside one that has none."""
    return make_module_world(definition("east", *GOOD, *BROKEN, *POISON), definition("west", *GOOD), on=beside)


@pytest.mark.parametrize("id", BROKEN)
def test_a_broken_plugin_is_left_out_and_the_set_says_why(world: World, id: str) -> None:
    """Each is told by itself from all others, which break the same set beside it."""
    said = world.loaded("east").plugins.left_out[id]

    assert BROKEN[id][1] in said.msgid.format(**said.params)


def test_a_poisoned_manifest_is_named_with_its_place_and_nothing_else_suffers(beside: Machine) -> None:
    assert {*POISON, "a_folder_as_manifest"} <= set(beside.broken)
    assert all(finding.file == "plugin.toml" for each in beside.broken.values() for finding in each.findings)
    assert set(GOOD) <= set(beside.plugins)


def test_all_broken_plugins_at_once_take_nothing_from_a_tenant(world: World) -> None:
    assert set(world.loaded("east").plugins.left_out) == {*BROKEN, *POISON}
    assert set(world.loaded("east").plugins.plugins) == set(GOOD)
    for slug in ("east", "west"):
        assert world.get(f"/t/{slug}/fr/").status_code == 200
        assert world.get(f"/t/{slug}/api/openapi.json").status_code == 200
        assert world.refer(slug).status_code == 201


# ---- plugins that load, and then fail -------------------------------------------------------------------------------

ASSESS: Final = "@hookimpl\ndef assess_eligibility(referral):\n    "
FAILING: Final = {
    "raises": ASSESS + "raise ValueError",
    "exits": ASSESS + "raise SystemExit",
    "interrupts": ASSESS + "raise KeyboardInterrupt",
    "hangs": "import threading\nLET_GO = threading.Event()\n" + ASSESS + "LET_GO.wait(60)",
    "recurses": ASSESS + "return assess_eligibility(referral)",
    "answers_42": ASSESS + "return 42",
    "answers_none_as_reason": ASSESS + "return Opinion('fits', None)",
    "answers_an_unknown_outcome": ASSESS + "return Opinion('refuse', {'en': 'no'})",
    "answers_what_cannot_be_kept": ASSESS + "return Opinion('fits', Message('x', {'a': object()}))",
    "answers_nul": ASSESS + "return Opinion('fits', {'en': chr(0)})",
    "answers_half_a_character": ASSESS + "return Opinion('fits', {'en': chr(0xD800)})",
    "answers_without_end": ASSESS + "return Opinion('fits', {'en': 'a' * 10**7})",
    "answers_thousands": ASSESS + "return [Opinion('fits', {'en': 'a'})] * 10_000",
}
SPEAKS: Final = ASSESS + "return Opinion('fits', {'en': 'I am last', 'fr': 'Je suis la dernière'})"


@pytest.fixture
def failing(make_world: MakeWorld, tmp_path: Path, short_hook_deadline: None) -> Iterator[World]:
    for id_, hooks in FAILING.items():
        plant(tmp_path, id_, hooks, declares=("assess_eligibility",))
    plant(tmp_path, "zz_speaks", SPEAKS, declares=("assess_eligibility",))
    plant(tmp_path, "aa_speaks", SPEAKS, declares=("assess_eligibility",))
    on = discover([tmp_path, OURS])
    east = definition("east", "quebec", "outaouais", *FAILING, "aa_speaks", "zz_speaks")
    world = make_world(east, definition("west", "quebec", "outaouais", "hangs", "zz_speaks"), on=on)
    world.loaded("east")
    sys.modules["spheres_plugins.hangs.hooks"].LET_GO.clear()
    yield world
    sys.modules["spheres_plugins.hangs.hooks"].LET_GO.set()


def read_newest(world: World, slug: str) -> dict[str, Any]:
    headers = world.bearer(slug, "coordinator")
    newest = world.get(f"/t/{slug}/api/referrals", headers=headers).json()["items"][0]["id"]
    answer = world.get(f"/t/{slug}/api/referrals/{newest}", headers=headers)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


def test_a_question_that_fails_in_one_plugin_is_answered_by_all_others(failing: World) -> None:
    assert failing.refer("east").status_code == 201

    read = read_newest(failing, "east")
    assert set(read["missing_opinions"]) == set(FAILING)
    assert {each["by"] for each in read["opinions"]} == {"referrals", "aa_speaks", "zz_speaks"}


def test_a_hanging_plugin_costs_a_tenant_one_deadline_and_leaves_one_thread_behind(failing: World) -> None:
    def asking() -> set[threading.Thread]:
        return {each for each in threading.enumerate() if each.name == "spheres-ask-assess_eligibility"}

    before = asking()
    failing.refer("east")
    answers = [failing.refer("east") for _ in range(5)]

    assert [each.status_code for each in answers] == [201] * 5
    assert len(asking() - before) == 1
    assert "hangs" in read_newest(failing, "east")["missing_opinions"]


def test_another_tenant_asks_the_plugin_anew(failing: World) -> None:
    failing.refer("east")
    sys.modules["spheres_plugins.hangs.hooks"].LET_GO.set()

    failing.refer("west")

    assert read_newest(failing, "west")["missing_opinions"] == []


ROUTES: Final = """
import asyncio

@get("/raises", guards=[public])
async def raises() -> None:
    raise ValueError("a secret word")

@get("/exits", guards=[public])
async def exits() -> None:
    raise SystemExit(1)

@get("/exits-in-a-thread", guards=[public], sync_to_thread=True)
def exits_in_a_thread() -> None:
    raise SystemExit(1)

@get("/interrupts", guards=[public])
async def interrupts() -> None:
    raise KeyboardInterrupt

@get("/never-answers", guards=[public])
async def never_answers() -> None:
    await asyncio.sleep(60)

@get("/cannot-be-written", guards=[public])
async def cannot_be_written() -> dict[str, object]:
    return {"a": object()}

@get("/answers", guards=[public])
async def answers() -> dict[str, int]:
    return {"a": 1}

@hookimpl
def register_controllers():
    return [raises, exits, exits_in_a_thread, interrupts, never_answers, cannot_be_written, answers]
"""


@pytest.mark.parametrize(
    "route", ["raises", "exits", "exits-in-a-thread", "interrupts", "never-answers", "cannot-be-written"]
)
def test_a_plugins_route_fails_by_itself(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    plant(tmp_path, "failing_routes", ROUTES, declares=("register_controllers",), routes=True)
    world = make_world(definition("east", "quebec", "failing_routes"), on=discover([tmp_path, OURS]))

    with monkeypatch.context() as hurried:
        if route == "never-answers":
            hurried.setattr(routes, "DEADLINE", 0.2)
        failed = world.get(f"/t/east/api/x/failing_routes/{route}")

    assert (failed.status_code, failed.json()["code"]) == (500, "unexpected")
    assert "secret" not in failed.text
    assert world.get("/t/east/api/x/failing_routes/answers").json() == {"a": 1}
    assert world.get("/t/east/fr/").status_code == 200


CHECK: Final = "@hookimpl\ndef check_referral(referral):\n    "


@pytest.mark.parametrize("body", ["raise ValueError", "return 42", "return [Problem(Message('no'))]"])
def test_a_safeguard_refuses_also_when_it_fails(make_world: MakeWorld, tmp_path: Path, body: str) -> None:
    plant(tmp_path, "a_safeguard", CHECK + body, declares=("check_referral",), safeguards=["check_referral"])
    world = make_world(definition("east", "quebec", "outaouais", "a_safeguard"), on=discover([tmp_path, OURS]))

    assert world.refer("east").status_code == 422
    assert world.get("/t/east/api/referrals", headers=world.bearer("east", "coordinator")).json()["items"] == []


def test_a_safeguard_that_cannot_be_loaded_refuses_too(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "a_lost_guard", "raise ValueError", declares=("check_referral",), safeguards=["check_referral"])
    world = make_world(
        definition("east", "quebec", "outaouais", "a_lost_guard"),
        definition("west", "quebec", "outaouais"),
        on=discover([tmp_path, OURS]),
    )

    refused = world.refer("east")

    assert refused.status_code == 422
    assert [each["code"] for each in refused.json()["errors"]] == ["safeguard"]
    assert world.refer("west").status_code == 201


def test_a_problem_that_is_no_safeguards_is_shown_to_staff(make_world: MakeWorld, tmp_path: Path) -> None:
    body = "return [Problem({'en': 'Look at this', 'fr': 'À regarder'}, code='look')]"
    plant(tmp_path, "a_watcher", CHECK + body, declares=("check_referral",))
    world = make_world(definition("east", "quebec", "outaouais", "a_watcher"), on=discover([tmp_path, OURS]))
    assert world.refer("east").status_code == 201

    said = {each["by"]: each for each in read_newest(world, "east")["opinions"]}["a_watcher"]

    assert (said["outcome"], said["code"]) == ("a_person_decides", "look")


def test_what_is_no_safeguard_cannot_refuse(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "a_warning", CHECK + "raise ValueError", declares=("check_referral",))
    world = make_world(definition("east", "quebec", "outaouais", "a_warning"), on=discover([tmp_path, OURS]))

    assert world.refer("east").status_code == 201
    assert read_newest(world, "east")["missing_opinions"] == ["a_warning"]

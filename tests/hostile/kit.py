"""Plugins that mean harm, each in one way, and what becomes of it. `python -m tests.hostile.kit` writes the page.

Those that are merely broken stand in tests/spheres_core/foundation/isolation/test_broken_plugins.py.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from spheres_core.foundation.plugins import signatures
from tests.hostile.uploads import UPLOADS
from tests.plugins.planting import plant
from tests.spheres_core.foundation.isolation.test_broken_plugins import BROKEN

PAGE: Final = Path(__file__).parents[2] / "docs" / "hostile-plugins.md"
Outcome = Literal["blocked", "only detected", "not contained"]


class Hostile(NamedTuple):
    """One plugin: what it tries, what becomes of that, where and how."""

    tries: str
    outcome: Outcome
    how: str
    plant: Callable[[Path, str], Path]
    on: bool = False
    """It loads, and the tests' tenant has it."""


def question(body: str) -> Callable[[Path, str], Path]:
    """A plugin whose opinion does this."""
    code = "@hookimpl\ndef assess_eligibility(referral):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    return lambda folder, id_: plant(folder, id_, code, declares=("assess_eligibility",))


def route(body: str, path: str = "/try") -> Callable[[Path, str], Path]:
    """A plugin with an address for anybody that does this; `ctx` and the query's `other` are at hand."""
    code = (
        "from typing import Any\nfrom litestar import Response\nfrom litestar.params import FromQuery\n"
        "from spheres_core.plugin import Context\n"
        f"@get('{path}', guards=[public])\nasync def attempt(ctx: Context, other: FromQuery[str] = '') -> Any:\n"
        + "".join(f"    {line}\n" for line in body.split("\n"))
        + "@hookimpl\ndef register_controllers():\n    return [attempt]\n"
    )
    return lambda folder, id_: plant(folder, id_, code, declares=("register_controllers",), routes=True)


def slot(panel: str, template: str = "") -> Callable[[Path, str], Path]:
    """A plugin with this panel on the public home page, and this template."""
    code = f"from spheres_core.plugin import Panel\n@hookimpl\ndef show_home():\n    return {panel}\n"

    def make(folder: Path, id_: str) -> Path:
        files = {f"templates/{id_}/panel.html": template} if template else {}
        return plant(folder, id_, code.replace("ID", id_), declares=("show_home",), files=files)

    return make


def gathering(statement: str) -> Callable[[Path, str], Path]:
    """A plugin whose opinion wants what this statement gathers."""
    code = (
        "from msgspec import Struct\nfrom sqlalchemy import Column, Integer, MetaData, Table, func, insert, select\n"
        "from spheres_core.plugin import prepare\nreferrals = Table('referrals', MetaData(), Column('id', Integer()))\n"
        "class Own(Struct, frozen=True):\n    number: int\n"
        f"@hookimpl\nasync def gather_own(ctx):\n    return Own(await ctx.db.scalar(prepare({statement})))\n"
        "@hookimpl\ndef assess_eligibility(referral, own):\n    return Opinion('fits', {'fr': str(own.number)})\n"
    )
    return lambda folder, id_: plant(folder, id_, code, declares=("gather_own", "assess_eligibility"))


def importing(line: str) -> Callable[[Path, str], Path]:
    """A plugin that does this while it is imported."""
    return lambda folder, id_: plant(folder, id_, line)


def migrating(*statements: str) -> Callable[[Path, str], Path]:
    """A plugin whose migration does this."""
    lines = "".join(f"    op.execute({each!r})\n" for each in statements)

    def make(folder: Path, id_: str) -> Path:
        revision = f"revision = '{id_}_0001'\ndown_revision = None\n"
        code = f"from alembic import op\n{revision}\ndef upgrade():\n{lines}\ndef downgrade():\n    pass\n"
        return plant(folder, id_, files={"migrations/0001_harm.py": code})

    return make


def going_back(*statements: str) -> Callable[[Path, str], Path]:
    """A plugin with a table of its own whose migration does this on its way back."""
    lines = "".join(f"    op.execute({each!r})\n" for each in statements)

    def make(folder: Path, id_: str) -> Path:
        head = f"from alembic import op\nrevision = '{id_}_0001'\ndown_revision = None\n"
        there = f"def upgrade():\n    op.execute('CREATE TABLE {id_}_kept (tenant_id uuid)')\n"
        back = f"def downgrade():\n    op.execute('DROP TABLE {id_}_kept')\n{lines}"
        return plant(folder, id_, files={"migrations/0001_kept.py": head + there + back})

    return make


def with_files(**files: str) -> Callable[[Path, str], Path]:
    """A plugin with these files; `{id}` in names and texts is its id, `__` a slash."""

    def make(folder: Path, id_: str) -> Path:
        named = {name.replace("__", "/").replace("DOT", "."): text for name, text in files.items()}
        return plant(folder, id_, files={name.replace("ID", id_): text for name, text in named.items()})

    return make


def outward_link(folder: Path, id_: str) -> Path:
    """A form that is a link to a file of the machine."""
    root = plant(folder, id_)
    (root / "forms").mkdir()
    (root / "forms" / "secrets.md").symlink_to("/etc/passwd")
    return root


def bomb(folder: Path, id_: str) -> Path:
    """A small workbook that unfolds into very much."""
    root = plant(folder, id_)
    (root / "forms").mkdir()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    (root / "forms" / "bomb.xlsx").write_bytes(packed.getvalue())
    return root


def registering(*pairs: str) -> Callable[[Path, str], Path]:
    """A plugin that registers this: hooks and what each lists; `ID` is its id."""

    def make(folder: Path, id_: str) -> Path:
        given = [*zip(pairs[::2], pairs[1::2], strict=True)]
        code = "from spheres_core.plugin import Schedule\n"
        code += "".join(f"@hookimpl\ndef {hook}():\n    return [{each.replace('ID', id_)}]\n" for hook, each in given)
        permissions = [f"{id_}.read"] if len(given) > 1 else []
        return plant(folder, id_, code, declares=tuple(hook for hook, _ in given), permissions=permissions)

    return make


def reporting(table: str, column: str) -> Callable[[Path, str], Path]:
    """A plugin with a table of stories, and a report over this table by this column."""
    stories = (
        "from sqlalchemy import Column, MetaData, Table, Text, Uuid\nfrom spheres_core.plugin import TENANT\n"
        "metadata = MetaData()\nTENANT.stub(metadata)\nTable('ID_stories', metadata, Column('tenant_id', Uuid(),"
        " primary_key=True), Column('story', Text(), primary_key=True), TENANT.reference())\n"
    )
    code = (
        "from spheres_core.plugin import Report, ReportColumn\n@hookimpl\ndef register_reports():\n"
        f"    by = (ReportColumn({column!r}, {{'en': 'x'}}),)\n"
        f"    return [Report('ID.all', 'referrals.read', {table!r}, by, counts={{'en': 'x'}})]\n"
    )

    def make(folder: Path, id_: str) -> Path:
        files = {"models.py": stories.replace("ID", id_)}
        return plant(folder, id_, code.replace("ID", id_), declares=("register_reports",), files=files,
                     tables=[f"{id_}_stories"], reports={f"{id_}.all": {"fr": "Tout", "en": "All"}})  # fmt: skip

    return make


def static_link(folder: Path, id_: str) -> Path:
    """A static file that is a link to a file of the machine."""
    root = plant(folder, id_, files={"static/bus.svg": "<svg/>"})
    (root / "static" / "words.json").symlink_to("/etc/passwd")
    return root


def signed_and_changed(folder: Path, id_: str) -> Path:
    """A plugin whose bill is signed, and one file is no longer as the bill says."""
    root = plant(folder, id_)
    key = folder / f"{id_}.key"
    signatures.make_key(key)
    signatures.sign(root, key, signatures.contents_of(root, id_, "1.0"))
    (root / "hooks.py").write_text((root / "hooks.py").read_text() + "\nHARM = True\n")
    return root


def taking_a_name(taken: str) -> Callable[[Path, str], Path]:
    """A plugin with a name of the core's."""
    migration = "revision = 'x'\ndown_revision = None\n\ndef upgrade(): pass\ndef downgrade(): pass\n"
    permit = f"@hookimpl\ndef register_permissions(): return [Permission('{taken}.read', {{'en': 'x'}}, ('anybody',))]"
    return lambda folder, _: plant(
        folder / "names", taken, permit, declares=("register_permissions",), permissions=[f"{taken}.read"],
        files={"migrations/0001_x.py": migration},
    )  # fmt: skip


PO: Final = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
HARM: Final = (
    "# Welcome\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[here](javascript:alert(1))\n\n"
    "{{ 7*7 }} {% include 'root.html' %}\n"
)
REDOS: Final = (
    "| survey |\n| | type | name | label::Français (fr) | label::English (en) | constraint |\n"
    "| | text | a | Texte | Text | regex(., '^(a+)+$') |\n"
)
SLY: Final = (
    "await ctx.db.sql(\"DO $$ BEGIN EXECUTE 'SELECT set_' || 'config(''app.' || 'tenant'', ''\" + other + \"'', true)';"
    ' END $$")\nreturn (await ctx.db.sql("SELECT count(*) FROM referrals"))[0][0]'
)

KIT: Final[dict[str, Hostile]] = {
    # what it is asked
    "hostile_spoils_facts": Hostile(
        "Forces frozen facts open and empties their mappings, so that those asked after it see others.",
        "blocked",
        "each code plugin is asked with a copy of its own (`foundation/isolation/hook_calls.py`)",
        question(
            "import msgspec\nmsgspec.structs.force_setattr(referral, 'community', 'nowhere')\nreferral.meanings.clear()"
        ),
        on=True,
    ),
    "hostile_long_answer": Hostile(
        "Answers a question with ten megabytes.",
        "blocked",
        "an answer has 20 kB at most; its opinion is missing, which staff is told",
        question("return Opinion('fits', {'fr': 'x' * 10_000_000})"),
        on=True,
    ),
    "hostile_many_answers": Hostile(
        "Answers a question ten thousand times.",
        "blocked",
        "a question is answered 50 times at most; its opinion is missing",
        question("return [Opinion('fits', {'fr': 'x'})] * 10_000"),
        on=True,
    ),
    "hostile_false_answer": Hostile(
        "Answers with an object that only looks like an opinion.",
        "blocked",
        "the type must be the very one; its opinion is missing",
        question("return type('Opinion', (Opinion,), {}, frozen=True)('fits', {'fr': 'x'})"),
        on=True,
    ),
    "hostile_script_in_words": Hostile(
        "Puts a script and a template into the words that staff reads.",
        "blocked",
        "words are text everywhere: escaped in pages, never rendered as a template",
        question(
            "return Opinion('fits', {'fr': '<script>alert(1)</script> {{ 7*7 }} {referral.__class__}',"
            " 'en': '<script>alert(1)</script> {{ 7*7 }} {referral.__class__}'})"
        ),
        on=True,
    ),
    "hostile_format_string": Hostile(
        "Writes a sentence whose placeholders reach into objects.",
        "blocked",
        "placeholders are plain names; anything else stays as it is written",
        question(
            "return Opinion('fits', Message('{x.__class__.__mro__} {x[0]} {x!r}', {'x': 'secret'},"
            " domain='hostile_format_string'))"
        ),
        on=True,
    ),
    # its addresses
    "hostile_reads_another_tenant": Hostile(
        "Asks by plain SQL for another tenant's rows, by that tenant's id.",
        "blocked",
        "row-level security: the database shows the rows of the transaction's tenant only",
        route('return (await ctx.db.sql("SELECT count(*) FROM referrals WHERE tenant_id = $1::uuid", other))[0][0]'),
        on=True,
    ),
    "hostile_becomes_another_tenant": Hostile(
        "Sets the transaction's tenant to another.",
        "blocked",
        "`ctx.db.sql` and prepared statements refuse whatever names the tenant, the role or the transaction's end",
        route(
            "await ctx.db.sql(\"SELECT set_config('app.tenant', $1, true)\", other)\n"
            'return (await ctx.db.sql("SELECT count(*) FROM referrals"))[0][0]'
        ),
        on=True,
    ),
    "hostile_becomes_another_slyly": Hostile(
        "Does the same with a statement that is put together inside the database.",
        "not contained",
        "the application's role may name its tenant; code that means harm can. Untrusted authors ship packs",
        route(SLY),
        on=True,
    ),
    "hostile_commits": Hostile(
        "Commits what a refusal should undo.",
        "blocked",
        "`ctx.db.sql` refuses to end the transaction",
        route('await ctx.db.sql("COMMIT")\nreturn 1'),
        on=True,
    ),
    "hostile_sets_a_cookie": Hostile(
        "Sets the cookie by which staff is signed in.",
        "blocked",
        "answers of a plugin's addresses lose `Set-Cookie` and `Clear-Site-Data` (`foundation/web/routes.py`)",
        route("return Response({}, headers={'set-cookie': f'spheres_{ctx.tenant.slug}=chosen; Path=/'})"),
        on=True,
    ),
    "hostile_loosens_the_policy": Hostile(
        "Answers with a Content-Security-Policy that allows everything.",
        "blocked",
        "the request scope adds its own; a browser obeys both, so the stricter one",
        route("return Response({}, headers={'content-security-policy': 'default-src *'})"),
        on=True,
    ),
    "hostile_climbs_out": Hostile(
        "Registers an address that climbs to one of the core's.",
        "blocked",
        "the address stands literally below `/api/x/<plugin>`; the core's own answers as before",
        route("return 'mine'", path="/../../referrals"),
        on=True,
    ),
    "hostile_exits_in_a_route": Hostile(
        "Ends the process while it answers.",
        "blocked",
        "a 500 with an incident number; the process goes on",
        route("import sys\nsys.exit(3)"),
        on=True,
    ),
    "hostile_own_lifespan": Hostile(
        "Brings a router of its own, with start-up code and middleware.",
        "blocked",
        "only functions marked get, post, put, patch or delete are taken; left out",
        lambda folder, id_: plant(
            folder,
            id_,
            "from litestar import Router\n@hookimpl\ndef register_controllers():"
            " return [Router('/a', route_handlers=[])]",
            declares=("register_controllers",),
            routes=True,
        ),
    ),
    # its panels and what it gathers
    "hostile_megabyte_in_a_slot": Hostile(
        "Shows a megabyte on the public home page.",
        "blocked",
        "a panel has 20 kB, each slot its room (`docs/hooks.md`); a sentence stands in its place",
        slot("Panel({'fr': 'masses' * 200_000})"),
        on=True,
    ),
    "hostile_slot_that_hangs": Hostile(
        "Never finishes its panel.",
        "blocked",
        "a panel has half a second; its sentence stands there, and after a few times it is left out of the way",
        slot("__import__('threading').Event().wait(20)"),
        on=True,
    ),
    "hostile_script_in_a_slot": Hostile(
        "Shows a fragment with a script.",
        "blocked",
        "a fragment with a script, a form, a style or a frame is not shown; any other is cleaned"
        " (`foundation/web/panels.py`)",
        slot("Panel({'fr': 'x'}, template='ID/panel.html')", "<script>alert(1)</script>"),
        on=True,
    ),
    "hostile_slot_of_another": Hostile(
        "Shows another plugin's template, or one of the core's, as its own.",
        "blocked",
        "a panel has a template of its own plugin",
        slot("Panel({'fr': 'x'}, template='site/administration.html')"),
        on=True,
    ),
    "hostile_gathers_referrals": Hostile(
        "Reads a table of the core before it is asked.",
        "blocked",
        "`gather_own` reads the plugin's own tables only, by prepared queries without plain SQL"
        " (`foundation/database/own_tables.py`); its opinion is missing",
        gathering("select(func.count()).select_from(referrals)"),
        on=True,
    ),
    "hostile_writes_while_gathering": Hostile(
        "Writes while it gathers.",
        "blocked",
        "only queries are taken, in a savepoint that is read-only and always undone",
        gathering("insert(referrals).values(id=1).returning(referrals.c.id)"),
        on=True,
    ),
    "hostile_hides_the_way_out": Hostile(
        "Fills the block of the layout in which the way out of a page stands.",
        "blocked",
        "templates fill the blocks of the page kit and no other; left out (`foundation/web/plugin_templates.py`)",
        with_files(templates__ID__aDOThtml='{% extends "base.html" %}{% block leave %}{% endblock %}'),
    ),
    "hostile_includes_anothers_page": Hostile(
        "Includes a page of the core that is not published, to show what stands there.",
        "blocked",
        "templates use their own plugin's and the page kit; left out",
        with_files(templates__ID__aDOThtml='{% include "site/administration.html" %}'),
    ),
    # its names
    "hostile_takes_the_cores_name": Hostile(
        "Calls itself `core`, so that its migrations stand in the core's place.",
        "blocked",
        "ids of the core's components are refused when plugin.toml is read",
        taking_a_name("core"),
    ),
    "hostile_takes_a_rooms_name": Hostile(
        "Calls itself `referrals`, so that the room's permissions begin with its id.",
        "blocked",
        "a name that is taken cannot be registered again; left out",
        taking_a_name("referrals"),
    ),
    "hostile_cyclic_import": Hostile(
        "Imports itself in a circle.",
        "blocked",
        "left out, with the reason",
        lambda folder, id_: plant(
            folder,
            id_,
            "from .a import x",
            files={"a.py": "from .b import y\nx = 1", "b.py": "from .a import x\ny = 1"},
        ),
    ),
    "hostile_false_default": Hostile(
        "Has a setting whose default is not of its own kind.",
        "blocked",
        "defaults are converted once when the plugin is loaded; left out",
        lambda folder, id_: plant(
            folder,
            id_,
            "from msgspec import Struct\nclass S(Struct, frozen=True):\n    days: int = 'many'\n"
            "@hookimpl\ndef register_settings(): return S",
            declares=("register_settings",),
        ),
    ),
    # its words and content
    "hostile_overwrites_a_string": Hostile(
        "Ships a catalog called like the core's.",
        "blocked",
        "of a plugin only `<id>.po` is read, and it speaks for the plugin's own sentences",
        with_files(
            locales__fr_CA__LC_MESSAGES__spheresDOTpo=PO.format("Refer someone", "Cliquez ici"),
            locales__fr_CA__LC_MESSAGES__IDDOTpo=PO.format("Refer someone", "Cliquez ici"),
        ),
        on=True,
    ),
    "hostile_overrides_a_template": Hostile(
        "Ships templates with the names of the core's.",
        "blocked",
        "the core's templates come first",
        with_files(templates__site__bare_errorDOThtml="taken over", templates__site__frameDOThtml="taken over"),
        on=True,
    ),
    "hostile_takes_a_template": Hostile(
        "Ships templates with the names of another plugin's.",
        "blocked",
        "templates of code are found by names that begin with their plugin's id; those of packs never"
        " (`foundation/web/rendering.py`)",
        with_files(templates__regional_intake__pageDOThtml="taken over", templates__ID__ownDOThtml="its own words"),
        on=True,
    ),
    "hostile_climbing_catalog": Hostile(
        "Declares a language whose catalog lies elsewhere on the machine.",
        "blocked",
        "a language's catalog is found by its registered tag only",
        lambda folder, id_: _declaring(folder, id_, "../../../../etc"),
    ),
    "hostile_link_outward": Hostile(
        "Ships a form that is a link to a file of the machine.",
        "blocked",
        "content files outside the plugin's folder are not read (and `spheres plugin check` B1 names them)",
        outward_link,
        on=True,
    ),
    "hostile_zip_bomb": Hostile(
        "Ships a workbook of a few kilobytes that unfolds into gigabytes.",
        "blocked",
        "its size is read before it is unfolded; left out",
        bomb,
    ),
    # what it registers beside its answers
    "hostile_restless_schedule": Hostile(
        "Asks to be called every second.",
        "blocked",
        "schedules are full hours, each named once; left out (`foundation/plugins/schedules.py`)",
        registering("register_schedules", "Schedule('ID.always', {'en': 'x'}, tuple(n / 3600 for n in range(86400)))"),
    ),
    "hostile_greedy_role": Hostile(
        "Brings a role and gives it what the core permits.",
        "blocked",
        "a plugin registers permissions of its own only; left out",
        registering("register_permissions", "Permission('referrals.read', {'en': 'x'}, ('ID.all',))"),
    ),
    "hostile_report_of_others": Hostile(
        "Declares a report over a table of the core.",
        "blocked",
        "a report is over a table of the plugin's own, and the core writes its query; left out"
        " (`foundation/plugins/reports.py`)",
        reporting("referrals", "state"),
    ),
    "hostile_report_of_words": Hostile(
        "Declares a report that groups by a free text.",
        "blocked",
        "dates, numbers, organizations and codes are read, and of a text its declared codes only; left out",
        reporting("ID_stories", "story"),
    ),
    "hostile_telling_notice": Hostile(
        "Notifies by mail with a title that tells a bystander what this is about.",
        "blocked",
        "titles of notices are looked through when the plugin is loaded; left out (`notifications/notices.py`)",
        registering(
            "register_trail_verbs",
            "TrailVerb('ID.x', {'en': 'A girl waits for the police'}, notifies='ID.read')",
            "register_permissions",
            "Permission('ID.read', {'en': 'x'}, ('coordinator',))",
        ),
    ),
    "hostile_static_link": Hostile(
        "Links a static file to a file of the machine.",
        "blocked",
        "a link out of the folder is refused; files are read once and found by their names alone"
        " (`foundation/web/plugin_files.py`)",
        static_link,
    ),
    "hostile_calls_undeclared": Hostile(
        "Calls an address that its manifest does not name.",
        "blocked",
        "`call_outside` calls declared addresses only, after commit, and follows no redirect"
        " (`foundation/tenancy/outside_calls.py`). Code that opens a connection by itself is not contained",
        route(
            "from spheres_core.plugin import OutsideCallFailed, call_outside\ntry:\n"
            "    await call_outside(ctx, 'hostile_calls_undeclared', 'POST', 'https://example.org/')\n"
            "except OutsideCallFailed as failed:\n    return str(failed)"
        ),
        on=True,
    ),
    "hostile_prints_secrets": Hostile(
        "Writes its settings, with their secrets, to the screen, into every log, and into an error.",
        "blocked",
        "a `Secret` says only whether it is set, however it is printed; logs hold named fields and kinds of errors"
        " only (`foundation/logs.py`)",
        route(
            "import json, logging, structlog\nfrom spheres_core.plugin import Secret\n"
            "own = Secret('quiet key')\nprint(own, repr(own), f'{own}', '%s' % own, vars(type(own)).keys())\n"
            "logging.getLogger('x').error('%s %r', own, own)\n"
            "structlog.get_logger('x').error('x', reason=own, words='quiet ' + 'words')\n"
            "raise ValueError(f'{own} {own!r}')"
        ),
        on=True,
    ),
    "hostile_reveals_a_secret": Hostile(
        "Reveals a secret of its own settings and prints it.",
        "not contained",
        "whoever reveals a secret has it: the preview says which plugin has secrets, and what it sends where",
        route("from spheres_core.plugin import Secret\nprint(Secret('loud key').reveal())\nreturn 'printed'"),
        on=True,
    ),
    "hostile_changed_after_signing": Hostile(
        "Is signed, and changed afterwards.",
        "blocked",
        "where `SPHERES_TRUSTED_KEYS` asks for signed code, each file must have the hash that was signed"
        " (`foundation/plugins/signatures.py`)",
        signed_and_changed,
    ),
    "hostile_downgrade": Hostile(
        "Has a way back that drops a table of the core beside its own.",
        "blocked",
        "what a way back leaves changed of another's tables is undone, as of a way there"
        " (`foundation/database/table_ownership.py`); and `spheres plugin downgrade` refuses without an archive of"
        " every row (`tests/spheres_core/cli/plugin/test_downgrade.py`)",
        going_back("DROP TABLE deliveries"),
    ),
    "hostile_slow_pattern": Hostile(
        "Ships a form with a pattern that takes for ever on some answers.",
        "blocked",
        "patterns whose cost grows too fast are refused by the form linter; left out",
        with_files(forms__slowDOTmd=REDOS),
    ),
    "hostile_script_in_a_page": Hostile(
        "Puts scripts, `javascript:` links and templates into a page.",
        "blocked",
        "pages are cleaned to a few harmless tags and are no templates; the policy allows no inline script",
        lambda folder, id_: plant(folder, id_, files={f"pages/{tag}/home.md": HARM for tag in ("fr", "en")}),
        on=True,
    ),
    # its migrations
    "hostile_drops_a_core_table": Hostile(
        "Drops a table of the core in its migration.",
        "blocked",
        "a revision that leaves another's table changed is undone (`foundation/database/table_ownership.py`)",
        migrating("DROP TABLE deliveries"),
    ),
    "hostile_opens_row_security": Hostile(
        "Adds a policy that shows every tenant's rows.",
        "blocked",
        "the same: policies, rights, triggers and keys count",
        migrating("CREATE POLICY all_of_it ON referrals TO spheres_app USING (true)"),
    ),
    "hostile_foreign_table": Hostile(
        "Makes a table that does not begin with its id.",
        "blocked",
        "the same",
        migrating("CREATE TABLE somebody_elses (id int)"),
    ),
    "hostile_spies_by_trigger": Hostile(
        "Hangs a trigger on a table of the core.",
        "blocked",
        "the same",
        migrating(
            "CREATE FUNCTION hostile_spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER spy BEFORE INSERT ON referrals FOR EACH ROW EXECUTE FUNCTION hostile_spy()",
        ),
    ),
    "hostile_changes_rows": Hostile(
        "Changes rows of the core in its migration.",
        "not contained",
        "migrations run as the owner of all tables; whoever installs code reads its migrations first",
        migrating("UPDATE tenants SET illustrative = NOT illustrative"),
    ),
    # its import
    "hostile_network_in_import": Hostile(
        "Opens a connection while it is imported.",
        "only detected",
        "`spheres plugin check`, rule B3",
        importing(
            "import socket\ns = socket.socket()\ns.settimeout(0.1)\ntry: s.connect(('127.0.0.1', 9))\n"
            "except OSError: pass\nfinally: s.close()"
        ),
    ),
    "hostile_thread_in_import": Hostile(
        "Starts a thread while it is imported.",
        "only detected",
        "`spheres plugin check`, rule B3",
        importing("import threading\nthreading.Thread(target=print, daemon=True).start()"),
    ),
    "hostile_environment_in_import": Hostile(
        "Changes the environment while it is imported.",
        "only detected",
        "`spheres plugin check`, rule B3",
        importing("import os\nos.environ['SPHERES_DATABASE_URL'] = 'elsewhere'"),
    ),
    "hostile_file_in_import": Hostile(
        "Writes a file while it is imported.",
        "only detected",
        "`spheres plugin check`, rule B3",
        importing("import tempfile\ntempfile.TemporaryFile().close()"),
    ),
    "hostile_patches_the_core": Hostile(
        "Replaces a function of the core while it is imported.",
        "only detected",
        "`spheres plugin check`, rule B3",
        importing("from spheres_core.foundation.web import guards\nguards.permission_of = lambda guard: ''"),
    ),
}


def _declaring(folder: Path, id_: str, language: str) -> Path:
    root = plant(folder, id_)
    path = root / "plugin.toml"
    path.write_text(path.read_text().replace('"fr-CA", "en-CA"', f'"fr-CA", "en-CA", "{language}"'))
    return root


def page() -> str:
    """docs/hostile-plugins.md."""
    rows = [f"| `{id_}` | {each.tries} | **{each.outcome}** | {each.how} |" for id_, each in KIT.items()]
    broken = [f"| `{id_}` | {said.replace('|', '/')} |" for id_, (_, said) in BROKEN.items()]
    lines = [
        "# Hostile plugins",
        "",
        "<!-- Written by `python -m tests.hostile.kit`: change it there. -->",
        "",
        "What a plugin may try, and what becomes of it. Each line is a small plugin that the tests plant and let loose"
        " (`tests/hostile/`).",
        "**Blocked**: it does not happen. **Only detected**: it happens once the plugin is installed, and"
        " `spheres plugin check` names it before. **Not contained**: it happens. Python in one process bounds neither"
        " memory nor processor time, and code that means harm can read the process's memory, patch the core or end it"
        " (`os._exit`). So install code only from people you trust; whoever you do not trust ships packs, which hold no"
        " code.",
        "",
        "| plugin | what it tries | outcome | how, and where |",
        "|---|---|---|---|",
        *rows,
        "",
        "## Left out when it is loaded",
        "",
        "These break a rule of loading; the set goes on without them and says why"
        " (`tests/spheres_core/foundation/isolation/test_broken_plugins.py`).",
        "",
        "| plugin | what is said |",
        "|---|---|",
        *broken,
        "",
        "## Uploaded packs",
        "",
        "What might be uploaded under *Administration*. All of it is **blocked**: refused with its reason, and nothing"
        " is kept (`tests/hostile/test_uploads.py`).",
        "",
        "| upload | what it tries | what is said |",
        "|---|---|---|",
        *(f"| `{name}` | {each.tries} | {each.said.replace('|', '/')} |" for name, each in UPLOADS.items()),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page())

"""Templates follow the layers: a page and its template use only what stands in their room or below it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from spheres_core.app import ROOMS
from tests import syntax

CORE = Path(__file__).parents[2] / "spheres_core"
ORDER = ("foundation", *ROOMS, "app")
"""From the lowest to the highest; each uses itself and those before it."""
FOLDERS = {"foundation": "foundation/web/templates"} | {room: f"{room}/templates" for room in ROOMS}
HEADER = re.compile(r'<div(?: class="(?:flow|heading)")?>\s*(?:<p[^>]*>\s*<a\b.*?</p>\s*)?(?:<div[^>]*>\s*)?<h1[^>]*>')
HEROES = {"site/home.html", "referrals/referral.html"}
"""Pages whose title stands in a section of another shape: the hero of the home page, and the state of a referral."""


def templates(core: Path) -> dict[str, tuple[str, Path]]:
    """Returns the room and the file of each template, by the name that pages and templates use."""
    found = {}
    for owner, folder in FOLDERS.items():
        for file in sorted((core / folder).rglob("*.html")):
            found[file.relative_to(core / folder).as_posix()] = (owner, file)
    return found


def uses_in_templates(core: Path) -> Iterator[tuple[str, str, str]]:
    """Yields for each `extends`, `include`, `import` and `from`: the room, the file and the template that is used."""
    for name, (owner, file) in templates(core).items():
        for used in meta.find_referenced_templates(Environment(autoescape=True).parse(file.read_text("utf-8"))):
            assert used is not None, f"{name} uses a template whose name is not written out"
            yield owner, name, used


def uses_in_python(core: Path) -> Iterator[tuple[str, str, str]]:
    """Yields for each template that Python names, as for `rendering.page`: the room, the file and the template."""
    for file in sorted(core.rglob("*.py")):
        path = file.relative_to(core)
        owner = path.parts[0].removesuffix(".py")
        if owner in ORDER:
            for node in syntax.nodes(file.read_text("utf-8"), [".html"]):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_name(node.value):
                    yield owner, path.as_posix(), node.value


def problems(core: Path) -> list[str]:
    """Returns one sentence for each use of a room above, unknown or unused template, and header written by hand."""
    known = templates(core)
    found, used = [], set()
    for owner, user, name in (*uses_in_templates(core), *uses_in_python(core)):
        used.add(name)
        if name not in known:
            found.append(f"{user}: there is no template {name}")
        elif ORDER.index(known[name][0]) > ORDER.index(owner):
            found.append(f"{user}: {name} belongs to {known[name][0]}, which stands above {owner}")
    found += [f"{name}: nobody uses it" for name in known if name not in used]
    for name, (_, file) in known.items():
        if not name.startswith("macros/") and name not in HEROES and HEADER.search(file.read_text("utf-8")):
            found.append(f"{name}: its page header is written by hand, not with parts.page_header")
    return found


def hidden_values(core: Path) -> list[str]:
    """Returns one sentence for each value of a page that a template which it extends hides by a name of its own."""
    read = Environment(autoescape=True).parse
    parsed = {name: read(file.read_text("utf-8")) for name, (_, file) in templates(core).items()}
    found = []
    for name, page in parsed.items():
        own = _bound(page) | {each.name for each in page.find_all(nodes.Name) if each.ctx != "load"}
        values = {each.name for each in _values(page)} - own
        for frame in _extended(page, parsed):
            for bound in sorted(_bound(parsed[frame]) & values):
                found.append(f"{name}: its value `{bound}` is hidden by a name of {frame}")
    return found


def _extended(page: nodes.Template, parsed: Mapping[str, nodes.Template]) -> Iterator[str]:
    """Yields the templates that one extends, at any distance."""
    for each in page.find_all(nodes.Extends):
        if isinstance(each.template, nodes.Const) and each.template.value in parsed:
            yield each.template.value
            yield from _extended(parsed[each.template.value], parsed)


def _bound(frame: nodes.Template) -> set[str]:
    """Returns the names that a template gives to what it imports and defines outside of its blocks."""
    found: set[str] = set()
    for each in frame.body:
        match each:
            case nodes.Import(target=target):
                found.add(target)
            case nodes.FromImport(names=names):
                found |= {one if isinstance(one, str) else one[1] for one in names}
            case nodes.Macro(name=macro):
                found.add(macro)
            case nodes.Assign(target=nodes.Name(name=target)) | nodes.AssignBlock(target=nodes.Name(name=target)):
                found.add(target)
    return found


def _values(page: nodes.Template) -> Iterator[nodes.Name]:
    """Yields the names that are read as values: neither called, nor asked for one of the macros that they hold."""
    used = {id(each.node) for each in page.find_all((nodes.Getattr, nodes.Call))}
    yield from (each for each in page.find_all(nodes.Name) if each.ctx == "load" and id(each) not in used)


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[a-z_]+(/[a-z_]+)*\.html", text) is not None


def test_no_name_of_a_frame_hides_a_value_of_a_page() -> None:
    assert hidden_values(CORE) == []


def test_a_hidden_value_is_found(small_core: Path) -> None:
    base = '{% from "macros.html" import colleagues %}{% import "macros.html" as parts %}{% block main %}{% endblock %}'
    main = "{{ parts.header() }}{% for each in colleagues %}{% endfor %}"
    page = '{% extends "base.html" %}{% block main %}' + main + "{% endblock %}"
    (small_core / "foundation/web/templates/base.html").write_text(base)
    (small_core / "staff/templates/staff/page.html").write_text(page)

    assert hidden_values(small_core) == ["staff/page.html: its value `colleagues` is hidden by a name of base.html"]


def test_no_page_or_template_uses_one_of_a_room_above_it_and_each_is_used() -> None:
    assert len(templates(CORE)) > 30
    assert problems(CORE) == []


@pytest.fixture
def small_core(tmp_path: Path) -> Path:
    """Returns a tree with one layout, one page in `staff` and one in `site`, in which everything is right."""
    for file, text in {
        "foundation/web/templates/base.html": "{% block main %}{% endblock %}",
        "staff/templates/staff/page.html": '{% extends "base.html" %}{% block main %}<h1>Title</h1>{% endblock %}',
        "staff/pages.py": 'rendering.page(ctx, scope, "staff/page.html")',
        "site/templates/site/page.html": '{% extends "base.html" %}',
        "site/pages.py": 'rendering.page(ctx, scope, "site/page.html")',
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    return tmp_path


def test_a_tree_in_which_everything_is_right_has_no_problem(small_core: Path) -> None:
    assert problems(small_core) == []


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("staff/templates/staff/page.html", '{% extends "site/page.html" %}',
         "staff/page.html: site/page.html belongs to site, which stands above staff"),
        ("staff/templates/staff/page.html", '{% include "site/page.html" %}',
         "staff/page.html: site/page.html belongs to site, which stands above staff"),
        ("staff/templates/staff/page.html", '{% import "site/page.html" as other %}',
         "staff/page.html: site/page.html belongs to site, which stands above staff"),
        ("foundation/web/templates/base.html", '{% from "staff/page.html" import header %}',
         "base.html: staff/page.html belongs to staff, which stands above foundation"),
        ("staff/more.py", 'await rendering.page(ctx, scope, "site/page.html", title="")',
         "staff/more.py: site/page.html belongs to site, which stands above staff"),
        ("site/more.py", 'await rendering.page(ctx, scope, "site/gone.html")',
         "site/more.py: there is no template site/gone.html"),
        ("site/templates/site/old.html", '{% extends "base.html" %}', "site/old.html: nobody uses it"),
        ("staff/templates/staff/page.html", '<div>\n  <p class="small"><a href="/">Up</a></p>\n  <h1>Up</h1>\n</div>',
         "staff/page.html: its page header is written by hand, not with parts.page_header"),
        ("staff/templates/staff/page.html", '<div class="flow">\n  <h1>Title</h1>\n</div>',
         "staff/page.html: its page header is written by hand, not with parts.page_header"),
    ],
)  # fmt: skip
def test_a_wrong_template_or_page_is_found(small_core: Path, file: str, text: str, problem: str) -> None:
    (small_core / file).write_text(text)
    assert problem in problems(small_core)

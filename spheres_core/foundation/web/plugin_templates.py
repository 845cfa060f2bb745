"""Templates of a set's plugins: looked over and compiled while the set is built, not when a page is asked for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, TemplateError, TemplateSyntaxError, meta, nodes

from spheres_core.facts import Message, msg
from spheres_core.foundation.plugins.discovery import PluginBroken
from spheres_core.foundation.web import page_kit

KIT: Final = frozenset({*page_kit.LAYOUTS, *page_kit.MACROS})
MOST_SOURCES: Final = 1_000
_NAMED: Final[dict[str, frozenset[str]]] = {}
"""By a template's source, the templates that it names."""


def prepare_templates(environment: Environment, folders: Mapping[str, Path]) -> None:
    """Compiles each plugin's templates and all they lean on. Raises `PluginBroken` for one that may not be served.

    `folders`: the folder of each plugin's templates by its id.
    """
    known: set[str] = set()
    for owner, folder in folders.items():
        for path in sorted((folder / owner).rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            problem = _problem(environment, owner, name, path)
            if problem is not None:
                raise PluginBroken(owner, problem)
            known.add(name)
    for name in _with_all_they_use(environment, known):
        environment.get_template(name)


def _problem(environment: Environment, owner: str, name: str, path: Path) -> Message | None:
    try:
        tree = environment.parse(path.read_text(encoding="utf-8"), name)
        environment.get_template(name)
    except TemplateSyntaxError as error:
        place = f"templates/{name}:{error.lineno}"
        return msg("{place}: {reason}", place=place, reason=str(error.message))
    except (TemplateError, ValueError) as error:
        return msg("{place}: {reason}", place=f"templates/{name}", reason=str(error)[:200])
    for line, used in _used(tree):
        if used is None:
            return msg("{place}: it uses a template whose name is not written out.", place=f"templates/{name}:{line}")
        if used not in KIT and not used.startswith(f"{owner}/"):
            return msg("{place}: {used} is neither its own nor of the page kit.", place=f"templates/{name}:{line}",
                       used=used)  # fmt: skip
    published = {block for blocks in page_kit.LAYOUTS.values() for block in blocks}
    for block in tree.find_all(nodes.Block):
        if block.name in page_kit.core_blocks() - published:
            return msg("{place}: the block {block} is not for plugins.", place=f"templates/{name}:{block.lineno}",
                       block=block.name)  # fmt: skip
    return None


def _used(tree: nodes.Template) -> Iterator[tuple[int, str | None]]:
    uses: Any = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in tree.find_all(uses):
        for name in meta.find_referenced_templates(nodes.Template([node], lineno=node.lineno)):
            yield node.lineno, name


def _with_all_they_use(environment: Environment, names: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        source, _, _ = environment.loader.get_source(environment, name) if environment.loader else ("", None, None)
        waiting |= _named_in(environment, source) - found
    return found


def _named_in(environment: Environment, source: str) -> frozenset[str]:
    """Returns the templates that a source names. The page kit's are in every set: each is parsed once a process."""
    named = _NAMED.get(source)
    if named is None:
        named = frozenset(filter(None, meta.find_referenced_templates(environment.parse(source))))
        if len(_NAMED) >= MOST_SOURCES:
            _NAMED.clear()
        _NAMED[source] = named
    return named

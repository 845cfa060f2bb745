"""Components: everything with tables and migrations of its own. The core, the job queue, each plugin."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from msgspec import Struct

from spheres_core.foundation.database.job_schema import VERSION_TABLE as JOBS_VERSION_TABLE
from spheres_core.foundation.database.schema import Base


class MigrationRefused(Exception):
    """A migration that must not run as asked; its text says why. Nothing of it was done."""


class MigrationFailed(Exception):
    """Components that could not be migrated, each with its error. What came before them stands."""

    def __init__(self, failures: dict[str, BaseException]) -> None:
        self.failures = failures
        super().__init__("; ".join(f"{name}: {error}" for name, error in failures.items()))


class Component(Struct, frozen=True):
    """The core, the job queue, or a plugin, by its tables and revisions."""

    name: str
    version_table: str = ""
    """Empty: `<name>_alembic_version`."""
    scripts: Path | None = None
    """The folder that holds its revision files."""
    metadata: Any = None
    """Its SQLAlchemy MetaData, to draft revisions and to compare."""
    requires: tuple[str, ...] = ()
    """Components that come before it."""
    numbered: bool = False
    """Its revisions are named `<name>_0001` and so on: another plugin could have any other name."""


class Applied(Struct, frozen=True):
    """One component's migration. `steps` are revisions in the order they ran."""

    component: str
    before: str | None
    after: str | None
    steps: tuple[str, ...]


class ComponentStatus(Struct, frozen=True):
    """The state: `current`, `behind`, `new`, `ahead` (of the code), `damaged` or `vanished` (no code)."""

    component: str
    state: str
    current: str | None
    head: str | None
    problem: str = ""
    """Why the revisions of a `damaged` one cannot be used."""


CORE: Final = Component("core", scripts=Path(__file__).parents[2] / "migrations", metadata=Base.metadata)
JOBS: Final = Component("jobs", version_table=JOBS_VERSION_TABLE)


def version_table_of(component: Component) -> str:
    """Returns the name of its version table."""
    return component.version_table or f"{component.name}_alembic_version"


def component_of(table: str) -> str:
    """Returns the name of the component that a version table belongs to."""
    return table.removesuffix("_alembic_version").removesuffix("_version")


def directory_of(component: Component) -> ScriptDirectory:
    """Returns its revisions as Alembic reads them: files lie in its folder itself, without an `env.py`."""
    folder = str(component.scripts)
    if component.scripts is None or not component.scripts.is_dir():
        raise MigrationRefused(f"the migrations of {component.name} are not there: {folder}")
    return ScriptDirectory(folder, version_locations=[folder])


def head_of(component: Component, directory: ScriptDirectory) -> str | None:
    """Returns its last revision. Raises MigrationRefused when there are several."""
    heads = directory.get_heads()
    if len(heads) > 1:
        raise MigrationRefused(
            f"{component.name} has several last revisions ({', '.join(sorted(heads))}); one must follow the other"
        )
    return heads[0] if heads else None


def check_revision_names(component: Component, directory: ScriptDirectory) -> None:
    """Raises MigrationRefused for a revision of a numbered component that is not named `<name>_0001` and so on."""
    if not component.numbered:
        return
    for script in directory.walk_revisions():
        if not re.fullmatch(rf"{re.escape(component.name)}_\d{{4}}", script.revision):
            raise MigrationRefused(
                f"revision {script.revision} of {script.path} is not named {component.name}_ and four digits"
            )


def knows(directory: ScriptDirectory, revision: str) -> bool:
    """Returns whether a revision is among its files."""
    try:
        return directory.get_revision(revision) is not None
    except CommandError:
        return False


def resolve(component: Component, directory: ScriptDirectory, revision: str) -> str | None:
    """Returns a revision as its files name it, None for `base`."""
    if revision == "base":
        return None
    if not knows(directory, revision):
        raise MigrationRefused(f"{component.name} has no revision {revision}.")
    return directory.get_revision(revision).revision


def in_order(components: Sequence[Component]) -> list[Component]:
    """Returns the components with those first that others need; among equals the order given."""
    by_name = {component.name: component for component in components}
    if len(by_name) < len(components):
        raise MigrationRefused("Two components have the same name.")
    sorter = graphlib.TopologicalSorter({c.name: [name for name in c.requires if name in by_name] for c in components})
    try:
        return [by_name[name] for name in sorter.static_order()]
    except graphlib.CycleError as error:
        raise MigrationRefused(f"Components need each other in a circle: {' > '.join(error.args[1])}") from error


def check_present(component: Component, ordered: Sequence[Component]) -> None:
    """Raises MigrationRefused for a component that needs one which is not installed."""
    missing = set(component.requires) - {other.name for other in ordered}
    if missing:
        raise MigrationRefused(f"it needs {', '.join(sorted(missing))}, which is not installed")

"""Files of a plugin change while processes run: who still has the old ones is said."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from spheres_core.cli import processes
from spheres_core.foundation.plugins.discovery import discover

ROOT: Final = Path(__file__).parents[3]


def test_a_process_is_named_with_the_plugins_that_changed_or_came_since_it_was_started(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "plugins"
    shutil.copytree(ROOT / "plugins" / "quebec", folder / "quebec")
    with processes.register_process(home, "serve", discover([folder])):
        assert processes.outdated_processes(home, discover([folder])) == []

        (terms,) = list((folder / "quebec").glob("catalogue.toml"))
        terms.write_text(terms.read_text() + "\n# changed\n")
        shutil.copytree(ROOT / "plugins" / "montreal", folder / "montreal")

        (found,) = processes.outdated_processes(home, discover([folder]))
        assert (found.kind, found.plugins) == ("serve", ("montreal", "quebec"))
        assert found.message.params["plugins"] == "montreal, quebec"
    with processes.register_process(home, "serve", discover([folder])):
        assert processes.outdated_processes(home, discover([folder])) == [], "started again"
